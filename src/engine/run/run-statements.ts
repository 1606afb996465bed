/**
 * Runs a `no_transaction` migration statement by statement, each journalled, so that a run that was interrupted
 * resumes at the statement that did not finish.
 */

import { SqlError } from '../../errors.js';
import type { Step } from '../../graph/plan.js';
import { statementMode } from '../../sql/transactions/statement-modes.js';
import { forgetReplaced } from '../ledger/forget-replaced.js';
import type { Journal } from '../ledger/journal.js';
import { waitsOf } from '../policy/waits.js';
import { beginWriting } from '../session/begin-writing.js';
import { findLeftOvers } from '../session/found-indexes.js';
import { isFenced, isLockTaken, lockTakenError } from '../session/lock-taken.js';
import { failStep, isConnectionLost, locateInStatement, type StepFailure } from './failure.js';
import { findDone, recordedByOtherError, unknownOutcome } from './find-done.js';
import { isDone } from './half-done.js';
import { expectUnrecorded, isRecordedByOther, refuseOtherRun, refuseOthersWork } from './other-run.js';
import { parsePrepared } from './read-step.js';
import { reopenAfterLoss } from './recover-outcome.js';
import { createRetries } from './retries.js';
import { checkCancelled, explainError, type RunContext } from './run-context.js';
import {
  entry,
  execute,
  finishedAlone,
  openingStatements,
  readOwnJournal,
  type StatementRun,
  type StatementStep,
} from './statement-run.js';
import { findConcurrent, tryStatement } from './statement-step.js';
import { provenSuccess } from './transaction-message.js';

/**
 * @throws MigrationError when a statement fails for good (those before it stay done); KatError MIGRATION_HALF_DONE when
 *   the file no longer fits what has already run.
 */
export async function runStatements(context: RunContext, planned: Step): Promise<void> {
  checkCancelled(context);
  const step = await context.prepare(planned);
  const { lockTimeoutMs } = waitsOf(step.migration, context.setting.waits);
  const work: StatementRun = {
    context,
    step,
    statements: await parsePrepared(step),
    lockTimeoutMs,
    current: 1,
  };
  context.reporter.start(step.step);
  const startedAt = performance.now();
  const journal = await begin(work);
  for (const [index, statement] of work.statements.entries()) {
    const mode = statementMode(statement);
    if (index < journal.finished && mode !== 'setting') continue;
    const wasBegun = journal.begun !== undefined && index === journal.finished;
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
    const started = entry(work, { outcome: 'started', checksum: step.checksum });
    await execute(work, [...openingStatements(work), expectUnrecorded(work), started]);
    return journal;
  } catch (error) {
    if (isLockTaken(error)) throw lockTakenError(error);
    if (isRecordedByOther(error)) throw refuseOtherRun(context, step, 'during this run');
    if (!isConnectionLost(error) && !(error instanceof SqlError)) throw error;
    throw await failStep(context, { step, cause: error, statement });
  }
}

async function runStatement(work: StatementRun, statementStep: StatementStep): Promise<void> {
  const { context, step, statements } = work;
  const retries = createRetries(context, step);
  for (;;) {
    checkCancelled(context);
    try {
      await tryStatement(work, statementStep);
      break;
    } catch (error) {
      if (isConnectionLost(error)) {
        await settleStatement(work, statementStep, error);
        break;
      }
      if (isLockTaken(error)) throw lockTakenError(error);
      // Its committed work would happen twice.
      const cause = explainError(context, error);
      const isTriedAgain =
        !statementStep.mayHaveCommitted &&
        ((await context.worker?.retryAlone(step.step, cause)) || (await retries.waitAfter(cause)));
      if (!isTriedAgain) throw await failedForGood(work, statementStep, { error, cause });
    }
  }
  if (statementStep.mode !== 'setting') {
    const { id, direction } = step.step;
    const progress = { statement: statementStep.number, statements: statements.length };
    context.setting.onEvent({ type: 'statement-finished', id, direction, ...progress });
  }
}

/** The answer is lost, not always the work: the journal tells, or what the database has. */
async function settleStatement(
  work: StatementRun,
  statementStep: StatementStep,
  error: unknown,
): Promise<void> {
  const { context, step } = work;
  await reopenAfterLoss(context, step, error);
  const settings = work.statements
    .slice(0, statementStep.number)
    .filter((statement) => statementMode(statement) === 'setting');
  const again = [...openingStatements(work), ...settings.map(({ text }) => text)];
  await execute(work, [expectUnrecorded(work), ...again]).catch((cause: unknown) => {
    throw isRecordedByOther(cause) ? refuseOtherRun(context, step) : cause;
  });
  await refuseOthersWork(context, step);
  const { finished } = await readOwnJournal(work);
  if (finished >= statementStep.number || statementStep.mode === 'setting') return;
  const concurrent = await findConcurrent(work, statementStep);
  if (concurrent?.tried && (await isDone(context.lockedSession.session, concurrent))) {
    await execute(work, finishedAlone(work, statementStep));
  } else {
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
  return failStep(context, { step, cause, location, invalidIndexes, ...placeOf(statementStep) });
}

/** They explain the failure; that they cannot be looked up must not hide it. */
async function findLeftIndexes(work: StatementRun, statementStep: StatementStep): Promise<string[]> {
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
  const { ledger, sessionReset } = context.lockedSession;
  let failure: unknown;
  try {
    await execute(work, [
      ...sessionReset.restoreRole,
      beginWriting,
      ...forgetReplaced(ledger, step),
      provenSuccess(ledger, step, String(durationMs)),
      'COMMIT',
      ...sessionReset.clean,
    ]);
  } catch (error) {
    failure = error;
    if (isConnectionLost(error)) await reopenAfterLoss(context, step, error);
    else await execute(work, ['ROLLBACK']);
    if (isFenced(error)) throw lockTakenError(error);
    const { done, recordedByOther } = await findDone(context.lockedSession, [step.step]).catch(
      (reason: unknown) => {
        throw unknownOutcome(step.step, error, reason);
      },
    );
    const cause = recordedByOther ? recordedByOtherError(recordedByOther, error) : error;
    if (done.length === 0) throw await failStep(context, { step, cause, statement: statements.length + 1 });
  }
  context.reporter.succeed(step.step, durationMs);
  if (isConnectionLost(failure)) await refuseOthersWork(context, step);
  if (isLockTaken(failure)) throw lockTakenError(failure);
}
