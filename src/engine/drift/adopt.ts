/** Writes what was done to a database by hand as a migration, and records it as applied there. */

import { KatError } from '../../errors.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import { loadMigrations } from '../../project/folder/load.js';
import { type AddedMigration, addMigration } from '../author/add-migration.js';
import { stamp } from '../records/stamp.js';
import type { RunSetting } from '../session/run-setting.js';
import type { FoundDrift } from './found-drift.js';

/**
 * The migration follows the applied ones. Its down.sql puts everything back.
 * @throws KatError USAGE where there is no SQL to write; what writing and recording throw.
 */
export async function adoptDrift(
  { takeOver, putBack, appliedIds, differences }: FoundDrift,
  name: string,
  setting: RunSetting,
): Promise<AddedMigration> {
  if (takeOver.length === 0) throw nothingToAdopt();
  const graph = buildGraph(await loadMigrations(setting.directory));
  const added = await addMigration({ directory: setting.directory }, name, {
    description: 'Takes over what was changed in a database by hand.',
    parents: appliedHeads(graph, appliedIds),
    sql: {
      up: lossNote(differences.filter((one) => one.takeOver.losesData)) + scriptOf(takeOver),
      down: lossNote(differences.filter((one) => one.putBack.losesData)) + scriptOf(putBack),
    },
  });
  await stamp(setting, { of: [added.id], only: true });
  return added;
}

function nothingToAdopt(): KatError {
  return new KatError('USAGE', 'there is no difference that SQL can take over', {
    help: 'Run `kat drift` without `--adopt` to see all differences.',
  });
}

function appliedHeads(graph: Graph, ids: readonly string[]): string[] {
  const applied = new Set(ids);
  const isHead = (id: string) => applied.has(id) && !graph.children(id).some((child) => applied.has(child));
  return graph.migrations.map(({ id }) => id).filter(isHead);
}

/** Whoever reviews the file sees it first. */
function lossNote(differences: FoundDrift['differences']): string {
  if (differences.length === 0) return '';
  return `-- Deletes rows or values of ${differences.map(({ object }) => object).join(', ')}.\n\n`;
}

function scriptOf(statements: readonly string[]): string {
  return statements.map((statement) => `${statement};\n`).join('\n');
}
