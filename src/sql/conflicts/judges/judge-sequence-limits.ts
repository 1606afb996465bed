/** Judges a sequence's new type beside a new limit: a limit must lie in the range of the type that the sequence has by then (init_params in commands/sequence.c). */

import type { KeyAccess } from '../../dependencies/access.js';
import type { StatementSettings } from '../../effects/effect.js';
import { changedBefore, type Judgement, swapped } from '../conflict.js';

/** The most that a sequence of the type can reach. */
const greatest: Readonly<Record<string, bigint>> = { int2: 32_767n, int4: 2_147_483_647n };

/** @returns undefined where the limit lies in the range of all types that the sequence may have had, or nobody knows. */
export function judgeSequenceLimits(one: KeyAccess, other: KeyAccess): Judgement | undefined {
  if (one.key.object?.kind !== 'sequence') return undefined;
  return judgeInOrder(one, other) ?? swapped(judgeInOrder(other, one));
}

/** @param one gives the type, and `other` the limit */
function judgeInOrder({ effect }: KeyAccess, { effect: other }: KeyAccess): Judgement | undefined {
  const type = typeIn(effect?.sets);
  const limits = [other?.sets?.maxvalue, other?.sets?.minvalue].flatMap((value) => sizeOf(value) ?? []);
  if (type === undefined || limits.length === 0 || effect?.isRepeated) return undefined;
  const most = greatest[type];
  const isOver = limits.some((limit) => limit > (most ?? (greatest.int4 as bigint)));
  if (!isOver) return undefined;
  return most === undefined
    ? changedBefore('one')
    : { code: 'changed-while-used', severity: 'error', failsAnyway: true };
}

/** `int2`, `int4` or `int8`, of a sequence or of the column that it belongs to. */
function typeIn(sets: StatementSettings = {}): string | undefined {
  return /^int[248]$|"(int[248])"/.exec(sets['type name'] ?? sets.as ?? '')?.at(sets['type name'] ? 0 : 1);
}

/** How far a limit is from 0; undefined for NO MAXVALUE. */
function sizeOf(value = ''): bigint | undefined {
  const digits = /(?:"ival":|"fval":")(-?\d+)/.exec(value)?.[1];
  if (digits === undefined) return undefined;
  const number = BigInt(digits);
  return number < 0n ? -number - 1n : number;
}
