/** Adds to files that people write by hand, without touching a byte of theirs. */

import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { KatError } from '../errors.js';
import { readRegularFile } from '../regular-file.js';
import { ioProblem } from './io-problem.js';
import { replaceFile } from './replace-file.js';

export interface ChangedFile {
  /** Absolute. */
  file: string;
  /** Whether it was written; it is left alone where it is already as it should be. */
  isNew: boolean;
}

/**
 * @param file absolute; it need not be there, nor its folder.
 * @param change is given the file's bytes, each as one character, so that no encoding is lost. What it adds must be so as well.
 * @throws KatError FILES_INVALID when the file cannot be read or written; what `change` throws.
 */
export function changeFile(file: string, change: (bytes: string) => string): ChangedFile {
  const before = attempt('read', file, () =>
    existsSync(file) ? readRegularFile(file).toString('latin1') : '',
  );
  const after = change(before);
  if (after === before) return { file, isNew: false };
  attempt('create', dirname(file), () => mkdirSync(dirname(file), { recursive: true }));
  // What only gets longer is never empty in between.
  if (after.startsWith(before))
    attempt('write', file, () => appendFileSync(file, after.slice(before.length)));
  else attempt('write', file, () => replaceFile(file, Buffer.from(after, 'latin1')));
  return { file, isNew: true };
}

function attempt<T>(action: 'create' | 'read' | 'write', path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const help = 'Check that this user may read and write it.';
    throw new KatError('FILES_INVALID', ioProblem(action, path, cause).message, { help, cause });
  }
}
