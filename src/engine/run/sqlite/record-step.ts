/** Writes down what became of a step on SQLite. */

import type { SqliteFacts, SqlText } from '../../../connections/driver.js';
import { type MigrationError, SqlError } from '../../../errors.js';
import { present } from '../../../present.js';
import { readAppliedIds } from '../../ledger/ledger.js';
import { proveOtherRows, readOtherRows } from '../../ledger/sqlite/other-rows.js';
import {
  proveSqliteRow,
  type SqliteLogEntry,
  writeSqliteEntry,
  writeSqliteRow,
} from '../../ledger/sqlite/sqlite-ledger.js';
import { waitsOf } from '../../policy/waits.js';
import { migrationError, type StepFailure } from '../failure.js';
import { joinSql, type PreparedStep } from '../read-step.js';
import type { RunContext } from '../run-context.js';
import type { SplitStep } from './split-step.js';

/** A statement waits for another connection's lock as long as a statement of PostgreSQL waits for a table's. */
export function waitAsLongAs({ lockedSession, setting }: RunContext, { prepared }: SplitStep): void {
  const { lockTimeoutMs } = waitsOf(prepared.migration, setting.waits);
  (lockedSession.session.sqlite as SqliteFacts).busyMs = lockTimeoutMs;
}

/**
 * Runs the statements of a migration or some of them, and records them, in the open transaction.
 * @throws what they throw; KatError SQL_ERROR when rows of other migrations are not as before.
 */
export async function keepOtherRows<T>(
  { lockedSession: { session, ledger } }: RunContext,
  { prepared: { step, migration } }: SplitStep,
  work: () => Promise<T>,
): Promise<T> {
  const ids = [step.id, ...(step.direction === 'down' ? (migration.replaces ?? []) : [])];
  const before = await readOtherRows(session, ledger, ids);
  const result = await work();
  await proveOtherRows(session, ledger, { ids, before });
  return result;
}

/** Writes the row and the entry of a step that is done, into the open transaction. */
export async function recordStep(
  { lockedSession: { session, ledger } }: RunContext,
  { prepared }: SplitStep,
  { elapsedMs, at }: { elapsedMs: number; at: Date },
): Promise<void> {
  const { step, migration } = prepared;
  const { id, direction } = step;
  const replaced = direction === 'down' ? (migration.replaces ?? []) : [];
  const applied = replaced.length > 0 ? await readAppliedIds(session, ledger) : [];
  for (const other of replaced.filter((one) => applied.includes(one))) {
    await writeSqliteRow(session, ledger, { id: other, direction, elapsedMs: 0, at });
    await writeSqliteEntry(session, ledger, { id: other, direction, outcome: 'stamped' });
  }
  const row = { id, direction, elapsedMs, at };
  await writeSqliteRow(session, ledger, row);
  await writeSqliteEntry(session, ledger, successOf(prepared, elapsedMs));
  await proveSqliteRow(session, ledger, row);
}

function successOf(
  { step, checksum, bareChecksum, migration, downSql, sql }: PreparedStep,
  durationMs: number,
): SqliteLogEntry {
  return {
    ...{ id: step.id, direction: step.direction, outcome: 'succeeded', durationMs, checksum },
    ...(bareChecksum === undefined || !readsAlike(sql) ? {} : { statementHash: bareChecksum }),
    parents: migration.parents,
    noTransaction: step.mode === 'statements',
    ...present({ downSql }),
  };
}

/** Whether PostgreSQL's tokens, which the checksum without comments goes by, are those of SQLite, too. */
function readsAlike(sql: SqlText): boolean {
  return !/[[`$]|\/\*[^*]*\/\*/.test(joinSql(sql));
}

/** Writes the failure into the log, and makes the error that the run ends with. */
export async function failSqliteStep(context: RunContext, failure: StepFailure): Promise<MigrationError> {
  const { lockedSession, reporter, setting } = context;
  const { session, ledger } = lockedSession;
  const { step, cause, statement } = failure;
  const error = migrationError(failure, context);
  const entry: SqliteLogEntry = {
    ...{ id: step.step.id, direction: step.step.direction, outcome: 'failed' },
    ...{ checksum: step.checksum, error: error.message },
    ...(cause instanceof SqlError ? { sqlstate: cause.report.sqlstate } : {}),
    ...present({ statement }),
  };
  await writeSqliteEntry(session, ledger, entry).catch((reason: unknown) =>
    setting.onEvent({
      type: 'warning',
      message: `the failure could not be recorded in the log: ${reason instanceof Error ? reason.message : reason}`,
    }),
  );
  reporter.fail(step.step, error);
  return error;
}
