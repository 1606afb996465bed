/** Checks that a folder contains, or can contain, a PGlite database before PGlite writes into it. */

import { accessSync, constants, existsSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConnectionError } from '../../errors.js';
import { fileReasonOf, freeDiskSpace, isDiskFull } from './file-errors.js';
import { type FolderLock, takeFolderLock } from './folder-lock.js';
import { isLockName } from './lock-file.js';
import {
  awaitFirstOpening,
  beingMade,
  buildingMs,
  type EmptyFolder,
  isBeingMade,
  isOwnName,
} from './new-database.js';
import { refuseOtherOwner } from './other-owner.js';

/** A folder that is ours until it is released. */
export interface ClaimedFolder extends Pick<FolderLock, 'isLost' | 'settle' | 'release'> {
  /** Its path without symlinks. */
  path: string;
  /** Another program has made it just now and left it empty: it may be building a database for it. */
  empty?: EmptyFolder;
}

/**
 * Creates the folder with its parents where it is missing, checks it, and locks it.
 * @throws ConnectionError: transient when another process has it open, not when the folder will not do.
 */
export async function claimFolder(path: string): Promise<ClaimedFolder> {
  return withReasons(path, async () => {
    const isOurs = !existsSync(path);
    if (isOurs) createFolder(path);
    const folder = realpathSync(path);
    const names = readdirSync(folder);
    accessSync(folder, constants.W_OK);
    if (!names.some(isLockName)) refuseForeign(path, names);
    const sinceMs = statSync(folder).mtimeMs;
    const lock = takeFolderLock(folder);
    try {
      refuseForeign(path, readdirSync(folder));
      await awaitFirstOpening(folder);
      refuseOtherOwner(folder, lock.abandoned);
      lock.noteOpening();
    } catch (error) {
      lock.release();
      throw error;
    }
    const isYoung = !isOurs && Date.now() - sinceMs < buildingMs;
    const isEmpty = isYoung && readdirSync(folder).every(isOwnName);
    return Object.assign(lock, { path: folder, ...(isEmpty ? { empty: { path: folder, sinceMs } } : {}) });
  });
}

/** Whether opening the folder would make a new database. One that another process is making now is no longer vacant. */
export function isVacant(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** For its owner alone: PGlite makes its files readable and writable by everybody. */
function createFolder(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  mkdirSync(path, { mode: 0o700 });
}

function refuseForeign(path: string, names: readonly string[]): void {
  if (names.includes('PG_VERSION') || names.every(isOwnName)) return;
  if (isBeingMade(names)) throw beingMade(path);
  throw new ConnectionError(`cannot open the database folder ${path}: it contains other files`, {
    help: 'Name a new or empty folder for the database.',
    isTransient: false,
  });
}

async function withReasons<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof ConnectionError) throw cause;
    throw new ConnectionError(`cannot open the database folder ${path}: ${fileReasonOf(cause)}`, {
      help: isDiskFull(cause)
        ? freeDiskSpace
        : `Name another folder, or make ${join(path, '..')} and everything in it writable for this user.`,
      isTransient: false,
      cause,
    });
  }
}
