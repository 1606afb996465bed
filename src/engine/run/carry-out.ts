/** Checks planned work, asks, and has it run: what a run does that found something to do. */

import type { FinishedStep } from '../../errors.js';
import type { Plan } from '../../graph/plan.js';
import { present } from '../../present.js';
import { checkAsServerReads } from '../plan/check-as-server-reads.js';
import { checkSingleTransaction } from '../plan/check-single-transaction.js';
import { refuseHalfUndone } from '../plan/half-undone.js';
import { lookForLosses } from '../plan/losses-of.js';
import { lookWithoutLock } from '../session/during-run.js';
import type { RunSetting } from '../session/run-setting.js';
import { checkAndLint } from './check-and-lint.js';
import type { CheckedWork } from './checked-work.js';
import { confirmPlan } from './confirm-plan.js';
import type { PlannedWork, RunState } from './plan-work.js';
import { refuseOtherPlan } from './refuse-other-plan.js';
import type { RunRequest, RunResult } from './run-result.js';

/** @throws MigrationError when a migration fails; KatError when something is wrong before any has begun; UnconfirmedError. */
export async function carryOut(
  setting: RunSetting,
  request: RunRequest,
  { planned, place }: { planned: PlannedWork; place: RunState },
): Promise<Omit<RunResult, 'isDryRun'>> {
  const work = await checkWork(setting, request, planned);
  const losses = request.isDryRun && work.losses.length > 0 ? { losses: work.losses } : {};
  if (request.isDryRun && !request.isRehearsal)
    return { migrations: validate(work.plan, setting), ...losses };
  const sessions = [place.session, ...(place.lockSession ? [place.lockSession] : [])];
  await confirmPlan(request, { ...work, sessions, signal: setting.signal });
  const { runLocked } = await import('./run-locked.js');
  return { ...(await runLocked(setting, request, { ...work, place })), ...losses };
}

async function checkWork(
  setting: RunSetting,
  request: RunRequest,
  { state, ...planned }: PlannedWork,
): Promise<CheckedWork> {
  const { environment, onEvent } = setting;
  const { move, reviewed, isDryRun } = request;
  const { plan } = planned;
  if (request.isSingleTransaction) checkSingleTransaction(plan, setting);
  const checked = await checkAsServerReads(state.session, planned, (read) =>
    checkAndLint(setting, request, read),
  );
  const halfDone = isDryRun
    ? await lookWithoutLock(state.session, state.ledger, () =>
        refuseHalfUndone(state, { move, planned, checked, isFitted: false }),
      )
    : [];
  for (const { message } of halfDone) onEvent({ type: 'warning', message });
  for (const message of planned.remarks) onEvent({ type: 'warning', message });
  for (const { message, help } of checked.hints) {
    onEvent({ type: 'warning', message, ...present({ help }) });
  }
  onEvent({ type: 'planned', plan, isDryRun });
  const found = await lookForLosses(state, planned, checked);
  await refuseOtherPlan(reviewed, { environment, state, move, planned, checked, losses: found.losses });
  return { ...planned, checked, ...found };
}

function validate(plan: Plan, setting: RunSetting): FinishedStep[] {
  return plan.steps.map(({ id, direction }) => {
    setting.onEvent({ type: 'validated', id, direction });
    return { id, direction };
  });
}
