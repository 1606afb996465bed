/** Reads what a person names as a schema: a database, a git revision, migrations, or an SQL file. */

import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { DatabaseSettings } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import { buildGraph } from '../../graph/graph.js';
import { findMigrations } from '../../graph/select.js';
import { loadMigrations, readSqlFile } from '../../project/folder/load.js';
import { type BaseFile, loadBaseMigrations } from '../../project/git/base-migrations.js';
import { runGit } from '../../project/git/run-git.js';
import { createTemporaryFolder } from '../throwaway/temporary-folder.js';

/** A schema that can be read or built. */
export type SchemaSource =
  | { kind: 'database'; settings: DatabaseSettings }
  | { kind: 'file'; text: string }
  | { kind: 'migrations'; directory: string; to?: readonly string[]; remove?: () => void };

/** Where names are looked up. */
export interface SourceSetting {
  /** The migrations folder. */
  directory: string;
  /** The folder that paths start at. */
  cwd: string;
  /** Whether the project's migrations are SQLite's. */
  isSqlite: boolean;
}

/**
 * @param name a `postgres://` URL, or for SQLite a path to a database; a path to an SQL file or a migrations folder; migrations, separated by commas; or a git revision,
 *   which `git:` in front of it says for certain.
 * @throws KatError USAGE for what is none of these; FILES_INVALID.
 */
export async function findSchemaSource(
  name: string,
  { directory, cwd, isSqlite }: SourceSetting,
): Promise<SchemaSource> {
  if (/^postgres(?:ql)?:\/\//.test(name)) {
    if (isSqlite) throw otherEngine();
    return { kind: 'database', settings: { driver: 'postgres', url: name } };
  }
  if (name.startsWith('git:')) return readRevision(directory, name.slice('git:'.length));
  const path = resolve(cwd, name);
  if (isSqlite && isSqliteFile(path)) return { kind: 'database', settings: { driver: 'sqlite', path } };
  if (existsSync(path)) return fromPath(path);
  const to = await findIds(directory, name);
  if (to) return { kind: 'migrations', directory, to };
  return readRevision(directory, name);
}

/** https://www.sqlite.org/fileformat.html#the_database_header */
const sqliteHeader = 'SQLite format 3\0';

function isSqliteFile(path: string): boolean {
  if (!existsSync(path) || !statSync(path).isFile()) return false;
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(sqliteHeader.length);
    readSync(file, start, 0, start.length, 0);
    return start.toString('latin1') === sqliteHeader;
  } finally {
    closeSync(file);
  }
}

function otherEngine(): KatError {
  return new KatError('USAGE', 'a schema of PostgreSQL cannot be compared with one of SQLite', {
    help: 'Name the file of a SQLite database, migrations, a git revision, or an SQL file.',
  });
}

function fromPath(path: string): SchemaSource {
  return statSync(path).isDirectory()
    ? { kind: 'migrations', directory: path }
    : { kind: 'file', text: readSqlFile(path) };
}

/** @returns undefined where one of the names means no migration, or several. */
async function findIds(directory: string, names: string): Promise<string[] | undefined> {
  const graph = buildGraph(await loadMigrations(directory));
  try {
    return names.split(',').flatMap((name) => findMigrations(graph, name).map(({ id }) => id));
  } catch (error) {
    if (error instanceof KatError && error.code === 'USAGE') return undefined;
    throw error;
  }
}

/** Writes the migrations folder of a commit into a temporary one. */
async function readRevision(directory: string, revision: string): Promise<SchemaSource> {
  const found = await runGit(directory, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${revision}^{commit}`,
  ]);
  const commit = found.stdout.toString('utf8').trim();
  if (found.code !== 0 || commit === '') throw unknownSource(revision);
  const migrations = await loadBaseMigrations(directory, commit);
  const copy = createTemporaryFolder('diff');
  for (const { id, files } of migrations) {
    for (const file of Object.values(files))
      copyBaseFile(file, join(directory, id, file.name), join(copy.path, id, file.name));
  }
  return {
    kind: 'migrations',
    directory: copy.path,
    remove: copy.remove,
  };
}

function copyBaseFile(file: BaseFile, here: string, there: string): void {
  mkdirSync(dirname(there), { recursive: true });
  writeFileSync(there, file.isSame ? readSqlFile(here) : file.text);
}

function unknownSource(name: string): KatError {
  return new KatError('USAGE', `${JSON.stringify(name)} names no schema`, {
    help: 'Write a database URL, a path to an SQL file or a migrations folder, migrations separated by commas, or a git revision.',
  });
}
