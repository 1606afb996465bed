/** Exit codes, as the docs list them: scripts decide by them what to do next. */

import type { ErrorCode } from '../errors.js';

const exitCodes: Record<ErrorCode, number> = {
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
  LOCKED: 4,
  MIGRATION_HALF_DONE: 5,
  STATE_UNKNOWN: 5,
  CANCELLED: 130,
};

/** @param signal that ended the run, where one did: SIGTERM is 143. */
export function exitCodeOf(code: ErrorCode, signal?: NodeJS.Signals): number {
  return code === 'CANCELLED' && signal === 'SIGTERM' ? 143 : exitCodes[code];
}
