/** Tells whether a migration's file is still what was applied. */

import type { Migration } from '../graph/migration.js';
import { checksum, readSqlFile } from '../project/load.js';
import { checksumIfLonger } from '../project/long-file.js';

/** Past this size a file is not read whole to be compared. */
const longBytes = 8 * 1024 * 1024;

/**
 * @param applied checksum of the up.sql that was applied; undefined where nobody knows, which counts as not edited.
 * @throws KatError FILES_INVALID when the file can't be read.
 */
export function isEdited({ files }: Migration, applied: string | undefined): boolean {
  if (applied === undefined) return false;
  return (checksumIfLonger(files.up, longBytes) ?? checksum(readSqlFile(files.up))) !== applied;
}
