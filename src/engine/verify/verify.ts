/** Executes migrations on a throwaway database: up, down, and up again. */

import { KatError } from '../../errors.js';
import { countFindings } from '../../findings.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import { loadMigrations } from '../../project/folder/load.js';
import { readSqlTexts } from '../../project/folder/sql-texts.js';
import { chooseMigrations, type LintPlace } from '../lint/choose-migrations.js';
import type { ResembledServer } from '../throwaway/choose-place.js';
import { findClusterChange, refuseClusterChange } from '../throwaway/cluster-changes.js';
import { openThrowaway } from '../throwaway/open-throwaway.js';
import { type DatabaseOption, readServer } from '../throwaway/server-settings.js';
import type { Throwaway } from '../throwaway/throwaway.js';
import { saveEvidence, wayBackDifferences } from './evidence-entries.js';
import { readMigrationTexts } from './migration-texts.js';
import { judgePredictions } from './predictions.js';
import type { VerifyOptions, VerifyResult } from './result.js';
import { startTrial, type Trial } from './trial.js';
import { type VerifyWork, verifyAll } from './verify-all.js';

/** The project, and how its database can be asked. */
export interface VerifyPlace extends LintPlace {
  database: DatabaseOption;
  /** The major version to execute on, where neither an option nor a database decides. */
  serverVersion: number | undefined;
}

/**
 * Reads the folder, and the database or git only where the options ask for it. The project's database is never changed.
 * @throws KatError USAGE, CONFIG_INVALID, FILES_INVALID, GRAPH_INVALID; what opening the throwaway database throws; CANCELLED.
 */
export async function verify(place: VerifyPlace, options: VerifyOptions): Promise<VerifyResult> {
  refuseContradiction(options);
  const { directory, signal } = place;
  const graph = buildGraph(await loadMigrations(directory));
  const { linted } = await chooseMigrations(place, graph, options);
  const readSql = () => readSqlTexts(directory);
  const server = await chooseServer(place, options);
  const whyNotShared = () => findSharedChange(graph, linted);
  const throwaway = await openThrowaway(
    { on: options.on, server },
    { readSql, whyNotShared, directory, onEvent: place.onEvent, signal },
  );
  try {
    const trial = await startTrial({ directory, graph, throwaway, signal });
    const work: VerifyWork = {
      graph,
      trial,
      throwaway,
      findings: [],
      seen: [],
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
    const result = await report(work, options);
    if (!options.evidence) return result;
    const seen = { wayBacks: wayBacksOf(work), pairs: [] };
    return { ...result, evidenceFile: saveEvidence({ directory, graph }, seen, trial.server) };
  } finally {
    await throwaway.close();
  }
}

/** A database counts only where it is asked anyway, or by wish: nothing else of verify needs one. */
async function chooseServer(
  place: VerifyPlace,
  { on, pending }: VerifyOptions,
): Promise<ResembledServer | undefined> {
  const { serverVersion, database } = place;
  if (on === 'server' || (on === undefined && pending))
    return readServer(await place.getDriver(), database, place);
  return serverVersion === undefined ? undefined : { major: serverVersion, settings: undefined };
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
  { order: count = 2, seed = Math.floor(Math.random() * 2 ** 31), strict = false, evidence }: VerifyOptions,
): Promise<VerifyResult> {
  if (throwaway.kind === 'shared server')
    refuseClusterChange(await findSharedChange(graph, new Set(graph.migrations.map(({ id }) => id))));
  const { verifyOrder } = await import('./order/verify-order.js');
  const { tried, ...result } = await verifyOrder({ directory, graph, trial, count, seed });
  const isValid = result.counts.errors === 0 && (!strict || result.counts.warnings === 0);
  if (!evidence) return { isValid, ...result };
  const pairs = tried.flatMap(({ ids, ends }) => (ends ? [{ ids, ends }] : []));
  const evidenceFile = saveEvidence({ directory, graph }, { wayBacks: new Map(), pairs }, result.server);
  return { isValid, ...result, evidenceFile };
}

/** Of those whose down.sql was executed. */
function wayBacksOf({ executed, rolledBack, seen }: VerifyWork): Map<string, string[]> {
  const hasFailed = (id: string) =>
    seen.some(({ migration, code }) => migration === id && code === 'down-fails');
  const tried = executed.filter((id) => rolledBack.has(id) || hasFailed(id));
  return new Map(tried.map((id) => [id, wayBackDifferences(id, seen)]));
}

/** @param ids whose ancestors run as well. */
async function findSharedChange(graph: Graph, ids: ReadonlySet<string>): Promise<string | undefined> {
  const wanted = new Set([...ids].flatMap((id) => [id, ...graph.ancestors(id)]));
  for (const migration of graph.migrations.filter(({ id }) => wanted.has(id))) {
    const { up, down } = await readMigrationTexts(migration);
    const change = findClusterChange(migration.id, up) ?? findClusterChange(migration.id, down);
    if (change !== undefined) return change;
  }
  return undefined;
}

async function report(work: VerifyWork, { strict = false }: VerifyOptions): Promise<VerifyResult> {
  const { graph, findings, executed, untried, accepted, trial } = work;
  const predictions = await judgePredictions(graph, work.rolledBack, work.seen);
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
