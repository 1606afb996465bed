/** Carries out `up` and `down`: finds what is to be done, checks all of it, and does it under the runner's lock. */

import type { Session } from '../drivers/driver.js';
import { type FinishedStep, KatError } from '../errors.js';
import { buildGraph, type Graph } from '../graph/graph.js';
import type { Direction } from '../graph/migration.js';
import { type Plan, planDown, planUp, type Step } from '../graph/plan.js';
import { listMigrationIds, loadMigrations } from '../project/load.js';
import { cancellable } from './cancel.js';
import { type CheckedPlan, type CheckedStep, checkPlan } from './check-plan.js';
import { briefRetries, openWithRetries } from './connect.js';
import { findLedger, readAppliedIds } from './ledger.js';
import { prepareStep } from './prepare.js';
import { createReporter } from './reporter.js';
import type { RunContext, RunSetting } from './run-context.js';
import type { RunResult } from './run-result.js';
import { runStatements } from './run-statements.js';
import { runTransactions } from './run-transactions.js';
import { closeWorkplace, openWorkplace } from './workplace.js';

export interface RunRequest {
  direction: Direction;
  /** At most so many migrations; undefined means all for up. */
  count: number | undefined;
  isDryRun: boolean;
  /** Go on although the database has migrations that the folder does not have. */
  allowMissing: boolean;
  /** All or nothing: one transaction for the whole run. */
  isSingleTransaction: boolean;
}

/**
 * Runs one request from start to end.
 * @throws MigrationError when a migration fails; KatError when something is wrong before any has begun.
 */
export async function run(setting: RunSetting, request: RunRequest): Promise<RunResult> {
  const place = { session: await connect(setting, request.direction) };
  try {
    const migrations = await cancellable(place, setting.signal, () => carryOut(setting, request, place));
    return { direction: request.direction, isDryRun: request.isDryRun, migrations };
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
  return request.isDryRun ? validate(work.plan, setting) : runLocked(setting, request, { ...work, place });
}

async function connect(setting: RunSetting, direction: Direction): Promise<Session> {
  const { driver, onEvent, signal } = setting;
  onEvent({ type: 'connecting', database: driver.description });
  const session = await openWithRetries(driver, `kat ${direction}`, { ...briefRetries, onEvent, signal });
  onEvent({ type: 'connected', database: driver.description, server: session.server });
  session.onNotice(({ severity, message, hint }) => {
    if (severity === 'WARNING')
      onEvent({ type: 'warning', message, ...(hint === undefined ? {} : { help: hint }) });
  });
  return session;
}

/** What is to be done, all of it checked. */
interface Work {
  graph: Graph;
  plan: Plan;
  checked: CheckedPlan;
}

/** @returns undefined when there is nothing to do. */
async function planWork(
  setting: RunSetting,
  request: RunRequest,
  session: Session,
): Promise<Work | undefined> {
  const applied = await readAppliedIds(session, await findLedger(session, setting.tableName));
  if (isUpToDate(setting, request, applied)) return undefined;
  const graph = buildGraph(await loadMigrations(setting.directory));
  const plan = makePlan(graph, applied, request);
  if (plan.steps.length === 0) return undefined;
  if (request.isSingleTransaction) checkSingleTransaction(plan, setting);
  const checked = await checkPlan(graph, plan);
  for (const { message, help } of checked.hints) {
    setting.onEvent({ type: 'warning', message, ...(help === undefined ? {} : { help }) });
  }
  setting.onEvent({ type: 'planned', plan, isDryRun: request.isDryRun });
  return { graph, plan, checked };
}

/** Folder names alone tell that there is nothing to apply; thousands of files need not be read for that. */
function isUpToDate(setting: RunSetting, request: RunRequest, applied: readonly string[]): boolean {
  if (request.direction === 'down') return applied.length === 0;
  const ids = listMigrationIds(setting.directory);
  const known = new Set(applied);
  return ids.length === applied.length && ids.every((id) => known.has(id));
}

/** @param ids of what is applied, oldest first. */
function makePlan(graph: Graph, ids: readonly string[], request: RunRequest): Plan {
  if (request.direction === 'up') {
    if (!request.allowMissing) refuseMissing(graph, ids, 'run `kat up --allow-missing`');
    return planUp(graph, new Set(ids), { count: request.count });
  }
  const plan = planDown(graph, ids, { count: request.count ?? 1 });
  refuseMissing(
    graph,
    plan.steps.map(({ id }) => id),
    'take back fewer migrations',
  );
  return plan;
}

function refuseMissing(graph: Graph, ids: readonly string[], otherwise: string): void {
  const missing = ids.filter((id) => !graph.has(id));
  if (missing.length === 0) return;
  throw new KatError(
    'MIGRATIONS_MISSING',
    `${missing.length} applied migration(s) are not in the migrations folder`,
    {
      problems: missing.map((id) => ({ message: `${id} is applied, but it has no folder`, migration: id })),
      help: `Check out the branch that has them, or ${otherwise} if you know that nothing here depends on them.`,
    },
  );
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
  const { graph, place } = work;
  const workplace = Object.assign(place, await openWorkplace(setting, place.session));
  try {
    // Another runner may have changed everything while we waited for the lock.
    const plan = makePlan(graph, await readAppliedIds(workplace.session, workplace.ledger), request);
    const checked = await checkNewSteps(graph, plan, work.checked);
    const reporter = createReporter(setting.onEvent);
    const prepare = (id: string) => prepareStep(graph, checked.steps.get(id) as CheckedStep);
    const { isSingleTransaction } = request;
    await runSteps({ setting, workplace, reporter, prepare, isSingleTransaction }, plan.steps);
    return reporter.finished;
  } finally {
    await closeWorkplace(workplace);
  }
}

/** Nearly always the plan has only become shorter; what is new in it is checked like the rest. */
async function checkNewSteps(graph: Graph, plan: Plan, checked: CheckedPlan): Promise<CheckedPlan> {
  const steps = plan.steps.filter(({ id }) => !checked.steps.has(id));
  const added = await checkPlan(graph, { ...plan, steps });
  return { ...checked, steps: new Map([...checked.steps, ...added.steps]) };
}

async function runSteps(context: RunContext, steps: readonly Step[]): Promise<void> {
  for (let start = 0, end = 0; start < steps.length; start = end) {
    const first = steps[start] as Step;
    while (steps[end]?.mode === first.mode && (first.mode === 'transaction' || end === start)) end += 1;
    if (first.mode === 'transaction') await runTransactions(context, steps.slice(start, end));
    else await runStatements(context, first);
  }
}
