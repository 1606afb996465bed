/** The migrations as a validated graph; its order does not depend on the order of the folders. */

import { KatError, type Problem } from '../errors.js';
import { findReplacedTwice } from './check-replaced.js';
import { findCycles } from './cycles.js';
import { listIds } from './list-ids.js';
import { compareMigrations, type Migration, type RawMigration } from './migration.js';
import { reverseEdges, topologicalOrder } from './order.js';
import { locateReference, type ResolvedParent, resolveParents } from './resolve-parents.js';

/** A directed graph of migrations. From `buildGraph` it is valid; `createGraph` also describes a folder whose graph is not. */
export interface Graph {
  /** Parents before their children; among those that are ready, the smallest timestamp first. */
  readonly migrations: readonly Migration[];
  /** Those without parents, in the order of `migrations`. */
  readonly roots: readonly Migration[];
  /** Those without children, in the order of `migrations`. */
  readonly heads: readonly Migration[];
  has(id: string): boolean;
  /** @throws KatError USAGE when the graph has no such migration. */
  get(id: string): Migration;
  /** Ids of those that name `id` as a parent, in the order of `migrations`; none for an unknown id. */
  children(id: string): readonly string[];
  /** Ids of all that must come before one of `ids`: never the ids themselves, unless one precedes another. */
  ancestors(ids: string | Iterable<string>): ReadonlySet<string>;
  /** Ids of all that must come after one of `ids`: never the ids themselves, unless one follows another. */
  descendants(ids: string | Iterable<string>): ReadonlySet<string>;
}

/** Past this length a cycle's middle is left out of its message. */
const maxShownCycle = 20;

/**
 * Resolves the parents of all migrations and checks that they form a graph.
 * @param raw in any order: the result is the same.
 * @throws KatError GRAPH_INVALID with every problem: `Duplicate timestamp`, `Parent not found`, `Ambiguous parent`,
 *   `Duplicate parent`, `Cycle detected`, `Replaced twice`.
 */
export function buildGraph(raw: readonly RawMigration[]): Graph {
  const { migrations, problems } = examineMigrations(raw);
  if (problems.length > 0) throw invalidGraph(problems);
  return createGraph(migrations);
}

/**
 * Looks at migrations that may not form a graph.
 * @param raw in any order: the result is the same.
 * @returns them with those parents that could be resolved, and every problem that `buildGraph` names. Parents stand before
 *   their children unless there is a cycle.
 */
export function examineMigrations(raw: readonly RawMigration[]): {
  migrations: Migration[];
  problems: Problem[];
} {
  const sorted = [...raw].sort(compareMigrations);
  const { parents, problems } = resolveParents(sorted);
  const parentNumbers = parents.map((list) => list.map(({ parent }) => parent));
  const children = reverseEdges(parentNumbers);
  const order = topologicalOrder(parentNumbers, children);
  const isAcyclic = order.length === sorted.length;
  const cycles = isAcyclic ? [] : findCycles(children);
  const idOf = (number: number) => (sorted[number] as RawMigration).id;
  const migrations = (isAcyclic ? order : [...sorted.keys()]).map((number) => ({
    ...(sorted[number] as RawMigration),
    parents: (parentNumbers[number] as number[]).map(idOf),
  }));
  return {
    migrations,
    problems: [
      ...findSharedTimestamps(sorted),
      ...findReplacedTwice(sorted),
      ...problems,
      ...cycles.map((cycle) => describeCycle(cycle, sorted, parents)),
    ],
  };
}

function invalidGraph(problems: readonly Problem[]): KatError {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  return new KatError('GRAPH_INVALID', `the graph of migrations has ${count}`, {
    problems,
    help: 'Correct the metadata.yaml files. Nothing was run.',
  });
}

function findSharedTimestamps(sorted: readonly RawMigration[]): Problem[] {
  const problems: Problem[] = [];
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    const first = sorted[start] as RawMigration;
    while (sorted[end]?.timestamp === first.timestamp) end += 1;
    if (end - start === 1) continue;
    const ids = sorted.slice(start, end).map(({ id }) => id);
    problems.push({
      code: 'duplicate-timestamp',
      title: 'Duplicate timestamp',
      message: `${listIds(ids)} have the same timestamp ${first.timestamp}`,
      help: 'Give another timestamp to the one that no database has applied: rename its folder, and change its metadata.yaml.',
      migration: sorted[start + 1]?.id ?? first.id,
    });
  }
  return problems;
}

function describeCycle(
  cycle: readonly number[],
  sorted: readonly RawMigration[],
  parents: readonly (readonly ResolvedParent[])[],
): Problem {
  const first = cycle[0] as number;
  const migration = sorted[first] as RawMigration;
  const ids = [...cycle, first].map((number) => (sorted[number] as RawMigration).id);
  const closing = parents[first]?.find(({ parent }) => parent === cycle.at(-1));
  return {
    code: 'cycle',
    title: 'Cycle detected',
    message: shorten(ids).join(' → '),
    ...(closing ? { location: locateReference(migration, closing.reference) } : {}),
    help: explainCycle(cycle.length, closing && sorted[closing.parent]?.id),
    migration: migration.id,
  };
}

function explainCycle(length: number, closing: string | undefined): string {
  if (length === 1) return 'A migration cannot be its own parent. Remove this entry from `parents`.';
  const such = closing === undefined ? '' : `, such as ${closing} here`;
  return `Each of these migrations is a parent of the next. Remove one of these entries from \`parents\`${such}. Delete no folder.`;
}

function shorten(ids: readonly string[]): readonly string[] {
  if (ids.length <= maxShownCycle) return ids;
  const half = maxShownCycle / 2;
  return [...ids.slice(0, half), `(${ids.length - maxShownCycle} more)`, ...ids.slice(-half)];
}

/** Checks nothing. @param migrations parents before their children, except where these form a cycle. */
export function createGraph(migrations: readonly Migration[]): Graph {
  const byId = new Map(migrations.map((migration) => [migration.id, migration]));
  const childrenById = lazily(() => collectChildren(migrations));
  const children = (id: string): readonly string[] => childrenById().get(id) ?? [];
  const roots = lazily(() => migrations.filter(({ parents }) => parents.length === 0));
  const heads = lazily(() => migrations.filter(({ id }) => children(id).length === 0));
  return {
    migrations,
    get roots() {
      return roots();
    },
    get heads() {
      return heads();
    },
    has: (id) => byId.has(id),
    get(id) {
      const migration = byId.get(id);
      if (migration) return migration;
      throw new KatError('USAGE', `there is no migration ${id}`, {
        help: 'Check with `graph.has(id)` first.',
      });
    },
    children,
    ancestors: (ids) => reachable(ids, (id) => byId.get(id)?.parents ?? []),
    descendants: (ids) => reachable(ids, children),
  };
}

function collectChildren(migrations: readonly Migration[]): Map<string, string[]> {
  const children = new Map<string, string[]>(migrations.map(({ id }) => [id, []]));
  for (const { id, parents } of migrations) {
    for (const parent of parents) children.get(parent)?.push(id);
  }
  return children;
}

/** All that can be reached from `start` by one step or more. */
export function reachable(
  start: string | Iterable<string>,
  neighboursOf: (id: string) => Iterable<string>,
): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = typeof start === 'string' ? [start] : [...start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const neighbour of neighboursOf(id)) {
      if (reached.has(neighbour)) continue;
      reached.add(neighbour);
      open.push(neighbour);
    }
  }
  return reached;
}

function lazily<T extends object>(compute: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= compute();
    return value;
  };
}
