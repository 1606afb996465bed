/**
 * Runs a `no_transaction` migration of SQLite. Each statement shares a transaction with its entry in the journal. Only what SQLite
 * refuses in a transaction (VACUUM, `journal_mode`) is journalled before and after: it may run again without loss.
 */

import type { SqliteStatement } from '../../../connections/sqlite/split-statements.js';
import { hashStatement, readJournal } from '../../ledger/journal.js';
import { logTableOf } from '../../ledger/ledger.js';
import { type SqliteLogEntry, writeSqliteEntry } from '../../ledger/sqlite/sqlite-ledger.js';
import { refusesTransaction, touchesSession } from '../../plan/sqlite/check-sqlite.js';
import { findTableChanges } from '../../plan/sqlite/table-changes.js';
import { createRetries } from '../retries.js';
import { checkCancelled } from '../run-context.js';
import { locateSqliteFailure } from './failure-place.js';
import { guardForeignKeys } from './foreign-keys.js';
import { askAboutLosses, refuseAddedLosses } from './new-losses.js';
import {
  failSqliteStep,
  inTransaction,
  recordStep,
  type SqliteRunContext,
  waitAsLongAs,
  writeEntryAlone,
} from './record-step.js';
import type { SplitStep } from './split-step.js';

/** @throws MigrationError; KatError MIGRATION_HALF_DONE when a statement that is done was edited since. */
export async function runSqliteStatements(context: SqliteRunContext, split: SplitStep): Promise<void> {
  const { lockedSession, reporter, command } = context;
  const { session, ledger } = lockedSession;
  const { step, file } = split.prepared;
  const { id, direction } = step;
  waitAsLongAs(context, split);
  reporter.start(step);
  const [at, started] = [new Date(), performance.now()];
  const journal = await readJournal(session, logTableOf(ledger), { id, direction, file }, split.statements);
  const { checksum, migration } = split.prepared;
  const { parents } = migration;
  await writeEntryAlone(context, { id, direction, outcome: 'started', checksum, parents });
  const statements = split.statements.length;
  // What the statements before the stop have set is gone with their session.
  for (const { text } of split.statements.slice(0, journal.finished).filter(touchesSession))
    await session.execute(text, undefined, 0);
  for (const [index, statement] of split.statements.entries()) {
    if (index < journal.finished) continue;
    const progress = { statement: index + 1, statements };
    lockedSession.lock.announce?.({ command, migration: id, direction, ...progress });
    await runStatement(context, split, { statement, number: index + 1 });
    context.setting.onEvent({ type: 'statement-finished', id, direction, ...progress });
  }
  const elapsedMs = performance.now() - started;
  await inTransaction(context, [], () => recordStep(context, split, { elapsedMs, at }));
  await session.sqlite?.renew();
  reporter.succeed(step, elapsedMs);
}

interface NumberedStatement {
  statement: SqliteStatement;
  /** Counted from 1. */
  number: number;
}

/** Tries again while the database is locked. */
async function runStatement(
  context: SqliteRunContext,
  split: SplitStep,
  numbered: NumberedStatement,
): Promise<void> {
  const retries = createRetries(context, split.prepared);
  for (;;) {
    checkCancelled(context);
    try {
      return await tryStatement(context, split, numbered);
    } catch (cause) {
      const asked = { error: cause, isHalfDone: numbered.number > 1 };
      if (await askAboutLosses(context, split, asked)) continue;
      if (await retries.waitAfter(cause)) continue;
      const { statement, number } = numbered;
      await context.lockedSession.session.sqlite?.renew();
      const location = locateSqliteFailure(split, statement, cause);
      throw await failSqliteStep(context, { step: split.prepared, cause, location, statement: number });
    }
  }
}

async function tryStatement(
  context: SqliteRunContext,
  split: SplitStep,
  { statement, number }: NumberedStatement,
): Promise<void> {
  const { step } = split.prepared;
  const { session, ledger } = context.lockedSession;
  const entry = (outcome: SqliteLogEntry['outcome']): SqliteLogEntry => ({
    ...{ id: step.id, direction: step.direction, outcome, statement: number },
    statementHash: hashStatement(statement),
  });
  const run = () => session.execute(statement.text, undefined, 0);
  if (!runsOutside(statement)) {
    const guard = await guardForeignKeys(session, findTableChanges([statement]));
    const work = async () => {
      await refuseAddedLosses(context, split, { text: statement.text, number });
      await run();
      await guard.check(split.statements.slice(number));
      await writeSqliteEntry(session, ledger, entry('statement finished'));
    };
    return await inTransaction(context, [split.text], work).finally(guard.restore);
  }
  await writeEntryAlone(context, entry('statement started'));
  await run();
  await writeEntryAlone(context, entry('statement finished'));
}

/** A PRAGMA may do nothing in a transaction, and ATTACH is refused there. */
function runsOutside(statement: SqliteStatement): boolean {
  return refusesTransaction(statement) || touchesSession(statement);
}
