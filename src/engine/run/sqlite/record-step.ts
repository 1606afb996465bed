/** Writes down what became of a step on SQLite. */

import type { Session, SqliteFacts, SqlText } from '../../../connections/driver.js';
import { type MigrationError, SqlError } from '../../../errors.js';
import { present } from '../../../present.js';
import { readAppliedIds } from '../../ledger/ledger.js';
import { type LedgerRows, watchLedgerRows } from '../../ledger/sqlite/ledger-rows.js';
import { type SqliteLogEntry, writeSqliteEntry } from '../../ledger/sqlite/sqlite-ledger.js';
import { waitsOf } from '../../policy/waits.js';
import { migrationError, type StepFailure } from '../failure.js';
import { joinSql, type PreparedStep } from '../read-step.js';
import type { RunContext } from '../run-context.js';
import type { SplitStep } from './split-step.js';

export interface SqliteRunContext extends RunContext {
  rows: LedgerRows;
  /** Whether the database is a copy, of which nothing stays. */
  isRehearsal?: boolean;
}

export function withRows(context: RunContext): SqliteRunContext {
  const { session, ledger } = context.lockedSession;
  return { ...context, rows: watchLedgerRows(session, ledger) };
}

/** A statement waits for another connection's lock as long as a statement of PostgreSQL waits for a table's. */
export function waitAsLongAs({ lockedSession, setting }: RunContext, { prepared }: SplitStep): void {
  const { lockTimeoutMs } = waitsOf(prepared.migration, setting.waits);
  (lockedSession.session.sqlite as SqliteFacts).busyMs = lockTimeoutMs;
}

/** Executes `work` in a transaction of its own. @throws what it throws; KatError SQL_ERROR when other rows of the tracking table are not as before. */
export async function inTransaction(
  { lockedSession: { session }, rows }: SqliteRunContext,
  texts: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  await session.execute('BEGIN IMMEDIATE');
  try {
    await rows.keep(texts, work);
    await session.execute('COMMIT');
  } catch (error) {
    await rollBack(session, rows);
    throw error;
  }
}

/** Some errors have ended the transaction already. */
export async function rollBack(session: Session, rows: LedgerRows): Promise<void> {
  await session.execute('ROLLBACK').catch(() => undefined);
  rows.forget();
}

/** Appends an entry in a transaction of its own, in which triggers on the log may change no row of the tracking table. */
export async function writeEntryAlone(context: SqliteRunContext, entry: SqliteLogEntry): Promise<void> {
  const { session, ledger } = context.lockedSession;
  await inTransaction(context, [], () => writeSqliteEntry(session, ledger, entry));
}

/** Writes the row and the entry of a step that is done, into the open transaction. */
export async function recordStep(
  { lockedSession: { session, ledger }, rows }: SqliteRunContext,
  { prepared }: SplitStep,
  { elapsedMs, at }: { elapsedMs: number; at: Date },
): Promise<void> {
  const { step, migration } = prepared;
  const { id, direction } = step;
  const replaced = direction === 'down' ? (migration.replaces ?? []) : [];
  const applied = replaced.length > 0 ? await readAppliedIds(session, ledger) : [];
  for (const other of replaced.filter((one) => applied.includes(one))) {
    await rows.write({ id: other, direction, elapsedMs: 0, at });
    await writeSqliteEntry(session, ledger, { id: other, direction, outcome: 'stamped' });
  }
  await rows.write({ id, direction, elapsedMs, at });
  await writeSqliteEntry(session, ledger, successOf(prepared, elapsedMs));
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
export async function failSqliteStep(
  context: SqliteRunContext,
  failure: StepFailure,
): Promise<MigrationError> {
  const { reporter, setting } = context;
  const { step, cause, statement } = failure;
  if (context.isRehearsal) return failRehearsal(context, failure);
  const error = migrationError(failure, context);
  const entry: SqliteLogEntry = {
    ...{ id: step.step.id, direction: step.step.direction, outcome: 'failed' },
    ...{ checksum: step.checksum, error: error.message },
    ...(cause instanceof SqlError ? { sqlstate: cause.report.sqlstate } : {}),
    ...present({ statement }),
  };
  await writeEntryAlone(context, entry).catch((reason: unknown) =>
    setting.onEvent({
      type: 'warning',
      message: `the failure could not be recorded in the log: ${reason instanceof Error ? reason.message : reason}`,
    }),
  );
  reporter.fail(step.step, error);
  return error;
}

function failRehearsal(context: SqliteRunContext, { step, cause, location }: StepFailure): MigrationError {
  const error = migrationError({ step, cause, untried: [], ...present({ location }) }, context);
  context.reporter.fail(step.step, error);
  return error;
}
