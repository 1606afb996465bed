/**
 * Runs a `no_transaction` migration statement by statement, each journalled, so that a run that was interrupted
 * resumes at the statement that did not finish.
 */

import { isConnectionLost, SqlError } from '../../errors.js';
import type { Step } from '../../graph/plan.js';
import { forgottenSettings, stoppedIndex } from '../../sql/transactions/statement-modes.js';
import { forgetReplaced } from '../ledger/forget-replaced.js';
import type { Journal } from '../ledger/journal.js';
import { findLogIds, forgetSequences, takeLogIds } from '../ledger/log-ids.js';
import { askRole, findRole } from '../ledger/session-role.js';
import { findSettingNames, hasOtherRole, readJournalledStates } from '../ledger/session-state.js';
import { type GuardStatements, isGuardRefusal } from '../plan/loss-guard.js';
import { findLostTable, type LostWithSession, refuseLostSession } from '../plan/lost-session.js';
import { waitsOf } from '../policy/waits.js';
import { beginWriting } from '../session/begin-writing.js';
import { findLeftOvers } from '../session/found-indexes.js';
import { isFenced, isLockTaken, lockTakenError } from '../session/lock-taken.js';
import { failStep, locateInStatement, type StepFailure } from './failure.js';
import { findDone, recordedByOtherError, unknownOutcome } from './find-done.js';
import { isDone } from './half-done.js';
import { expectUnrecorded, isRecordedByOther, refuseOtherRun, refuseOthersWork } from './other-run.js';
import { parsePrepared } from './read-step.js';
import { reopenAfterLoss } from './recover-outcome.js';
import { createRetries, type Retries } from './retries.js';
import { checkCancelled, explainError, type RunContext } from './run-context.js';
import {
  entry,
  execute,
  executeAgain,
  finishedAlone,
  modeOf,
  openingStatements,
  readOwnJournal,
  readSessionState,
  rolesAt,
  type StatementRun,
  type StatementStep,
} from './statement-run.js';
import { findConcurrent, tryStatement } from './statement-step.js';
import { readFinished, refuseTakenBack } from './taken-back.js';
import { provenSuccess } from './transaction-message.js';

/**
 * @throws MigrationError when a statement fails for good (those before it stay done); KatError MIGRATION_HALF_DONE when
 *   the file no longer fits what has already run.
 */
export async function runStatements(context: RunContext, planned: Step): Promise<void> {
  checkCancelled(context);
  const step = await context.prepare(planned);
  const { lockTimeoutMs } = waitsOf(step.migration, context.setting.waits);
  const statements = await parsePrepared(step);
  const work: StatementRun = {
    context,
    step,
    statements,
    settingNames: findSettingNames(statements.map(({ text }) => text)),
    sessionState: '',
    logIds: [],
    lockTimeoutMs,
    current: 1,
  };
  context.reporter.start(step.step);
  await guardStatement(work, 1);
  const startedAt = performance.now();
  const journal = await begin(work);
  const stopped = stoppedIndex(work.statements, journal.finished);
  const forgotten = forgottenSettings(work.statements, journal.finished);
  for (const [index, statement] of work.statements.entries()) {
    const mode = modeOf(work, statement);
    if (index < journal.finished && (mode !== 'setting' || index < forgotten)) continue;
    const wasBegun = journal.begun !== undefined && index === stopped;
    work.current = index + 1;
    await runStatement(work, { statement, mode, number: work.current, wasBegun, charactersBefore: 0 });
  }
  await record(work, Math.round((performance.now() - startedAt) * 1_000) / 1_000);
}

async function begin(work: StatementRun): Promise<Journal> {
  const { context, step } = work;
  let statement = 1;
  try {
    const journal = await readOwnJournal(work);
    statement = journal.finished + 1;
    if (journal.finished > 0) work.sessionState = await readSessionState(work);
    const { parents } = step.migration;
    const started = entry(work, { outcome: 'started', checksum: step.checksum, parents });
    const results = await executeAgain(work, [
      ...openingStatements(work),
      expectUnrecorded(work),
      started,
      ...takeIds(work),
      ...(context.lockedSession.session.capabilities ? [] : [askRole]),
    ]);
    work.ownRole = findRole(results.flatMap(({ rows }) => rows));
    work.logIds = findLogIds(results);
    return journal;
  } catch (error) {
    if (isLockTaken(error)) throw lockTakenError(error);
    if (isRecordedByOther(error)) throw refuseOtherRun(context, step, 'during this run');
    if (!isConnectionLost(error) && !(error instanceof SqlError)) throw error;
    throw await failStep(context, { step, cause: error, statement });
  }
}

