/** Real git repositories in temporary folders, whatever the developer's own git is set to. */

import { execFileSync } from 'node:child_process';

const settings = {
  'user.name': 'Ada',
  'user.email': 'ada@example.com',
  'init.defaultBranch': 'main',
  'commit.gpgsign': 'false',
  'core.autocrlf': 'false',
  'protocol.file.allow': 'always',
};

/** Runs git in `folder` and returns what it prints. Throws when it fails. */
export function git(folder: string, ...args: string[]): string {
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    // For a merge driver: Kat keeps an empty PGlite database there.
    XDG_CACHE_HOME: process.env.XDG_CACHE_HOME,
  };
  return execFileSync('git', [...options, ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();
}

/** Commits everything in `folder`, and makes it a repository first where it is none. */
export function commitAll(folder: string, message = 'work'): void {
  git(folder, 'init', '--quiet');
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', message);
}
