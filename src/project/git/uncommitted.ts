/** Checks whether git can restore files that are about to be deleted. */

import { reasonOf, runGit } from './run-git.js';

/** Folders with files that no commit has as they are; or why git cannot tell. */
export type Uncommitted = { folders: string[] } | { reason: string };

/**
 * @param directory the migrations folder.
 * @param names of folders in it.
 */
export async function findUncommitted(directory: string, names: readonly string[]): Promise<Uncommitted> {
  const prefix = await runGit(directory, ['rev-parse', '--show-prefix']);
  if (prefix.code !== 0) return { reason: reasonOf(prefix) };
  const listed = ['--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--ignored=matching'];
  const status = await runGit(directory, ['status', ...listed, '--', '.']);
  if (status.code !== 0) return { reason: reasonOf(status) };
  const start = prefix.stdout.toString('utf8').trimEnd();
  const changed = new Set(
    status.stdout
      .toString('utf8')
      .split('\0')
      .map((entry) => entry.slice('XY '.length))
      .filter((path) => path.startsWith(start))
      .map((path) => path.slice(start.length).split('/')[0]),
  );
  // git lists an ignored or untracked folder instead of its files.
  const isAllNew = status.stdout
    .toString('utf8')
    .split('\0')
    .some((entry) => coversAll(entry, start));
  const hidden = await findHidden(directory);
  return { folders: names.filter((name) => isAllNew || changed.has(name) || hidden.has(name)) };
}

/** `assume-unchanged` and `skip-worktree` keep git from looking at a file, so nobody knows whether it was edited. */
async function findHidden(directory: string): Promise<Set<string | undefined>> {
  const { stdout } = await runGit(directory, ['ls-files', '-v', '-z', '--', '.']);
  const entries = stdout.toString('utf8').split('\0');
  return new Set(
    entries.filter((entry) => /^[a-zS] /.test(entry)).map((entry) => entry.slice('S '.length).split('/')[0]),
  );
}

function coversAll(entry: string, start: string): boolean {
  const path = entry.slice('XY '.length);
  return /^(\?\?|!!)/.test(entry) && path.endsWith('/') && start.startsWith(path);
}
