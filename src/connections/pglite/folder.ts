/** Makes sure that a folder can hold, or holds, a PGlite database before PGlite writes into it. */

import { accessSync, constants, existsSync, mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConnectionError } from '../../errors.js';
import { takeFolderLock } from './folder-lock.js';

/** A folder that is ours until it is released. */
export interface ClaimedFolder {
  /** Its path without symlinks. */
  path: string;
  /** Never throws. */
  release(): void;
}

/**
 * Creates the folder with its parents where it is missing, checks it, and locks it.
 * @throws ConnectionError: transient when another process has it open, not when the folder will not do.
 */
export function claimFolder(path: string): ClaimedFolder {
  const folder = withReasons(path, () => {
    if (!existsSync(path)) createFolder(path);
    const real = realpathSync(path);
    const names = readdirSync(real);
    accessSync(real, constants.W_OK);
    if (names.length > 0 && !names.includes('PG_VERSION')) throw foreignFolder(path);
    return real;
  });
  return { path: folder, release: withReasons(path, () => takeFolderLock(folder)) };
}

/** For its owner alone: PGlite makes its files readable and writable by everybody. */
function createFolder(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  mkdirSync(path, { mode: 0o700 });
}

function foreignFolder(path: string): ConnectionError {
  return new ConnectionError(
    `cannot open the database folder ${path}: it holds other files than a database`,
    {
      help: 'Name a new or empty folder for the database.',
      isTransient: false,
    },
  );
}

const reasons: Readonly<Record<string, string>> = {
  ENOTDIR: 'there is a file in its place',
  EEXIST: 'there is a file in its place',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
};

function withReasons<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    if (cause instanceof ConnectionError) throw cause;
    const { code = '', message } = cause as NodeJS.ErrnoException;
    throw new ConnectionError(`cannot open the database folder ${path}: ${reasons[code] ?? message}`, {
      help: `Name another folder, or make ${join(path, '..')} and everything in it writable for this user.`,
      isTransient: false,
      cause,
    });
  }
}
