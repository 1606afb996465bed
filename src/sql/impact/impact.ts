/** The cost of a statement for other sessions: its locks, and the tables that it rewrites or scans. */

import type { RelationName } from '../syntax/relation-name.js';

/** From the weakest to the strongest (PostgreSQL's documentation, "Explicit Locking"). */
export const lockModes = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const;

export type LockMode = (typeof lockModes)[number];

/** One lock on one relation. */
export interface Lock {
  relation: RelationName;
  mode: LockMode;
}

/** The predicted effects of a statement, without relations that it creates: no other session sees these yet. */
export interface Impact {
  /** The strongest lock on each table, view and materialized view; of indexes and sequences only those that it names. */
  locks: readonly Lock[];
  /** Tables whose rows are all written anew. */
  rewrites: readonly RelationName[];
  /** Tables whose rows are all read, without those that are written anew. */
  scans: readonly RelationName[];
  /** Tables that a query reads: whether in whole, the planner decides when it runs. */
  queries: readonly RelationName[];
  /** False where functions, triggers or foreign keys may do more than the statement shows. */
  isWhole: boolean;
}

export const noImpact: Impact = { locks: [], rewrites: [], scans: [], queries: [], isWhole: true };

/** The statements that a lock blocks, as the end of a sentence. */
export function blockedBy(mode: LockMode): string {
  if (mode === 'ACCESS EXCLUSIVE') return 'reads and writes';
  if (mode === 'ACCESS SHARE' || mode === 'ROW SHARE' || mode === 'ROW EXCLUSIVE') return 'schema changes';
  return mode === 'SHARE UPDATE EXCLUSIVE' ? 'other schema changes and VACUUM' : 'writes';
}

/** Whether the first is at least as strong as the second. */
export function isAtLeastLock(mode: LockMode, other: LockMode): boolean {
  return lockModes.indexOf(mode) >= lockModes.indexOf(other);
}

/** By mode, the modes of others that wait for it (PostgreSQL's documentation, "Conflicting Lock Modes"). */
const conflictingModes: Readonly<Record<LockMode, readonly LockMode[]>> = {
  'ACCESS SHARE': ['ACCESS EXCLUSIVE'],
  'ROW SHARE': ['EXCLUSIVE', 'ACCESS EXCLUSIVE'],
  'ROW EXCLUSIVE': ['SHARE', 'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE'],
  'SHARE UPDATE EXCLUSIVE': lockModes.slice(3),
  SHARE: lockModes.filter((mode) => isAtLeastLock(mode, 'ROW EXCLUSIVE') && mode !== 'SHARE'),
  'SHARE ROW EXCLUSIVE': lockModes.slice(2),
  EXCLUSIVE: lockModes.slice(1),
  'ACCESS EXCLUSIVE': lockModes,
};

/** Whether one session waits for the other, if both lock the same relation in these modes. */
export function doLocksConflict(mode: LockMode, other: LockMode): boolean {
  return conflictingModes[mode].includes(other);
}

/** The weakest mode for which all those wait that wait for either: SHARE and SHARE UPDATE EXCLUSIVE are no part of each other. */
export function joinLockModes(mode: LockMode, other: LockMode): LockMode {
  const waiting = [...conflictingModes[mode], ...conflictingModes[other]];
  return lockModes.find((one) => waiting.every((waits) => doLocksConflict(one, waits))) ?? 'ACCESS EXCLUSIVE';
}

/** As in `takes an EXCLUSIVE lock`. */
export function withArticle(mode: LockMode): string {
  return `${/^[AE]/.test(mode) ? 'an' : 'a'} ${mode}`;
}
