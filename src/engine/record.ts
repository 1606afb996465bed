/** Records where migrations stand without running them: one row less or more in the tracking table, one entry in the log. */

import type { Direction } from '../graph/migration.js';
import { type Ledger, logTableOf, recordStatement } from './ledger.js';
import { type LogEntry, logStatement, type RecordedOutcome } from './log.js';

export interface Recording extends Pick<LogEntry, 'checksum' | 'parents' | 'downSql' | 'noTransaction'> {
  id: string;
  /** `up`: it counts as applied from now on; `down`: it does not. */
  direction: Direction;
  outcome: RecordedOutcome;
  /** When it was applied, as SQL of type `timestamptz`; now if left out. */
  appliedAt?: string;
}

/** The statements that record it; to be run inside a transaction under the runner's lock. */
export function recordingStatements(ledger: Ledger, recording: Recording): string[] {
  const { appliedAt, ...entry } = recording;
  return [
    recordStatement(ledger, recording, { elapsedMs: '0', ...(appliedAt === undefined ? {} : { appliedAt }) }),
    logStatement(logTableOf(ledger), entry),
  ];
}
