/** Creates folders so that a later failure can remove them. */

import { mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { KatError } from '../../errors.js';
import { ioErrorCode, ioProblem } from '../io-problem.js';

interface NewFolders {
  /** Removes the folders that were made, as far as they are empty. */
  undo(): void;
}

/**
 * Makes `path` and the folders above it, where they are missing.
 * @throws KatError FILES_INVALID
 */
export function makeFolders(path: string): NewFolders {
  try {
    const first = mkdirSync(path, { recursive: true });
    return { undo: () => (first === undefined ? undefined : removeEmpty(path, first)) };
  } catch (error) {
    throw diskError('create the folder', path, error);
  }
}

/** Converts a disk error into an error that names the path. */
export function diskError(action: string, path: string, error: unknown): KatError {
  const problem = ioProblem(action, path, error);
  const isFull = ioErrorCode(error) === 'ENOSPC';
  return new KatError('FILES_INVALID', problem.message, {
    problems: [problem],
    help: isFull
      ? 'Free disk space and try again. Nothing was written.'
      : 'Check the path and its permissions and try again. Nothing was written.',
  });
}

/** Removes what was written so far; the error that made it necessary is the one to report. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // The disk that refused to write may refuse this too.
  }
}

function removeEmpty(path: string, last: string): void {
  try {
    rmdirSync(path);
  } catch {
    return;
  }
  if (path !== last && path.length > last.length) removeEmpty(dirname(path), last);
}
