/** Compares a migration's file with the applied version. */

import { basename } from 'node:path';
import { isProgram, type Migration } from '../../graph/migration.js';
import { isFromBefore } from '../../graph/replaced.js';
import { checksum, findSqlFile, readSqlFile } from '../../project/folder/load.js';
import { checksumIfLonger } from '../../project/folder/long-file.js';
import { checksumIfPlain } from '../../project/folder/plain-file.js';
import { bareChecksum } from './bare-checksum.js';

/** Past this size a file is not read whole to be compared. */
const longBytes = 8 * 1024 * 1024;

/** A migration's files at the time when it was applied. */
export interface AppliedSnapshot {
  /** Checksum of its up.sql; undefined if unknown, which counts as not edited. */
  checksum: string | undefined;
  /** The same without comments and white space; undefined if unknown, and then any edit counts as one of SQL. */
  bareChecksum?: string | undefined;
  /** Ids. */
  parents?: readonly string[];
}

/** `comments`: of comments and white space alone, so that the file still does what was applied. */
export type UpEdit = 'sql' | 'comments';

/**
 * What was edited in its up.sql after it was applied; line endings don't count. One that was squashed with its ancestors since
 * counts as not edited: it does no more than they all did.
 * @throws KatError FILES_INVALID when the file can't be read.
 */
export function findUpEdit(migration: Migration, applied: AppliedSnapshot | undefined): UpEdit | undefined {
  if (applied?.checksum === undefined || isFromBefore(migration, applied.parents)) return undefined;
  if (fingerprint(migration) === applied.checksum) return undefined;
  return isBareTextOf(migration, applied.bareChecksum) ? 'comments' : 'sql';
}

/** For messages about the file. */
export function describeUpEdit({ id, files }: Pick<Migration, 'id' | 'files'>, edit: UpEdit): string {
  const extent = edit === 'comments' ? ', but only its comments and white space' : '';
  return `${basename(files.up)} of ${id} was edited after it was applied${extent}`;
}

/**
 * Whether its SQL was edited after it was applied.
 * @throws KatError FILES_INVALID when the file can't be read.
 */
export function isEdited(migration: Migration, applied: AppliedSnapshot | undefined): boolean {
  return findUpEdit(migration, applied) === 'sql';
}

/**
 * The same for a text that its up.sql had before.
 * @throws KatError FILES_INVALID when the file can't be read.
 */
export function findEditOf(migration: Migration, before: string): UpEdit | undefined {
  return findUpEdit(migration, { checksum: checksum(before), bareChecksum: bareChecksum(before) });
}

function isBareTextOf(migration: Migration, bare: string | undefined): boolean {
  return bare !== undefined && bareFingerprint(migration) === bare;
}

/**
 * The checksum of its up.sql as it is now, without comments and white space; undefined where it has none, as a program.
 * @throws KatError FILES_INVALID when the file can't be read.
 */
export function bareFingerprint({ files }: Migration): string | undefined {
  return !isProgram(files.up) && checksumIfLonger(files.up, longBytes) === undefined
    ? bareChecksum(readSqlFile(files.up))
    : undefined;
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

/**
 * What the log keeps for a rollback without the folder: its down.sql. A program is not kept, as it may import other files.
 * @throws KatError FILES_INVALID when the file can't be read.
 */
export function findDownSql({ files }: Migration): string | undefined {
  return isProgram(files.down) ? undefined : findSqlFile(files.down);
}

/**
 * The checksum of its down.sql as it is now; undefined without one.
 * @throws KatError FILES_INVALID when the file can't be read.
 */
export function downFingerprint({ files }: Migration): string | undefined {
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
