/** Works out which `metadata.yaml` files get other parents, and writes them once the graph is known to stay one. */

import { buildGraph } from '../../graph/graph.js';
import { compareMigrations, parseMigrationId, type RawMigration } from '../../graph/migration.js';
import { writeParents } from '../../project/folder/change/rewritten-parents.js';
import type { ParentsChange } from './result.js';

/** The folder as it is. */
interface Present {
  /** The command that makes the change. */
  command: string;
  directory: string;
  raw: readonly RawMigration[];
  /** Checks everything and writes nothing. */
  isDryRun?: boolean;
}

/**
 * @param changes of those alone whose parents differ
 * @throws KatError GRAPH_INVALID when they would close a cycle; FILES_INVALID when the disk refuses. Then nothing is written.
 */
export async function changeParents(
  { command, directory, raw, isDryRun = false }: Present,
  changes: readonly ParentsChange[],
): Promise<void> {
  buildGraph(withParents(raw, changes));
  if (isDryRun) return;
  const rewritten = changes.map(({ file, after }) => ({ file, parents: after }));
  await writeParents(command, directory, rewritten);
}

/** The migrations as the changes would leave them. */
export function withParents(
  raw: readonly RawMigration[],
  changes: readonly Pick<ParentsChange, 'id' | 'after'>[],
): RawMigration[] {
  const changed = new Map(changes.map(({ id, after }) => [id, after]));
  return raw.map((migration) => {
    const parents = changed.get(migration.id);
    if (!parents) return migration;
    return { ...migration, parents: parents.map((text) => ({ text, line: 1, column: 1 })) };
  });
}

/** Ids in the order of timestamps, each once. */
export function sortIds(ids: Iterable<string>): string[] {
  return [...new Set(ids)].sort((a, b) =>
    compareMigrations(
      parseMigrationId(a) ?? { timestamp: '', id: a },
      parseMigrationId(b) ?? { timestamp: '', id: b },
    ),
  );
}
