/** Writes new migration folders, each of them whole or not at all. */

import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { KatError } from '../../errors.js';
import {
  canonicalTimestamp,
  type MigrationFiles,
  type MigrationWaits,
  parseMigrationId,
} from '../../graph/migration.js';
import { ioErrorCode } from '../io-problem.js';
import { formatDownSql, formatMetadata, formatProgram, formatUpSql } from '../metadata/migration-texts.js';
import { newestHasBareName } from './bare-names.js';
import { diskError, makeFolders, removeQuietly } from './disk-write.js';
import { migrationFiles } from './migration-folder.js';
import { removeAbandoned, reservationName } from './reservations.js';

export interface NewMigration {
  /** As the user typed it; `sanitizeName` decides what becomes of it. */
  name: string;
  /** Ids. */
  parents: readonly string[];
  description?: string;
  noTransaction?: boolean;
  waits?: Partial<MigrationWaits>;
  /** The contents of the files; default are texts that explain the files to newcomers. */
  sql?: NewSql;
  /** Writes up.ts and down.ts instead of SQL. */
  isProgram?: boolean;
  /** Whether `name` in metadata.yaml has no timestamp, as Go's Kat writes it; `writeMigration` does as the newest migration if left out. */
  hasBareName?: boolean;
  /** Seconds since 1970. */
  now: number;
}

/** The SQL of a new migration. */
export interface NewSql {
  up: string;
  /** Default the text that tells a newcomer what belongs in it; null writes no down.sql. */
  down?: string | null;
}

export interface WrittenMigration {
  id: string;
  timestamp: string;
  name: string;
  parents: readonly string[];
  /** Absolute paths. */
  files: MigrationFiles;
}

const maxFolderNameBytes = 255;

/**
 * Writes the three files of a new migration into `directory`, which is created when it is missing.
 * Its timestamp is `now`, or the next second that no other migration has, also when several programs add at once.
 * @throws KatError USAGE for a name without letters and digits or one that is too long; FILES_INVALID when the disk
 *   refuses, in which case nothing is left behind.
 */
export function writeMigration(directory: string, migration: NewMigration): WrittenMigration {
  const root = resolve(directory);
  const { id, timestamp, folder, release } = reserveMigration(root, migration);
  try {
    writeMigrationFiles(folder, id, { hasBareName: newestHasBareName(root), ...migration });
    renameSync(folder, join(root, id));
  } catch (error) {
    release();
    throw diskError('write', join(root, id), error);
  }
  const name = id.slice(timestamp.length + 1);
  const files = newFiles(root, id, migration);
  return { id, timestamp: canonicalTimestamp(timestamp), name, parents: migration.parents, files };
}

function newFiles(root: string, id: string, { isProgram }: NewMigration): MigrationFiles {
  const files = migrationFiles(root, id);
  if (!isProgram) return files;
  return { ...files, up: join(root, id, 'up.ts'), down: join(root, id, 'down.ts') };
}

/** An id that no other program can take while it is reserved. */
export interface ReservedMigration {
  id: string;
  timestamp: string;
  /** Hidden and empty; it may become the migration's own by being renamed. */
  folder: string;
  /** Gives the id up, with the folders above it that were made for it and are empty. */
  release(): void;
}

/**
 * @param directory the migrations folder, which is created when it is missing.
 * @throws KatError as `writeMigration` does.
 */
export function reserveMigration(
  directory: string,
  { name, now }: Pick<NewMigration, 'name' | 'now'>,
): ReservedMigration {
  const plainName = sanitizeName(name);
  const root = resolve(directory);
  const folders = makeFolders(root);
  try {
    // A computer whose clock was never set may be before 1970.
    const timestamp = reserveTimestamp(root, Math.max(1, Math.floor(now)));
    const folder = reservation(root, timestamp);
    const release = () => {
      removeQuietly(folder);
      folders.undo();
    };
    return { id: `${timestamp}_${plainName}`, timestamp, folder, release };
  } catch (error) {
    folders.undo();
    throw error;
  }
}

/**
 * Writes the files of migration `id` into an empty folder.
 * @throws an error of the system when the disk refuses.
 */
export function writeMigrationFiles(
  folder: string,
  id: string,
  migration: Omit<NewMigration, 'name' | 'now'>,
): void {
  const { sql, isProgram, hasBareName, ...facts } = migration;
  const timestamp = id.slice(0, id.indexOf('_'));
  const name = hasBareName ? id.slice(timestamp.length + 1) : id;
  if (isProgram) writePrograms(folder, id);
  else writeSql(folder, id, sql);
  writeFileSync(join(folder, 'metadata.yaml'), formatMetadata({ ...facts, id, timestamp, name }));
}

function writeSql(folder: string, id: string, sql: NewSql | undefined): void {
  const { up = formatUpSql(id), down = formatDownSql(id) } = sql ?? {};
  writeFileSync(join(folder, 'up.sql'), up);
  if (down !== null) writeFileSync(join(folder, 'down.sql'), down);
}

function writePrograms(folder: string, id: string): void {
  for (const direction of ['up', 'down'] as const)
    writeFileSync(join(folder, `${direction}.ts`), formatProgram(id, direction));
}

/**
 * What becomes of a name: lower case, spaces to underscores, everything else but a-z, 0-9 and underscores removed.
 * @throws KatError USAGE when no letter or digit is left, or the folder's name would be too long.
 */
export function sanitizeName(text: string): string {
  const name = text
    .toLowerCase()
    .replaceAll(' ', '_')
    .replace(/[^a-z0-9_]/g, '');
  if (!/[a-z0-9]/.test(name)) {
    throw new KatError(
      'USAGE',
      `the name ${JSON.stringify(text)} has no letters a-z or digits for a folder name`,
      {
        help: 'Name the migration with the letters a-z and digits, such as `kat add create_users`.',
      },
    );
  }
  const longest = maxFolderNameBytes - '1679012345_'.length;
  if (name.length > longest) {
    throw new KatError(
      'USAGE',
      `the name is too long: ${name.length} characters, at most ${longest} are allowed`,
      {
        help: 'Give a short name and put the rest in --description.',
      },
    );
  }
  return name;
}

/**
 * Two programs must not take the same second. Only one of them can create the hidden folder. Renaming it to the migration's
 * folder releases it, so the next program sees that folder in the list.
 */
function reserveTimestamp(root: string, now: number): string {
  let taken = takenTimestamps(root);
  removeAbandoned(root);
  for (let second = now; ; second++) {
    const timestamp = String(second);
    if (taken.has(timestamp) || !makeReservation(reservation(root, timestamp))) continue;
    taken = takenTimestamps(root);
    if (!taken.has(timestamp)) return timestamp;
    removeQuietly(reservation(root, timestamp));
  }
}

function reservation(root: string, timestamp: string): string {
  return join(root, reservationName(timestamp));
}

function makeReservation(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (ioErrorCode(error) === 'EEXIST') return false;
    throw diskError('write', path, error);
  }
}

function takenTimestamps(root: string): Set<string> {
  try {
    return new Set(readdirSync(root).flatMap((entry) => parseMigrationId(entry)?.timestamp ?? []));
  } catch (error) {
    throw diskError('read', root, error);
  }
}
