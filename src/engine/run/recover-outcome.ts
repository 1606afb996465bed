/** Finds out which transactions committed, after a failure or a lost connection. */

import { isConnectionLost } from '../../errors.js';
import { flushNow } from '../session/late-flush.js';
import { isFenced, isLockTaken, lockTakenError } from '../session/lock-taken.js';
import { reopenLockedSession } from '../session/locked-session.js';
import { failStep } from './failure.js';
import { findDone, recordedByOtherError, unknownOutcome } from './find-done.js';
import { refuseOthersWork } from './other-run.js';
import type { Failure } from './pipeline.js';
import type { PreparedStep } from './read-step.js';
import { labelOf, type RunContext } from './run-context.js';
import { refuseTakenBack } from './taken-back.js';
import { countCommitted, rollbackMessage } from './transaction-message.js';

/**
 * Asks the ledger. Each row is part of the very transaction that we sent, and the lock of the old backend has been
 * waited for, so the answer is final (and `pg_xact_status` could add nothing to it).
 * @returns how many of the messages are done, if that is all of them.
 * @throws MigrationError for the first that is not done; KatError STATE_UNKNOWN when the ledger cannot be asked.
 */
export async function settleLostConnection(context: RunContext, failure: Failure): Promise<number> {
  const { error, failed, affected } = failure;
  const [first] = affected;
  await reopenAfterLoss(context, first.step, error);
  await refuseTakenBack(context, error, failure.unflushed);
  const done = await reportDone(context, failure);
  const lost = affected[done];
  await refuseOthersWork(context, (lost ?? first).step);
  // Rolled back is only what the server has not said to be committed.
  const committed = lost === failed ? countCommitted(error, failed.message) : 0;
  if (lost)
    throw await failStep(context, { step: lost.step, cause: error, ...(committed > 0 ? { committed } : {}) });
  context.setting.onEvent({
    type: 'warning',
    message: `the connection was lost during ${first.step.step.id}; the tracking table shows that it is done`,
  });
  return done;
}

const maxTries = 3;

/**
 * Rolls back after a failure, and asks the ledger what had happened before: a request to cancel that comes behind COMMIT
 * makes the message fail all the same.
 * @returns how many of the messages are done after all; they have been reported.
 */
export async function settleFailure(context: RunContext, failure: Failure): Promise<number> {
  const { lockedSession } = context;
  for (let attempt = 1; ; attempt += 1) {
    try {
      // If COMMIT has ended the transaction, the server warns that there is none.
      const rollback = `${labelOf(context, failure.failed.step.step)}\n${rollbackMessage(lockedSession)}`;
      await lockedSession.session.execute(rollback, () => undefined);
      return await reportDone(context, failure);
    } catch (error) {
      if (isConnectionLost(error)) return settleLostConnection(context, failure);
      if (isLockTaken(error)) return leaveToOtherRun(context, failure, error);
      // An abort is sent again and again, so one more request may strike here.
      if (attempt === maxTries) throw error;
    }
  }
}

/**
 * Another run has the lock: reports what this one has done, and sends nothing more.
 * @throws MigrationError for a message that failed before; KatError LOCKED.
 */
export async function leaveToOtherRun(
  context: RunContext,
  failure: Failure,
  lost: unknown = failure.error,
): Promise<never> {
  const { error, failed, affected } = failure;
  const { session, sessionReset, mayFlushLater } = context.lockedSession;
  const flush = mayFlushLater ? [flushNow] : [];
  const rollback = ['ROLLBACK', ...sessionReset.restoreRole, ...flush];
  await session.execute(rollback.join(';\n'), () => undefined);
  // The transaction is taken back, and a row that the tracking table has by now is the other run's.
  if (isFenced(error)) throw lockTakenError(error);
  const done = await reportDone(context, failure);
  if (affected[done] === failed && !isLockTaken(error))
    throw await failStep(context, { step: failed.step, cause: error });
  throw lockTakenError(lost);
}

/**
 * @returns how many of them the database has as done, up to the first that is not.
 * @throws MigrationError when another program has recorded that one; KatError STATE_UNKNOWN when the database does not say.
 */
async function reportDone(context: RunContext, { error, failed, affected }: Failure): Promise<number> {
  const { done, recordedByOther } = await findDone(
    context.lockedSession,
    affected.map(({ step }) => step.step),
  ).catch((reason: unknown) => {
    throw isConnectionLost(reason) || isLockTaken(reason)
      ? reason
      : unknownOutcome(failed.step.step, error, reason);
  });
  for (const { step, durationMs } of done) context.reporter.succeed(step, durationMs);
  const next = affected[done.length];
  if (next && recordedByOther)
    throw await failStep(context, { step: next.step, cause: recordedByOtherError(recordedByOther, error) });
  return done.length;
}

/**
 * Takes up work again after a connection was lost in the middle of `step`.
 * @throws KatError STATE_UNKNOWN when that is not to be had.
 */
export async function reopenAfterLoss(
  { setting, lockedSession, worker }: RunContext,
  { step }: PreparedStep,
  lost: unknown,
): Promise<void> {
  try {
    await (worker ? worker.reopen() : reopenLockedSession(setting, lockedSession));
  } catch (cause) {
    throw unknownOutcome(step, lost, cause);
  }
}
