/** Finds the commit to compare the migrations folder with: where the branch left its base. */

import { resolve } from 'node:path';
import { findRepositoryRoot } from '../folder/repository-root.js';
import { type GitAnswer, reasonOf, runGit } from './run-git.js';

/** A commit, and the revision by which it was found. */
export interface GitBase {
  revision: string;
  /** Its full name. */
  commit: string;
}

/** Why there is no base, and what to do. */
export interface NoBase {
  reason: string;
  help: string;
}

/**
 * @param revision as git knows it: a branch, a tag, a commit.
 * @returns the newest commit that `revision` and the current one share.
 */
export async function findBase(directory: string, revision: string): Promise<GitBase | NoBase> {
  const found = revision.startsWith('-')
    ? undefined
    : await runGit(directory, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]);
  // 1 means that there is no such revision; whatever else went wrong has words of its own.
  if (!found || found.code === 1) return unknownRevision(directory, revision);
  if (found.code !== 0) return failed(found);
  const shared = await runGit(directory, ['merge-base', lineOf(found), 'HEAD']);
  if (shared.code === 1) return nothingShared(directory, revision);
  if (shared.code !== 0) return failed(shared);
  return { revision, commit: lineOf(shared) };
}

/** The full name of the commit that a revision means now, which `findBase` has found to be there. */
export async function findTip(directory: string, { revision }: GitBase): Promise<string> {
  return lineOf(await runGit(directory, ['rev-parse', '--verify', `${revision}^{commit}`]));
}

/**
 * The upstream of the current branch, such as `origin/main`; undefined without one, without git and without a repository.
 * NoBase where git refuses to read the repository, such as one of another user.
 */
export async function findUpstream(directory: string): Promise<string | NoBase | undefined> {
  const answer = await runGit(directory, [
    'rev-parse',
    '--abbrev-ref',
    '--symbolic-full-name',
    '@{upstream}',
  ]);
  if (answer.code === 0) return lineOf(answer);
  if (answer.code === undefined) return undefined;
  const isReadable = (await runGit(directory, ['rev-parse', '--git-dir'])).code === 0;
  return isReadable || findRepositoryRoot(resolve(directory)) === undefined ? undefined : refused(answer);
}

function refused(answer: GitAnswer): NoBase {
  const remedy = howToTrust(answer) ?? 'Repair the repository';
  return { reason: reasonOf(answer), help: `${remedy}, or compare with nothing: \`--git-base none\`.` };
}

/** The command is git's own, for a repository of another user. */
function howToTrust({ stderr }: GitAnswer): string | undefined {
  const [command] = /git config --global --add safe\.directory .+/.exec(stderr) ?? [];
  return command && `Trust the repository with \`${command.trim()}\``;
}

const fetchHelp =
  'This clone is shallow: fetch more of the history, in GitHub Actions by `fetch-depth: 0` for actions/checkout, elsewhere by `git fetch --unshallow`.';

async function unknownRevision(directory: string, revision: string): Promise<NoBase> {
  const help = `Fetch it, as in \`git fetch origin\`, or correct its name.`;
  return {
    reason: `git has no revision ${JSON.stringify(revision)} here`,
    help: (await isShallow(directory)) ? fetchHelp : help,
  };
}

async function nothingShared(directory: string, revision: string): Promise<NoBase> {
  return {
    reason: `${revision} and the current commit have no common commit in this clone`,
    help: (await isShallow(directory)) ? fetchHelp : 'Name a revision that this branch started from.',
  };
}

function failed(answer: GitAnswer): NoBase {
  const remedy =
    howToTrust(answer) ??
    'Run the command in a clone, with git installed, or without --git-base where it is optional';
  return { reason: reasonOf(answer), help: `${remedy}.` };
}

async function isShallow(directory: string): Promise<boolean> {
  return lineOf(await runGit(directory, ['rev-parse', '--is-shallow-repository'])) === 'true';
}

function lineOf({ stdout }: GitAnswer): string {
  return stdout.toString('utf8').trim();
}
