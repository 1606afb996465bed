/** Decides for two migrations in no order whether sessions may run them at the same time. */

import type { ConflictReason, Conflicts } from '../conflicts/find-conflicts.js';
import { wordsOf } from '../dependencies/words.js';
import { doLocksConflict } from '../impact/impact.js';
import type { Footprint, PlacedWords } from './footprint.js';

/** Why two migrations are kept apart. */
type ApartReason = 'conflict' | 'lock' | 'catalog row' | 'snapshot';

/** Two migrations that must not run at the same time, with what each of them does. */
interface Apart {
  reason: ApartReason;
  one: PlacedWords;
  other: PlacedWords;
}

/** The verdicts about a history; migrations are numbers in its order. */
export interface Verdicts {
  /** Why the migration runs alone. */
  whyAlone(number: number): PlacedWords | undefined;
  /** Why two migrations are kept apart, beside one of them running alone; undefined where they may run together. */
  whyApart(one: number, other: number): Apart | undefined;
  /** Whether the migration may take long. */
  isLong(number: number): boolean;
}

/** @param footprints undefined for a migration that is not asked about. */
export function judgeFootprints(
  footprints: readonly (Footprint | undefined)[],
  { pairs, opaque }: Conflicts,
): Verdicts {
  const size = footprints.length;
  const conflicts = new Map(pairs.map(({ one, other, reasons }) => [one * size + other, reasons[0]]));
  const unread = new Map(
    opaque.map(({ index, words, place }) => [index, { words: `${words}, which cannot be read`, place }]),
  );
  const get = (number: number) => footprints[number] as Footprint;
  return {
    whyAlone: (number) => get(number).alone ?? unread.get(number),
    whyApart: (one, other) => {
      if (one > other) return swapApart(compare(get(other), get(one), conflicts.get(other * size + one)));
      return compare(get(one), get(other), conflicts.get(one * size + other));
    },
    isLong: (number) => get(number).long !== undefined || get(number).waitsForSnapshots !== undefined,
  };
}

function swapApart(apart: Apart | undefined): Apart | undefined {
  return apart && { ...apart, one: apart.other, other: apart.one };
}

function compare(one: Footprint, other: Footprint, conflict: ConflictReason | undefined): Apart | undefined {
  return (
    describeConflict(conflict) ??
    compareLocks(one, other) ??
    compareChangedRows(one, other) ??
    compareRows(one, other) ??
    compareSnapshots(one, other)
  );
}

function describeConflict(conflict: ConflictReason | undefined): Apart | undefined {
  if (!conflict) return undefined;
  const [one, other] = [conflict.one, conflict.other].map((deed) => ({
    words: wordsOf(deed),
    place: deed.place,
  }));
  return one && other && { reason: 'conflict', one, other };
}

function compareLocks(one: Footprint, other: Footprint): Apart | undefined {
  const found = firstShared(one.locks, other.locks, (held, wanted) =>
    doLocksConflict(held.mode, wanted.mode),
  );
  return found && { reason: 'lock', ...found };
}

/** Whoever changes a row waits for the transaction that changed it before. */
function compareChangedRows(one: Footprint, other: Footprint): Apart | undefined {
  const found = firstShared(one.changedRows, other.changedRows, () => true);
  return found && { reason: 'lock', ...found };
}

/** PostgreSQL fails with "tuple concurrently updated" (XX000) where two sessions write one row of a catalog. */
function compareRows(one: Footprint, other: Footprint): Apart | undefined {
  const found = firstShared(one.catalogRows, other.catalogRows, () => true);
  return found && { reason: 'catalog row', ...found };
}

function firstShared<T extends PlacedWords>(
  one: ReadonlyMap<string, T>,
  other: ReadonlyMap<string, T>,
  isMet: (one: T, other: T) => boolean,
): { one: T; other: T } | undefined {
  for (const [key, own] of one) {
    const met = other.get(key);
    if (met && isMet(own, met)) return { one: own, other: met };
  }
  return undefined;
}

/** A concurrent build waits for all older snapshots of the database, so a long transaction would hold it up. */
function compareSnapshots(one: Footprint, other: Footprint): Apart | undefined {
  const [first, second] = [one.waitsForSnapshots, other.long];
  if (first && second) return { reason: 'snapshot', one: first, other: second };
  const [third, fourth] = [one.long, other.waitsForSnapshots];
  return third && fourth && { reason: 'snapshot', one: third, other: fourth };
}
