/** Writes, checks and loads the file of a schema. */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { KatError } from '../../errors.js';
import { buildGraph } from '../../graph/graph.js';
import { loadMigrations, readSqlFile } from '../../project/folder/load.js';
import { saveFile } from '../../project/save-file.js';
import type { RunSetting } from '../session/run-setting.js';
import { compareLines } from './line-changes.js';
import { loadSchema } from './load-schema.js';
import type { SchemaOptions, SchemaResult } from './result.js';
import { parseIds, type SchemaTexts, writeSchemaTexts } from './schema-text.js';

export interface SchemaSetting {
  directory: string;
  signal: AbortSignal | undefined;
  /** For `load` alone. */
  openSetting(): Promise<RunSetting>;
}

/** @throws KatError USAGE for options that exclude each other; FILES_INVALID; what building and loading throw. */
export async function schema(setting: SchemaSetting, options: SchemaOptions): Promise<SchemaResult> {
  if (options.check && options.load)
    throw new KatError('USAGE', '`--check` and `--load` cannot be combined', { help: 'Use one of them.' });
  if (options.load) return load(setting, fileOf(options));
  const { directory, signal } = setting;
  const graph = buildGraph(await loadMigrations(directory));
  const texts = await writeSchemaTexts({ directory, graph }, { on: options.on, signal });
  if (options.check) return check(fileOf(options), texts);
  const written = {
    isValid: true,
    sql: texts.sql,
    migrations: parseIds(texts.ids),
    changes: [],
    isLoaded: false,
    rowMigrations: [],
  };
  if (options.file === undefined) return written;
  const file = fileOf(options);
  saveFile(file, texts.sql);
  saveFile(idsFileOf(file), texts.ids);
  return { ...written, file };
}

function fileOf({ file = 'schema.sql' }: SchemaOptions): string {
  return resolve(file);
}

/** Beside the schema, so that git merges it line by line. */
function idsFileOf(file: string): string {
  return `${file}.migrations`;
}

function check(file: string, { sql, ids }: SchemaTexts): SchemaResult {
  const read = (path: string) => (existsSync(path) ? readSqlFile(path).replaceAll('\r\n', '\n') : '');
  const changes = [...compareLines(read(file), sql), ...compareLines(read(idsFileOf(file)), ids)];
  return {
    isValid: changes.length === 0,
    file,
    migrations: parseIds(ids),
    changes,
    isLoaded: false,
    rowMigrations: [],
  };
}

async function load({ openSetting }: SchemaSetting, file: string): Promise<SchemaResult> {
  for (const path of [file, idsFileOf(file)]) if (!existsSync(path)) throw noFile(path);
  const [text, ids] = [readSqlFile(file), parseIds(readSqlFile(idsFileOf(file)))];
  const { rowMigrations } = await loadSchema(await openSetting(), { file: { path: file, text }, ids });
  return { isValid: true, file, migrations: ids, changes: [], isLoaded: true, rowMigrations };
}

function noFile(path: string): KatError {
  return new KatError('FILES_INVALID', `there is no ${path}`, {
    help: 'Write it where the migrations are: `kat schema --file FILE`.',
  });
}
