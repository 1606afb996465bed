/** Runs planned steps under the migration lock, after it has looked again whether the plan still fits the database. */

import type { Session } from '../../connections/driver.js';
import type { Step } from '../../graph/plan.js';
import { checkPlan } from '../plan/check-plan.js';
import { type CheckedPlan, stepKey } from '../plan/checked-plan.js';
import { refuseHalfUndone } from '../plan/half-undone.js';
import { lossesOf } from '../plan/losses-of.js';
import { type DatabaseState, type PlannedMove, readState } from '../plan/plan-run.js';
import { limitsBlocking, waitsOf } from '../policy/waits.js';
import { isLockTaken, lockTakenError } from '../session/lock-taken.js';
import { closeLockedSession, openLockedSession } from '../session/locked-session.js';
import type { RunSetting } from '../session/run-setting.js';
import { runsByStatement } from '../session/server-promises.js';
import type { CheckedWork } from './checked-work.js';
import { refuseNewLosses, refuseUnconfirmed } from './confirm-plan.js';
import { createLossWatch } from './loss-watch.js';
import { isSequential } from './other-server/sequential-mode.js';
import { planForState, type RunState } from './plan-work.js';
import { prepareStep } from './read-step.js';
import { refuseOtherPlan } from './refuse-other-plan.js';
import type { Rehearsal } from './rehearse.js';
import { createReporter } from './reporter.js';
import type { RunContext } from './run-context.js';
import type { RunRequest, RunResult } from './run-result.js';
import { runSteps } from './run-steps.js';

/** Runs the planned steps under the migration lock. @throws as the plan's check does where the database has changed meanwhile. */
export async function runLocked(
  setting: RunSetting,
  request: RunRequest,
  work: CheckedWork & { place: RunState },
): Promise<Omit<RunResult, 'isDryRun'>> {
  const { folder, place } = work;
  const { isRehearsal } = request;
  const opened = await openLockedSession({ ...setting, isRehearsal }, place.session, place.lockSession);
  const lockedSession = Object.assign(place, opened);
  try {
    // Another runner may have changed everything while we waited for the lock.
    const { session } = lockedSession;
    const state = await readState(session, lockedSession.ledger);
    const { applied } = state;
    const replanned = await planForState(folder, request, state);
    if (!request.reviewed && !isRehearsal) refuseUnconfirmed(request, work.plan, replanned.plan);
    const asPlanned = { planned: replanned, checked: await checkNewSteps(replanned, work.checked) };
    const fitted = await fitToServer(session, request, asPlanned);
    const { planned, checked } = fitted;
    await refuseHalfUndone(state, { move: request.move, ...fitted, isFitted: true });
    if (request.reviewed) await refuseChangedPlan(setting, request, state, asPlanned);
    else if (!isRehearsal) await refuseNewLosses(lockedSession, fitted, work.plan);
    const reporter = createReporter(setting.onEvent);
    const { isSingleTransaction, move } = request;
    const found = { applied, isOfGraph: (id: string) => planned.graph.has(id) };
    const manner = { isSingleTransaction, command: move.kind };
    const sequential = new Set<string>();
    const isOneTransaction = isSingleTransaction || isRehearsal;
    const prepare = async (step: Step) => {
      const prepared = await prepareStep(planned.graph, checked, step);
      const isApart = isSequential({ sequential, isSingleTransaction: isOneTransaction }, step);
      return isApart ? { ...prepared, isApart } : prepared;
    };
    const finished = () =>
      reporter.finished.filter(({ direction }) => direction === 'down').map(({ id }) => id);
    const watched = { request, signal: setting.signal, lockedSession, found: work, finished };
    const losses = createLossWatch({ ...watched, ...fitted });
    const context = { setting, lockedSession, reporter, found, losses, prepare, sequential, ...manner };
    return await withGuard(context, planned, async (guarded) => {
      if (isRehearsal) return rehearsePlan(guarded, planned);
      await runPlan(guarded, { ...planned, ...checked }, request);
      return { migrations: reporter.finished };
    });
  } catch (error) {
    throw isLockTaken(error) ? lockTakenError(error) : error;
  } finally {
    await closeLockedSession(lockedSession);
  }
}

/** A server whose transactions do not hold a migration together runs it statement by statement; the plan's id stays. */
async function fitToServer(
  session: Session,
  request: RunRequest,
  asPlanned: { planned: PlannedMove; checked: CheckedPlan },
): Promise<{ planned: PlannedMove; checked: CheckedPlan }> {
  const { capabilities } = session;
  if (!capabilities || !runsByStatement(session)) return asPlanned;
  return (await import('./other-server/fit-plan.js')).fitPlan(capabilities, request, asPlanned);
}

/** With a guard, if a migration has a limit for how long others may wait for it. */
async function withGuard<T>(
  context: RunContext,
  { graph, plan }: PlannedMove,
  work: (context: RunContext) => Promise<T>,
): Promise<T> {
  const { setting } = context;
  const isGuarded = plan.steps.some(({ id }) => limitsBlocking(waitsOf(graph.get(id), setting.waits)));
  if (!isGuarded) return work(context);
  const { openGuard } = await import('./guard.js');
  const guard = await openGuard(setting, context.lockedSession);
  try {
    return await work({ ...context, guard });
  } finally {
    await guard?.close();
  }
}

async function rehearsePlan(
  context: RunContext,
  { graph, plan: { steps } }: PlannedMove,
): Promise<Rehearsal> {
  if (context.lockedSession.session.sqlite)
    return (await import('./sqlite/rehearse-on-copy.js')).rehearseOnCopy(context, steps);
  return (await import('./rehearse.js')).rehearse(context, graph, steps);
}

async function runPlan(
  context: RunContext,
  { graph, plan: { steps }, footprints }: PlannedMove & Pick<CheckedPlan, 'footprints'>,
  { jobs = 1, onFailure = 'finish' }: RunRequest,
): Promise<void> {
  const isPlain = (jobs === 1 && onFailure !== 'continue') || steps.length < 2;
  const { session } = context.lockedSession;
  // SQLite has one writer at a time, and what holds for locks of PostgreSQL need not hold elsewhere.
  if (isPlain || session.sqlite || session.capabilities) return runSteps(context, steps);
  const { runJobs } = await import('./parallel/run-jobs.js');
  return runJobs(context, { graph, steps, footprints }, { jobs, onFailure });
}

async function refuseChangedPlan(
  { environment }: RunSetting,
  { reviewed, move }: RunRequest,
  state: DatabaseState,
  { planned, checked }: { planned: PlannedMove; checked: CheckedPlan },
): Promise<void> {
  const losses = await lossesOf(state, planned, checked);
  await refuseOtherPlan(reviewed, { environment, state, move, planned, checked, losses });
}

/** Nearly always the plan has only become shorter; what is new in it, or different, is checked like the rest. */
async function checkNewSteps(planned: PlannedMove, checked: CheckedPlan): Promise<CheckedPlan> {
  const steps = planned.plan.steps.filter((step) => {
    const known = checked.steps.get(stepKey(step));
    const stored = step.direction === 'down' ? planned.storedDowns.get(step.id) : undefined;
    return known?.step.mode !== step.mode || known.stored !== stored;
  });
  if (steps.length === 0) return checked;
  const added = await checkPlan(planned, steps);
  return { ...checked, steps: new Map([...checked.steps, ...added.steps]), footprints: undefined };
}
