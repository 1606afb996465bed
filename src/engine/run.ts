/** Carries out moves: finds what is to be done, checks all of it, and does it under the runner's lock. */

import type { Session } from '../drivers/driver.js';
import { type FinishedStep, KatError } from '../errors.js';
import { buildGraph, type Graph } from '../graph/graph.js';
import { type Move, needsConfirmation } from '../graph/move.js';
import type { Plan, Step } from '../graph/plan.js';
import { listMigrationIds, loadMigrations } from '../project/load.js';
import { cancellable } from './cancel.js';
import { type CheckedPlan, checkPlan, keyOf } from './check-plan.js';
import { findLedger, type Ledger, readAppliedIds } from './ledger.js';
import { type PlannedMove, planRun, refuseMissing, tellStoredDowns } from './plan-run.js';
import { prepareStep } from './prepare.js';
import { createReporter } from './reporter.js';
import type { RunContext, RunSetting } from './run-context.js';
import type { RunResult } from './run-result.js';
import { runStatements } from './run-statements.js';
import { runTransactions } from './run-transactions.js';
import { connect } from './with-workplace.js';
import { closeWorkplace, openWorkplace } from './workplace.js';

/** Asks whether a plan that takes back more than a plain `down` may go ahead. */
export type Confirm = (plan: Plan) => Promise<boolean> | boolean;

export interface RunRequest {
  move: Move;
  isDryRun: boolean;
  /** Go on although the database has migrations that the folder does not have. */
  allowMissing: boolean;
  /** All or nothing: one transaction for the whole run. */
  isSingleTransaction: boolean;
  /** Undefined goes ahead. */
  confirm: Confirm | undefined;
}

/**
 * Runs one request from start to end.
 * @throws MigrationError when a migration fails; KatError when something is wrong before any has begun, CANCELLED when it was
 *   not confirmed.
 */
export async function run(setting: RunSetting, request: RunRequest): Promise<RunResult> {
  const place = { session: await connect(setting, request.move.kind) };
  try {
    const migrations = await cancellable(place, setting.signal, () => carryOut(setting, request, place));
    return { isDryRun: request.isDryRun, migrations };
  } finally {
    // A session that has been closed already may be closed again.
    await place.session.close();
  }
}

async function carryOut(
  setting: RunSetting,
  request: RunRequest,
  place: { session: Session },
): Promise<readonly FinishedStep[]> {
  const work = await planWork(setting, request, place.session);
  if (!work) return [];
  if (request.isDryRun) return validate(work.plan, setting);
  await confirmPlan(request, work.plan);
  return runLocked(setting, request, { ...work, place });
}

/** What is to be done, all of it checked. */
interface Work extends PlannedMove {
  folder: Graph;
  checked: CheckedPlan;
}

/** @returns undefined when there is nothing to do. */
async function planWork(
  setting: RunSetting,
  request: RunRequest,
  session: Session,
): Promise<Work | undefined> {
  const ledger = await findLedger(session, setting.tableName);
  const applied = await readAppliedIds(session, ledger);
  if (isUpToDate(setting, request, applied)) return undefined;
  const folder = buildGraph(await loadMigrations(setting.directory));
  const planned = await planAgain(folder, request, { session, ledger, applied });
  const { plan } = planned;
  if (plan.steps.length === 0) return undefined;
  if (request.isSingleTransaction) checkSingleTransaction(plan, setting);
  const checked = await checkPlan(planned, plan.steps);
  tellStoredDowns(planned, setting.onEvent);
  for (const { message, help } of checked.hints) {
    setting.onEvent({ type: 'warning', message, ...(help === undefined ? {} : { help }) });
  }
  setting.onEvent({ type: 'planned', plan, isDryRun: request.isDryRun });
  return { ...planned, folder, checked };
}

/** Folder names alone tell that there is nothing to apply; thousands of files need not be read for that. */
function isUpToDate(setting: RunSetting, { move }: RunRequest, applied: readonly string[]): boolean {
  const isRollback = move.kind === 'down' || move.kind === 'redo';
  if (isRollback && !names(move)) return applied.length === 0;
  if (move.kind !== 'up' || names(move)) return false;
  const ids = listMigrationIds(setting.directory);
  const known = new Set(applied);
  return ids.length === applied.length && ids.every((id) => known.has(id));
}

