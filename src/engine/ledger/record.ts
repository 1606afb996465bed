/** Records migrations as applied or not without running them: in the tracking table and in the log. */

import type { Direction, Migration } from '../../graph/migration.js';
import { present } from '../../present.js';
import { bareFingerprint, findDownSql, fingerprint } from './edited.js';
import { type Ledger, recordWrite } from './ledger.js';
import { type LogEntry, logWrite, type RecordedOutcome } from './log.js';
import { proven } from './proof.js';

/** What the log keeps of the files of an applied migration. */
export type AppliedFacts = Pick<
  LogEntry,
  'checksum' | 'statementHash' | 'parents' | 'downSql' | 'noTransaction'
>;

export interface Recording extends AppliedFacts {
  id: string;
  /** `up`: it counts as applied from now on; `down`: it does not. */
  direction: Direction;
  outcome: RecordedOutcome | 'statement undone';
  /** Of `statement undone`: which one, counted from 1. */
  statement?: number;
  /** The tracking table says so already, and only the log has to learn of it. */
  isLogOnly?: boolean;
  /** When it was applied, as SQL of type `timestamptz`; now if left out. */
  appliedAt?: string;
}

/** Records a migration as applied without running it. */
export function stampOf(migration: Migration): Recording {
  return { id: migration.id, direction: 'up', outcome: 'stamped', ...entryFactsOf(migration) };
}

/** The statements that record it; to be run inside a transaction under the runner's lock. */
export function recordingStatements(ledger: Ledger, recording: Recording): string[] {
  const { appliedAt, isLogOnly, ...entry } = recording;
  const times = { elapsedMs: '0', ...present({ appliedAt }) };
  const row = isLogOnly ? [] : [recordWrite(ledger, recording, times)];
  return [proven(...row, logWrite(ledger, entry))];
}

/**
 * What the log is to remember of a migration that counts as applied the way its folder has it now.
 * @throws KatError FILES_INVALID when its files can't be read.
 */
export function entryFactsOf(migration: Migration): AppliedFacts {
  const downSql = findDownSql(migration);
  const bare = bareFingerprint(migration);
  return {
    checksum: fingerprint(migration),
    ...present({ statementHash: bare }),
    parents: migration.parents,
    noTransaction: migration.noTransaction,
    ...present({ downSql }),
  };
}
