/** Reads the migrations folder as it was in a commit, without checking anything out. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { KatError } from '../../errors.js';
import { type MigrationFiles, type MigrationId, parseMigrationId } from '../../graph/migration.js';
import { migrationFiles } from '../folder/migration-folder.js';
import { runGit } from './run-git.js';

/** One file of a commit beside the one on the disk: its text only where their bytes differ. */
export type BaseFile = { isSame: true } | { isSame: false; text: string };

export interface BaseMigration extends MigrationId {
  /** Those that the commit has as regular files. */
  files: Partial<Record<keyof MigrationFiles, BaseFile>>;
}

/**
 * @param directory the migrations folder, which may be anywhere in a repository.
 * @returns the folders of the commit that are named like migrations, in no order.
 * @throws KatError FILES_INVALID when git cannot read the commit.
 */
export async function loadBaseMigrations(directory: string, commit: string): Promise<BaseMigration[]> {
  const blobs = (await listBlobs(directory, commit)).map((blob) => ({
    ...blob,
    isSame: isOnDisk(migrationFiles(directory, blob.folder.id)[blob.file], blob.objectId),
  }));
  const changed = blobs.filter(({ isSame }) => !isSame).map(({ objectId }) => objectId);
  const texts = await readBlobs(directory, changed);
  const migrations = new Map<string, BaseMigration>();
  for (const { folder, file, objectId, isSame } of blobs) {
    const migration = migrations.get(folder.id) ?? { ...folder, files: {} };
    migration.files[file] = isSame ? { isSame } : { isSame, text: texts.get(objectId) ?? '' };
    migrations.set(folder.id, migration);
  }
  return [...migrations.values()];
}

interface Blob {
  folder: MigrationId;
  file: keyof MigrationFiles;
  objectId: string;
}

const fileKinds: ReadonlyMap<string, keyof MigrationFiles> = new Map([
  ['up.sql', 'up'],
  ['down.sql', 'down'],
  ['metadata.yaml', 'metadata'],
]);

/** Of the folder that git runs in and what is below it, with paths from there. Links are left out. */
async function listBlobs(directory: string, commit: string): Promise<Blob[]> {
  const listing = (await ask(directory, ['ls-tree', '-r', '-z', commit])).toString('utf8');
  return listing.split('\0').flatMap((entry) => {
    const [, objectId, path] = /^100\d{3} blob (\w+)\t(.*)$/s.exec(entry) ?? [];
    const [name = '', inside = '', ...deeper] = path?.split('/') ?? [];
    const folder = parseMigrationId(name);
    const file = fileKinds.get(inside);
    return objectId && folder && file && deeper.length === 0 ? [{ folder, file, objectId }] : [];
  });
}

/** Whether a file's bytes are those of a blob: the blob's name is a hash of them, and of nothing else. */
function isOnDisk(path: string, objectId: string): boolean {
  try {
    const bytes = readFileSync(path);
    const hash = createHash(objectId.length === 64 ? 'sha256' : 'sha1');
    return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex') === objectId;
  } catch {
    return false;
  }
}

async function readBlobs(directory: string, objectIds: readonly string[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  if (objectIds.length === 0) return texts;
  const answer = await ask(directory, ['cat-file', '--batch'], `${objectIds.join('\n')}\n`);
  for (let at = 0; at < answer.length; ) {
    const headEnd = answer.indexOf(0x0a, at);
    const [objectId = '', , size] = answer.toString('latin1', at, headEnd).split(' ');
    // A clone without all of its objects says `missing` here, with no content behind it.
    const end = headEnd + 1 + Number(size ?? 0);
    if (size !== undefined) texts.set(objectId, answer.toString('utf8', headEnd + 1, end));
    at = size === undefined ? end : end + 1;
  }
  return texts;
}

async function ask(directory: string, args: readonly string[], input?: string): Promise<Buffer> {
  const { code, stdout, stderr } = await runGit(directory, args, input);
  if (code === 0) return stdout;
  throw new KatError('FILES_INVALID', `git ${args[0]} failed: ${stderr.trim()}`, {
    help: 'Correct the problem that git reports, or turn the comparison off with `--git-base none`.',
  });
}
