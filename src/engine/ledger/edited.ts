/** Compares a migration's file with the applied version. */

import type { Migration } from '../../graph/migration.js';
import { isFromBefore } from '../../graph/replaced.js';
import { checksum, findSqlFile, readSqlFile } from '../../project/folder/load.js';
import { checksumIfLonger } from '../../project/folder/long-file.js';
import { checksumIfPlain } from '../../project/folder/plain-file.js';

/** Past this size a file is not read whole to be compared. */
const longBytes = 8 * 1024 * 1024;

/** A migration's files at the time when it was applied. */
export interface AppliedSnapshot {
  /** Checksum of its up.sql; undefined if unknown, which counts as not edited. */
  checksum: string | undefined;
  /** Ids. */
  parents?: readonly string[];
}

/**
 * One that was squashed with its ancestors since counts as not edited: it does no more than they all did.
 * @throws KatError FILES_INVALID when the file can't be read.
 */
export function isEdited(migration: Migration, applied: AppliedSnapshot | undefined): boolean {
  if (applied?.checksum === undefined || isFromBefore(migration, applied.parents)) return false;
  return fingerprint(migration) !== applied.checksum;
}

/**
 * The checksum of its up.sql as it is now.
 * @throws KatError FILES_INVALID when the file can't be read.
 */
export function fingerprint({ files }: Migration): string {
  return (
    checksumIfPlain(files.up) ?? checksumIfLonger(files.up, longBytes) ?? checksum(readSqlFile(files.up))
  );
}

/**
 * What became of the down.sql that the log keeps; line endings don't count. A down.sql that was written later is no edit.
 * @throws KatError FILES_INVALID when the file can't be read.
 */
export function findDownChange(
  migration: Migration,
  applied: { downChecksum: string | undefined; parents?: readonly string[] } | undefined,
): 'edited' | 'deleted' | undefined {
  if (applied?.downChecksum === undefined || isFromBefore(migration, applied.parents)) return undefined;
  const now = downFingerprint(migration);
  if (now === undefined) return 'deleted';
  return now === applied.downChecksum ? undefined : 'edited';
}

function downFingerprint({ files }: Migration): string | undefined {
  return checksumIfLonger(files.down, longBytes) ?? checksumOf(findSqlFile(files.down));
}

/**
 * Whether its down.sql is `sql`; line endings don't count.
 * @throws KatError FILES_INVALID when the file can't be read.
 */
export function isSameDown(migration: Migration, sql: string): boolean {
  return downFingerprint(migration) === checksum(sql);
}

function checksumOf(sql: string | undefined): string | undefined {
  return sql === undefined ? undefined : checksum(sql);
}
