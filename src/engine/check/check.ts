/** Finds pairs of migrations whose order matters although nothing keeps it, and the edges that would. */

import { countFindings, type Finding, isPassed } from '../../findings.js';
import { buildGraph, createGraph, examineMigrations, type Graph } from '../../graph/graph.js';
import type { RawMigration } from '../../graph/migration.js';
import { ancestorSets, has } from '../../graph/number-set.js';
import { loadMigrations } from '../../project/folder/load.js';
import type { Conflicts } from '../../sql/conflicts/find-conflicts.js';
import { findUnreadable } from '../deps/find-unreadable.js';
import { readSql } from '../deps/read-sql.js';
import { type EvidenceSetting, loadEvidence } from '../evidence/judge.js';
import { stateNames } from '../evidence/state.js';
import { type BaseBranch, readBaseBranch } from './base-branch.js';
import { reportPairs, type Unordered } from './report.js';
import type { CheckOptions, CheckResult } from './result.js';

/**
 * Reads the folder, and with `gitBase` what git has of that revision.
 * @param evidence where executions of pairs are written down; undefined means that none counts.
 * @throws KatError FILES_INVALID, GRAPH_INVALID; USAGE when `gitBase` names no revision here.
 */
export async function checkOrder(
  directory: string,
  options: CheckOptions,
  evidence?: EvidenceSetting,
): Promise<CheckResult> {
  const { gitBase = 'none', strict = false } = options;
  const raw = await loadMigrations(directory);
  const branch = gitBase === 'none' ? undefined : await readBaseBranch(directory, raw, gitBase);
  const graph = joinGraph(raw, branch);
  const { conflicts, unordered } = await findInGraph(graph, {
    isAsked: isAskedBy(graph, branch),
    texts: new Map(branch?.ahead.map(({ migration, text }) => [migration.id, text])),
  });
  const own = new Set(raw.map(({ id }) => id));
  const states = stateNames(graph, (id) => own.has(id));
  const report = reportPairs(unordered, conflicts, { branch, evidence: loadEvidence(evidence, states) });
  const unreadable = await findUnreadable(
    graph,
    unordered.history.filter(({ id }) => own.has(id)),
  );
  const findings = [...unreadable, ...report.findings];
  const counts = countFindings(findings);
  return {
    isValid: isPassed(counts, { strict }),
    counts,
    ...report,
    findings,
    migrations: graph.migrations.length,
    unordered: countUnordered(unordered),
    ...(branch ? { base: branch.base } : {}),
  };
}

/** Other problems of a merge, such as equal timestamps, are not checked here. */
function joinGraph(raw: readonly RawMigration[], branch: BaseBranch | undefined): Graph {
  const own = buildGraph(raw);
  if (!branch || branch.ahead.length === 0) return own;
  const joined = [...raw, ...branch.ahead.map(({ migration }) => migration)];
  const { migrations, problems } = examineMigrations(joined);
  return problems.some(({ code }) => code === 'cycle') ? buildGraph(joined) : createGraph(migrations);
}

/** Whether the order of two migrations is asked about, by their numbers in the order of the graph. */
type IsAsked = (one: number, other: number) => boolean;

function isAskedBy(graph: Graph, branch: BaseBranch | undefined): IsAsked {
  const isNew = graph.migrations.map(({ id }) => branch?.added.has(id) === true);
  const isEdited = graph.migrations.map(({ id }) => branch?.edited.has(id) === true);
  return (one, other) =>
    !branch || isNew[one] !== isNew[other] || isEdited[one] === true || isEdited[other] === true;
}

async function findInGraph(
  graph: Graph,
  { isAsked, texts }: { isAsked: IsAsked; texts?: ReadonlyMap<string, string> | undefined },
): Promise<{ conflicts: Conflicts; unordered: Unordered }> {
  const [{ findConflicts }, history] = await Promise.all([
    import('../../sql/conflicts/find-conflicts.js'),
    readSql(graph, texts),
  ]);
  const numbers = new Map(graph.migrations.map(({ id }, number) => [id, number]));
  const parents = graph.migrations.map((one) => one.parents.map((id) => numbers.get(id) as number));
  const sets = ancestorSets(parents);
  const isAncestor = (one: number, other: number) => has(sets[other] as (typeof sets)[number], one);
  return {
    conflicts: findConflicts(history, { isAncestor, isAsked }),
    unordered: { history, parents, isOpen: (one, other) => isAsked(one, other) && !isAncestor(one, other) },
  };
}

/**
 * @param sides ids of two sets of migrations; only pairs of one of each are compared.
 * @throws KatError FILES_INVALID, GRAPH_INVALID.
 */
export async function checkBetween(
  directory: string,
  sides: readonly [ReadonlySet<string>, ReadonlySet<string>],
): Promise<readonly Finding[]> {
  const graph = buildGraph(await loadMigrations(directory));
  const [first, second] = sides.map((ids) => graph.migrations.map(({ id }) => ids.has(id)));
  const isAcross = (one: number, other: number) => first?.[one] === true && second?.[other] === true;
  return checkPairs(graph, (one, other) => isAcross(one, other) || isAcross(other, one));
}

/**
 * Compares the migrations that one head has among its ancestors with those that only another has.
 * @param heads ids
 * @throws KatError FILES_INVALID.
 */
export async function checkHeads(graph: Graph, heads: readonly string[]): Promise<readonly Finding[]> {
  const histories = heads.map((id) => new Set([id, ...graph.ancestors(id)]));
  const owners = graph.migrations.map(({ id }) => histories.filter((history) => history.has(id)));
  const isJoined = (one: number, other: number) => {
    const [first, second] = [owners[one] ?? [], owners[other] ?? []];
    return first.length > 0 && second.length > 0 && !first.some((history) => second.includes(history));
  };
  return checkPairs(graph, isJoined);
}

async function checkPairs(graph: Graph, isAsked: IsAsked): Promise<readonly Finding[]> {
  const { conflicts, unordered } = await findInGraph(graph, { isAsked });
  return reportPairs(unordered, conflicts).findings;
}

function countUnordered({ history, isOpen }: Unordered): number {
  let count = 0;
  for (let other = 0; other < history.length; other += 1) {
    for (let one = 0; one < other; one += 1) if (isOpen(one, other)) count += 1;
  }
  return count;
}
