/** Finds out how the metadata.yaml of a folder writes names: Go's Kat reads only names without the timestamp. */

import { existsSync } from 'node:fs';
import type { Migration } from '../../graph/migration.js';
import { readRegularFile } from '../../regular-file.js';

/** @returns whether the `name` of this migration has no timestamp in front. */
export function hasBareName({ name, files }: Pick<Migration, 'name' | 'files'>): boolean {
  if (!existsSync(files.metadata)) return false;
  const text = readRegularFile(files.metadata).toString('utf8');
  return /^name:[ \t]*["']?([^"'#\s]+)/m.exec(text)?.[1] === name;
}
