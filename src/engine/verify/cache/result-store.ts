/** Keeps results in the user's cache, for later runs. */

import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { keepFile, userCacheFolder } from '../../../connections/user-cache.js';

/** Results by key. Nothing here throws: what cannot be kept is found again. */
export interface ResultStore {
  read(key: string): unknown;
  write(key: string, result: unknown): void;
  /** Removes the results that are too old to be read. */
  prune(): void;
}

/** How long a result counts, in milliseconds: whatever a key may not cover does not last for ever. */
const lifetimeMs = 30 * 24 * 3_600_000;

/** @returns undefined for a user without a home. @param env where the user's cache is looked up */
export function openResultStore(env: Readonly<Record<string, string | undefined>>): ResultStore | undefined {
  const parent = userCacheFolder(env);
  if (parent === undefined) return undefined;
  const folder = join(parent, 'verify');
  const pathOf = (key: string) => join(folder, `${key}.json`);
  return {
    read: (key) => readResult(pathOf(key), key),
    write: (key, result) => keepFile(pathOf(key), JSON.stringify({ key, result })),
    prune: () => prune(folder),
  };
}

/** @returns undefined for a result of another key, and for half of one. */
function readResult(path: string, key: string): unknown {
  try {
    if (isTooOld(path)) return undefined;
    const found = JSON.parse(readFileSync(path, 'utf8')) as { key: string; result: unknown };
    return found.key === key ? found.result : undefined;
  } catch {
    return undefined;
  }
}

function isTooOld(path: string): boolean {
  return Date.now() - statSync(path).mtimeMs > lifetimeMs;
}

function prune(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (isTooOld(path)) rmSync(path, { force: true });
    }
  } catch {
    // Another run prunes it as well.
  }
}
