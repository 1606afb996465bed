/** Executes migrations on a throwaway database: up, down, and up again. */

import { KatError } from '../../errors.js';
import { countFindings, type Finding, isPassed } from '../../findings.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import type { Migration, RawMigration } from '../../graph/migration.js';
import { loadMigrations } from '../../project/folder/load.js';
import { chooseMigrations } from '../lint/choose-migrations.js';
import { preloadRun } from '../run/preload.js';
import { cancelledWhile } from '../session/cancel.js';
import { refuseClusterChange } from '../throwaway/cluster-changes.js';
import { refuseOutsideMigrations } from '../throwaway/sqlite/refuse-outside-file.js';
import { openResultCache, type ResultCache } from './cache/cached-results.js';
import { openResultStore } from './cache/result-store.js';
import { saveEvidence, wayBackDifferences } from './evidence-entries.js';
import { judgePredictions, predictWayBacks } from './predictions.js';
import type { VerifyOptions, VerifyResult } from './result.js';
import { startTrial } from './trial.js';
import { findSharedChange, findTrialPlace, type TrialPlace, type VerifyPlace } from './trial-place.js';
import { recordResult, startResults, type VerifyResults, verifyAll } from './verify-all.js';

/**
 * Reads the folder, and the database or git only where the options ask for it. The project's database is never changed.
 * @throws KatError USAGE, CONFIG_INVALID, FILES_INVALID, GRAPH_INVALID; what opening the throwaway database throws; CANCELLED.
 */
export function verify(place: VerifyPlace, options: VerifyOptions): Promise<VerifyResult> {
  return cancelledWhile('migrations were tried on a throwaway database', place.signal, () =>
    verifyChosen(place, options),
  );
}

async function verifyChosen(place: VerifyPlace, options: VerifyOptions): Promise<VerifyResult> {
  refuseContradiction(options);
  const migrations = await loadMigrations(place.directory);
  const graph = buildGraph(migrations);
  const { linted } = await chooseMigrations(place, graph, options);
  const trialPlace = await findTrialPlace(place, options, { graph, ids: linted });
  try {
    if (options.order !== undefined)
      return await verifyOrders(place, { migrations, graph, trialPlace }, options);
    const cache = options.cache === false ? undefined : await openCache(place, graph, trialPlace);
    const results = startResults();
    const rest = graph.migrations.filter(({ id }) => linted.has(id) && !recallResult(results, cache, id));
    const predict = predictOnce(graph, linted, place);
    if (rest.length > 0 || linted.size === 0)
      await execute(place, { migrations, graph, trialPlace, results, cache, predict }, rest);
    // The server drops the database meanwhile.
    const closing = trialPlace.close();
    const result = await report(results, graph, { cache, predict, strict: options.strict ?? false });
    cache?.close();
    await closing;
    if (!options.evidence) return result;
    const seen = { wayBacks: wayBacksOf(results), pairs: [] };
    return {
      ...result,
      evidenceFile: saveEvidence({ directory: place.directory, graph }, seen, results.server),
    };
  } finally {
    await trialPlace.close();
  }
}

async function openCache(
  { directory }: VerifyPlace,
  graph: Graph,
  trialPlace: TrialPlace,
): Promise<ResultCache | undefined> {
  const store = openResultStore(process.env);
  const environment = store && (await trialPlace.describe());
  return store && environment ? openResultCache(store, { graph, directory, environment }) : undefined;
}

/** @returns whether an earlier run has the result. */
function recallResult(results: VerifyResults, cache: ResultCache | undefined, id: string): boolean {
  const found = cache?.find(id);
  if (!found) return false;
  recordResult(results, id, found);
  results.server = found.server;
  results.recalled += 1;
  return true;
}

/** What lint says about the migrations that are verified. */
type Predict = () => Promise<readonly Finding[]>;

/** SQLite has no lint. */
function predictOnce(graph: Graph, ids: ReadonlySet<string>, { isSqlite }: VerifyPlace): Predict {
  let predicted: Promise<Finding[]> | undefined;
  return () => (predicted ??= isSqlite ? Promise.resolve([]) : predictWayBacks(graph, ids));
}

