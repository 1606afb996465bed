/** Finds the commits that git is merging while it asks a merge driver about one file. */

import { runGit } from './run-git.js';

/** A file that all sides have changed, with the names of its contents in git. */
export interface MergedFile {
  /** From the top of the working tree, with `/`. */
  path: string;
  base: string;
  theirs: string;
  /** The name of a file without content: a commit without the file counts as one with an empty file. */
  empty: string;
}

/** What is merged into the index: the changes from one commit to another. */
export interface MergedChange {
  /** Undefined where the histories share no commit. */
  base: string | undefined;
  theirs: string;
}

/** More commits of the file are not looked at. */
const maxCommits = 500;

/**
 * `git merge` names its heads by variables `GITHEAD_<commit>` (builtin/merge.c). Other commands say nothing while they merge, so the commits
 * that make the same change of the file are found in the history: those of a cherry-pick, a rebase, a revert or a stash do.
 * @param top of the working tree, absolute.
 * @returns all that it may be; none where git does not say.
 */
export async function findMergedChanges(top: string, file: MergedFile): Promise<MergedChange[]> {
  const heads = Object.keys(process.env).flatMap(
    (name) => /^GITHEAD_([0-9a-f]{40,64})$/.exec(name)?.[1] ?? [],
  );
  return heads.length > 0 ? changesOfHeads(top, file, heads) : changesInHistory(top, file);
}

async function changesOfHeads(
  top: string,
  { path, base, theirs, empty }: MergedFile,
  heads: readonly string[],
): Promise<MergedChange[]> {
  const blobs = await findBlobs(top, heads, { path, empty });
  const merged = heads.filter((_, index) => blobs[index] === theirs);
  const changes = await Promise.all(merged.map((head) => changesOfHead(top, head)));
  const bases = changes.flat().flatMap((change) => change.base ?? []);
  const [only, ...others] = await findBlobs(top, bases, { path, empty });
  // git makes one base of several, and none of them has its text.
  const isOther = only !== undefined && others.length === 0 && only !== base;
  return isOther ? [] : changes.flat();
}

async function changesOfHead(top: string, theirs: string): Promise<MergedChange[]> {
  const { stdout } = await runGit(top, ['merge-base', '--all', 'HEAD', theirs]);
  const bases = stdout.toString('utf8').split('\n').filter(Boolean);
  return bases.length === 0 ? [{ base: undefined, theirs }] : bases.map((base) => ({ base, theirs }));
}

async function changesInHistory(top: string, file: MergedFile): Promise<MergedChange[]> {
  const pairs = await listCommitPairs(top, file.path);
  const blobs = await findBlobs(top, pairs.flat(), file);
  return pairs.flatMap(([commit, parent], index) => {
    const [after, before] = [blobs[2 * index], blobs[2 * index + 1]];
    if (before === file.base && after === file.theirs) return [{ base: parent, theirs: commit }];
    return after === file.base && before === file.theirs ? [{ base: commit, theirs: parent }] : [];
  });
}

/** Commits that change the file, each with each of its parents; also those of stashes, and what was fetched last. */
async function listCommitPairs(top: string, path: string): Promise<[commit: string, parent: string][]> {
  const fetched = await runGit(top, ['rev-parse', '--verify', '--quiet', 'FETCH_HEAD']);
  const more = fetched.code === 0 ? ['FETCH_HEAD'] : [];
  const chosen = ['--all', '--reflog', ...more, `-${maxCommits}`, '--full-history', '--format=%H %P'];
  const { stdout } = await runGit(top, ['--literal-pathspecs', 'log', ...chosen, '--', path]);
  return stdout
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const [commit = '', ...parents] = line.split(' ');
      return parents.filter(Boolean).map((parent): [string, string] => [commit, parent]);
    });
}

/** @returns for each commit the name of the file's content. */
async function findBlobs(
  top: string,
  commits: readonly string[],
  { path, empty }: Pick<MergedFile, 'path' | 'empty'>,
): Promise<string[]> {
  if (commits.length === 0) return [];
  const asked = commits.map((commit) => `${commit}:${path}\n`).join('');
  const { stdout } = await runGit(top, ['cat-file', '--batch-check=%(objectname)'], asked);
  const answers = stdout.toString('utf8').split('\n');
  return commits.map((_, index) => (/^\w+$/.test(answers[index] ?? '') ? (answers[index] as string) : empty));
}
