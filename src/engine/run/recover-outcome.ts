/** Finds out which transactions committed, after a failure or a lost connection. */

import { KatError } from '../../errors.js';
import { readApplied } from '../ledger/ledger.js';
import { isLockTaken, lockTakenError } from '../session/lock.js';
import { reopenLockedSession } from '../session/locked-session.js';
import { failStep, isConnectionLost } from './failure.js';
import { refuseOthersWork } from './other-run.js';
import type { Failure, PendingMessage } from './pipeline.js';
import type { PreparedStep } from './read-step.js';
import { labelOf, type RunContext } from './run-context.js';
import { countCommitted, rollbackMessage } from './transaction-message.js';

/**
 * Asks the ledger. Each row is part of the very transaction that we sent, and the lock of the old backend has been
 * waited for, so the answer is final (and `pg_xact_status` could add nothing to it).
 * @returns how many of the messages are done, if that is all of them.
 * @throws MigrationError for the first that is not done; KatError STATE_UNKNOWN when the ledger cannot be asked.
 */
export async function settleLostConnection(
  context: RunContext,
  { error, failed, affected }: Failure,
): Promise<number> {
  const [first] = affected;
  await reopenAfterLoss(context, first.step, error);
  const done = await reportDone(context, affected);
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
      return await reportDone(context, failure.affected);
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
  { error, failed, affected }: Failure,
  lost: unknown = error,
): Promise<never> {
  const { session, sessionReset } = context.lockedSession;
  await session.execute(['ROLLBACK', ...sessionReset.restoreRole].join(';\n'), () => undefined);
  const done = await reportDone(context, affected);
  if (affected[done] === failed && !isLockTaken(error))
    throw await failStep(context, { step: failed.step, cause: error });
  throw lockTakenError(lost);
}

/** @returns how many of them the ledger has as done, up to the first that is not. */
async function reportDone(
  { lockedSession, reporter }: RunContext,
  queue: readonly PendingMessage[],
): Promise<number> {
  const rows = await readApplied(lockedSession.session, lockedSession.ledger);
  const applied = new Map(rows.map((row) => [row.id, row]));
  const steps = queue.map(({ step }) => step.step);
  const lost = steps.findIndex(({ id, direction }) => applied.has(id) !== (direction === 'up'));
  const done = lost < 0 ? steps : steps.slice(0, lost);
  for (const step of done) reporter.succeed(step, applied.get(step.id)?.durationMs ?? 0);
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
    const why = lost instanceof Error ? lost.message : String(lost);
    throw new KatError('STATE_UNKNOWN', `the outcome of ${step.id} (${step.direction}) is unknown: ${why}`, {
      problems: cause instanceof KatError ? [{ message: cause.message }] : [],
      help: 'Run `kat status` when the database can be reached again. Migrations it shows as applied are complete.',
      cause,
    });
  }
}
