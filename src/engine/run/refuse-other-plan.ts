/** Runs nothing but the plan that somebody reviewed. */

import { KatError, type Problem } from '../../errors.js';
import { stepKey } from '../plan/checked-plan.js';
import type { ReviewedPlan } from '../plan/move-plan.js';
import { planIdOf } from '../plan/plan-id.js';

type Identified = Parameters<typeof planIdOf>[0];

/**
 * A plan without steps runs nothing, so it is not refused: a job that is repeated finds nothing left to do.
 * @throws KatError PLAN_CHANGED
 */
export async function refuseOtherPlan(
  reviewed: ReviewedPlan | undefined,
  identified: Identified,
): Promise<void> {
  if (!reviewed || identified.planned.plan.steps.length === 0) return;
  const planId = await planIdOf(identified);
  if (planId === reviewed.planId) return;
  throw new KatError(
    'PLAN_CHANGED',
    `the plan has changed since it was reviewed: its id is now ${planId}, and was ${reviewed.planId}`,
    {
      problems: reviewed.steps ? differences(reviewed.steps, identified) : [],
      help: `Nothing was changed. Review the new plan with \`kat plan ${identified.move.kind}\`, and run the command with its id.`,
    },
  );
}

function differences(
  reviewed: NonNullable<ReviewedPlan['steps']>,
  { planned, checked }: Identified,
): Problem[] {
  const now = planned.plan.steps.map((step) => ({
    ...step,
    checksum: checked.steps.get(stepKey(step))?.checksum,
  }));
  const before = new Map(reviewed.map((step) => [nameOf(step), step]));
  const left = new Set(now.map(nameOf));
  const found = [
    ...now.filter((step) => !before.has(nameOf(step))).map((step) => `${nameOf(step)} is new in the plan`),
    ...reviewed.filter((step) => !left.has(nameOf(step))).map((step) => `${nameOf(step)} is no longer in it`),
    ...now
      .filter((step) => before.has(nameOf(step)) && before.get(nameOf(step))?.checksum !== step.checksum)
      .map((step) => `the SQL of ${nameOf(step)} has changed`),
  ];
  const others =
    'the steps are the same; the environment, the database, the applied migrations, the finished statements or the data to be lost are not';
  return (found.length > 0 ? found : [others]).map((message) => ({ message }));
}

function nameOf({ id, direction }: { id: string; direction: string }): string {
  return `${id} (${direction})`;
}
