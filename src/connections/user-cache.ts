/** Finds the folder where programs of this user keep what they can make again. */

import { homedir } from 'node:os';
import { join } from 'node:path';

/** @returns Kat's own folder, which may not exist yet; undefined for a user without a home. */
export function userCacheFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const home = env.HOME || homedir();
  const [variable, below] = cacheFolders[process.platform] ?? ['XDG_CACHE_HOME', ['.cache']];
  const parent = env[variable] || (home && join(home, ...below));
  return parent ? join(parent, 'kat-migrate') : undefined;
}

/** The variable that names the folder for caches, and where it is without that variable below the home folder. */
const cacheFolders: Partial<Record<NodeJS.Platform, [variable: string, below: string[]]>> = {
  darwin: ['XDG_CACHE_HOME', ['Library', 'Caches']],
  win32: ['LOCALAPPDATA', ['AppData', 'Local']],
};
