/** Describes a migration by the names in its text and the locks on them: enough to know that two migrations never meet. */

import { doLocksConflict, joinLockModes, type LockMode, lockModes } from '../impact/impact.js';

/** A migration that only makes new objects, builds indexes, or changes no rows of what exists. */
export interface NameFootprint {
  /** Numbers of names, each with the strongest lock on it, in ascending order. One schema's name counts for all schemas. */
  names: Uint32Array;
  /** Whether it locks a relation that it does not create. */
  locksExisting: boolean;
  /** Whether it reads all rows of a table. */
  isLong: boolean;
  /** Whether a statement waits for older snapshots, as CREATE INDEX CONCURRENTLY does. */
  waitsForSnapshots: boolean;
}

/** Bits of a number that hold the lock mode. */
const modeBits = 3;
const modeMask = (1 << modeBits) - 1;

/** The strongest lock on each of the names of one migration. */
export type NamedLocks = Map<string, LockMode>;

/**
 * Stands for the columns of all existing relations. Functions and types can have them in their own definitions, so what uses such
 * rests on them: it locks them in SHARE mode, and a change of a column in ROW EXCLUSIVE mode.
 */
export const allColumns = '*';

/** Adds a lock to those on the name. */
export function addLock(locks: NamedLocks, name: string, mode: LockMode): void {
  const held = locks.get(name) ?? 'ACCESS SHARE';
  if (held !== mode || !locks.has(name))
    locks.set(name, held === 'ACCESS SHARE' ? mode : joinLockModes(held, mode));
}

/** @param numberOf the number of a name: the same for the same name in all footprints that are compared. */
export function packNames(locks: NamedLocks, numberOf: (name: string) => number): Uint32Array {
  const packed = new Uint32Array(locks.size);
  let at = 0;
  for (const [name, mode] of locks) {
    packed[at] = (numberOf(name) << modeBits) | lockModes.indexOf(mode);
    at += 1;
  }
  return packed.sort();
}

/** By mode, and by the mode of the other. */
const meets = lockModes.map((mode) => lockModes.map((other) => doLocksConflict(mode, other)));

/** Whether two migrations can run at the same time, as far as their own texts show. */
export function areIndependent(one: NameFootprint, other: NameFootprint): boolean {
  if ((one.waitsForSnapshots && other.isLong) || (one.isLong && other.waitsForSnapshots)) return false;
  return !shareLockedName(one.names, other.names);
}

function shareLockedName(one: Uint32Array, other: Uint32Array): boolean {
  for (let at = 0, beside = 0; at < one.length && beside < other.length; ) {
    const [own, met] = [one[at] as number, other[beside] as number];
    const difference = (own >>> modeBits) - (met >>> modeBits);
    if (difference === 0 && meets[own & modeMask]?.[met & modeMask]) return true;
    if (difference <= 0) at += 1;
    if (difference >= 0) beside += 1;
  }
  return false;
}
