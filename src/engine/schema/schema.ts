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
import type { DriverFiles, SchemaOptions, SchemaResult } from './result.js';
import { parseIds, type SchemaTexts, writeSchemaTexts } from './schema-text.js';

export interface SchemaSetting {
  directory: string;
  signal: AbortSignal | undefined;
  /** For `load` alone. */
  openSetting(): Promise<RunSetting>;
}

/** @throws KatError USAGE for options that exclude each other; FILES_INVALID; what building and loading throw. */
export async function schema(setting: SchemaSetting, options: SchemaOptions): Promise<SchemaResult> {
  refuseSeveral(options);
  if (options.load) return load(setting, fileOf(options));
  if (options.installMergeDriver !== undefined) return install(options.installMergeDriver, fileOf(options));
  if (options.merge) return merge(setting, options.merge, options.on);
  const { directory, signal } = setting;
  const graph = buildGraph(await loadMigrations(directory));
  const texts = await writeSchemaTexts({ directory, graph }, { on: options.on, signal });
  if (options.check) return check(fileOf(options), texts);
  const written = { ...nothingDone, sql: texts.sql, migrations: parseIds(texts.ids) };
  if (options.file === undefined) return written;
  const file = fileOf(options);
  saveFile(file, texts.sql);
  saveFile(idsFileOf(file), texts.ids);
  return { ...written, file };
}

const nothingDone = { isValid: true, migrations: [], changes: [], isLoaded: false, rowMigrations: [] };

/** The options that each choose what is done, as on the command line. */
const choices = {
  check: '--check',
  load: '--load',
  installMergeDriver: '--install-merge-driver',
  merge: '--merge-driver',
} as const;

function refuseSeveral(options: SchemaOptions): void {
  const names = Object.keys(choices) as (keyof typeof choices)[];
  const [first, second] = names.filter((name) => options[name]).map((name) => `\`${choices[name]}\``);
  if (second === undefined) return;
  throw new KatError('USAGE', `${first} and ${second} cannot be combined`, { help: 'Use one of them.' });
}

async function install(configFile: string, file: string): Promise<SchemaResult> {
  const { installMergeDriver } = await import('../../project/git/install-merge-driver.js');
  const written = await installMergeDriver({ configFile, files: [file, idsFileOf(file)] });
  return { ...nothingDone, file, written };
}

async function merge(
  { directory, signal }: SchemaSetting,
  files: DriverFiles,
  on: string | undefined,
): Promise<SchemaResult> {
  const { mergeSchema } = await import('./merge/merge-schema.js');
  const sides = { base: resolve(files.base), ours: resolve(files.ours), theirs: resolve(files.theirs) };
  const merged = await mergeSchema({ directory, on, signal }, { ...sides, path: files.path });
  const file = resolve(files.path);
  return 'conflict' in merged
    ? { ...nothingDone, ...merged, file, isValid: false }
    : { ...nothingDone, ...merged, file, isMerged: true };
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
  return { ...nothingDone, isValid: changes.length === 0, file, migrations: parseIds(ids), changes };
}

async function load({ openSetting }: SchemaSetting, file: string): Promise<SchemaResult> {
  for (const path of [file, idsFileOf(file)]) if (!existsSync(path)) throw noFile(path);
  const [text, ids] = [readSqlFile(file), parseIds(readSqlFile(idsFileOf(file)))];
  const { rowMigrations } = await loadSchema(await openSetting(), { file: { path: file, text }, ids });
  return { ...nothingDone, file, migrations: ids, isLoaded: true, rowMigrations };
}

function noFile(path: string): KatError {
  return new KatError('FILES_INVALID', `there is no ${path}`, {
    help: 'Write it where the migrations are: `kat schema --file FILE`.',
  });
}
