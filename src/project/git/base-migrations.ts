/** Reads the migrations folder as it was in a commit, without checking anything out. */

import { join } from 'node:path';
import { type MigrationFiles, type MigrationId, parseMigrationId } from '../../graph/migration.js';
import { withPlainLineEnds } from '../../line-ends.js';
import { readRegularFile } from '../../regular-file.js';
import { fileNames } from '../folder/migration-folder.js';
import { askGit, blobName, readBlobs } from './blobs.js';

/** One file of a commit beside the one on the disk: its text only where they differ in more than line ends. */
export type BaseFile = { name: string } & ({ isSame: true } | { isSame: false; text: string });

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
    isSame: isOnDisk(join(directory, blob.folder.id, blob.name), blob.objectId),
  }));
  const changed = blobs.filter(({ isSame }) => !isSame).map(({ objectId }) => objectId);
  const texts = await readBlobs(directory, changed);
  const migrations = new Map<string, BaseMigration>();
  for (const { folder, file, name, objectId, isSame } of blobs) {
    const migration = migrations.get(folder.id) ?? { ...folder, files: {} };
    migration.files[file] = isSame ? { name, isSame } : { name, isSame, text: texts.get(objectId) ?? '' };
    migrations.set(folder.id, migration);
  }
  return [...migrations.values()];
}

interface Blob {
  folder: MigrationId;
  file: keyof MigrationFiles;
  /** Of the file, such as `up.sql`. */
  name: string;
  objectId: string;
}

const fileKinds: ReadonlyMap<string, keyof MigrationFiles> = new Map<string, keyof MigrationFiles>([
  ...(['up', 'down'] as const).flatMap((direction) =>
    fileNames(direction).map((name) => [name, direction] as const),
  ),
  ['metadata.yaml', 'metadata'],
]);

/** Of the folder that git runs in and what is below it, with paths from there. Links are left out. */
async function listBlobs(directory: string, commit: string): Promise<Blob[]> {
  const listing = (await askGit(directory, ['ls-tree', '-r', '-z', commit])).toString('utf8');
  return listing.split('\0').flatMap((entry) => {
    const [, objectId, path] = /^100\d{3} blob (\w+)\t(.*)$/s.exec(entry) ?? [];
    const [name = '', inside = '', ...deeper] = path?.split('/') ?? [];
    const folder = parseMigrationId(name);
    const file = fileKinds.get(inside);
    return objectId && folder && file && deeper.length === 0
      ? [{ folder, file, name: inside, objectId }]
      : [];
  });
}

/** Whether a file's bytes are those of a blob, whatever line ends git gives the clone (`core.autocrlf`). */
function isOnDisk(path: string, objectId: string): boolean {
  try {
    const bytes = readRegularFile(path);
    const isBlob = (content: Buffer) => blobName(content, objectId.length) === objectId;
    if (isBlob(bytes)) return true;
    const plain = withPlainLineEnds(bytes.toString('latin1'));
    return [plain, plain.replaceAll('\n', '\r\n')].some((text) => isBlob(Buffer.from(text, 'latin1')));
  } catch {
    return false;
  }
}
