/** Adds applied migrations without folders to the graph, so that they roll back in the right order. */

import { createGraph, type Graph } from './graph.js';
import { type Migration, parseMigrationId } from './migration.js';
import { type Edges, reverseEdges, topologicalOrder } from './order.js';

/** The database's record of a migration. */
export interface RememberedMigration {
  id: string;
  /** Ids, as they were when it was applied. */
  parents: readonly string[];
  noTransaction: boolean;
}

/**
 * The graph with further migrations, marked `isMissing`. Parents that neither the graph nor the list has are left out.
 * If the parents close a cycle, those that come from the database give way.
 * @param missing ids that the graph does not have, in the order in which they were applied.
 * @param known the graph's own migrations as they were when they were applied: what was a parent then, and is missing now,
 *   still comes before them.
 */
export function addMissing(
  graph: Graph,
  missing: readonly RememberedMigration[],
  known: Iterable<RememberedMigration> = [],
): Graph {
  if (missing.length === 0) return graph;
  const migrations = [...graph.migrations, ...missing.map(recall)];
  const numbers = new Map(migrations.map(({ id }, number) => [id, number]));
  const toNumbers = (ids: readonly string[]) =>
    ids.map((id) => numbers.get(id)).filter((number) => number !== undefined);
  const parents = migrations.map((migration) => toNumbers(migration.parents));
  const former = new Map([...known].map((migration) => [migration.id, toNumbers(migration.parents)]));
  const isMissing = (number: number) => number >= graph.migrations.length;
  const all = parents.map((list, number) => {
    const lost = former.get((migrations[number] as Migration).id)?.filter(isMissing) ?? [];
    return [...new Set([...list, ...lost])];
  });
  const edges = [all, parents].find(isAcyclic) ?? parents.map(earlierOnly);
  return createGraph(
    topologicalOrder(edges, reverseEdges(edges)).map((number) => ({
      ...(migrations[number] as Migration),
      parents: (edges[number] as number[]).map((parent) => (migrations[parent] as Migration).id),
    })),
  );
}

function isAcyclic(parents: Edges): boolean {
  return topologicalOrder(parents, reverseEdges(parents)).length === parents.length;
}

/** The graph's own migrations come first and only have earlier parents, so what is cut belongs to the missing ones. */
function earlierOnly(parents: readonly number[], number: number): number[] {
  return parents.filter((parent) => parent < number);
}

function recall({ id, parents, noTransaction }: RememberedMigration): Migration {
  const { timestamp, name } = parseMigrationId(id) ?? { timestamp: '0', name: id };
  const file = (what: string) => `${id}/${what} (as applied)`;
  return {
    id,
    timestamp,
    name,
    parents,
    noTransaction,
    isMissing: true,
    files: { up: file('up.sql'), down: file('down.sql'), metadata: file('metadata.yaml') },
  };
}
