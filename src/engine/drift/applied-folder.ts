/** Writes the migrations that a database has applied into a folder of their own, with the SQL that was applied. */

import { copyFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KatError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import { listIds } from '../../graph/list-ids.js';
import { parseMigrationId } from '../../graph/migration.js';
import { withoutReplaced } from '../../graph/replaced.js';
import { checksum, readSqlFile } from '../../project/folder/load.js';
import { migrationFiles } from '../../project/folder/migration-folder.js';
import { findTextInGit } from '../../project/git/text-by-checksum.js';
import { formatMetadata } from '../../project/metadata/migration-texts.js';
import { withoutComments } from '../../sql/syntax/without-comments.js';
import { isEdited } from '../ledger/edited.js';
import type { RememberedFacts } from '../ledger/logged-migrations.js';
import { createTemporaryFolder, type TemporaryFolder } from '../throwaway/temporary-folder.js';
import type { AppliedDatabase } from './applied-state.js';
import { refusePrograms } from './refuse-programs.js';
import type { DriftAssumption } from './result.js';

export interface AppliedFolder extends TemporaryFolder {
  assumptions: readonly DriftAssumption[];
}

/** The project's folder, as it is now. */
export interface DriftProject {
  directory: string;
  graph: Graph;
}

/**
 * Each migration follows the one that was applied before it, so that they run in the same order again.
 * @throws KatError USAGE for programs; STATE_UNKNOWN for migrations whose SQL is neither in the folder nor in git.
 */
export async function writeAppliedFolder(
  project: DriftProject,
  { applied, facts }: Pick<AppliedDatabase, 'applied' | 'facts'>,
): Promise<AppliedFolder> {
  const folder = createTemporaryFolder('drift');
  try {
    const ids = withoutReplaced(project.graph, applied);
    refusePrograms(ids.filter((id) => project.graph.has(id)).map((id) => project.graph.get(id)));
    const sources = await Promise.all(ids.map((id) => findSource(project, id, facts.get(id))));
    refuseUnknown(ids.filter((_, index) => sources[index] === undefined));
    ids.forEach((id, index) => {
      const source = sources[index] as AppliedSource;
      writeMigrationFolder(folder.path, { id, parent: ids[index - 1], source });
    });
    const assumptions = ids.flatMap((migration, index) => {
      const reason = sources[index]?.assumption;
      return reason === undefined ? [] : [{ migration, reason }];
    });
    return { ...folder, assumptions };
  } catch (error) {
    folder.remove();
    throw error;
  }
}

/** The SQL of one migration, as a file or as a text. */
interface AppliedSource {
  file?: string;
  text?: string;
  noTransaction: boolean;
  assumption?: string;
}

async function findSource(
  { directory, graph }: DriftProject,
  id: string,
  facts: RememberedFacts | undefined,
): Promise<AppliedSource | undefined> {
  const migration = graph.has(id) ? graph.get(id) : undefined;
  const noTransaction = migration?.noTransaction ?? facts?.noTransaction ?? false;
  const current = migration && { file: migration.files.up, noTransaction };
  if (migration && !isEdited(migration, facts)) return current;
  const wanted = facts?.checksum;
  const fits = (text: string) => wanted === undefined || checksum(text) === wanted;
  const text = await findTextInGit(directory, `${id}/up.sql`, fits);
  if (text !== undefined) return { text, noTransaction };
  const assumption = 'up.sql was edited after it was applied, and git does not have the applied text';
  return current && { ...current, assumption };
}

function refuseUnknown(ids: readonly string[]): void {
  if (ids.length === 0) return;
  throw new KatError(
    'STATE_UNKNOWN',
    `the SQL of ${listIds(ids)} is neither in the migrations folder nor in git, so the expected schema is unknown`,
    {
      help: 'Fetch the branch that has the migrations. `kat show` with the name of one says who applied it, and when.',
    },
  );
}

/** A longer text has some. */
const longestEmpty = 1 << 16;

/** It is refused in a migration with a single parent, but `kat merge` writes such files, and Go's Kat applies them. */
function hasNoStatements({ file, text }: AppliedSource): boolean {
  if (file !== undefined && statSync(file).size > longestEmpty) return false;
  return /^[;\s]*$/.test(withoutComments(file === undefined ? (text ?? '') : readSqlFile(file)));
}

function writeMigrationFolder(
  directory: string,
  { id, parent, source }: { id: string; parent: string | undefined; source: AppliedSource },
): void {
  const files = migrationFiles(directory, id);
  const { timestamp = '' } = parseMigrationId(id) ?? {};
  mkdirSync(join(directory, id));
  if (hasNoStatements(source)) writeFileSync(files.up, 'SELECT 1;\n');
  else if (source.file !== undefined) copyFileSync(source.file, files.up);
  else writeFileSync(files.up, source.text ?? '');
  const parents = parent === undefined ? [] : [parent];
  const { noTransaction } = source;
  writeFileSync(files.metadata, formatMetadata({ id, timestamp, parents, noTransaction }));
}
