/** Writes a new migration that follows existing ones. */

import { KatError, type Problem } from '../../errors.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import type { MigrationFiles } from '../../graph/migration.js';
import { findMigrations } from '../../graph/select.js';
import { hasMigrationsFolder, loadMigrations } from '../../project/folder/load.js';
import { writeMigration } from '../../project/folder/write.js';
import { inferNewParents } from './infer-parents.js';

export interface AddOptions {
  description?: string;
  /** Ids, timestamps, names or prefixes; default all heads. */
  parents?: readonly string[];
  /**
   * Its SQL, where it is written already; without `parents`, those that the SQL asks for become its parents.
   */
  sql?: { up: string; down?: string };
  /** Writes the programs up.ts and down.ts instead of SQL. */
  program?: 'ts';
  /** Marks the migration to run statement by statement, outside of a transaction. */
  noTransaction?: boolean;
}

export interface AddedMigration {
  id: string;
  /** Ids. */
  parents: readonly string[];
  files: MigrationFiles;
}

/** The migrations folder. */
interface Place {
  directory: string;
  /** Receives what is in the folder and not read. */
  onStray?(problem: Problem): void;
  /** Whether the SQL is SQLite's, which has no parser: then the heads become the parents. */
  isSqlite?: boolean;
}

/** @throws KatError when the graph is not valid, a parent is not known, or the disk refuses; nothing is left behind. */
export async function addMigration(
  { directory, onStray, isSqlite }: Place,
  name: string,
  options: AddOptions,
): Promise<AddedMigration> {
  const graph = buildGraph(hasMigrationsFolder(directory) ? await loadMigrations(directory, onStray) : []);
  const { description, noTransaction, sql, program } = options;
  refuseProgramWith(options);
  const { id, parents, files } = writeMigration(directory, {
    name,
    parents: findParents(graph, options.parents),
    ...(description === undefined ? {} : { description }),
    ...(noTransaction === undefined ? {} : { noTransaction }),
    ...(sql === undefined ? {} : { sql }),
    ...(program === undefined ? {} : { isProgram: true }),
    now: Math.floor(Date.now() / 1000),
  });
  if (!sql || options.parents || isSqlite) return { id, parents, files };
  return { id, parents: (await inferNewParents(directory, id)).after, files };
}

function refuseProgramWith({ program, sql, noTransaction }: AddOptions): void {
  if (program === undefined || !(sql || noTransaction)) return;
  throw new KatError('USAGE', `a program has no ${sql ? 'SQL file' : '`no_transaction`'}`, {
    help: 'Write the migration in SQL, or leave the other option out.',
  });
}

function findParents(graph: Graph, references: readonly string[] | undefined): string[] {
  const parents = references
    ? references.flatMap((reference) => findMigrations(graph, reference))
    : graph.heads;
  return [...new Set(parents.map(({ id }) => id))];
}
