/** Lists the files of a folder in a commit and in the index. */

import type { FolderBlobs } from './merge-folders.js';
import { runGit } from './run-git.js';

/** A folder of a repository. */
export interface RepositoryFolder {
  /** The top of the working tree, absolute. */
  top: string;
  /** From there, with `/`; empty for the top itself. */
  path: string;
}

/** @returns the regular files; undefined where git cannot read the commit. */
export async function listCommitFolder(
  { top, path }: RepositoryFolder,
  commit: string,
): Promise<FolderBlobs | undefined> {
  const listed = ['ls-tree', '-r', '-z', commit, ...(path === '' ? [] : ['--', `${path}/`])];
  const { code, stdout } = await runGit(top, ['--literal-pathspecs', ...listed]);
  if (code !== 0) return undefined;
  const files = [...stdout.toString('utf8').matchAll(/100\d{3} blob (\w+)\t([^\0]*)\0/g)];
  return new Map(files.map(([, blob = '', file = '']) => [insideOf(path, file), blob]));
}

/** @returns the regular files; undefined where git cannot read the index, or it has conflicts in the folder. */
export async function listIndexFolder({ top, path }: RepositoryFolder): Promise<FolderBlobs | undefined> {
  const listed = ['ls-files', '--stage', '-z', ...(path === '' ? [] : ['--', `${path}/`])];
  const { code, stdout } = await runGit(top, ['--literal-pathspecs', ...listed]);
  if (code !== 0) return undefined;
  const files = [...stdout.toString('utf8').matchAll(/100\d{3} (\w+) (\d)\t([^\0]*)\0/g)];
  if (files.some(([, , stage]) => stage !== '0')) return undefined;
  return new Map(files.map(([, blob = '', , file = '']) => [insideOf(path, file), blob]));
}

function insideOf(folder: string, path: string): string {
  return folder === '' ? path : path.slice(folder.length + 1);
}

/** @returns the name of a file's content in the index; undefined where it is not there, or in conflict. */
export async function findIndexBlob(top: string, path: string): Promise<string | undefined> {
  const { stdout } = await runGit(top, ['--literal-pathspecs', 'ls-files', '--stage', '-z', '--', path]);
  return /^100\d{3} (\w+) 0\t/.exec(stdout.toString('utf8'))?.[1];
}
