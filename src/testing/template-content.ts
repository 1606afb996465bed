/** What a template is made of, and the hash that names it. */

import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { pathOf } from '../engine/options/value-kinds.js';
import { buildGraph, type Graph } from '../graph/graph.js';
import { isProgram, type Migration } from '../graph/migration.js';
import { findMigrations } from '../graph/select.js';
import { checksum, findSqlFile, loadMigrations, readSqlFile } from '../project/folder/load.js';
import { build, version } from '../version.js';
import type { TestDatabasesOptions } from './options.js';

/** The content of a template. */
export interface TemplateContent {
  /** Absolute. */
  directory: string;
  tableName: string;
  roles: readonly string[];
  /** Their ids, parents first. */
  migrations: readonly string[];
  /** Executed behind the migrations. */
  seed: string | undefined;
  /** All SQL that is going to run. */
  sqlTexts: readonly string[];
  /** Of everything that decides the result, except the server, if it `isShared`. */
  hash: string;
  /** Whether others may use the template: what a program imports decides its result as well. */
  isShared: boolean;
}

/** All migrations with the seed. @throws KatError FILES_INVALID, GRAPH_INVALID. */
export async function readWholeContent(options: TestDatabasesOptions): Promise<TemplateContent> {
  const graph = await readGraph(options);
  const { seed } = options;
  return describeContent(options, graph.migrations, seed instanceof URL ? readSqlFile(pathOf(seed)) : seed);
}

/** The ancestors of the migration that `reference` means. @throws KatError USAGE, FILES_INVALID, GRAPH_INVALID. */
export async function readContentBefore(
  options: TestDatabasesOptions,
  reference: string,
): Promise<TemplateContent> {
  const graph = await readGraph(options);
  const ids = new Set(findMigrations(graph, reference).flatMap(({ id }) => [...graph.ancestors(id)]));
  return describeContent(
    options,
    graph.migrations.filter(({ id }) => ids.has(id)),
    undefined,
  );
}

async function readGraph({ migrations }: TestDatabasesOptions): Promise<Graph> {
  return buildGraph(await loadMigrations(resolve(pathOf(migrations))));
}

function describeContent(
  { migrations: directory, tableName = 'migrations', roles = [] }: TestDatabasesOptions,
  migrations: readonly Migration[],
  seed: string | undefined,
): TemplateContent {
  const hash = createHash('sha256').update(JSON.stringify([version, build, tableName, roles, seed]));
  const sqlTexts = seed === undefined ? [] : [seed];
  for (const { files, ...migration } of migrations) {
    const [up, down] = [readSqlFile(files.up), findSqlFile(files.down)];
    hash.update(JSON.stringify([migration, checksum(up), down === undefined ? null : checksum(down)]));
    sqlTexts.push(up);
  }
  return {
    ...{ directory: resolve(pathOf(directory)), tableName, roles, seed, sqlTexts },
    migrations: migrations.map(({ id }) => id),
    hash: hash.digest('hex'),
    isShared: !migrations.some(({ files }) => isProgram(files.up)),
  };
}
