/** Executes migrations on a throwaway database: up, down, and up again. */

import { KatError, MigrationError } from '../../errors.js';
import { countFindings } from '../../findings.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import type { Migration } from '../../graph/migration.js';
import { loadMigrations } from '../../project/folder/load.js';
import { readSqlTexts } from '../../project/folder/sql-texts.js';
import { chooseMigrations, type LintPlace } from '../lint/choose-migrations.js';
import { openThrowaway } from '../throwaway/open-throwaway.js';
import type { Throwaway } from '../throwaway/throwaway.js';
import { findClusterChange } from './cluster-changes.js';
import type { VerifyFinding } from './findings.js';
import { readMigrationTexts } from './migration-texts.js';
import { judgePredictions } from './predictions.js';
import type { UnverifiedMigration, VerifyOptions, VerifyResult } from './result.js';
import { startTrial, type Trial } from './trial.js';
import { verifyMigration } from './verify-migration.js';

/**
 * Reads the folder, and the database or git only where the options ask for it. The project's database is never changed.
 * @throws KatError USAGE, CONFIG_INVALID, FILES_INVALID, GRAPH_INVALID; what opening the throwaway database throws; CANCELLED.
 */
export async function verify(place: LintPlace, options: VerifyOptions): Promise<VerifyResult> {
  refuseContradiction(options);
  const { directory, signal } = place;
  const graph = buildGraph(await loadMigrations(directory));
  const { linted } = await chooseMigrations(place, graph, options);
  const readSql = () => readSqlTexts(directory);
  const throwaway = await openThrowaway({ on: options.on ?? 'pglite', readSql, signal });
  try {
    const trial = await startTrial({ directory, graph, throwaway, signal });
    const work: Work = {
      graph,
      trial,
      throwaway,
      findings: [],
      executed: [],
      rolledBack: new Set(),
      untried: [],
      accepted: 0,
      failed: new Map(),
    };
    if (options.order !== undefined)
      return await verifyOrders(trial, { directory, graph, throwaway }, options);
    await verifyAll(
      work,
      graph.migrations.filter(({ id }) => linted.has(id)),
    );
    return await report(work, options);
  } finally {
    await throwaway.close();
  }
}

interface OrderPlace {
  directory: string;
  graph: Graph;
  throwaway: Throwaway;
}

/** @throws KatError USAGE where a migration would change what a server shares. */
async function verifyOrders(
  trial: Trial,
  { directory, graph, throwaway }: OrderPlace,
  { order: count = 2, seed = Math.floor(Math.random() * 2 ** 31), strict = false }: VerifyOptions,
): Promise<VerifyResult> {
  if (throwaway.isShared) await refuseSharedChanges(graph);
  const { verifyOrder } = await import('./order/verify-order.js');
  const result = await verifyOrder({ directory, graph, trial, count, seed });
  return { isValid: result.counts.errors === 0 && (!strict || result.counts.warnings === 0), ...result };
}

async function refuseSharedChanges({ migrations }: Graph): Promise<void> {
  for (const migration of migrations) {
    const change = findClusterChange([(await readMigrationTexts(migration)).up]);
    if (change === undefined) continue;
    throw new KatError('USAGE', `${migration.id} ${change}, which all databases of the server share`, {
      help: 'Use `--on pglite`.',
    });
  }
}

/** What is known so far. */
interface Work {
  graph: Graph;
  trial: Trial;
  throwaway: Throwaway;
  findings: VerifyFinding[];
  executed: string[];
  /** Those of them whose down.sql ran to its end. */
  rolledBack: Set<string>;
  untried: UnverifiedMigration[];
  accepted: number;
  /** Why the up.sql of a migration failed, by id. */
  failed: Map<string, string>;
}

async function verifyAll(work: Work, chosen: readonly Migration[]): Promise<void> {
  const rest = new Set(chosen);
  while (rest.size > 0) {
    const next = nearest(work, rest);
    rest.delete(next);
    await verifyOne(work, next);
  }
}

/** How many migrations are compared for the next state. */
const looked = 40;

/** Each state is reached from the one before it, so the order decides how much is applied and rolled back. */
function nearest({ trial, graph }: Work, rest: ReadonlySet<Migration>): Migration {
  const candidates = [...rest].slice(0, looked);
  const distances = candidates.map(({ id }) => trial.distanceTo(graph.ancestors(id)));
  return candidates[distances.indexOf(Math.min(...distances))] as Migration;
}

