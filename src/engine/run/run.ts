/** Executes moves: connects, plans, and carries out what there is to do. */

import { isRollback } from '../../graph/move.js';
import { warnOf } from '../events.js';
import { cancellable } from '../session/cancel.js';
import { openReportedSession } from '../session/reported-session.js';
import type { RunSetting } from '../session/run-setting.js';
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
    const done = await cancellable(place, setting.signal, () => planAndRun(setting, request, place));
    return { isDryRun: request.isDryRun, ...done };
  } finally {
    // Sessions that have been closed already may be closed again.
    await place.session.close();
    const unused = await place.lockSession?.catch(() => undefined);
    await unused?.close();
  }
}

async function planAndRun(
  setting: RunSetting,
  request: RunRequest,
  place: RunState,
): Promise<Omit<RunResult, 'isDryRun'>> {
  const planned = await planWork(setting, request, place);
  if (!planned) return { migrations: [], ...(request.isRehearsal ? { untried: [] } : {}) };
  const { carryOut } = await import('./carry-out.js');
  return carryOut(setting, request, { planned, place });
}
