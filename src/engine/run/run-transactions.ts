/** Applies consecutive transactional migrations, and tries again those that failed for a reason that passes. */

import type { Step } from '../../graph/plan.js';
import { failStep, isConnectionLost, locateInMessage } from './failure.js';
import { type Failure, type Flight, runPipeline, runSingleTransaction } from './pipeline.js';
import { parsePrepared } from './read-step.js';
import { settleFailure, settleLostConnection } from './recover-outcome.js';
import { createRetries, type Retries } from './retries.js';
import { checkCancelled, type RunContext } from './run-context.js';
import { countCommitted } from './transaction-message.js';

/** The retries of the migration that failed last. */
interface Trouble {
  id?: string;
  retries?: Retries;
}

/**
 * @param steps all of mode `transaction`.
 * @throws MigrationError when one fails for good; KatError STATE_UNKNOWN when nobody can tell how it ended.
 */
export async function runTransactions(context: RunContext, steps: readonly Step[]): Promise<void> {
  const trouble: Trouble = {};
  const apply = context.isSingleTransaction ? runSingleTransaction : runPipeline;
  let done = 0;
  while (done < steps.length) {
    checkCancelled(context);
    const { landed, failure } = await apply(context, steps.slice(done));
    done += landed + (failure ? await answer(context, failure, trouble) : 0);
  }
}

/** @returns how many of the flights turned out to be done after all; throws when the run must end here. */
async function answer(context: RunContext, failure: Failure, trouble: Trouble): Promise<number> {
  const { error, flight } = failure;
  if (isConnectionLost(error)) return settleLostConnection(context, failure);
  const done = await settleFailure(context, failure);
  await refuseCommitted(context, failure, done);
  if (done > 0) return done;
  const isTriedAgain = await retriesOf(context, flight, trouble).waitAfter(error);
  if (!isTriedAgain) throw await failedForGood(context, flight, error);
  return 0;
}

/** A migration that ended its own transaction is half done: to try it again would do its first half twice. */
async function refuseCommitted(context: RunContext, { error, flight, flights }: Failure, done: number) {
  const committed = countCommitted(error, flight.message);
  if (committed === 0 || done === flights.length || flight !== flights[done]) return;
  throw await failStep(context, { step: flight.step, cause: error, committed });
}

function retriesOf(context: RunContext, { step }: Flight, trouble: Trouble): Retries {
  if (trouble.id !== step.step.id) trouble.retries = createRetries(context, step);
  trouble.id = step.step.id;
  return trouble.retries as Retries;
}

async function failedForGood(context: RunContext, { step, message }: Flight, cause: unknown) {
  const location = locateInMessage(cause, step, message, await parsePrepared(step));
  return failStep(context, { step, cause, location });
}
