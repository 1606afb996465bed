/** Converts another tool's folder into Kat's migrations, and checks them before anything is written. */

import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { KatError, type Problem } from '../../errors.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import type { RawMigration } from '../../graph/migration.js';
import { parseMigrationId } from '../../graph/migration.js';
import { hasMigrationsFolder, loadMigrations } from '../../project/folder/load.js';
import { migrationFiles } from '../../project/folder/migration-folder.js';
import { assignIds } from '../../project/import/ids.js';
import { readSource, type SourceOptions } from '../../project/import/read-source.js';
import type { SourceMigration } from '../../project/import/source.js';
import type { ImportTool } from '../../project/import/tools.js';
import { findClashes } from './import-clashes.js';
import { loadSourceChecker } from './import-sql.js';
import type { PreparedMigration } from './prepared-migration.js';

export interface PreparedImport {
  /** In the source's order. */
  migrations: readonly PreparedMigration[];
  /** All of the folder, once the import is written. */
  graph: Graph;
  warnings: readonly Problem[];
}

export interface ImportSource extends SourceOptions {
  tool: ImportTool;
  /** Of the other tool. */
  from: string;
  /** Kat's migrations folder, absolute. */
  directory: string;
}

/**
 * @throws KatError USAGE when both folders are one; FILES_INVALID with every problem of the source, of its SQL, and of ids that are taken; what loading and
 *   building the graph throw.
 */
export async function prepareImport({
  tool,
  from,
  directory,
  ...options
}: ImportSource): Promise<PreparedImport> {
  refuseOwnFolder(tool, from, directory);
  const reading = await readSource(tool, from, options);
  const existing = hasMigrationsFolder(directory) ? await loadMigrations(directory) : [];
  const checked = await checkAll(reading.migrations);
  const migrations = withIds(checked.migrations, buildGraph(existing));
  const clashes = findClashes(migrations, existing);
  const problems = [...reading.problems, ...checked.problems, ...clashes.problems];
  if (problems.length > 0) throw invalidSource(from, problems);
  const added = migrations.filter(({ isPresent }) => !isPresent);
  return {
    migrations,
    graph: buildGraph([...existing, ...added.map((migration) => toRaw(directory, migration))]),
    warnings: [...reading.warnings, ...checked.warnings, ...clashes.warnings],
  };
}

/** @throws KatError USAGE: each tool would stumble over the files of the other. */
function refuseOwnFolder(tool: ImportTool, from: string, directory: string): void {
  const sources = tool === 'prisma' ? [from, join(from, 'migrations')] : [from];
  const isOwn = sources.some(
    (source) =>
      existsSync(source) && existsSync(directory) && realpathSync(source) === realpathSync(directory),
  );
  if (!isOwn) return;
  throw new KatError(
    'USAGE',
    `${directory} is Kat's migrations folder, and it holds the migrations to import`,
    {
      help: 'Set `migration.directory` to another folder: here each tool would read the files of the other.',
    },
  );
}

async function checkAll(sources: readonly SourceMigration[]) {
  const check = await loadSourceChecker();
  const checked = sources.map(check);
  return {
    migrations: checked.map(({ migration }) => migration),
    problems: checked.flatMap(({ problems }) => problems),
    warnings: checked.flatMap(({ warnings }) => warnings),
  };
}

function withIds(sources: readonly SourceMigration[], existing: Graph): PreparedMigration[] {
  const ids = assignIds(sources);
  const idOf = ({ key }: SourceMigration) => ids.get(key) as string;
  const heads = isList(sources) ? headsBefore(sources.map(idOf), existing) : undefined;
  return sources.map((source) => {
    const id = idOf(source);
    if (existing.has(id)) return { id, parents: existing.get(id).parents, source, isPresent: true };
    const own = source.parents.flatMap((key) => ids.get(key) ?? []);
    return { id, parents: heads?.get(id) ?? own, source, isPresent: false };
  });
}

/** Whether the tool runs them one after the other, and knows no edges. */
function isList(sources: readonly SourceMigration[]): boolean {
  return sources.every(({ parents }, index) => {
    const previous = sources[index - 1];
    return previous ? parents.length === 1 && parents[0] === previous.key : parents.length === 0;
  });
}

/**
 * What each migration of a list must follow, so that it follows all before it. Those of an earlier import keep their edges, so one
 * that was inserted among them since is no ancestor of the next.
 */
function headsBefore(ids: readonly string[], existing: Graph): ReadonlyMap<string, readonly string[]> {
  const before = new Map<string, readonly string[]>();
  let heads: readonly string[] = [];
  for (const id of ids) {
    before.set(id, heads);
    const ancestors = existing.has(id) ? existing.ancestors([id]) : new Set(heads);
    heads = [...heads.filter((head) => !ancestors.has(head)), id];
  }
  return before;
}

function toRaw(directory: string, { id, parents, source }: PreparedMigration): RawMigration {
  const { timestamp, name } = parseMigrationId(id) as { timestamp: string; name: string };
  const place = { line: 1, column: 1 };
  return {
    id,
    timestamp,
    name,
    parents: parents.map((text) => ({ text, ...place })),
    noTransaction: source.noTransaction,
    files: migrationFiles(directory, id),
  };
}

function invalidSource(from: string, problems: readonly Problem[]): KatError {
  const [first] = problems;
  const message =
    problems.length === 1 && first
      ? first.message
      : `${problems.length} problems prevent the import of ${from}`;
  return new KatError('FILES_INVALID', message, {
    problems,
    help: 'Nothing was written. Correct these problems in a copy of the folder, and import the copy.',
  });
}
