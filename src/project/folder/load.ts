/** Reads the migrations folder: names alone where they suffice, all metadata where the graph is needed, SQL one file at a time. */

import { createHash } from 'node:crypto';
import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { KatError, type Problem, type Result } from '../../errors.js';
import {
  compareMigrations,
  type MigrationId,
  parseMigrationId,
  type RawMigration,
} from '../../graph/migration.js';
import { isVisible } from '../../outside-text.js';
import { ioErrorCode, ioProblem } from '../io-problem.js';
import { readText } from '../source-text.js';
import { changeFolder } from './change/change-plan.js';
import { unfinishedError, unfinishedProblem } from './change/unfinished-change.js';
import {
  checkFolder,
  checkLink,
  migrationFiles,
  readMigration,
  readPlainMigration,
} from './migration-folder.js';
import { findStraysBeside } from './strays.js';

/**
 * Lists the folders in `directory` whose names are migration ids, without looking into them.
 * @returns ids in the order of timestamps.
 * @throws KatError FILES_INVALID when the folder can't be read, or a change of it is unfinished.
 */
export function listMigrationIds(directory: string): string[] {
  const root = resolve(directory);
  const entries = readDirectory(root);
  if (isUnfinished(entries)) throw unfinishedError(root);
  return findFolders(root, entries).map(({ id }) => id);
}

/** Whether there is a folder at `directory`, or something that was meant to be one. */
export function hasMigrationsFolder(directory: string): boolean {
  return existsSync(directory);
}

/**
 * Reads the metadata of every migration in `directory`; parents stay as written.
 * @param onStray receives other files and folders, which are ignored.
 * @returns migrations in the order of timestamps.
 * @throws KatError FILES_INVALID with every problem of every folder.
 */
export async function loadMigrations(
  directory: string,
  onStray?: (problem: Problem) => void,
): Promise<RawMigration[]> {
  const root = resolve(directory);
  const { migrations, problems, entries } = await examineFolder(root);
  if (onStray) findStraysBeside(root, entries).forEach(onStray);
  // Other problems follow from this one.
  if (problems.some(({ code }) => code === 'unfinished-change')) throw unfinishedError(root);
  if (problems.length > 0) throw filesInvalid(root, problems);
  return migrations;
}

const foldersATurn = 64;

interface ExaminedFolder {
  /** Those that are sound, in the order of timestamps. */
  migrations: RawMigration[];
  /** Those that something is wrong with: nothing is known of them but who they are. */
  broken: RawMigration[];
  problems: Problem[];
  /** The contents of the migrations folder itself. */
  entries: readonly Dirent[];
}

/**
 * Reads a folder in which something may be wrong.
 * @throws KatError FILES_INVALID when the folder itself can't be read.
 */
export async function examineFolder(directory: string): Promise<ExaminedFolder> {
  const root = resolve(directory);
  const entries = readDirectory(root);
  const problems = [
    ...(isUnfinished(entries) ? [unfinishedProblem(root)] : []),
    ...findStrangers(root, entries),
  ];
  const links = new Set(entries.filter((entry) => entry.isSymbolicLink()).map((entry) => entry.name));
  const migrations: RawMigration[] = [];
  const broken: RawMigration[] = [];
  for (const [index, folder] of findFolders(root, entries).entries()) {
    // Whoever connects to a database meanwhile must get on with it.
    if (index % foldersATurn === foldersATurn - 1) await nextTurn();
    const found = inspectFolder(root, folder, links.has(folder.id));
    const { value, problems: own } = found instanceof Promise ? await found : found;
    if (own) {
      problems.push(...own);
      broken.push({ ...folder, parents: [], noTransaction: false, files: migrationFiles(root, folder.id) });
    } else migrations.push(value);
  }
  return { migrations, broken, problems, entries };
}

/**
 * Reads an SQL file as UTF-8 text: without a byte order mark, line endings as they are.
 * @throws KatError FILES_INVALID with byte offset or line for invalid UTF-8 or a NUL byte, or why it can't be read.
 */
export function readSqlFile(path: string): string {
  const text = readText(path);
  if (typeof text === 'string') return text;
  throw new KatError('FILES_INVALID', text.message, {
    problems: [text],
    ...(text.help ? { help: text.help } : {}),
  });
}

