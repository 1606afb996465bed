/** Finds the parents of one migration in its SQL, for `kat add`. */

import { KatError, type Problem } from '../../errors.js';
import { buildGraph, createGraph, type Graph } from '../../graph/graph.js';
import type { Migration, RawMigration } from '../../graph/migration.js';
import { findMigrations } from '../../graph/select.js';
import { loadMigrations } from '../../project/folder/load.js';
import { changeParents, sortIds } from '../deps/change-parents.js';
import { readEffectsHistory } from '../deps/read-sql.js';
import type { ParentsChange } from '../deps/result.js';
import { examineSteps } from '../plan/check-plan.js';

/**
 * Puts the parents that its SQL asks for into the `metadata.yaml` of a migration.
 * @throws KatError USAGE when `reference` does not mean one migration, FILES_INVALID when its up.sql is no SQL.
 */
export async function inferParents(
  directory: string,
  reference: string,
  onStray: (problem: Problem) => void,
): Promise<ParentsChange> {
  const raw = await loadMigrations(directory, onStray);
  const graph = buildGraph(raw);
  const migration = findOne(graph, reference);
  await refuseSyntaxErrors(graph, migration);
  return changeTo({ directory, raw, graph }, migration);
}

/** The same for a migration that was just added; what is no SQL follows everything, like all that Kat cannot look into. */
export async function inferNewParents(directory: string, id: string): Promise<ParentsChange> {
  const raw = await loadMigrations(directory);
  const graph = buildGraph(raw);
  return changeTo({ directory, raw, graph }, graph.get(id));
}

interface Folder {
  directory: string;
  raw: readonly RawMigration[];
  graph: Graph;
}

async function changeTo({ directory, raw, graph }: Folder, migration: Migration): Promise<ParentsChange> {
  const change: ParentsChange = {
    id: migration.id,
    file: migration.files.metadata,
    before: sortIds(migration.parents),
    after: await findParents(graph, migration),
  };
  const isChanged = change.before.join('\n') !== change.after.join('\n');
  await changeParents({ command: 'add --infer', directory, raw }, isChanged ? [change] : []);
  return change;
}

async function refuseSyntaxErrors(graph: Graph, { id }: Migration): Promise<void> {
  const step = { id, direction: 'up', mode: 'transaction' } as const;
  const examined = await examineSteps({ graph, storedDowns: new Map() }, [step]);
  const problems = examined.flatMap((one) => one.problems).filter(({ code }) => code === 'syntax');
  if (problems.length === 0) return;
  throw new KatError('FILES_INVALID', `the SQL of ${id} cannot be parsed`, {
    problems,
    help: 'Correct the SQL, so that Kat can find its dependencies.',
  });
}

function findOne(graph: Graph, reference: string): Migration {
  const [found, ...others] = findMigrations(graph, reference);
  if (found && others.length === 0) return found;
  throw new KatError('USAGE', `${reference} means ${others.length + 1} migrations`, {
    help: 'Name a single migration.',
  });
}

/**
 * The migrations that one needs, without those that the others imply by what is declared. What only may be needed counts, so
 * that a migration with SQL that Kat cannot look into follows everything.
 */
async function findParents(graph: Graph, { id }: Migration): Promise<string[]> {
  const { conservative } = await readEffectsHistory(withLast(graph, id));
  const needs = conservative.find((one) => one.id === id)?.needs ?? [];
  const ids = needs.map((need) => need.id);
  const implied = graph.ancestors(ids);
  return sortIds(ids.filter((need) => !implied.has(need)));
}

/** The same history with everything that does not follow the migration before it, as its parents may be any of that. */
function withLast(graph: Graph, id: string): Graph {
  const later = graph.descendants(id);
  const isLater = (migration: Migration) => migration.id === id || later.has(migration.id);
  return createGraph([
    ...graph.migrations.filter((migration) => !isLater(migration)),
    ...graph.migrations.filter(isLater),
  ]);
}
