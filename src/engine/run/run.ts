/** Executes moves: plans and checks them, and runs them under the migration lock. */

import type { Session } from '../../connections/driver.js';
import type { FinishedStep } from '../../errors.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import { type Move, mayNeedConfirmation } from '../../graph/move.js';
import type { Plan, Step } from '../../graph/plan.js';
import { present } from '../../present.js';
import { warnOf } from '../events.js';
import { findLedger } from '../ledger/find-ledger.js';
import { refuseFormerTable } from '../ledger/former-table.js';
import { readHalfDone } from '../ledger/journal.js';
import { logTableOf, readAppliedIds } from '../ledger/ledger.js';
import { readAppliedFacts } from '../ledger/logged-migrations.js';
import { checkEdits } from '../plan/check-edits.js';
import { checkPlan } from '../plan/check-plan.js';
import { checkSingleTransaction } from '../plan/check-single-transaction.js';
import { type CheckedPlan, stepKey } from '../plan/checked-plan.js';
import { refuseHalfUndone, refusePartlyUndone } from '../plan/half-undone.js';
import type { Loss } from '../plan/loss.js';
import { lossesOf } from '../plan/losses-of.js';
import { type DatabaseState, type PlannedMove, planRun, refuseMissing } from '../plan/plan-run.js';
import { limitsBlocking, waitsOf } from '../policy/waits.js';
import { cancellable } from '../session/cancel.js';
import { isLockTaken, lockTakenError, openLockSession } from '../session/lock.js';
import { closeLockedSession, openLockedSession } from '../session/locked-session.js';
import type { RunSetting } from '../session/run-setting.js';
import { openReportedSession } from '../session/with-locked-session.js';
import { checkAndLint } from './check-and-lint.js';
import { confirmPlan, refuseNewLosses, refuseUnconfirmed } from './confirm-plan.js';
import { type FolderAhead, readAhead } from './read-ahead.js';
import { prepareStep } from './read-step.js';
import { refuseOtherPlan } from './refuse-other-plan.js';
import { createReporter } from './reporter.js';
import type { RunContext } from './run-context.js';
import type { RunRequest, RunResult } from './run-result.js';
import { runSteps } from './run-steps.js';

/**
 * Runs one request from start to end.
 * @throws MigrationError when a migration fails; KatError when something is wrong before any has begun; UnconfirmedError.
 */
