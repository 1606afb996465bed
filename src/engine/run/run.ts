/** Executes moves: plans them, asks, and runs them under the migration lock. */

import type { FinishedStep } from '../../errors.js';
import { isRollback } from '../../graph/move.js';
import type { Plan } from '../../graph/plan.js';
import { warnOf } from '../events.js';
import { cancellable } from '../session/cancel.js';
import type { RunSetting } from '../session/run-setting.js';
import { openReportedSession } from '../session/with-locked-session.js';
import { confirmPlan } from './confirm-plan.js';
import { planWork, type RunState } from './plan-work.js';
import { readAhead } from './read-ahead.js';
import type { RunRequest, RunResult } from './run-result.js';

/**
 * Runs one request from start to end.
 * @throws MigrationError when a migration fails; KatError when something is wrong before any has begun; UnconfirmedError.
 */
export async function run(setting: RunSetting, request: RunRequest): Promise<RunResult> {
  const connecting = openReportedSession(setting, request.move.kind);
  const needsParser = isRollback(request.move) && setting.driver.name !== 'sqlite';
  const folder = readAhead(setting, { needsParser, onStray: warnOf(setting.onEvent) });
  const place: RunState = { session: await connecting, folder, lockSession: undefined };
  try {
    const done = await cancellable(place, setting.signal, () => carryOut(setting, request, place));
    return { isDryRun: request.isDryRun, ...done };
  } finally {
    // Sessions that have been closed already may be closed again.
    await place.session.close();
    const unused = await place.lockSession?.catch(() => undefined);
    await unused?.close();
  }
}

async function carryOut(
  setting: RunSetting,
  request: RunRequest,
  place: RunState,
): Promise<Omit<RunResult, 'isDryRun'>> {
  const work = await planWork(setting, request, place);
  if (!work) return { migrations: [], ...(request.isRehearsal ? { untried: [] } : {}) };
  const losses = request.isDryRun && work.losses.length > 0 ? { losses: work.losses } : {};
  if (request.isDryRun && !request.isRehearsal)
    return { migrations: validate(work.plan, setting), ...losses };
  const sessions = [place.session, ...(place.lockSession ? [place.lockSession] : [])];
  await confirmPlan(request, { ...work, sessions, signal: setting.signal });
  const { runLocked } = await import('./run-locked.js');
  return { ...(await runLocked(setting, request, { ...work, place })), ...losses };
}

function validate(plan: Plan, setting: RunSetting): FinishedStep[] {
  return plan.steps.map(({ id, direction }) => {
    setting.onEvent({ type: 'validated', id, direction });
    return { id, direction };
  });
}
