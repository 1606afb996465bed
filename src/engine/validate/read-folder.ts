/** Reads the migrations folder for `kat validate`: whatever is wrong with it, as much of a graph as there is. */

import type { Problem } from '../../errors.js';
import type { Finding } from '../../findings.js';
import { createGraph, examineMigrations, type Graph } from '../../graph/graph.js';
import { listIds } from '../../graph/list-ids.js';
import type { Migration, RawMigration } from '../../graph/migration.js';
import { examineFolder } from '../../project/folder/load.js';
import { findStrays } from '../../project/folder/strays.js';
import { wholeFile } from '../../project/source-text.js';
import { checkRivals } from '../plan/check-program.js';
import { finding, findingOf } from './finding-of.js';

export interface Folder {
  /** Every migration with the parents that could be resolved. It may have cycles, so nothing may be planned with it. */
  graph: Graph;
  /** As their authors wrote them. */
  raw: readonly RawMigration[];
  /** Ids of those that nothing more is known of, as something is wrong with their files. */
  broken: ReadonlySet<string>;
  findings: readonly Finding[];
}

/** @throws KatError FILES_INVALID when there is no folder to read. */
export async function readFolder(directory: string): Promise<Folder> {
  const { migrations: sound, broken, problems } = await examineFolder(directory);
  const raw = [...sound, ...broken];
  const examined = examineMigrations(raw);
  const graph = createGraph(examined.migrations);
  const metadataOf = (id: string | undefined) =>
    id !== undefined && graph.has(id) ? wholeFile(graph.get(id).files.metadata) : undefined;
  const isSound = problems.length === 0 && examined.problems.length === 0;
  return {
    graph,
    raw,
    broken: new Set(broken.map(({ id }) => id)),
    findings: [
      ...problems.map((problem) => findingOf(problem)),
      ...findStrays(directory).map((problem) => findingOf(problem)),
      ...graph.migrations.flatMap(findRivals).map((problem) => findingOf(problem)),
      ...examined.problems.map((problem) => findingOf(problem, metadataOf(problem.migration))),
      ...(isSound ? findHeads(graph) : []),
    ],
  };
}

/** Also of applied migrations: another database runs them, too. */
function findRivals(migration: Migration): Problem[] {
  return [...checkRivals(migration, 'up'), ...checkRivals(migration, 'down')];
}

function findHeads({ heads }: Graph): Finding[] {
  if (heads.length < 2) return [];
  return [
    finding('several-heads', {
      message: `the graph has ${heads.length} heads: ${listIds(heads.map(({ id }) => id))}`,
      help: 'No action needed: the next `kat add` takes all heads as parents, or with --up those that its SQL needs.',
    }),
  ];
}
