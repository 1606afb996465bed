/** Writes a file that a command makes. */

import { rmSync, statSync, writeFileSync } from 'node:fs';
import { KatError } from '../errors.js';
import { ioErrorCode, ioProblem } from './io-problem.js';
import { replaceFile } from './replace-file.js';

/**
 * A file that exists keeps its former text when the new one cannot be written whole. Pipes and devices are written to.
 * @param file absolute.
 * @throws KatError FILES_INVALID when it cannot be written.
 */
export function saveFile(file: string, content: string | Uint8Array): void {
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isFile()) replace(file, content);
    else if (found) writeFileSync(file, content);
    else create(file, content);
  } catch (cause) {
    throw new KatError('FILES_INVALID', ioProblem('write', file, cause).message, {
      help: isFull(cause)
        ? 'Free disk space and try again.'
        : 'Name a file in a folder that exists and that you may write to.',
      cause,
    });
  }
}

function isFull(error: unknown): boolean {
  return ['EDQUOT', 'EFBIG', 'ENOSPC'].includes(ioErrorCode(error));
}

/** A folder that may not be written to, and a file that is mounted alone, take no second name. */
const refusals: ReadonlySet<string> = new Set(['EACCES', 'EBUSY', 'EPERM']);

function replace(file: string, content: string | Uint8Array): void {
  try {
    replaceFile(file, Buffer.from(content));
  } catch (error) {
    if (!refusals.has(ioErrorCode(error))) throw error;
    writeFileSync(file, content);
  }
}

function create(file: string, content: string | Uint8Array): void {
  try {
    writeFileSync(file, content);
  } catch (error) {
    if (isFull(error)) rmSync(file, { force: true });
    throw error;
  }
}
