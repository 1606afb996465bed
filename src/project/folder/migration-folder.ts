/** Reads one migration folder: its files, whether they are safe to read, and its metadata. */

import { type Dirent, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import type { Problem } from '../../errors.js';
import type { MigrationFiles, MigrationId, RawMigration } from '../../graph/migration.js';
import { readRegularFile } from '../../regular-file.js';
import { ioProblem } from '../io-problem.js';
import { checkAgreement, parseMetadata } from '../metadata/metadata.js';
import { type Metadata, parseMetadataFast } from '../metadata/metadata-fast.js';
import { readText } from '../source-text.js';
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

/**
 * Checks that the files of migration `id` are where they belong: `up.sql` and `metadata.yaml` exist (`down.sql` may be
 * absent), all are regular files, and no symbolic link leads out of `root`.
 * @returns what is wrong, and whether the metadata can be read all the same.
 */
export function checkFolder(root: string, id: string): { problems: Problem[]; isReadable: boolean } {
  const folder = root + sep + id;
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    return { problems: [{ ...ioProblem('read', folder, error), migration: id }], isReadable: false };
  }
  let isReadable = true;
  const problems: Problem[] = [];
  for (const name of ['up.sql', 'metadata.yaml', 'down.sql']) {
    const entry = entries.find((candidate) => candidate.name === name);
    const problem = entry ? checkEntry(root, folder + sep + name, entry) : missingFile(id, folder, name);
    if (problem) problems.push({ ...problem, migration: id });
    if (problem && name === 'metadata.yaml') isReadable = false;
  }
  return { problems, isReadable };
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
  if (text === undefined || kindOf(files.up) !== 'file' || kindOf(files.down) === 'other') return undefined;
  const metadata = parseMetadataFast(text);
  const migration = metadata && assemble(folder, files, { metadata, text });
  return Array.isArray(migration) ? undefined : migration;
}

function kindOf(path: string): 'file' | 'absent' | 'other' {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (!stat) return 'absent';
    return stat.isFile() ? 'file' : 'other';
  } catch {
    return 'other';
  }
}

/**
 * Reads the metadata of a folder whose metadata `checkFolder` found readable.
 * @returns the migration, or what is wrong; as a promise only where the fast way does not suffice.
 */
export function readMigration(
  root: string,
  folder: MigrationId,
): RawMigration | Problem[] | Promise<RawMigration | Problem[]> {
  const files = migrationFiles(root, folder.id);
  let text: string;
  try {
    text = readRegularFile(files.metadata, mostBytes).toString('utf8');
  } catch (error) {
    return [{ ...ioProblem('read', files.metadata, error), migration: folder.id }];
  }
  const metadata = parseMetadataFast(text);
  return metadata ? assemble(folder, files, { metadata, text }) : readSlowly(folder, files);
}

async function readSlowly(folder: MigrationId, files: MigrationFiles): Promise<RawMigration | Problem[]> {
  const text = readText(files.metadata, mostBytes);
  if (typeof text !== 'string') return [{ ...text, migration: folder.id }];
  const metadata = await parseMetadata(files.metadata, text);
  if (Array.isArray(metadata)) return metadata.map((problem) => invalidMetadata(problem, folder));
  return assemble(folder, files, { metadata, text });
}

function assemble(
  folder: MigrationId,
  files: MigrationFiles,
  { metadata, text }: { metadata: Metadata; text: string },
): RawMigration | Problem[] {
  const problems = checkAgreement(folder, metadata, { file: files.metadata, text });
  if (problems.length > 0) return problems.map((problem) => invalidMetadata(problem, folder));
  const { description, parents, noTransaction, replaces, waits } = metadata;
  const { id, timestamp, name } = folder;
  // Field by field: copying with `...` takes several times as long, for each of thousands.
  const migration: RawMigration = { id, timestamp, name, parents, noTransaction, files };
  if (description !== undefined) migration.description = description;
  if (replaces) migration.replaces = replaces;
  if (waits) migration.waits = waits;
  if (metadata.isDataLossExpected) migration.isDataLossExpected = true;
  return migration;
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
  if (name === 'down.sql') return undefined;
  return {
    code: 'missing-file',
    message: `${id} has no ${name}`,
    help: `Write ${folder}${sep}${name}, or bring it back from version control. Delete the folder only if no database has the migration.`,
  };
}
