/** Carries out `up` and `down`: finds what is to be done, checks all of it, and does it under the runner's lock. */

import type { Driver, Session } from '../drivers/driver.js';
import { type FinishedStep, KatError } from '../errors.js';
import { buildGraph, type Graph } from '../graph/graph.js';
import type { Direction } from '../graph/migration.js';
import { type Plan, planDown, planUp } from '../graph/plan.js';
import { listMigrationIds, loadMigrations } from '../project/load.js';
import type { Runner } from './apply.js';
import { openWithRetries } from './connect.js';
import type { EventListener } from './events.js';
import { type AppliedMigration, ensureLedger, findLedger, type Ledger, readApplied } from './ledger.js';
import { takeRunnerLock } from './lock.js';
import { type CheckedPlan, checkPlan } from './prepare.js';
import { runStep } from './run-step.js';
import { ensureWritable } from './server-state.js';
import { findHygiene } from './session-hygiene.js';

export interface RunRequest {
  direction: Direction;
  /** At most so many migrations; undefined means all for up. */
  count: number | undefined;
  isDryRun: boolean;
  /** Go on although the database has migrations that the folder does not have. */
  allowMissing: boolean;
}

export interface RunSetting {
  driver: Driver;
  directory: string;
  tableName: string;
  lockWaitMs: number;
  statementTimeoutMs: number | undefined;
  onEvent: EventListener;
  signal: AbortSignal | undefined;
}

export interface RunResult {
  direction: Direction;
  isDryRun: boolean;
  /** In the order in which they ran, or would run. */
  migrations: readonly FinishedStep[];
}

/**
 * Runs one request from start to end.
 * @throws MigrationError when a migration fails; KatError when something is wrong before any has begun.
 */
export async function run(setting: RunSetting, request: RunRequest): Promise<RunResult> {
  const session = await connect(setting, request.direction);
  try {
    const ledger = await findLedger(session, setting.tableName);
    const applied = await readApplied(session, ledger);
    if (isUpToDate(setting, request, applied)) return finish(request, []);
    const graph = buildGraph(await loadMigrations(setting.directory));
    const plan = makePlan(graph, applied, request);
    const checked = await checkPlan(graph, plan);
    for (const hint of checked.hints) setting.onEvent({ type: 'warning', message: hint.message, ...helpOf(hint) });
    setting.onEvent({ type: 'planned', plan, isDryRun: request.isDryRun });
    if (plan.steps.length === 0) return finish(request, []);
    if (request.isDryRun) return finish(request, validate(plan, setting));
    return finish(request, await runLocked(setting, request, { session, ledger, graph, checked }));
  } finally {
    await session.close();
  }
}

function helpOf({ help }: { help?: string }): { help?: string } {
  return help === undefined ? {} : { help };
}

async function connect(setting: RunSetting, direction: Direction): Promise<Session> {
  const { driver, onEvent, signal } = setting;
  onEvent({ type: 'connecting', database: driver.description });
  const session = await openWithRetries(driver, `kat ${direction}`, {
    retries: 3,
    delayMs: 200,
    isWorthRetrying: (error) => error.isTransient && error.sqlstate !== undefined,
    onEvent,
    signal,
  });
  onEvent({ type: 'connected', database: driver.description, server: session.server });
  return session;
}

/** Folder names alone tell that there is nothing to apply; thousands of files need not be read for that. */
function isUpToDate(setting: RunSetting, request: RunRequest, applied: readonly AppliedMigration[]): boolean {
  if (request.direction === 'down') return applied.length === 0;
  const ids = listMigrationIds(setting.directory);
  const known = new Set(applied.map(({ id }) => id));
  return ids.length === applied.length && ids.every((id) => known.has(id));
}

function makePlan(graph: Graph, applied: readonly AppliedMigration[], request: RunRequest): Plan {
  const ids = applied.map(({ id }) => id);
  if (request.direction === 'up') {
    if (!request.allowMissing) refuseMissing(graph, ids);
    return planUp(graph, new Set(ids), { count: request.count });
  }
  const plan = planDown(graph, ids, { count: request.count ?? 1 });
  refuseMissing(graph, plan.steps.map(({ id }) => id));
  return plan;
}

function refuseMissing(graph: Graph, ids: readonly string[]): void {
  const missing = ids.filter((id) => !graph.has(id));
  if (missing.length === 0) return;
  throw new KatError('MIGRATIONS_MISSING', `${missing.length} applied migration(s) are not in the migrations folder`, {
    problems: missing.map((id) => ({ message: `${id} is applied, but it has no folder`, migration: id })),
    help: 'Check out the branch that has them, or run `kat up --allow-missing` if you know that nothing pending depends on them.',
  });
}

function validate(plan: Plan, setting: RunSetting): FinishedStep[] {
  return plan.steps.map(({ id, direction }) => {
    setting.onEvent({ type: 'validated', id, direction });
    return { id, direction };
  });
}

interface Work {
  session: Session;
  ledger: Ledger;
  graph: Graph;
  checked: CheckedPlan;
}

async function runLocked(setting: RunSetting, request: RunRequest, work: Work): Promise<FinishedStep[]> {
  const { driver, onEvent, signal } = setting;
  const { session, graph } = work;
  await ensureWritable(session);
  const lock = await takeRunnerLock(driver, session, work.ledger.name, { waitMs: setting.lockWaitMs, onEvent, signal });
  try {
    // Another runner may have changed everything while we waited.
    const found = await findLedger(session, setting.tableName);
    const plan = makePlan(graph, await readApplied(session, found), request);
    const ledger = await ensureLedger(session, found);
    const checked = await checkNewSteps(graph, plan, work.checked);
    const runner: Runner = {
      session,
      ledger,
      hygiene: await findHygiene(session),
      statementTimeoutMs: setting.statementTimeoutMs,
    };
    return await runSteps({ setting, runner, graph, checked }, plan);
  } finally {
    await lock.release();
  }
}

/** Nearly always the plan has only become shorter; what is new in it is checked like the rest. */
async function checkNewSteps(graph: Graph, plan: Plan, checked: CheckedPlan): Promise<CheckedPlan> {
  const steps = plan.steps.filter(({ id }) => !checked.steps.has(id));
  if (steps.length === 0) return checked;
  const added = await checkPlan(graph, { ...plan, steps });
  return { ...checked, steps: new Map([...checked.steps, ...added.steps]) };
}

/** Everything that a single step needs while the lock is held. */
export interface RunContext {
  setting: RunSetting;
  runner: Runner;
  graph: Graph;
  checked: CheckedPlan;
}

async function runSteps(context: RunContext, plan: Plan): Promise<FinishedStep[]> {
  const finished: FinishedStep[] = [];
  const { signal } = context.setting;
  const cancel = () => void context.runner.session.cancel();
  signal?.addEventListener('abort', cancel);
  try {
    for (const step of plan.steps) {
      if (signal?.aborted) throw cancelledBetweenMigrations();
      finished.push(await runStep(context, step, finished));
    }
    return finished;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

function cancelledBetweenMigrations(): KatError {
  return new KatError('CANCELLED', 'cancelled between two migrations', {
    help: 'Run the command again to go on; what was applied stays applied.',
  });
}

function finish(request: RunRequest, migrations: readonly FinishedStep[]): RunResult {
  return { direction: request.direction, isDryRun: request.isDryRun, migrations };
}
