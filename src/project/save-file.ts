/** Writes a file that a command makes. */

import { writeFileSync } from 'node:fs';
import { KatError } from '../errors.js';
import { ioProblem } from './io-problem.js';

/**
 * @param file absolute.
 * @throws KatError FILES_INVALID when it cannot be written.
 */
export function saveFile(file: string, content: string | Uint8Array): void {
  try {
    writeFileSync(file, content);
  } catch (cause) {
    throw new KatError('FILES_INVALID', ioProblem('write', file, cause).message, {
      help: 'Name a file in a folder that exists and that you may write to.',
      cause,
    });
  }
}
