/** Decides whether two partitions of one table share rows. */

import type { Bound, PartitionBounds } from '../effects/effect-details.js';

/** `perhaps`: only the type of the key tells. */
export type Overlap = 'yes' | 'no' | 'perhaps';

/** @param one and `other` are bounds of the same table. */
export function overlap(one: PartitionBounds, other: PartitionBounds): Overlap {
  if (one.kind === 'default' || other.kind === 'default') return one.kind === other.kind ? 'yes' : 'no';
  if (one.kind === 'list' && other.kind === 'list')
    return one.values.some((value) => other.values.includes(value)) ? 'yes' : 'no';
  if (one.kind === 'hash' && other.kind === 'hash') return overlapOfHashes(one, other);
  return one.kind === 'range' && other.kind === 'range' ? overlapOfRanges(one, other) : 'no';
}

/** Whether a row with these values of the key, undefined where one is unknown, belongs to the partition. */
export function placeOf(bounds: PartitionBounds, values: readonly (string | undefined)[]): Overlap {
  const known = values.filter((value) => value !== undefined);
  if (known.length < values.length) return 'perhaps';
  if (bounds.kind === 'list') return bounds.values.includes(`'${known[0]}`) ? 'yes' : 'no';
  if (bounds.kind !== 'range') return 'perhaps';
  const [below, above] = [compareEnds(bounds.from, known), compareEnds(known, bounds.to)];
  if (below === undefined || above === undefined) return 'perhaps';
  return below <= 0 && above < 0 ? 'yes' : 'no';
}

interface Hash {
  modulus: number;
  remainder: number;
}

/** A modulus must be a factor of the next larger one, whatever the remainders (check_new_partition_bound). */
function overlapOfHashes(one: Hash, other: Hash): Overlap {
  const step = greatestCommonDivisor(one.modulus, other.modulus);
  if (step !== Math.min(one.modulus, other.modulus)) return 'yes';
  return step > 0 && (one.remainder - other.remainder) % step === 0 ? 'yes' : 'no';
}

interface Range {
  from: readonly Bound[];
  to: readonly Bound[];
}

/** The upper end is not part of a range. */
function overlapOfRanges(one: Range, other: Range): Overlap {
  const [first, second] = [compareEnds(one.from, other.to), compareEnds(other.from, one.to)];
  if (first === undefined || second === undefined) return 'perhaps';
  return first < 0 && second < 0 ? 'yes' : 'no';
}

/** Ends of several columns are compared like rows; behind MINVALUE and MAXVALUE nothing counts. */
function compareEnds(one: readonly Bound[], other: readonly Bound[]): number | undefined {
  for (const [index, bound] of one.entries()) {
    const order = compareBounds(bound, other[index] ?? bound);
    if (order !== 0) return order;
    if (typeof bound === 'number') return 0;
  }
  return 0;
}

function compareBounds(one: Bound, other: Bound): number | undefined {
  if (typeof one === 'number' || typeof other === 'number') {
    return (typeof one === 'number' ? one : 0) - (typeof other === 'number' ? other : 0);
  }
  if (one === other) return 0;
  if (isNumber(one) && isNumber(other)) return Number(one) - Number(other);
  if (isDate(one) && isDate(other) && one.length === other.length) return one < other ? -1 : 1;
  return undefined;
}

function isNumber(text: string): boolean {
  return /^-?\d{1,15}(\.\d+)?$/.test(text);
}

/** Dates and times of one notation are ordered as their texts are. */
function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?$/.test(text);
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}
