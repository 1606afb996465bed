/** Writes a file that a command makes. */

import { closeSync, constants, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
    else if (found?.isFIFO()) writeToPipe(file, content);
    else if (found) writeFileSync(file, content);
    else create(file, content);
  } catch (cause) {
    throw new KatError('FILES_INVALID', ioProblem('write', file, cause).message, {
      help: adviseOn(cause),
      cause,
    });
  }
}

function adviseOn(cause: unknown): string {
  if (isFull(cause)) return 'Free disk space and try again.';
  return ioErrorCode(cause) === noReader
    ? 'Start the program that reads this pipe first.'
    : 'Name a file in a folder that exists and that you may write to.';
}

function isFull(error: unknown): boolean {
  return ['EDQUOT', 'EFBIG', 'ENOSPC'].includes(ioErrorCode(error));
}

/** The system's word for a pipe that nobody has opened to read (open(2), O_NONBLOCK). */
const noReader = 'ENXIO';

const [pollMs, patientMs] = [50, 5_000];

/** A pipe without a reader would be waited for without end, and no signal is heard meanwhile. */
function writeToPipe(file: string, content: string | Uint8Array): void {
  const held = openPipe(file);
  try {
    // The other end is open, so that this one opens at once, and waits for a slow reader.
    writeFileSync(file, content);
  } finally {
    closeSync(held);
  }
}

function openPipe(file: string): number {
  for (let waitedMs = 0; ; waitedMs += pollMs) {
    try {
      return openSync(file, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if (ioErrorCode(error) !== noReader || waitedMs >= patientMs) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pollMs);
    }
  }
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