interface VerifyTask {
  migrations: readonly RawMigration[];
  graph: Graph;
  trialPlace: TrialPlace;
  results: VerifyResults;
  cache: ResultCache | undefined;
  predict: Predict;
}

async function execute(
  { directory, isSqlite, onEvent, signal }: VerifyPlace,
  { migrations, graph, trialPlace, results, cache, predict }: VerifyTask,
  chosen: readonly Migration[],
): Promise<void> {
  const opening = trialPlace.open();
  if (!isSqlite) void preloadRun();
  const throwaway = await opening;
  const trial = await startTrial({ directory, migrations, throwaway, onEvent, signal });
  results.server = trial.server;
  const harmless = new Set<string>();
  // The report tells of a failure.
  const onReached = () => void predict().catch(() => undefined);
  try {
    await verifyAll({ graph, trial, throwaway, results, cache, harmless, onEvent, onReached }, chosen);
  } finally {
    await trial.close();
  }
}

/** @throws KatError USAGE where a migration would change what a server shares. */
async function verifyOrders(
  { directory, isSqlite, onEvent, signal }: VerifyPlace,
  { migrations, graph, trialPlace }: Pick<VerifyTask, 'migrations' | 'graph' | 'trialPlace'>,
  { order: count = 2, seed = Math.floor(Math.random() * 2 ** 31), strict = false, evidence }: VerifyOptions,
): Promise<VerifyResult> {
  const throwaway = await trialPlace.open();
  if (throwaway.kind === 'shared server')
    refuseClusterChange(await findSharedChange(graph, new Set(graph.migrations.map(({ id }) => id))));
  if (isSqlite) refuseOutsideMigrations(graph.migrations, ['up', 'down']);
  const trial = await startTrial({ directory, migrations, throwaway, onEvent, signal });
  const { verifyOrder } = await import('./order/verify-order.js');
  const { tried, ...result } = await verifyOrder({ directory, graph, trial, count, seed, onEvent }).finally(
    trial.close,
  );
  const done = { isValid: isPassed(result.counts, { strict }), ...result };
  if (!evidence) return done;
  const pairs = tried.flatMap(({ ids, ends }) => (ends ? [{ ids, ends }] : []));
  const evidenceFile = saveEvidence({ directory, graph }, { wayBacks: new Map(), pairs }, result.server);
  return { ...done, evidenceFile };
}

/** Of those whose down.sql was executed. */
function wayBacksOf({ executed, rolledBack, seen }: VerifyResults): Map<string, string[]> {
  const hasFailed = (id: string) =>
    seen.some(({ migration, code }) => migration === id && code === 'down-fails');
  const tried = executed.filter((id) => rolledBack.has(id) || hasFailed(id));
  return new Map(tried.map((id) => [id, wayBackDifferences(id, seen)]));
}

async function report(
  { findings, seen, executed, rolledBack, untried, accepted, server, recalled }: VerifyResults,
  graph: Graph,
  { cache, predict, strict }: Pick<VerifyTask, 'cache' | 'predict'> & { strict: boolean },
): Promise<VerifyResult> {
  const judge = async () =>
    rolledBack.size === 0 ? [] : judgePredictions(await predict(), rolledBack, seen);
  const predictions = await (cache?.predictions({ rolledBack, findings: seen }, judge) ?? judge());
  const place = new Map(graph.migrations.map(({ id }, index) => [id, index]));
  const inOrder = (one: string | undefined) => place.get(one ?? '') ?? 0;
  const sorted = findings
    .map(({ object: _, ...finding }) => finding)
    .sort((a, b) => inOrder(a.migration) - inOrder(b.migration));
  const counts = countFindings(sorted);
  return {
    isValid: isPassed(counts, { strict }),
    findings: sorted,
    counts,
    migrations: executed.sort((a, b) => inOrder(a) - inOrder(b)),
    untried: untried.sort((a, b) => inOrder(a.id) - inOrder(b.id)),
    predictions,
    accepted,
    recalled,
    server,
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
