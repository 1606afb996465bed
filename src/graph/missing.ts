/** Puts applied migrations whose folders are gone back into the graph, so that they can be rolled back in the right order. */

import { createGraph, type Graph } from './graph.js';
import { type Migration, parseMigrationId } from './migration.js';
import { reverseEdges, topologicalOrder } from './order.js';

/** What the database remembers of a migration. */
export interface RememberedMigration {
  id: string;
  /** Ids, as they were when it was applied. */
  parents: readonly string[];
  noTransaction: boolean;
}

/**
 * The graph with further migrations, marked `isMissing`. Parents that neither the graph nor the list has are left out,
 * and so are those that would close a cycle.
 * @param missing ids that the graph does not have.
 */
export function addMissing(graph: Graph, missing: readonly RememberedMigration[]): Graph {
  if (missing.length === 0) return graph;
  const migrations = [...graph.migrations, ...missing.map(recall)];
  const numbers = new Map(migrations.map(({ id }, number) => [id, number]));
  const known = migrations.map(({ parents }) =>
    parents.map((id) => numbers.get(id)).filter((number) => number !== undefined),
  );
  const order = topologicalOrder(known, reverseEdges(known));
  const usable = order.length === migrations.length ? known : known.map(earlierOnly);
  const sorted = order.length === migrations.length ? order : migrations.keys();
  return createGraph(
    [...sorted].map((number) => ({
      ...(migrations[number] as Migration),
      parents: (usable[number] as number[]).map((parent) => (migrations[parent] as Migration).id),
    })),
  );
}

/** The graph's own migrations come first and only have earlier parents, so what is cut belongs to the missing ones. */
function earlierOnly(parents: readonly number[], number: number): number[] {
  return parents.filter((parent) => parent < number);
}

function recall({ id, parents, noTransaction }: RememberedMigration): Migration {
  const { timestamp, name } = parseMigrationId(id) ?? { timestamp: '0', name: id };
  const file = (what: string) => `${id}/${what} (as it was when it was applied)`;
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
