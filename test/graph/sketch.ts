/** Lets a test write a graph in a few characters, and makes random ones. */

import fc from 'fast-check';
import { buildGraph, type Graph } from '../../src/graph/graph.js';
import { parseMigrationId, type RawMigration } from '../../src/graph/migration.js';

/** Ids, each with the parents as an author would write them: `{ '1_a': [], '2_b': ['a'] }`. */
export type Sketch = Record<string, readonly string[]>;

export function sketchMigrations(sketch: Sketch): RawMigration[] {
  return Object.entries(sketch).map(([id, parents]) => rawMigration(id, parents));
}

export function sketchGraph(sketch: Sketch): Graph {
  return buildGraph(sketchMigrations(sketch));
}

export function rawMigration(id: string, parents: readonly string[] = []): RawMigration {
  const parts = parseMigrationId(id);
  if (!parts) throw new Error(`${id} is no id`);
  const file = (name: string) => `/migrations/${id}/${name}`;
  return {
    ...parts,
    parents: parents.map((text, index) => ({ text, line: 4 + index, column: 5 })),
    noTransaction: parts.name.endsWith('_alone'),
    files: { up: file('up.sql'), down: file('down.sql'), metadata: file('metadata.yaml') },
  };
}

/** Random graphs without cycles, in which parents may have later timestamps than their children. */
export const anyMigrations: fc.Arbitrary<RawMigration[]> = fc
  .uniqueArray(fc.nat(200), { maxLength: 25 })
  .chain((timestamps) =>
    fc.tuple(
      ...timestamps.map((timestamp, index) =>
        fc
          .subarray(timestamps.slice(0, index), { maxLength: Math.min(4, index) })
          .map((parents) => rawMigration(`${timestamp}_m${timestamp}`, parents.map(String))),
      ),
    ),
  );

/** A random graph with the ids of some of its migrations, in random order. */
export const anyGraphAndIds: fc.Arbitrary<{ graph: Graph; ids: string[] }> = anyMigrations.chain((raw) =>
  fc.record({
    graph: fc.constant(buildGraph(raw)),
    ids: fc.shuffledSubarray(raw.map(({ id }) => id)),
  }),
);
