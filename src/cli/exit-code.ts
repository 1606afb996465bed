/** Exit codes, as the docs list them: scripts decide by them what to do next. */

import type { ErrorCode } from '../errors.js';

/** The exit code of each kind of failure. */
export const exitCodes: Readonly<Record<ErrorCode, number>> = {
  USAGE: 2,
  CONFIG_INVALID: 2,
  ALREADY_INITIALIZED: 2,
  FILES_INVALID: 2,
  GRAPH_INVALID: 2,
  SQL_INVALID: 2,
  CONNECTION_FAILED: 2,
  SQL_ERROR: 2,
  LEDGER_MISMATCH: 2,
  MIGRATION_FAILED: 1,
  MIGRATIONS_MISSING: 3,
  MIGRATIONS_CHANGED: 3,
  PENDING: 3,
  LINT_FAILED: 3,
  HEADS_CONFLICT: 3,
  SCHEMA_DRIFTED: 3,
  PLAN_CHANGED: 3,
  SQUASH_DIFFERS: 3,
  LOCKED: 4,
  MIGRATION_HALF_DONE: 5,
  STATE_UNKNOWN: 5,
  CANCELLED: 130,
};

/** When all was done, but stdout or stderr took no more, as on a full disk. */
export const outputLost = 6;

/** The meaning of each exit code, for the help and the docs. */
export const exitCodeMeanings: readonly [code: number, meaning: string][] = [
  [0, 'done'],
  [1, 'a migration failed and was rolled back'],
  [2, 'bad input, configuration or connection'],
  [3, 'a check found something that needs a decision'],
  [4, 'another runner holds the lock'],
  [5, 'a migration is half-done, or its state is unknown'],
  [outputLost, 'done, but its output could not be written'],
  [10, '`kat update --check` found a newer version'],
  [130, 'cancelled by Ctrl-C, or not confirmed'],
  [143, 'cancelled by SIGTERM'],
];

/** @param signal that ended the run, where one did: SIGTERM is 143. */
export function exitCodeOf(code: ErrorCode, signal?: NodeJS.Signals): number {
  return code === 'CANCELLED' && signal === 'SIGTERM' ? 143 : exitCodes[code];
}
