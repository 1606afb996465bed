/** Reads what a flag names: a file, or stdin. */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { KatError } from '../errors.js';
import { ioProblem } from '../project/io-problem.js';
import { readRegularFile } from '../regular-file.js';
import type { Context } from './context.js';

/**
 * @param file `-` means stdin.
 * @param help what to name instead, in one sentence.
 * @throws KatError FILES_INVALID when it cannot be read.
 */
export function readInput({ cwd }: Context, file: string, help: string): string {
  try {
    return file === '-' ? readFileSync(0, 'utf8') : readRegularFile(resolve(cwd, file)).toString('utf8');
  } catch (cause) {
    throw new KatError('FILES_INVALID', ioProblem('read', file, cause).message, { help, cause });
  }
}
