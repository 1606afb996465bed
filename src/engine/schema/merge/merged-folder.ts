/** Finds the migrations folder that a merge of git is making, which is in no working tree yet. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { counted } from '../../../graph/counted.js';
import { parseMigrationId } from '../../../graph/migration.js';
import { blobName, readBlobs } from '../../../project/git/blobs.js';
import {
  findIndexBlob,
  listCommitFolder,
  listIndexFolder,
  type RepositoryFolder,
} from '../../../project/git/folder-blobs.js';
import { type FolderBlobs, type FolderMerge, mergeFolders } from '../../../project/git/merge-folders.js';
import { findMergedChanges, type MergedChange } from '../../../project/git/merged-commits.js';
import { createTemporaryFolder } from '../../throwaway/temporary-folder.js';
import type { DriverFiles } from '../result.js';

/** The merged migrations, as a temporary folder. */
export interface MergedFolder {
  directory: string;
  /** Migrations that one side alone has. */
  added: { ours: ReadonlySet<string>; theirs: ReadonlySet<string> };
  remove(): void;
}

/** Why Kat does not know the merged folder. */
export interface UnknownFolder {
  reason: string;
}

/**
 * What is merged into is the index: git has not written anything while it asks a driver (merge-ort.c), and the names of what it merges
 * are in the environment or the history.
 * @throws KatError FILES_INVALID when git fails.
 */
export async function findMergedFolder(
  folder: RepositoryFolder,
  files: DriverFiles,
): Promise<MergedFolder | UnknownFolder> {
  const { top } = folder;
  const current = await findIndexBlob(top, files.path);
  const nameOf = (content: Buffer) => blobName(content, current?.length ?? 0);
  const [base, ours, theirs] = [files.base, files.ours, files.theirs].map((file) =>
    nameOf(readFileSync(file)),
  );
  if (current === undefined || ours !== current)
    return { reason: 'git merges two older versions first, or versions that are not in the index' };
  const empty = nameOf(Buffer.alloc(0));
  const file = { path: files.path, base: base as string, theirs: theirs as string, empty };
  const changes = await findMergedChanges(top, file);
  if (changes.length === 0) return { reason: 'git does not say which commits it merges' };
  const merges = await Promise.all(changes.map((change) => mergeChange(folder, change)));
  return settle(folder, merges);
}

interface FoundMerge {
  merge: FolderMerge;
  base: FolderBlobs;
  ours: FolderBlobs;
  theirs: FolderBlobs;
}

async function mergeChange(
  folder: RepositoryFolder,
  { base: baseCommit, theirs: commit }: MergedChange,
): Promise<FoundMerge | undefined> {
  const base =
    baseCommit === undefined ? new Map<string, string>() : await listCommitFolder(folder, baseCommit);
  const [ours, theirs] = [await listIndexFolder(folder), await listCommitFolder(folder, commit)];
  return base && ours && theirs && { merge: mergeFolders({ base, ours, theirs }), base, ours, theirs };
}

async function settle(
  folder: RepositoryFolder,
  merges: readonly (FoundMerge | undefined)[],
): Promise<MergedFolder | UnknownFolder> {
  const known = merges.flatMap((found) => found ?? []);
  const [first] = known;
  if (!first || known.length < merges.length) return { reason: 'git cannot read the commits that it merges' };
  const { merge, base, ours, theirs } = first;
  if ('conflicts' in merge) return { reason: `both sides changed ${pathsOf(folder, merge.conflicts)}` };
  if (known.some((other) => !('blobs' in other.merge) || !isEqual(other.merge.blobs, merge.blobs)))
    return { reason: 'several commits may be the merged one' };
  const [before, one, other] = [idsOf(base), idsOf(ours), idsOf(theirs)];
  const added = { ours: without(one, before), theirs: without(other, before) };
  return { ...(await writeFolder(folder, merge.blobs)), added };
}

function pathsOf({ path }: RepositoryFolder, files: readonly string[]): string {
  const [first, ...rest] = files.map((file) => (path === '' ? file : `${path}/${file}`));
  return rest.length === 0 ? `${first}` : `${first} and ${counted(rest.length, 'other file')}`;
}

function isEqual(one: FolderBlobs, other: FolderBlobs): boolean {
  return one.size === other.size && [...one].every(([path, blob]) => other.get(path) === blob);
}

function idsOf(blobs: FolderBlobs): Set<string> {
  return new Set([...blobs.keys()].flatMap((path) => parseMigrationId(path.split('/')[0] ?? '')?.id ?? []));
}

function without(ids: ReadonlySet<string>, others: ReadonlySet<string>): Set<string> {
  return new Set([...ids].filter((id) => !others.has(id)));
}

async function writeFolder({ top }: RepositoryFolder, blobs: FolderBlobs) {
  const texts = await readBlobs(top, [...new Set(blobs.values())]);
  const { path: directory, remove } = createTemporaryFolder('merge');
  for (const [path, blob] of blobs) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, texts.get(blob) ?? '');
  }
  return { directory, remove };
}
