/** Writes what a command prints into a file instead. */

import { writeFileSync } from 'node:fs';
import { KatError } from '../errors.js';
import { ioProblem } from '../project/io-problem.js';

/**
 * @param file absolute.
 * @throws KatError FILES_INVALID when it cannot be written.
 */
export function saveFile(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new KatError('FILES_INVALID', ioProblem('write', file, cause).message, {
      help: 'Name a file in a folder that exists and that you may write to.',
      cause,
    });
  }
}
