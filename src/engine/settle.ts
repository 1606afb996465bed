/** A connection was lost while transactions were under way: finds out which of them happened. */

import { KatError } from '../errors.js';
import { failStep } from './failure.js';
import { type AppliedMigration, readApplied } from './ledger.js';
import type { Failure } from './pipeline.js';
import type { PreparedStep } from './prepare.js';
import type { RunContext } from './run-context.js';
import { reopenWorkplace } from './workplace.js';

/**
 * Asks the ledger. Each row is part of the very transaction that we sent, and the lock of the old backend has been
 * waited for, so the answer is final (and `pg_xact_status` could add nothing to it).
 * @returns how many of the flights are done, if that is all of them.
 * @throws MigrationError for the first that is not done; KatError STATE_UNKNOWN when the ledger cannot be asked.
 */
export async function settleLostConnection(
  context: RunContext,
  { error, flights }: Failure,
): Promise<number> {
  const { setting, reporter } = context;
  const steps = flights.map(({ step }) => step) as [PreparedStep, ...PreparedStep[]];
  const applied = await askLedger(context, steps[0], error);
  const isDone = ({ step }: PreparedStep) => applied.has(step.id) === (step.direction === 'up');
  const lost = steps.findIndex((step) => !isDone(step));
  const done = lost < 0 ? steps : steps.slice(0, lost);
  for (const { step } of done) reporter.succeed(step, applied.get(step.id)?.durationMs ?? 0);
  const step = steps[done.length];
  if (step) throw await failStep(context, { step, cause: error });
  setting.onEvent({
    type: 'warning',
    message: `the connection was lost while ${steps[0].step.id} was under way; the tracking table shows that it is done`,
  });
  return done.length;
}

async function askLedger(
  context: RunContext,
  step: PreparedStep,
  lost: unknown,
): Promise<Map<string, AppliedMigration>> {
  await reopenAfterLoss(context, step, lost);
  const { session, ledger } = context.workplace;
  const rows = await readApplied(session, ledger);
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Takes up work again after a connection was lost in the middle of `step`.
 * @throws KatError STATE_UNKNOWN when that is not to be had.
 */
export async function reopenAfterLoss(
  { setting, workplace }: RunContext,
  { step }: PreparedStep,
  lost: unknown,
): Promise<void> {
  try {
    await reopenWorkplace(setting, workplace);
  } catch (cause) {
    const why = lost instanceof Error ? lost.message : String(lost);
    throw new KatError('STATE_UNKNOWN', `nobody can tell how ${step.id} (${step.direction}) ended: ${why}`, {
      problems: cause instanceof KatError ? [{ message: cause.message }] : [],
      help: 'Run `kat status` when the database can be reached again: what it shows as applied is done, as a whole.',
      cause,
    });
  }
}
