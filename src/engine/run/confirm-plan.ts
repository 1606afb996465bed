/** Asks for confirmation before a rollback, and again if the plan changed before the lock was taken. */

import type { Session } from '../../connections/driver.js';
import { UnconfirmedError } from '../../errors.js';
import { isRelative, mayNeedConfirmation, needsConfirmation } from '../../graph/move.js';
import type { Plan, Step } from '../../graph/plan.js';
import { type CheckedPlan, stepKey } from '../plan/checked-plan.js';
import { describeLoss, type Loss } from '../plan/loss.js';
import { lossesOf } from '../plan/losses-of.js';
import type { DatabaseState, PlannedMove } from '../plan/plan-run.js';
import { askToConfirm } from '../session/ask-to-confirm.js';
import { waitPatiently } from '../session/session-reset.js';
import type { RunRequest } from './run-result.js';

/** The plan, and the data that it destroys. */
interface Planned {
  plan: Plan;
  losses: readonly Loss[];
}

interface AskedMeanwhile {
  /** All that are open while the person thinks. */
  sessions: readonly (Session | Promise<Session>)[];
  signal: AbortSignal | undefined;
}

/** @throws UnconfirmedError CANCELLED when not confirmed; USAGE when a plain `down` destroys data and nothing can confirm it. */
export async function confirmPlan(
  { move, confirm, reviewed, isRehearsal }: Pick<RunRequest, 'move' | 'confirm' | 'reviewed' | 'isRehearsal'>,
  { plan, losses, sessions, signal }: Planned & AskedMeanwhile,
): Promise<void> {
  // Its id was given, which covers what it destroys; and nothing stays of a rehearsal.
  if (reviewed || isRehearsal) return;
  if (!confirm) {
    // Naming migrations confirms their rollback; a plain `down` does not.
    if (losses.length > 0 && !mayNeedConfirmation(move)) throw unaskedLosses(plan, losses);
    return;
  }
  if (!needsConfirmation(move, plan) && losses.length === 0) return;
  for (const session of sessions) await waitPatiently(await session);
  if (await askToConfirm(confirm, { ...plan, losses }, signal)) return;
  throw new UnconfirmedError('CANCELLED', 'nothing was done: the plan was not confirmed', { plan });
}

/**
 * Nobody has agreed to what another runner has made of the plan since. The latest migration is another one now than it was for
 * the person who wrote a plain `down`.
 * @throws UnconfirmedError CANCELLED
 */
export function refuseUnconfirmed(
  { move, confirm }: Pick<RunRequest, 'move' | 'confirm'>,
  before: Plan,
  plan: Plan,
): void {
  if (!confirm && !isRelative(move)) return;
  const added = findNewDowns(before, plan);
  if (added.length > 0) throw changedPlan(plan, added);
}

/**
 * Without anybody to ask, named migrations may have got descendants meanwhile: their losses were not confirmed.
 * @throws UnconfirmedError CANCELLED
 */
export async function refuseNewLosses(
  position: Pick<DatabaseState, 'session' | 'ledger'>,
  { planned, checked }: { planned: PlannedMove; checked: CheckedPlan },
  before: Plan,
): Promise<void> {
  const added = { steps: findNewDowns(before, planned.plan) };
  if (added.steps.length === 0) return;
  const losses = await lossesOf(position, { ...planned, plan: added }, checked);
  if (losses.length > 0) throw changedPlan(planned.plan, added.steps);
}

function findNewDowns(before: Plan, { steps }: Plan): Step[] {
  const known = new Set(before.steps.map(stepKey));
  return steps.filter((step) => step.direction === 'down' && !known.has(stepKey(step)));
}

function unaskedLosses(plan: Plan, losses: readonly Loss[]): UnconfirmedError {
  return new UnconfirmedError('USAGE', `${losses.map(describeLoss).join('; ')}: this requires confirmation`, {
    plan,
    help: 'Pass `confirm`: a function that returns true to proceed.',
  });
}

function changedPlan(plan: Plan, added: readonly Step[]): UnconfirmedError {
  return new UnconfirmedError('CANCELLED', 'nothing was done: another runner changed the plan', {
    plan,
    problems: added.map(({ id }) => ({ message: `${id} would be rolled back now`, migration: id })),
    help: 'Run the command again and review the new plan.',
  });
}