/**
 * Reads an SQL file that may be left out, as down.sql may.
 * @returns undefined when there is none.
 * @throws KatError FILES_INVALID as `readSqlFile` does.
 */
export function findSqlFile(path: string): string | undefined {
  return existsSync(path) ? readSqlFile(path) : undefined;
}

const chunkLength = 1 << 20;

/**
 * A fingerprint of SQL that line endings and a byte order mark do not change.
 * @returns SHA-256 in hexadecimal.
 */
export function checksum(sqlText: string): string {
  const hash = createHash('sha256');
  let start = sqlText.startsWith('\ufeff') ? 1 : 0;
  while (start < sqlText.length) {
    const end = findChunkEnd(sqlText, start);
    hash.update(sqlText.slice(start, end).replaceAll('\r\n', '\n'));
    start = end;
  }
  return hash.digest('hex');
}

/** Chunks keep memory bounded for large files; none ends between CR and LF or inside a surrogate pair. */
function findChunkEnd(text: string, start: number): number {
  const end = start + chunkLength;
  if (end >= text.length) return text.length;
  const last = text.charCodeAt(end - 1);
  const isSplit = last === 0x0d || (last >= 0xd800 && last <= 0xdbff);
  return isSplit ? end - 1 : end;
}

function isUnfinished(entries: readonly Dirent[]): boolean {
  return entries.some(({ name }) => name === changeFolder);
}

function readDirectory(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    const isMissing = ioErrorCode(error) === 'ENOENT';
    const problem = ioProblem('read the migrations folder', directory, error);
    throw new KatError('FILES_INVALID', problem.message, {
      problems: [problem],
      help: isMissing
        ? 'Create the folder, or correct `migration.directory` in the configuration file.'
        : 'Correct `migration.directory` in the configuration file, or make the folder readable.',
    });
  }
}

/** Folders, and links that may be folders, whose names are ids. */
function findFolders(directory: string, entries: readonly Dirent[]): MigrationId[] {
  const folders: MigrationId[] = [];
  for (const entry of entries) {
    const id = parseFolderName(entry.name);
    if (
      id &&
      (entry.isDirectory() || (entry.isSymbolicLink() && !leadsToFile(join(directory, entry.name))))
    ) {
      folders.push(id);
    }
  }
  return folders.sort(compareMigrations);
}

/** Any letter, digit and sign may be in the name of a migration, but nothing that is invisible or acts on a terminal. */
function parseFolderName(name: string): MigrationId | undefined {
  return isVisible(name) ? parseMigrationId(name) : undefined;
}

function leadsToFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Folders that hold a migration under a name that is none, which would otherwise be passed over in silence. */
function findStrangers(directory: string, entries: readonly Dirent[]): Problem[] {
  const problems: Problem[] = [];
  for (const entry of entries) {
    if (entry.isFile() || entry.name.startsWith('.') || parseFolderName(entry.name)) continue;
    const path = join(directory, entry.name);
    if (!existsSync(join(path, 'up.sql'))) continue;
    problems.push({
      code: 'stray-folder',
      message: `${path} has an up.sql, but its name is not a migration id`,
      help: 'Rename the folder to `<timestamp>_<name>`, such as 1679012345_create_users.',
    });
  }
  return problems;
}

function inspectFolder(root: string, folder: MigrationId, isLink: boolean): ReturnType<typeof readMigration> {
  const plain = isLink ? undefined : readPlainMigration(root, folder);
  if (plain) return { value: plain };
  const link = isLink ? checkLink(root, join(root, folder.id)) : undefined;
  if (link) return { problems: [{ ...link, migration: folder.id }] };
  const { problems, isReadable, files } = checkFolder(root, folder.id);
  if (!isReadable) return { problems };
  const migration = readMigration(folder, files);
  if (problems.length === 0) return migration;
  const addTo = (found: Result<RawMigration>) => ({ problems: [...problems, ...(found.problems ?? [])] });
  return migration instanceof Promise ? migration.then(addTo) : addTo(migration);
}

function filesInvalid(root: string, problems: readonly Problem[]): KatError {
  const [first] = problems;
  const message = problems.length === 1 && first ? first.message : `${problems.length} problems in ${root}`;
  return new KatError('FILES_INVALID', message, {
    problems,
    help: 'Correct these files. Nothing was changed.',
  });
}
