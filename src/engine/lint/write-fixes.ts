/** Writes fixed migrations: their own folders anew, further ones behind them, and new parents for what follows. */

import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Graph } from '../../graph/graph.js';
import { readSqlFile } from '../../project/folder/load.js';
import { type Replacement, replaceFolders } from '../../project/folder/replace-folders.js';
import { writeMigration } from '../../project/folder/write.js';
import { writeParents } from '../../project/folder/write-parents.js';
import { setNoTransaction } from '../../project/metadata/edit-no-transaction.js';
import type { FixedMigration } from './fixed-migration.js';

/**
 * @returns the ids of the migrations that were added behind each one.
 * @throws KatError FILES_INVALID when the disk refuses; then everything is as it was.
 */
export async function writeFixes(
  directory: string,
  graph: Graph,
  fixed: readonly FixedMigration[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const root = resolve(directory);
  const replacements: Replacement[] = [];
  const added = new Map<string, string[]>();
  try {
    for (const one of fixed) replacements.push(await replaceFolder(root, one));
    for (const one of fixed) addFolders(root, one, added);
    await followNewEnds(root, graph, added);
  } catch (error) {
    for (const id of [...added.values()].flat()) rmSync(join(root, id), { recursive: true, force: true });
    for (const replacement of replacements.reverse()) replacement.undo();
    throw error;
  }
  for (const replacement of replacements) replacement.finish();
  return added;
}

async function replaceFolder(root: string, { migration, drafts }: FixedMigration): Promise<Replacement> {
  const [{ up, down, isTransactional }] = drafts as [FixedMigration['drafts'][number]];
  const { id, files, noTransaction } = migration;
  const before = readSqlFile(files.metadata);
  const needsChange = !isTransactional && !noTransaction;
  const metadata = needsChange ? await setNoTransaction(files.metadata, before) : before;
  return replaceFolders(root, { kept: id, texts: { up, down, metadata } }, []);
}

function addFolders(root: string, { migration, drafts }: FixedMigration, added: Map<string, string[]>): void {
  const own: string[] = [];
  added.set(migration.id, own);
  for (const { label = '', up, down, isTransactional } of drafts.slice(1)) {
    const written = writeMigration(root, {
      name: `${migration.name}_${label}`,
      parents: [own.at(-1) ?? migration.id],
      noTransaction: !isTransactional,
      ...(migration.waits ? { waits: migration.waits } : {}),
      sql: { up, down: down ?? null },
      now: Math.floor(Date.now() / 1000),
    });
    own.push(written.id);
  }
}

/** What followed a migration follows the last of those that have taken its place. */
async function followNewEnds(
  root: string,
  graph: Graph,
  added: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const children = new Set([...added].flatMap(([id, own]) => (own.length > 0 ? graph.children(id) : [])));
  const changes = [...children].map((id) => {
    const { files, parents } = graph.get(id);
    return {
      id,
      file: files.metadata,
      parents: parents.map((parent) => added.get(parent)?.at(-1) ?? parent),
    };
  });
  await writeParents(root, changes);
}