function takeIds({ context, statements }: StatementRun): string[] {
  const { session, ledger } = context.lockedSession;
  if (session.capabilities) return [];
  return [takeLogIds(ledger, statements.length), ...(session.isBorrowed ? [] : [forgetSequences])];
}

async function runStatement(work: StatementRun, statementStep: StatementStep): Promise<void> {
  const { context, step, statements } = work;
  const { number } = statementStep;
  const retries = createRetries(context, step);
  do {
    checkCancelled(context);
    statementStep.guard = await guardStatement(work, number);
  } while (!(await isTried(work, statementStep, retries)));
  if (statementStep.mode !== 'setting') {
    const { id, direction } = step.step;
    const progress = { statement: number, statements: statements.length };
    context.setting.onEvent({ type: 'statement-finished', id, direction, ...progress });
  }
}

/** A role that the file or its code has set may not see what Kat asks for. */
async function guardStatement(work: StatementRun, number: number): Promise<GuardStatements | undefined> {
  const statement = work.statements[number - 1];
  const isOther = hasOtherRole(work.sessionState) || rolesAt(work, { number: number - 1 }).length > 0;
  if (!statement || isOther) return undefined;
  return work.context.losses?.guardStatement(work.step.step, { text: statement.text, number });
}

/** @returns false when it is to be tried again. @throws MigrationError; KatError LOCKED when another run has the lease. */
async function isTried(work: StatementRun, statementStep: StatementStep, retries: Retries): Promise<boolean> {
  const { context, step } = work;
  try {
    await tryStatement(work, statementStep);
    return true;
  } catch (error) {
    if (isConnectionLost(error)) {
      await settleStatement(work, statementStep, error);
      return true;
    }
    if (isLockTaken(error)) throw lockTakenError(error);
    if (isGuardRefusal(error) && (await context.losses?.settle(step.step, error, statementStep.number > 1)))
      return false;
    if (isAmbiguous(error) && (await readOwnJournal(work)).finished >= statementStep.number) return true;
    // Its committed work would happen twice.
    const cause = explainError(context, error);
    const isTriedAgain =
      !statementStep.mayHaveCommitted &&
      ((await context.worker?.retryAlone(step.step, cause)) || (await retries.waitAfter(cause)));
    if (!isTriedAgain) throw await failedForGood(work, statementStep, { error, cause });
    return false;
  }
}

/** Whether the server does not know itself how the transaction has ended; of CockroachDB. */
function isAmbiguous(error: unknown): boolean {
  return error instanceof SqlError && error.report.sqlstate === '40003';
}

/** The answer is lost, not always the work: the journal tells, or what the database has. */
async function settleStatement(
  work: StatementRun,
  statementStep: StatementStep,
  error: unknown,
): Promise<void> {
  const { context, step } = work;
  await reopenAfterLoss(context, step, error);
  await refuseTakenBack(context, error);
  const settings = work.statements
    .slice(forgottenSettings(work.statements, statementStep.number), statementStep.number)
    .filter((statement) => modeOf(work, statement) === 'setting');
  await execute(work, [expectUnrecorded(work), ...openingStatements(work)]).catch((cause: unknown) => {
    throw isRecordedByOther(cause) ? refuseOtherRun(context, step) : cause;
  });
  await refuseOthersWork(context, step);
  const finished = await readFinished(work, statementStep.number - 1, error);
  work.sessionState = await readSessionState(work);
  const { session, ledger } = context.lockedSession;
  await refuseLostSession({ session, ledger }, step.step, work.statements, finished);
  if (settings.length > 0)
    await execute(
      work,
      settings.map(({ text }) => text),
    );
  if (finished >= statementStep.number || statementStep.mode === 'setting') return;
  const concurrent =
    statementStep.mode === 'by itself' ? undefined : await findConcurrent(work, statementStep);
  if (concurrent?.tried && (await isDone(context.lockedSession.session, concurrent))) {
    await execute(work, finishedAlone(work, statementStep));
  } else {
    if (statementStep.mode === 'by itself') statementStep.mayHaveCommitted = true;
    throw await failStep(context, { step, cause: error, ...placeOf(statementStep) });
  }
}

