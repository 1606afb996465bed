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
    return decode(file === '-' ? readFileSync(0) : readRegularFile(resolve(cwd, file)));
  } catch (cause) {
    throw new KatError('FILES_INVALID', ioProblem('read', file, cause).message, { help, cause });
  }
}

/** PowerShell writes the output of a program as UTF-16, or as UTF-8 behind a byte order mark. */
function decode(bytes: Buffer): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return bytes.toString(isUtf16 ? 'utf16le' : 'utf8').replace(/^\ufeff/, '');
}
