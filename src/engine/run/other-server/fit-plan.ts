/** Makes a plan run statement by statement, on a server whose transactions do not hold together what a migration does. */

import type { Capabilities } from '../../../connections/driver.js';
import { KatError, type Problem } from '../../../errors.js';
import { counted } from '../../../graph/counted.js';
import type { Step } from '../../../graph/plan.js';
import { checkPlan } from '../../plan/check-plan.js';
import { type CheckedPlan, type CheckedStep, stepKey } from '../../plan/checked-plan.js';
import type { PlannedMove } from '../../plan/plan-run.js';
import type { RunRequest } from '../run-result.js';

interface FittedPlan {
  planned: PlannedMove;
  checked: CheckedPlan;
}

/**
 * @returns the same steps in mode `statements`, checked for it.
 * @throws KatError USAGE for what needs a transaction around several statements; FILES_INVALID or SQL_INVALID for migrations that do.
 */
export async function fitPlan(
  { name }: Capabilities,
  request: Pick<RunRequest, 'isRehearsal' | 'isSingleTransaction'>,
  { planned, checked }: FittedPlan,
): Promise<FittedPlan> {
  refuseManner(name, request);
  refuseUnfit(name, planned.plan.steps, checked);
  const steps = planned.plan.steps.map((step): Step => ({ ...step, mode: 'statements' }));
  const { steps: byKey } = await checkPlan(planned, steps);
  return {
    planned: { ...planned, plan: { steps } },
    checked: { ...checked, steps: byKey, footprints: undefined },
  };
}

function refuseManner(
  name: string,
  { isRehearsal, isSingleTransaction }: Pick<RunRequest, 'isRehearsal' | 'isSingleTransaction'>,
): void {
  const what = isRehearsal ? 'a rehearsal' : isSingleTransaction ? '--single-transaction' : undefined;
  if (what === undefined) return;
  throw new KatError(
    'USAGE',
    `this server (${name}) does not undo DDL together with rows, so ${what} is not possible`,
    {
      help: isRehearsal
        ? 'Try the migrations on a copy of the database. Nothing was executed.'
        : 'Remove the flag. Nothing was executed.',
    },
  );
}

function refuseUnfit(name: string, steps: readonly Step[], checked: CheckedPlan): void {
  const problems = steps.flatMap((step): Problem[] => {
    const found = checked.steps.get(stepKey(step));
    const reason = found && whyUnfit(found);
    return reason === undefined ? [] : [{ message: `${step.id} ${reason}`, migration: step.id }];
  });
  if (problems.length === 0) return;
  throw new KatError(
    'FILES_INVALID',
    `this server (${name}) runs migrations statement by statement, and ${counted(problems.length, 'migration')} cannot run so`,
    { problems, help: 'Change these migrations. Nothing was executed.' },
  );
}

function whyUnfit({ isProgram, isLong, isWrapped }: CheckedStep): string | undefined {
  if (isProgram) return 'is a program, which needs a transaction';
  if (isLong) return 'is too long to be taken apart into statements';
  return isWrapped ? 'has BEGIN and COMMIT around its statements' : undefined;
}