/** Whether references must be looked at, which may be wrong even if there is nothing to do. */
function names(move: Move): boolean {
  return ('to' in move && move.to !== undefined) || ('of' in move && move.of.length > 0);
}

function planAgain(
  folder: Graph,
  { move, allowMissing }: RunRequest,
  standing: { session: Session; ledger: Ledger; applied: readonly string[] },
): Promise<PlannedMove> {
  if (move.kind === 'up' && !allowMissing) refuseMissing(folder, standing.applied);
  return planRun(folder, standing, move);
}

async function confirmPlan({ move, confirm }: RunRequest, plan: Plan): Promise<void> {
  if (!confirm || !needsConfirmation(move, plan) || (await confirm(plan))) return;
  throw new KatError('CANCELLED', 'nothing was done, because the plan was not confirmed');
}

/** Each table and index that a transaction creates takes a lock; some 3,200 tables are too many for a server's defaults. */
const manyMigrations = 1_000;

function checkSingleTransaction({ steps }: Plan, setting: RunSetting): void {
  const alone = steps.filter(({ mode }) => mode === 'statements');
  if (alone.length > 0) {
    throw new KatError(
      'USAGE',
      '--single-transaction does not go with migrations that run outside of a transaction',
      {
        problems: alone.map(({ id }) => ({ message: `${id} has no_transaction: true`, migration: id })),
        help: 'Leave the flag out, or apply these migrations in a run of their own.',
      },
    );
  }
  if (steps.length < manyMigrations) return;
  setting.onEvent({
    type: 'warning',
    message: `one transaction for ${steps.length} migrations may need more locks than the server has`,
    help: 'If it ends with "out of shared memory" (53200), raise max_locks_per_transaction or leave --single-transaction out.',
  });
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
  work: Work & { place: { session: Session } },
): Promise<readonly FinishedStep[]> {
  const { folder, place } = work;
  const workplace = Object.assign(place, await openWorkplace(setting, place.session));
  try {
    // Another runner may have changed everything while we waited for the lock.
    const { session, ledger } = workplace;
    const applied = await readAppliedIds(session, ledger);
    const planned = await planAgain(folder, request, { session, ledger, applied });
    refuseUnconfirmed(request, work.plan, planned.plan);
    const checked = await checkNewSteps(planned, work.checked);
    const reporter = createReporter(setting.onEvent);
    const prepare = (step: Step) => prepareStep(planned.graph, checked, step);
    const { isSingleTransaction } = request;
    await runSteps({ setting, workplace, reporter, prepare, isSingleTransaction }, planned.plan.steps);
    return reporter.finished;
  } finally {
    await closeWorkplace(workplace);
  }
}

/** Nobody has agreed to what another runner has made of the plan since. */
function refuseUnconfirmed({ move, confirm }: RunRequest, confirmed: Plan, plan: Plan): void {
  if (!confirm || !needsConfirmation(move, plan)) return;
  const known = new Set(confirmed.steps.map(keyOf));
  if (plan.steps.every((step) => step.direction === 'up' || known.has(keyOf(step)))) return;
  throw new KatError('USAGE', 'another runner has changed what this plan would roll back', {
    help: 'Run the command again, and look at the new plan.',
  });
}

/** Nearly always the plan has only become shorter; what is new in it is checked like the rest. */
async function checkNewSteps(planned: PlannedMove, checked: CheckedPlan): Promise<CheckedPlan> {
  const steps = planned.plan.steps.filter((step) => !checked.steps.has(keyOf(step)));
  const added = await checkPlan(planned, steps);
  return { ...checked, steps: new Map([...checked.steps, ...added.steps]) };
}

/** Steps that go together; those of a redo have the same ids in both directions, which must not be on their way at once. */
async function runSteps(context: RunContext, steps: readonly Step[]): Promise<void> {
  for (let start = 0, end = 0; start < steps.length; start = end) {
    const first = steps[start] as Step;
    const isAlike = ({ mode, direction }: Step) => mode === first.mode && direction === first.direction;
    end = start + 1;
    while (first.mode === 'transaction' && steps[end] && isAlike(steps[end] as Step)) end += 1;
    if (first.mode === 'transaction') await runTransactions(context, steps.slice(start, end));
    else await runStatements(context, first);
  }
}
