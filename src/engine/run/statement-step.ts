/** Executes one statement of a `no_transaction` migration, in or outside of a transaction block. */

import { isConnectionLost, SqlError } from '../../errors.js';
import { findConcurrentWork } from '../../sql/transactions/concurrent-work.js';
import type { ServerSession } from '../events.js';
import { logTableOf, tableOf } from '../ledger/ledger.js';
import { claimSameLedger, noteLedger } from '../ledger/proof.js';
import { beginWriting } from '../session/begin-writing.js';
import type { ConcurrentStatement } from '../session/found-indexes.js';
import { statementLockTimeout } from '../session/statement-lock-timeout.js';
import { checkIndexIsValid, clearLeftOver, isDone } from './half-done.js';
import { checkCancelled } from './run-context.js';
import {
  begunAlone,
  execute,
  executeStep,
  finishedAlone,
  finishedEntry,
  readOwnJournal,
  type StatementRun,
  type StatementStep,
  sessionTransaction,
} from './statement-run.js';
import { watchSession } from './watch.js';

/**
 * One try.
 * @throws SqlError, ConnectionError; KatError MIGRATION_HALF_DONE for an index that is invalid although it was built,
 *   CANCELLED.
 */
export async function tryStatement(work: StatementRun, statementStep: StatementStep): Promise<void> {
  // What may have committed a part of its work is not begun again.
  const stopWatching = watchSession(work.context, {
    step: work.step,
    isCancellable: () => !statementStep.mayHaveCommitted && statementStep.mode !== 'by itself',
    place: { statement: statementStep.number, statements: work.statements.length },
  });
  try {
    if (statementStep.mode !== 'setting') await setLockTimeout(work, statementStep);
    if (statementStep.mode === 'setting') await executeStep(work, statementStep);
    else if (statementStep.mode === 'alone') await runAlone(work, statementStep);
    else if (statementStep.mode === 'by itself')
      await (await import('./other-server/run-by-itself.js')).runByItself(work, statementStep);
    else await runInBlock(work, statementStep);
  } finally {
    await stopWatching();
  }
}

async function setLockTimeout(work: StatementRun, { statement }: StatementStep): Promise<void> {
  const { context, step, statements } = work;
  const lockTimeoutMs = statementLockTimeout(step.migration, context.setting.waits, {
    statement,
    statements,
  });
  if (lockTimeoutMs === undefined) return;
  if (lockTimeoutMs !== work.lockTimeoutMs) await execute(work, [`SET lock_timeout = ${lockTimeoutMs}`]);
  work.lockTimeoutMs = lockTimeoutMs;
}

/** The server's error codes for a statement that it accepts only outside of a transaction block. */
const refusesBlock: ReadonlySet<string> = new Set(['25001', '2D000']);

/** The statement and the journal's entry happen together or not at all. */
async function runInBlock(work: StatementRun, statementStep: StatementStep): Promise<void> {
  const { lockedSession, setting } = work.context;
  const ledgerTable = tableOf(lockedSession.ledger);
  const { locks = [], queries = [] } = statementStep.guard ?? {};
  try {
    await executeStep(work, statementStep, {
      before: [beginWriting, ...locks, noteLedger(ledgerTable), ...queries],
      after: [
        ...finishedEntry(work, statementStep, [
          `SELECT ${claimSameLedger(ledgerTable)}`,
          ...(setting.beforeCommit === undefined ? [] : [setting.beforeCommit]),
        ]),
        'COMMIT',
        ...sessionTransaction(work, statementStep),
      ],
    });
  } catch (error) {
    if (isConnectionLost(error)) throw error;
    await execute(work, ['ROLLBACK']);
    if (error instanceof SqlError && error.committedStatements > 0) {
      // A second try would repeat what is committed: the error came of the look at the session.
      statementStep.mayHaveCommitted = true;
      return;
    }
    // A function, a trigger or a rule decides by itself: nothing in the statement shows it.
    if (!(error instanceof SqlError && refusesBlock.has(error.report.sqlstate))) throw error;
    statementStep.mayHaveCommitted = true;
    await runAlone(work, statementStep);
  }
}

/** A message of its own, between two entries of the journal: the server takes it only outside of a transaction. */
async function runAlone(work: StatementRun, statementStep: StatementStep): Promise<void> {
  const concurrent = await findConcurrent(work, statementStep);
  if (concurrent) await runConcurrent(work, statementStep, concurrent);
  else {
    await journalBegin(work, statementStep);
    await executeStep(work, statementStep);
  }
  await execute(work, finishedAlone(work, statementStep));
  await recordSession(work, statementStep);
}

/** The statement is done and journalled, whatever the server thinks of this entry. @throws ConnectionError */
async function recordSession(work: StatementRun, statementStep: StatementStep): Promise<void> {
  const entry = sessionTransaction(work, statementStep);
  if (entry.length === 0) return;
  try {
    await execute(work, entry);
  } catch (error) {
    if (isConnectionLost(error)) throw error;
    await execute(work, ['ROLLBACK']);
  }
}

/**
 * What is there before the journal has that we began is not our work: then the statement runs, and the server says what
 * it thinks of it.
 */
async function runConcurrent(
  work: StatementRun,
  statementStep: StatementStep,
  concurrent: ConcurrentStatement,
): Promise<void> {
  const { session } = work.context.lockedSession;
  const isThere = await isDone(session, concurrent);
  if (isThere && concurrent.tried) return;
  if (!isThere && (await clearLeftOver(session, concurrent, createWaiting(work)))) return;
  if (!isThere || concurrent.work.kind === 'create-index') await journalBegin(work, statementStep);
  await executeStep(work, statementStep);
  await checkIndexIsValid(session, concurrent);
}

/** @returns undefined for a statement that happens as a whole or not at all. */
export async function findConcurrent(
  work: StatementRun,
  { statement, wasBegun }: StatementStep,
): Promise<ConcurrentStatement | undefined> {
  const concurrent = findConcurrentWork(statement.node);
  if (!concurrent) return undefined;
  const { begun } = wasBegun ? await readOwnJournal(work) : { begun: undefined };
  const { id, direction } = work.step.step;
  const logTable = logTableOf(work.context.lockedSession.ledger);
  const tried = begun && { logTable, migration: id, direction, firstEntry: begun };
  return { statement, work: concurrent, tried: tried || undefined };
}

/** Reports once the session that builds the same index. */
function createWaiting({ context, step }: StatementRun): (builders: readonly ServerSession[]) => void {
  let isTold = false;
  return (blockers) => {
    checkCancelled(context);
    const { id, direction } = step.step;
    if (!isTold) context.setting.onEvent({ type: 'blocked', id, direction, blockers });
    isTold = true;
  };
}

async function journalBegin(work: StatementRun, statementStep: StatementStep): Promise<void> {
  await execute(work, begunAlone(work, statementStep));
  statementStep.wasBegun = true;
}
