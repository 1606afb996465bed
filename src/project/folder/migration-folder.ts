/** Reads one migration folder: its files, whether they are safe to read, and its metadata. */

import { type Dirent, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, relative, sep } from 'node:path';
import type { Problem, Result } from '../../errors.js';
import {
  type Direction,
  isProgram,
  type MigrationFiles,
  type MigrationId,
  programExtensions,
  type RawMigration,
} from '../../graph/migration.js';
import { readRegularFile } from '../../regular-file.js';
import { ioProblem } from '../io-problem.js';
import { checkAgreement, parseMetadata } from '../metadata/metadata.js';
import { type Metadata, parseMetadataFast } from '../metadata/metadata-fast.js';
import { readText, wholeFile } from '../source-text.js';
import { readPlainText } from './plain-file.js';

/** Of metadata.yaml. */
const mostBytes = 1 << 20;

/**
 * Where the files of migration `id` are, whether or not they exist.
 * @param root the migrations folder, absolute.
 */
export function migrationFiles(root: string, id: string): MigrationFiles {
  // Joined by hand: normalising 10,000 times four paths takes as long as reading the files.
  const folder = root + sep + id + sep;
  return { up: `${folder}up.sql`, down: `${folder}down.sql`, metadata: `${folder}metadata.yaml` };
}

/** The names that the file of a direction may have, the usual one first. */
export function fileNames(direction: Direction): string[] {
  return ['sql', ...programExtensions].map((extension) => `${direction}.${extension}`);
}

/** The files of migration `id` by the names that are in its folder. @param root the migrations folder, absolute. */
function chooseFiles(root: string, id: string, names: ReadonlySet<string>): MigrationFiles {
  const files = migrationFiles(root, id);
  const choose = (direction: Direction) => {
    const name = fileNames(direction).find((candidate) => names.has(candidate));
    return name === undefined ? files[direction] : join(root, id, name);
  };
  return { ...files, up: choose('up'), down: choose('down') };
}

/** A migration's folder, looked at. */
interface CheckedFolder {
  problems: Problem[];
  /** Whether the metadata can be read all the same. */
  isReadable: boolean;
  files: MigrationFiles;
}

/**
 * Checks that the files of migration `id` are where they belong: `up.sql` and `metadata.yaml` exist (`down.sql` may be
 * absent), all are regular files, and no symbolic link leads out of `root`. A program may be in the place of an SQL file.
 */
export function checkFolder(root: string, id: string): CheckedFolder {
  const folder = root + sep + id;
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const files = migrationFiles(root, id);
    return { problems: [{ ...ioProblem('read', folder, error), migration: id }], isReadable: false, files };
  }
  let isReadable = true;
  const problems: Problem[] = [];
  const files = chooseFiles(root, id, new Set(entries.map(({ name }) => name)));
  for (const name of [files.up, files.metadata, files.down].map((path) => basename(path))) {
    const entry = entries.find((candidate) => candidate.name === name);
    const problem = entry ? checkEntry(root, folder + sep + name, entry) : missingFile(id, folder, name);
    if (problem) problems.push({ ...problem, migration: id });
    if (problem && name === 'metadata.yaml') isReadable = false;
  }
  return { problems, isReadable, files };
}

/**
 * Checks a symbolic link.
 * @returns what is wrong when it is broken, loops, or leads out of `root`.
 */
export function checkLink(root: string, path: string): Problem | undefined {
  try {
    const way = relative(realpathSync(root), realpathSync(path));
    if (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return undefined;
    return {
      code: 'bad-file',
      message: `${path} points outside the migrations folder`,
      help: `Move its target into ${root}, so that a copy of the folder is complete.`,
    };
  } catch (error) {
    return ioProblem('follow the symbolic link', path, error);
  }
}

/**
 * Reads a migration of the usual kind, whose files are ordinary ones, with half the calls of the system that `checkFolder` and
 * `readMigration` need.
 * @returns undefined for any other, right or wrong: those two must look at it.
 */
export function readPlainMigration(root: string, folder: MigrationId): RawMigration | undefined {
  const files = migrationFiles(root, folder.id);
  const text = readPlainText(files.metadata);
  if (text === undefined || !isFile(files.up) || !isFile(files.down)) return undefined;
  const metadata = parseMetadataFast(text);
  return metadata && assemble(folder, files, { metadata, text }).value;
}

function isFile(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false;
  }
}

/**
 * Reads the metadata of a folder whose metadata `checkFolder` found readable.
 * @param files that it found.
 * @returns a promise only where the fast way does not suffice.
 */
export function readMigration(
  folder: MigrationId,
  files: MigrationFiles,
): Result<RawMigration> | Promise<Result<RawMigration>> {
  let text: string;
  try {
    text = readRegularFile(files.metadata, mostBytes).toString('utf8');
  } catch (error) {
    return { problems: [{ ...ioProblem('read', files.metadata, error), migration: folder.id }] };
  }
  const metadata = parseMetadataFast(text);
  return metadata ? assemble(folder, files, { metadata, text }) : readSlowly(folder, files);
}

async function readSlowly(folder: MigrationId, files: MigrationFiles): Promise<Result<RawMigration>> {
  const text = readText(files.metadata, mostBytes);
  if (typeof text !== 'string') return { problems: [{ ...text, migration: folder.id }] };
  const { value: metadata, problems } = await parseMetadata(files.metadata, text);
  if (problems) return { problems: problems.map((problem) => invalidMetadata(problem, folder)) };
  return assemble(folder, files, { metadata, text });
}

function assemble(
  folder: MigrationId,
  files: MigrationFiles,
  { metadata, text }: { metadata: Metadata; text: string },
): Result<RawMigration> {
  const problems = checkAgreement(folder, metadata, { file: files.metadata, text });
  if (metadata.touches && !isProgram(files.up)) problems.push(touchesOfSql(files.metadata));
  if (problems.length > 0) return { problems: problems.map((problem) => invalidMetadata(problem, folder)) };
  const { description, parents, noTransaction, replaces, waits } = metadata;
  const { id, timestamp, name } = folder;
  // Field by field: copying with `...` takes several times as long, for each of thousands.
  const migration: RawMigration = { id, timestamp, name, parents, noTransaction, files };
  if (description !== undefined) migration.description = description;
  if (replaces) migration.replaces = replaces;
  if (waits) migration.waits = waits;
  if (metadata.touches) migration.touches = metadata.touches;
  if (metadata.isDataLossExpected) migration.isDataLossExpected = true;
  return { value: migration };
}

function touchesOfSql(file: string): Problem {
  return {
    message: '`touches` is for programs alone: Kat reads from the SQL what it touches',
    location: wholeFile(file),
    help: 'Take `touches` out of metadata.yaml.',
  };
}

function invalidMetadata(problem: Problem, { id }: MigrationId): Problem {
  return { code: 'invalid-metadata', ...problem, migration: id };
}

function checkEntry(root: string, path: string, entry: Dirent): Problem | undefined {
  if (entry.isFile()) return undefined;
  if (!entry.isSymbolicLink()) return notRegular(path);
  const problem = checkLink(root, path);
  if (problem) return problem;
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? undefined : notRegular(path);
}

function notRegular(path: string): Problem {
  return { code: 'bad-file', message: `${path} is not a regular file` };
}

function missingFile(id: string, folder: string, name: string): Problem | undefined {
  if (!['up.sql', 'metadata.yaml'].includes(name)) return undefined;
  return {
    code: 'missing-file',
    message: `${id} has no ${name}`,
    help: `Write ${folder}${sep}${name}, or restore it from git. Delete the folder only if no database has the migration.`,
  };
}
