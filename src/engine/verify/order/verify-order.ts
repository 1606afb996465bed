/** Executes a history in several orders, and finds the pairs of migrations whose order matters. */

import { MigrationError } from '../../../errors.js';
import { countFindings, type Severity } from '../../../findings.js';
import type { Graph } from '../../../graph/graph.js';
import { chooseOrders, countCovered } from '../../../graph/linear-orders.js';
import { checkOrder } from '../../check/check.js';
import type { EventListener } from '../../events.js';
import type { PairEnds } from '../../evidence/entry.js';
import { verdictOnPair } from '../../evidence/judge.js';
import { failureFinding, type VerifyFinding } from '../findings.js';
import { readMigrationTexts } from '../migration-texts.js';
import type { VerifiedPrediction, VerifyResult } from '../result.js';
import type { Trial } from '../trial.js';
import { type Culprit, endsLike, findCulprit, type OrderEnd, type RunOrder } from './find-culprit.js';
import { culpritFinding } from './order-findings.js';
import { tryPair } from './try-pair.js';

export interface OrderRequest {
  directory: string;
  graph: Graph;
  trial: Trial;
  count: number;
  seed: number;
  onEvent: EventListener;
}

/** What happened with the orders. */
interface OrderWork {
  /** How many times all migrations were applied. */
  runs: number;
  /** The orders in which all migrations were applied. */
  ended: (readonly string[])[];
  culprits: Culprit[];
}

/** A pair of `kat check`, and how its two orders end where that is known. */
export interface TriedPair {
  ids: readonly [string, string];
  ends: PairEnds | undefined;
  code: string;
  severity: Severity;
}

/** @throws ConnectionError; KatError CANCELLED, FILES_INVALID. */
export async function verifyOrder(
  request: OrderRequest,
): Promise<Omit<VerifyResult, 'isValid'> & { tried: readonly TriedPair[] }> {
  const { graph, trial, count, seed } = request;
  const orders = chooseOrders(graph, { count, seed });
  const [usual = []] = orders;
  const work: OrderWork = { runs: 0, ended: [], culprits: [] };
  const run: RunOrder = async (order) => {
    work.runs += 1;
    const end = await applyInOrder(graph, trial, order);
    if ('schema' in end) work.ended.push(order);
    return end;
  };
  const end = await run(usual);
  const findings =
    'failure' in end
      ? await usualFails(request, end)
      : await compareOrders(request, work, { run, orders, schema: end.schema });
  // Where the usual order fails, what comes behind the failing migration cannot be tried.
  const tried = 'failure' in end ? [] : await tryPairs(request, work.culprits);
  return {
    findings,
    counts: countFindings(findings),
    migrations: usual,
    untried: [],
    tried,
    predictions: tried.map(predictionOf),
    accepted: 0,
    recalled: 0,
    server: trial.server,
    order: { seed, orders: orders.length, ...countCovered(graph, work.ended), runs: work.runs },
  };
}

type GoodEnd = Extract<OrderEnd, { schema: unknown }>;

async function compareOrders(
  { graph, trial, onEvent }: OrderRequest,
  work: OrderWork,
  { run, orders, schema }: GoodEnd & { run: RunOrder; orders: readonly (readonly string[])[] },
): Promise<VerifyFinding[]> {
  const [good = [], ...others] = orders;
  for (const [index, bad] of others.entries()) {
    onEvent({
      type: 'progress',
      task: 'run all migrations in another order',
      done: index + 2,
      total: orders.length,
    });
    if (work.culprits.some((culprit) => isTurned(bad, culprit))) continue;
    const end = await run(bad);
    if (!endsLike(schema, end)) work.culprits.push(await findCulprit(run, { good, schema, bad, end }));
  }
  return Promise.all(work.culprits.map((culprit) => culpritFinding(graph, culprit, trial)));
}

/** An order with a known culprit the other way round shows nothing new. */
function isTurned(order: readonly string[], { ids: [first, second] }: Culprit): boolean {
  return order.indexOf(second) < order.indexOf(first);
}

async function applyInOrder(graph: Graph, trial: Trial, order: readonly string[]): Promise<OrderEnd> {
  trial.spoil();
  const applied = new Set<string>();
  for (const chunk of chunksOf(graph, order)) {
    for (const id of chunk) applied.add(id);
    const failure = await trial.moveTo(applied);
    if (failure) return { failure };
  }
  return { schema: await trial.readSnapshot() };
}

/** Runs of migrations that `kat up` would apply in this order by itself. */
function chunksOf({ migrations }: Graph, order: readonly string[]): string[][] {
  const places = new Map(migrations.map(({ id }, place) => [id, place]));
  const chunks: string[][] = [];
  let last = Number.POSITIVE_INFINITY;
  for (const id of order) {
    const place = places.get(id) as number;
    if (place > last) chunks.at(-1)?.push(id);
    else chunks.push([id]);
    last = place;
  }
  return chunks;
}

async function usualFails(
  { graph, trial }: OrderRequest,
  { failure }: Extract<OrderEnd, { failure: unknown }>,
): Promise<VerifyFinding[]> {
  if (!(failure instanceof MigrationError)) throw failure;
  const migration = graph.get(failure.migration);
  const texts = await readMigrationTexts(migration, trial);
  return [failureFinding({ migration, texts }, failure, { direction: 'up' })];
}

/** Executes each pair of `kat check` in both orders, unless the orders of the history have shown that it matters. */
async function tryPairs(
  { directory, graph, trial }: OrderRequest,
  culprits: readonly Culprit[],
): Promise<TriedPair[]> {
  // `kat check` needs PostgreSQL's parser.
  if (trial.isSqlite) return [];
  const { pairs } = await checkOrder(directory, {});
  const tried: TriedPair[] = [];
  for (const { ids, reasons } of pairs) {
    const [best] = reasons;
    const culprit = culprits.find((one) => ids.every((id) => one.ids.includes(id)));
    const seen = culprit && (culprit.failure ? 'fails' : 'differs');
    const ends = seen ?? (await tryPair(trial, graph, ids));
    tried.push({ ids, ends, code: best?.code ?? '', severity: best?.severity ?? 'info' });
  }
  return tried;
}

function predictionOf({ ids: [first, second], ends, code, severity }: TriedPair): VerifiedPrediction {
  return {
    code,
    severity,
    message: `unordered relative to ${first}`,
    migration: second,
    verdict: ends === undefined ? 'not seen' : verdictOnPair(ends, severity),
  };
}