export async function run(setting: RunSetting, request: RunRequest): Promise<RunResult> {
  const connecting = openReportedSession(setting, request.move.kind);
  const needsParser = isRollback(request.move) && setting.driver.name !== 'sqlite';
  const folder = readAhead(setting.directory, { needsParser, onStray: warnOf(setting.onEvent) });
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

/** The data of a run from its start. */
interface RunState {
  session: Session;
  folder: FolderAhead;
  /** Opened while the plan is made. */
  lockSession: Promise<Session> | undefined;
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
  return { ...(await runLocked(setting, request, { ...work, place })), ...losses };
}

/** The checked steps of the run. */
interface PlannedWork extends PlannedMove {
  folder: Graph;
  checked: CheckedPlan;
  losses: readonly Loss[];
}

/** @returns undefined when there is nothing to do. */
async function planWork(
  setting: RunSetting,
  request: RunRequest,
  place: RunState,
): Promise<PlannedWork | undefined> {
  const { move } = request;
  const isUp = move.kind === 'up';
  const state = await readDatabaseState(setting, place.session, move);
  await prepareForWork(setting, request, { place, applied: state.applied });
  const folder = buildGraph(await place.folder.migrations());
  const isStrict = isUp && setting.checksums === 'strict';
  if (isStrict) await checkEdits(setting, folder, state);
  const planned = await planAgain(folder, request, state);
  const { plan } = planned;
  if (isUp && !isStrict) await checkEdits(setting, folder, state);
  if (plan.steps.length === 0) {
    refusePartlyUndone(state.halfDone ?? new Map(), planned, { move, applied: state.applied });
    return undefined;
  }
  if (request.isSingleTransaction) checkSingleTransaction(plan, setting);
  const checked = await checkAndLint(setting, request, planned);
  if (request.isDryRun) await refuseHalfUndone(state, { move, planned, checked });
  for (const message of planned.remarks) setting.onEvent({ type: 'warning', message });
  for (const { message, help } of checked.hints) {
    setting.onEvent({ type: 'warning', message, ...present({ help }) });
  }
  setting.onEvent({ type: 'planned', plan, isDryRun: request.isDryRun });
  const losses = await lossesOf(state, planned, checked);
  const { environment } = setting;
  const { reviewed } = request;
  await refuseOtherPlan(reviewed, { environment, state, move, planned, checked, losses });
  return { ...planned, folder, checked, losses };
}

async function readDatabaseState(
  { tableName, checksums }: RunSetting,
  session: Session,
  { kind }: Move,
): Promise<DatabaseState> {
  const ledger = await findLedger(session, tableName);
  const answers = [
    readAppliedIds(session, ledger),
    kind === 'up' && checksums !== 'off' ? readAppliedFacts(session, ledger) : undefined,
    (kind === 'up' || kind === 'sync') && ledger.hasLog
      ? readHalfDone(session, logTableOf(ledger))
      : undefined,
  ] as const;
  // A cancel reaches one statement at a time, and is repeated until all have ended.
  await Promise.allSettled(answers);
  const [applied, logged, halfDone] = await Promise.all(answers);
  return { session, ledger, applied, ...present({ logged, halfDone }) };
}

/** If names alone show that steps are pending, the parser and the lock connection are needed soon. */
async function prepareForWork(
  setting: RunSetting,
  request: RunRequest,
  { place, applied }: { place: RunState; applied: readonly string[] },
): Promise<void> {
  if (place.session.sqlite || (await isUpToDate(place.folder, request, applied))) return;
  place.folder.loadParser();
  if (isSureToRun(request)) place.lockSession = openLockSession(setting.driver, setting);
}

/** Whether names alone show that there is nothing to do, if nothing is wrong. */
async function isUpToDate(
  folder: FolderAhead,
  { move }: RunRequest,
  applied: readonly string[],
): Promise<boolean> {
  if (isRollback(move) && !hasReferences(move)) return applied.length === 0;
  if (hasReferences(move) || ('modified' in move && move.modified)) return false;
  const ids = await folder.ids();
  const known = new Set(applied);
  return ids.length === applied.length && ids.every((id) => known.has(id));
}

function isRollback({ kind }: Move): boolean {
  return kind === 'down' || kind === 'redo';
}

/** True if no confirmation can cancel the run, provided that steps are pending and no problem was found. */
function isSureToRun({ isDryRun, move, confirm }: RunRequest): boolean {
  return !isDryRun && !(confirm && mayNeedConfirmation(move));
}

/** True if the move names migrations; these names must be validated even when nothing is pending. */
function hasReferences(move: Move): boolean {
  return ('to' in move && move.to !== undefined) || ('of' in move && move.of.length > 0);
}

async function planAgain(
  folder: Graph,
  { move, allowMissing }: RunRequest,
  state: DatabaseState,
): Promise<PlannedMove> {
  await refuseFormerTable(state.session, state.ledger, folder);
  if (move.kind === 'up' && !allowMissing) await refuseMissing(folder, state);
  return planRun(folder, state, move);
}

function validate(plan: Plan, setting: RunSetting): FinishedStep[] {
  return plan.steps.map(({ id, direction }) => {
    setting.onEvent({ type: 'validated', id, direction });
    return { id, direction };
  });
}

async function runLocked(
  setting: RunSetting,
  request: RunRequest,
  work: PlannedWork & { place: RunState },
): Promise<Omit<RunResult, 'isDryRun'>> {
  const { folder, place } = work;
  const { isRehearsal } = request;
  const opened = await openLockedSession({ ...setting, isRehearsal }, place.session, place.lockSession);
  const lockedSession = Object.assign(place, opened);
  try {
    // Another runner may have changed everything while we waited for the lock.
    const { session, ledger } = lockedSession;
    const applied = await readAppliedIds(session, ledger);
    const planned = await planAgain(folder, request, { session, ledger, applied });
    refuseUnconfirmed(request, work, planned.plan);
    const checked = await checkNewSteps(planned, work.checked);
    await refuseHalfUndone({ session, ledger, applied }, { move: request.move, planned, checked });
    if (request.reviewed)
      await refuseChangedPlan(setting, request, { ...lockedSession, applied }, { planned, checked });
    else if (!isRehearsal) await refuseNewLosses(lockedSession, { planned, checked }, work.plan);
    const reporter = createReporter(setting.onEvent);
    const prepare = (step: Step) => prepareStep(planned.graph, checked, step);
    const { isSingleTransaction, move } = request;
    const found = { applied, isOfGraph: (id: string) => planned.graph.has(id) };
    const manner = { isSingleTransaction, command: move.kind };
    const context = { setting, lockedSession, reporter, found, prepare, ...manner };
    return await withGuard(context, planned, async (guarded) => {
      if (!isRehearsal) await runPlan(guarded, { ...planned, ...checked }, request);
      else return (await import('./rehearse.js')).rehearse(guarded, planned.graph, planned.plan.steps);
      return { migrations: reporter.finished };
    });
  } catch (error) {
    throw isLockTaken(error) ? lockTakenError(error) : error;
  } finally {
    await closeLockedSession(lockedSession);
  }
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

async function runPlan(
  context: RunContext,
  { graph, plan: { steps }, footprints }: PlannedMove & Pick<CheckedPlan, 'footprints'>,
  { jobs = 1, onFailure = 'finish' }: RunRequest,
): Promise<void> {
  const isPlain = (jobs === 1 && onFailure !== 'continue') || steps.length < 2;
  // SQLite has one writer at a time.
  if (isPlain || context.lockedSession.session.sqlite) return runSteps(context, steps);
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
