/** Names the result of each migration by all that it depends on. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Graph } from '../../../graph/graph.js';
import { isProgram, type Migration } from '../../../graph/migration.js';
import { readRegularFile } from '../../../regular-file.js';
import { maxParsedBytes } from '../../../sql/syntax/parse.js';
import { mayDependOnWorld } from './outside-world.js';

/** The keys of one migration. Those of two migrations differ if anything does that they depend on. */
export interface MigrationKeys {
  /** Of the files in its folder. */
  content: string;
  /** Of the schema that it leaves: of its up.sql and metadata, and those of its ancestors. Undefined where that may vary. */
  state: string | undefined;
  /** Of its own result. Undefined where that may vary. */
  result: string | undefined;
}

/**
 * @param environment whatever else decides: the versions of Kat and PostgreSQL, and the settings of the server.
 * @throws Error with the code of the system for a file that cannot be read.
 */
export function findMigrationKeys(graph: Graph, environment: string): Map<string, MigrationKeys> {
  const keys = new Map<string, MigrationKeys>();
  for (const migration of graph.migrations) {
    const parents = migration.parents.map((id) => keys.get(id) as MigrationKeys);
    keys.set(migration.id, keysOf(migration, parents, environment));
  }
  return keys;
}

function keysOf(migration: Migration, parents: readonly MigrationKeys[], environment: string): MigrationKeys {
  const { up, down, metadata } = migration.files;
  const [upFile, downFile, fixtures, facts] = [up, down, join(dirname(up), 'fixtures.sql'), metadata].map(
    readFile,
  );
  const content = hash([migration.id, upFile?.hash, downFile?.hash, fixtures?.hash, facts?.hash]);
  const states = parents.map(({ state }) => state).sort();
  const isFixed = !upFile?.mayVary && !states.includes(undefined);
  const state = isFixed ? hash([environment, migration.id, upFile?.hash, facts?.hash, ...states]) : undefined;
  const mayVary = state === undefined || downFile?.mayVary || fixtures?.mayVary;
  return { content, state, result: mayVary ? undefined : hash([state, content]) };
}

interface FileKey {
  hash: string;
  mayVary: boolean;
}

/** A program, and what is too long to be read closely, may do anything. */
function readFile(path: string): FileKey | undefined {
  if (!existsSync(path)) return undefined;
  const bytes = readRegularFile(path);
  const mayVary =
    isProgram(path) || bytes.length > maxParsedBytes || mayDependOnWorld(bytes.toString('utf8'));
  return { hash: createHash('sha256').update(bytes).digest('hex'), mayVary };
}

/** @returns SHA-256 in hexadecimal of all parts, each told from its neighbours. */
export function hash(parts: readonly (string | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
