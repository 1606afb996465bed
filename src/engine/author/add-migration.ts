/** Writes a new migration that follows existing ones. */

import { KatError, type Problem } from '../../errors.js';
import type { Finding } from '../../findings.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import { type MigrationFiles, parseMigrationId } from '../../graph/migration.js';
import { findMigrations } from '../../graph/select.js';
import { present } from '../../present.js';
import { hasMigrationsFolder, loadMigrations } from '../../project/folder/load.js';
import { writeMigration } from '../../project/folder/write.js';
import { findHeadConflicts } from './head-conflicts.js';
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

/** What `add` has written, and what it met. */
export interface AddResult extends AddedMigration {
  /** Ids of other migrations with the same name, if there are any: only timestamps tell them apart. */
  namesakes?: readonly string[];
  /** Conflicts between the heads that it joins, as `kat check` finds them, if there are any; never on SQLite. */
  findings?: readonly Finding[];
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
): Promise<AddResult> {
  const graph = buildGraph(hasMigrationsFolder(directory) ? await loadMigrations(directory, onStray) : []);
  const { description, noTransaction, sql, program } = options;
  refuseProgramWith(options);
  const joinsHeads = !(options.parents || sql || isSqlite);
  const findings = joinsHeads
    ? await findHeadConflicts(
        graph,
        graph.heads.map((head) => head.id),
      )
    : [];
  const { id, parents, files } = writeMigration(directory, {
    name,
    parents: findParents(graph, options.parents),
    ...present({ description, noTransaction, sql }),
    ...(program === undefined ? {} : { isProgram: true }),
    now: Math.floor(Date.now() / 1000),
  });
  const namesakes = findNamesakes(graph, id);
  const added = {
    ...{ id, parents, files },
    ...(namesakes.length > 0 ? { namesakes } : {}),
    ...(findings.length > 0 ? { findings } : {}),
  };
  if (!sql || options.parents || isSqlite) return added;
  return { ...added, parents: (await inferNewParents(directory, id)).after };
}

function findNamesakes({ migrations }: Graph, added: string): string[] {
  const name = parseMigrationId(added)?.name;
  return migrations.filter((migration) => migration.name === name).map(({ id }) => id);
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
