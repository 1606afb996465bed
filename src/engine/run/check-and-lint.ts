/** Checks the SQL of a plan, and looks for dangers in what `up` is about to apply while it is parsed anyway. */

import { checkPlan } from '../plan/check-plan.js';
import type { CheckedPlan } from '../plan/checked-plan.js';
import type { PlannedMove } from '../plan/plan-run.js';
import type { RunSetting } from '../session/run-setting.js';
import type { RunRequest } from './run-result.js';

/** @throws KatError LINT_FAILED when errors are found and none may be; what `checkPlan` throws. */
export async function checkAndLint(
  setting: RunSetting,
  { move }: Pick<RunRequest, 'move'>,
  planned: PlannedMove,
): Promise<CheckedPlan> {
  const { steps } = planned.plan;
  const { lint, waits } = setting;
  if (move.kind !== 'up' || lint.onUp === 'off' || planned.isSqlite) return checkPlan(planned, steps);
  const { createPlanLinter, refuseErrors } = await import('../lint/lint-plan.js');
  const { lockTimeoutMs } = waits;
  const { graph, literals } = planned;
  const linter = await createPlanLinter(graph, steps, { policy: lint, lockTimeoutMs, literals });
  const checked = await checkPlan(planned, steps, linter.see);
  const report = await linter.report();
  if (!report) return checked;
  if (lint.onUp === 'strict') refuseErrors(report);
  setting.onEvent({ type: 'linted', ...report });
  return checked;
}
