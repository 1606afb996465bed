/** Checks the SQL of a plan, and looks for dangers in what `up` is about to apply while it is parsed anyway. */

import { checkPlan, type ParseListener } from '../plan/check-plan.js';
import type { CheckedPlan } from '../plan/checked-plan.js';
import type { PlannedMove } from '../plan/plan-run.js';
import type { RunSetting } from '../session/run-setting.js';
import type { RunRequest } from './run-result.js';

/** @throws KatError LINT_FAILED when errors are found and none may be; USAGE for TypeScript that this Node.js does not run; what `checkPlan` throws. */
export async function checkAndLint(
  setting: RunSetting,
  request: Pick<RunRequest, 'move' | 'jobs'>,
  planned: PlannedMove,
): Promise<CheckedPlan> {
  const checked = await checkSteps(setting, request, planned);
  const programs = [...checked.steps.values()].filter(({ isProgram }) => isProgram);
  if (programs.length > 0) {
    const { refuseTypeScript } = await import('../program/typescript.js');
    refuseTypeScript(programs.map(({ step }) => planned.graph.get(step.id).files[step.direction]));
  }
  return checked;
}

async function checkSteps(
  setting: RunSetting,
  { move, jobs = 1 }: Pick<RunRequest, 'move' | 'jobs'>,
  planned: PlannedMove,
): Promise<CheckedPlan> {
  if (move.kind !== 'up' || planned.isSqlite) return checkPlan(planned, planned.plan.steps);
  if (jobs === 1) return lintPlan(setting, planned);
  const { createFootprintListener } = await import('../schedule/see-footprints.js');
  const { see, footprints } = createFootprintListener();
  return { ...(await lintPlan(setting, planned, see)), footprints };
}

async function lintPlan(
  { lint, waits, onEvent }: RunSetting,
  planned: PlannedMove,
  onParsed?: ParseListener,
): Promise<CheckedPlan> {
  const { steps } = planned.plan;
  if (lint.onUp === 'off') return checkPlan(planned, steps, onParsed);
  const { createPlanLinter, refuseErrors } = await import('../lint/lint-plan.js');
  const { lockTimeoutMs } = waits;
  const { graph, literals } = planned;
  const linter = await createPlanLinter(graph, steps, { policy: lint, lockTimeoutMs, literals });
  const checked = await checkPlan(planned, steps, (...parsed) => {
    linter.see(...parsed);
    onParsed?.(...parsed);
  });
  const report = await linter.report();
  if (!report) return checked;
  if (lint.onUp === 'strict') refuseErrors(report);
  onEvent({ type: 'linted', ...report });
  return checked;
}