async function failedForGood(
  work: StatementRun,
  statementStep: StatementStep,
  { error, cause }: { error: unknown; cause: unknown },
) {
  const { context, step } = work;
  const location = locateInStatement(error, step, statementStep.statement, statementStep.charactersBefore);
  const invalidIndexes = await findLeftIndexes(work, statementStep);
  const lost = await findLost(work, statementStep);
  return failStep(context, { step, cause, location, invalidIndexes, lost, ...placeOf(statementStep) });
}

/** It explains what the next run needs; that it cannot be looked up must not hide the failure. */
async function findLost(
  { context, step, statements }: StatementRun,
  { number }: StatementStep,
): Promise<LostWithSession | undefined> {
  const { session, ledger } = context.lockedSession;
  if (session.isBorrowed) return undefined;
  const states = await readJournalledStates(session, ledger, step.step).catch(() => []);
  return findLostTable(step.step, statements, { finished: number - 1, states });
}

/** They explain the failure; that they cannot be looked up must not hide it. */
async function findLeftIndexes(work: StatementRun, statementStep: StatementStep): Promise<string[]> {
  if (statementStep.mode === 'by itself') return [];
  try {
    const concurrent = await findConcurrent(work, statementStep);
    return concurrent?.tried ? await findLeftOvers(work.context.lockedSession.session, concurrent) : [];
  } catch {
    return [];
  }
}

function placeOf({
  number,
  mayHaveCommitted = false,
}: StatementStep): Pick<StepFailure, 'statement' | 'mayHaveCommitted'> {
  return { statement: number, mayHaveCommitted };
}

async function record(work: StatementRun, durationMs: number): Promise<void> {
  const { context, step, statements } = work;
  const retries = createRetries(context, step);
  let failure = await sendRecord(work, durationMs);
  while (failure !== undefined && !(await isRecorded(work, failure))) {
    if (isConnectionLost(failure) || !(await retries.waitAfter(failure)))
      throw await failStep(context, { step, cause: failure, statement: statements.length + 1 });
    failure = await sendRecord(work, durationMs);
  }
  context.reporter.succeed(step.step, durationMs);
  if (isConnectionLost(failure)) await refuseOthersWork(context, step);
  if (isLockTaken(failure)) throw lockTakenError(failure);
}

/** @returns the failure. */
async function sendRecord(work: StatementRun, durationMs: number): Promise<unknown> {
  const { context, step } = work;
  const { ledger, sessionReset } = context.lockedSession;
  try {
    await execute(work, [
      ...sessionReset.restoreRole,
      beginWriting,
      ...forgetReplaced(ledger, step),
      provenSuccess(ledger, step, String(durationMs)),
      'COMMIT',
      ...sessionReset.clean,
    ]);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Asks the ledger. @throws MigrationError where another program has recorded it; KatError STATE_UNKNOWN, LOCKED. */
async function isRecorded(work: StatementRun, failure: unknown): Promise<boolean> {
  const { context, step, statements } = work;
  if (isConnectionLost(failure)) {
    await reopenAfterLoss(context, step, failure);
    await refuseTakenBack(context, failure);
  } else await execute(work, ['ROLLBACK']);
  if (isFenced(failure)) throw lockTakenError(failure);
  const { done, recordedByOther } = await findDone(context.lockedSession, [step.step]).catch(
    (reason: unknown) => {
      throw unknownOutcome(step.step, failure, reason);
    },
  );
  if (!recordedByOther && done.length === 0 && isConnectionLost(failure))
    await readFinished(work, statements.length, failure);
  if (!recordedByOther) return done.length > 0;
  const cause = recordedByOtherError(recordedByOther, failure);
  throw await failStep(context, { step, cause, statement: statements.length + 1 });
}
