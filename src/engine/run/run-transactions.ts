/** Applies consecutive transactional migrations, and retries them after temporary errors. */

import { isConnectionLost, SqlError } from '../../errors.js';
import type { Step } from '../../graph/plan.js';
import { isLockTaken } from '../session/lock-taken.js';
import { failStep, locateInMessage } from './failure.js';
import { trySequentially } from './other-server/sequential-mode.js';
import { type Failure, type PendingMessage, runPipeline, runSingleTransaction } from './pipeline.js';
import { isRefusedQuick } from './quick-message.js';
import { parsePrepared } from './read-step.js';
import { leaveToOtherRun, settleFailure, settleLostConnection } from './recover-outcome.js';
import { createRetries, type Retries } from './retries.js';
import { checkCancelled, explainError, type RunContext } from './run-context.js';
import { countCommitted } from './transaction-message.js';

/** The retries of the migration that failed last. */
interface RetryState {
  id?: string;
  retries?: Retries;
}

/**
 * @param steps all of mode `transaction`.
 * @throws MigrationError when a migration fails finally; KatError STATE_UNKNOWN when its result is unknown.
 */
export async function runTransactions(context: RunContext, steps: readonly Step[]): Promise<void> {
  const retryState: RetryState = {};
  const apply = context.isSingleTransaction ? runSingleTransaction : runPipeline;
  let done = 0;
  while (done < steps.length) {
    checkCancelled(context);
    if (context.worker?.isStopping()) return;
    const { completed, failure } = await apply(context, steps.slice(done));
    done += completed + (failure ? await answer(context, failure, retryState) : 0);
  }
}

/** @returns how many of the messages turned out to be done after all; throws when the run must end here. */
async function answer(context: RunContext, failure: Failure, retryState: RetryState): Promise<number> {
  const { error, failed } = failure;
  if (isConnectionLost(error)) return settleLostConnection(context, failure);
  if (isLockTaken(error)) return leaveToOtherRun(context, failure);
  const done = await settleFailure(context, failure);
  await refuseCommitted(context, failure, done);
  if (done > 0) return done;
  if (isRefusedQuick(error)) {
    context.lockedSession.runsOtherCode = true;
    return 0;
  }
  if (await isGuardSettled(context, failure)) return 0;
  const cause = explainError(context, error);
  const isTriedAgain =
    trySequentially(context, failed.step.step, cause) ||
    (await context.worker?.retryAlone(failed.step.step, cause)) ||
    (await retriesOf(context, failed, retryState).waitAfter(cause));
  if (!isTriedAgain) throw await failedForGood(context, failed, { error, cause });
  return 0;
}

/** Whether the step failed before its own statements because of data that it would destroy, and somebody agrees to that. */
async function isGuardSettled({ losses }: RunContext, { error, failed }: Failure): Promise<boolean> {
  const isBefore = error instanceof SqlError && error.completedStatements < failed.message.statementsBefore;
  return isBefore && (await losses?.settle(failed.step.step, error)) === true;
}

/** A migration that ended its own transaction is half done: to try it again would do its first half twice. */
async function refuseCommitted(context: RunContext, { error, failed, affected }: Failure, done: number) {
  const committed = countCommitted(error, failed.message);
  if (committed === 0 || done === affected.length || failed !== affected[done]) return;
  throw await failStep(context, { step: failed.step, cause: error, committed });
}

function retriesOf(context: RunContext, { step }: PendingMessage, retryState: RetryState): Retries {
  if (retryState.id !== step.step.id) retryState.retries = createRetries(context, step);
  retryState.id = step.step.id;
  return retryState.retries as Retries;
}

async function failedForGood(
  context: RunContext,
  { step, message }: PendingMessage,
  { error, cause }: { error: unknown; cause: unknown },
) {
  const location = locateInMessage(error, step, message, await parsePrepared(step));
  return failStep(context, { step, cause, location });
}
