/** Keeps files that can be made again, in the folder that this user's programs have for them. */

import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';

/**
 * Ignores a relative path in the variable (XDG Base Directory Specification).
 * @returns Kat's own folder, which may not exist yet; undefined for a user without a home.
 */
export function userCacheFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const home = env.HOME || homedir();
  const [variable, below] = cacheFolders[process.platform] ?? ['XDG_CACHE_HOME', ['.cache']];
  const named = env[variable] ?? '';
  const parent = isAbsolute(named) ? named : home && join(home, ...below);
  return parent ? join(parent, 'kat-migrate') : undefined;
}

/** The variable that names the folder for caches, and where it is without that variable below the home folder. */
const cacheFolders: Partial<Record<NodeJS.Platform, [variable: string, below: string[]]>> = {
  darwin: ['XDG_CACHE_HOME', ['Library', 'Caches']],
  win32: ['LOCALAPPDATA', ['AppData', 'Local']],
};

/**
 * Others see the whole file or none. What cannot be kept is made again next time, so nothing is thrown.
 * @param path a file of the cache.
 * @param among how many files whose names begin so stay; the oldest are removed.
 */
export function keepFile(
  path: string,
  content: string | Uint8Array,
  among?: { prefix: string; most: number },
): void {
  const unfinished = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    makeCacheFolder(dirname(path));
    writeFileSync(unfinished, content, { mode: 0o600, flush: true });
    renameSync(unfinished, path);
    if (among)
      for (const old of othersOf(path, among.prefix).slice(among.most - 1)) rmSync(old, { force: true });
  } catch {
    removeIfPossible(unfinished);
  }
}

/**
 * Makes a folder of the cache where it is missing. The recursive `mkdir` of Node.js 20 never ends where the system answers ENOENT although
 * the parent exists, as it does in `/proc`; and a service may have a home such as `/proc` or `/dev/null`.
 * @throws Error with the code of the system.
 */
export function makeCacheFolder(path: string): void {
  if (existsSync(path)) return;
  makeCacheFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!existsSync(path)) throw error;
  }
}

/** Below a file, such as `/dev/null`, even a file that is missing cannot be removed. */
function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It stays, as the whole of it would.
  }
}

/** The newest first. */
function othersOf(path: string, prefix: string): string[] {
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(prefix) && name !== basename(path))
    .map((name) => ({ path: join(dirname(path), name), time: statSync(join(dirname(path), name)).mtimeMs }))
    .sort((one, other) => other.time - one.time)
    .map((file) => file.path);
}