async function verifyOne(work: Work, migration: Migration): Promise<void> {
  const { graph, trial, throwaway } = work;
  const texts = await readMigrationTexts(migration);
  const ancestors = graph.ancestors(migration.id);
  const reason =
    reasonOfAncestor(work, ancestors) ??
    (throwaway.isShared ? findClusterChange([texts.up, texts.down]) : undefined) ??
    (await reachState(work, ancestors));
  if (reason !== undefined) {
    leaveOut(work, migration.id, reason);
    return;
  }
  const { findings, failure, isRolledBack } = await verifyMigration(trial, { migration, texts });
  if (failure && isBeyondDatabase(failure, throwaway)) {
    leaveOut(work, migration.id, `its up.sql needs what this database lacks: ${reasonOf(failure)}`);
    return;
  }
  if (failure) work.failed.set(migration.id, reasonOf(failure));
  work.executed.push(migration.id);
  if (isRolledBack) work.rolledBack.add(migration.id);
  const wanted = migration.isDataLossExpected
    ? findings.filter(({ code }) => !code.endsWith('-loses-rows'))
    : findings;
  const open = wanted.filter(({ code }) => !texts.ignored.has(code));
  work.accepted += wanted.length - open.length;
  work.findings.push(...open);
}

function leaveOut({ untried, failed }: Work, id: string, reason: string): void {
  untried.push({ id, reason });
  failed.set(id, reason);
}

function reasonOfAncestor({ failed }: Work, ancestors: ReadonlySet<string>): string | undefined {
  const culprit = [...ancestors].find((id) => failed.has(id));
  return culprit && `its ancestor ${culprit} could not be applied`;
}

/** @returns why the ancestors could not be applied. */
async function reachState(work: Work, ancestors: ReadonlySet<string>): Promise<string | undefined> {
  const shared = work.throwaway.isShared ? await findSharedChange(work, ancestors) : undefined;
  if (shared !== undefined) return shared;
  const error = await work.trial.moveTo(ancestors);
  if (!error) return undefined;
  if (error instanceof MigrationError) {
    work.failed.set(error.migration, reasonOf(error));
    return `its ancestor ${error.migration} fails: ${reasonOf(error)}`;
  }
  return `its ancestors cannot be applied: ${error.message}`;
}

async function findSharedChange(
  { graph, failed }: Work,
  ancestors: ReadonlySet<string>,
): Promise<string | undefined> {
  for (const id of ancestors) {
    const { up } = await readMigrationTexts(graph.get(id));
    const change = findClusterChange([up]);
    if (change === undefined) continue;
    failed.set(id, change);
    return `its ancestor ${id} ${change}`;
  }
  return undefined;
}

/** An embedded database has no other extensions than its own, and refuses what needs processes or files. */
function isBeyondDatabase(error: KatError, { isShared }: Throwaway): boolean {
  const state = error instanceof MigrationError ? error.report?.sqlstate : undefined;
  return state === '58P01' || (!isShared && state === '0A000');
}

function reasonOf({ problems: [problem], message }: KatError): string {
  return problem?.message ?? message;
}

async function report(work: Work, { strict = false }: VerifyOptions): Promise<VerifyResult> {
  const { graph, findings, executed, untried, accepted, trial } = work;
  const predictions = await judgePredictions(graph, work.rolledBack, findings);
  const place = new Map(graph.migrations.map(({ id }, index) => [id, index]));
  const inOrder = (one: string | undefined) => place.get(one ?? '') ?? 0;
  const sorted = findings
    .map(({ object: _, ...finding }) => finding)
    .sort((a, b) => inOrder(a.migration) - inOrder(b.migration));
  const counts = countFindings(sorted);
  return {
    isValid: counts.errors === 0 && (!strict || counts.warnings === 0),
    findings: sorted,
    counts,
    migrations: executed.sort((a, b) => inOrder(a) - inOrder(b)),
    untried: untried.sort((a, b) => inOrder(a.id) - inOrder(b.id)),
    predictions,
    accepted,
    server: trial.server,
  };
}

function refuseContradiction({ of = [], pending, gitBase, all, order, seed }: VerifyOptions): void {
  const others = of.length > 0 || pending === true || gitBase !== undefined;
  if (order !== undefined && others) {
    throw new KatError(
      'USAGE',
      '`--order` runs all migrations, so it cannot be combined with a choice of them',
      {
        help: 'Remove the migrations, --pending or --git-base.',
      },
    );
  }
  if (seed !== undefined && order === undefined)
    throw new KatError('USAGE', '`--seed` requires `--order`', { help: 'Add `--order`.' });
  if (!all || !others) return;
  throw new KatError('USAGE', '`--all` cannot be combined with migrations, --pending or --git-base', {
    help: 'Use only one of them.',
  });
}
