/** Makes the schema of a file in an empty database, and records its migrations as applied, in one transaction. */

import { basename } from 'node:path';
import { splitSqliteMigration } from '../../connections/sqlite/split-statements.js';
import { KatError } from '../../errors.js';
import { counted } from '../../graph/counted.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import { listIds } from '../../graph/list-ids.js';
import type { Migration } from '../../graph/migration.js';
import { findSqlFile, loadMigrations } from '../../project/folder/load.js';
import type { Effect } from '../../sql/effects/effect.js';
import { readSql } from '../deps/read-sql.js';
import { stampOf } from '../ledger/record.js';
import type { DatabaseState } from '../plan/plan-run.js';
import { type RecordPlan, recordChanges } from '../records/change-records.js';
import type { RunSetting } from '../session/run-setting.js';
import { checksumOf, type SchemaIds, schemaMarkOf } from './ids-file.js';
import { findOwnObjects } from './own-objects.js';
import type { SchemaResult } from './result.js';
import { type FileStatement, loadFailure, readStatements, type SchemaFile } from './schema-statements.js';
import { commandToWrite } from './schema-text.js';

/** A schema file with the ids of its migrations. */
export interface LoadedSchema {
  file: SchemaFile;
  ids: SchemaIds;
  /** Of the text that the ids were written with; none where that is not known. */
  marks: readonly string[];
  /** Checks everything, and writes nothing. */
  isDryRun: boolean;
}

/**
 * @throws KatError FILES_INVALID for an empty file; USAGE for files that were not written together, a database with applied migrations or other objects, ids without a folder, or edited migrations; SQL_INVALID for SQL that may not run in a
 *   transaction; SQL_ERROR for SQL that fails: then nothing was changed.
 */
export async function loadSchema(
  setting: RunSetting,
  { file, ids, marks, isDryRun }: LoadedSchema,
): Promise<Pick<SchemaResult, 'rowMigrations'>> {
  const isSqlite = setting.driver.name === 'sqlite';
  const graph = buildGraph(await loadMigrations(setting.directory));
  const wanted = new Set(ids.keys());
  refuseEmpty(file, ids);
  refuseOther(file, marks);
  refuseUnknown([...wanted].filter((id) => !graph.has(id)));
  refuseEdited([...wanted].filter((id) => checksumOf(graph.get(id)) !== ids.get(id)));
  const statements = await readStatements(file, { isSqlite });
  const plan = async ({ session, ledger, applied }: DatabaseState): Promise<RecordPlan> => {
    refuseApplied(applied);
    refuseObjects(await findOwnObjects(session, ledger));
    const migrations = graph.migrations.filter(({ id }) => wanted.has(id));
    return {
      statements: statements.map(({ text }) => text),
      describeFailure: (index, error) => loadFailure(file, statements[index] as FileStatement, error),
      recordings: migrations.map(stampOf),
    };
  };
  await recordChanges(setting, { purpose: 'schema', isDryRun, confirm: undefined, plan });
  return { rowMigrations: await (isSqlite ? findSqliteRows : findRowMigrations)(graph, wanted) };
}

async function findSqliteRows({ migrations }: Graph, wanted: ReadonlySet<string>): Promise<string[]> {
  const changesRows = ({ files }: Migration) =>
    splitSqliteMigration(findSqlFile(files.up) ?? '').some(({ head: [first] }) =>
      /^(?:INSERT|REPLACE|UPDATE|DELETE|WITH)$/.test(first?.value ?? ''),
    );
  return migrations
    .filter(({ id }) => wanted.has(id))
    .filter(changesRows)
    .map(({ id }) => id);
}

async function findRowMigrations(graph: Graph, wanted: ReadonlySet<string>): Promise<string[]> {
  const migrations = (await readSql(graph)).filter(({ id }) => wanted.has(id));
  const isChange = ({ action, when, object }: Effect) =>
    when === 'now' && object.kind !== 'sequence' && /^(?:insert|update|delete)$/.test(action);
  return migrations.filter(({ effects }) => effects.effects.some(isChange)).map(({ id }) => id);
}

/** Even a schema without objects has the lines at its head. A shell empties the file of `kat schema > FILE` before Kat begins. */
function refuseEmpty({ path, text }: SchemaFile, ids: SchemaIds): void {
  if (text.trim() !== '' || ids.size === 0) return;
  throw new KatError(
    'FILES_INVALID',
    `${basename(path)} is empty, so its ${counted(ids.size, 'migration')} cannot be loaded`,
    {
      help: `Write it again with \`${commandToWrite({ isFolder: false, path })}\`, or restore it from git. Nothing was executed.`,
    },
  );
}

/** The ids of another text would record migrations as applied whose tables it lacks, or leave others pending whose tables it has. */
function refuseOther({ path, text }: SchemaFile, marks: readonly string[]): void {
  if (marks.length === 0 || (marks.length === 1 && marks[0] === schemaMarkOf(text))) return;
  const name = basename(path);
  throw new KatError('USAGE', `${name} and ${name}.migrations were not written together`, {
    help: `One of them is of another commit, was edited, or was merged by git. Write both again: \`${commandToWrite({ isFolder: false, path })}\`. Nothing was executed.`,
  });
}

function refuseUnknown(ids: readonly string[]): void {
  if (ids.length === 0) return;
  throw new KatError(
    'USAGE',
    `the schema file has migrations that the folder does not have: ${listIds(ids)}`,
    {
      help: 'Write the file again: `kat schema --file FILE`.',
    },
  );
}

/** They would count as applied with a text that never ran. */
function refuseEdited(ids: readonly string[]): void {
  if (ids.length === 0) return;
  throw new KatError('USAGE', `the schema file is older than the last edit of ${listIds(ids)}`, {
    help: 'Write the file again: `kat schema --file FILE`.',
  });
}

/** They would be in the database beside what the migrations make, or under a name that a later migration needs. */
function refuseObjects(objects: readonly string[]): void {
  if (objects.length === 0) return;
  const isOne = objects.length === 1;
  throw new KatError(
    'USAGE',
    `the database is not empty, so the schema cannot be loaded: it has ${listIds(objects)}`,
    {
      help: `Load the schema into an empty database. If the migrations made ${isOne ? 'it' : 'these objects'}, record them with \`kat stamp\`.`,
    },
  );
}

function refuseApplied(applied: readonly string[]): void {
  if (applied.length === 0) return;
  throw new KatError(
    'USAGE',
    `the database has ${counted(applied.length, 'applied migration')}, so the schema cannot be loaded`,
    {
      help: 'Load the schema into an empty database, or run `kat up`.',
    },
  );
}
