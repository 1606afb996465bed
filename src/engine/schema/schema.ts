/** Writes, checks and loads the file of a schema. */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { KatError } from '../../errors.js';
import { buildGraph } from '../../graph/graph.js';
import { loadMigrations, readSqlFile } from '../../project/folder/load.js';
import { refuseOtherFile } from '../../project/save-output.js';
import type { RunSetting } from '../session/run-setting.js';
import { formatIds, idsOf, parseIds, parseMarks, schemaMarkOf, withoutMarks } from './ids-file.js';
import { loadSchema } from './load-schema.js';
import type { DriverFiles, SchemaOptions, SchemaResult } from './result.js';
import { compareSchemaFiles, writeSchemaFiles } from './schema-folder.js';
import {
  formatFiles,
  formatSchema,
  idsFileOf,
  renderFolder,
  type SchemaPlace,
  type SchemaTarget,
} from './schema-text.js';

export interface SchemaSetting extends SchemaPlace {
  /** For `load` alone. */
  openSetting(): Promise<RunSetting>;
}

/** @throws KatError USAGE for options that exclude each other; FILES_INVALID; what building and loading throw. */
export async function schema(setting: SchemaSetting, options: SchemaOptions): Promise<SchemaResult> {
  refuseSeveral(options);
  refuseNeedlessDryRun(options);
  if (options.load) return load(setting, resolve(options.file ?? defaultFile), options);
  if (options.installMergeDriver !== undefined) return install(options.installMergeDriver, targetOf(options));
  if (options.merge) return merge(setting, options.merge, options);
  if (options.file !== undefined && !options.check) refuseOtherFile(resolve(options.file));
  const graph = buildGraph(await loadMigrations(setting.directory));
  const rendered = await renderFolder(setting, graph, options.on);
  const ids = idsOf(graph);
  const target = targetOf(options);
  const files = formatFiles(target, rendered);
  const mark = target.isFolder ? undefined : schemaMarkOf(files.get(target.path) ?? '');
  const texts = new Map([...files, [idsFileOf(target), formatIds(ids, mark)]]);
  const done = { ...nothingDone, migrations: [...ids.keys()].sort() };
  if (options.check) {
    const changes = withoutMarks(compareSchemaFiles(target, texts));
    return { ...done, ...placeOf(target), isValid: changes.length === 0, changes };
  }
  const written = { ...done, sql: formatSchema(rendered) };
  if (options.file === undefined && options.dir === undefined) return written;
  writeSchemaFiles(target, texts);
  return { ...written, ...placeOf(target) };
}

const defaultFile = 'schema.sql';

function targetOf({ file = defaultFile, dir }: SchemaOptions): SchemaTarget {
  return { isFolder: dir !== undefined, path: resolve(dir ?? file) };
}

function placeOf({ isFolder, path }: SchemaTarget): Pick<SchemaResult, 'file' | 'dir'> {
  return isFolder ? { dir: path } : { file: path };
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
  const places =
    options.dir === undefined ? [] : [options.file && '--file', '--dir', options.load && '--load'];
  const chosen =
    places.filter(Boolean).length > 1 ? places : names.map((name) => options[name] && choices[name]);
  const [first, second] = chosen.filter(Boolean).map((name) => `\`${name}\``);
  if (second === undefined) return;
  throw new KatError('USAGE', `${first} and ${second} cannot be combined`, { help: 'Use one of them.' });
}

function refuseNeedlessDryRun({ dryRun, load }: SchemaOptions): void {
  if (!dryRun || load) return;
  throw new KatError('USAGE', '`--dry-run` requires `--load`', {
    help: 'Remove `--dry-run`: without `--load`, `kat schema` changes no database.',
  });
}

async function install(configFile: string, target: SchemaTarget): Promise<SchemaResult> {
  const { installMergeDriver } = await import('../../project/git/install-merge-driver.js');
  const { isFolder, path } = target;
  const written = await installMergeDriver({ configFile, isFolder, path, idsFile: idsFileOf(target) });
  return { ...nothingDone, ...placeOf(target), written };
}

async function merge(
  place: SchemaSetting,
  files: DriverFiles,
  { on, dir }: SchemaOptions,
): Promise<SchemaResult> {
  const { mergeSchema } = await import('./merge/merge-schema.js');
  const sides = { base: resolve(files.base), ours: resolve(files.ours), theirs: resolve(files.theirs) };
  const file = resolve(files.path);
  const target = targetOf({ file, dir });
  const merged = await mergeSchema({ place, on, target }, { ...sides, path: files.path });
  return 'conflict' in merged
    ? { ...nothingDone, ...merged, file, isValid: false }
    : { ...nothingDone, ...merged, file, isMerged: true };
}

async function load(
  { openSetting }: SchemaSetting,
  file: string,
  { dryRun: isDryRun = false }: SchemaOptions,
): Promise<SchemaResult> {
  const idsFile = idsFileOf({ isFolder: false, path: file });
  for (const path of [file, idsFile]) if (!existsSync(path)) throw noFile(path);
  const [text, idsText] = [readSqlFile(file), readSqlFile(idsFile)];
  const ids = parseIds(idsText);
  const loaded = { file: { path: file, text }, ids, marks: parseMarks(idsText), isDryRun };
  const { rowMigrations } = await loadSchema(await openSetting(), loaded);
  const done = { ...nothingDone, file, migrations: [...ids.keys()].sort(), rowMigrations };
  return isDryRun ? { ...done, isDryRun } : { ...done, isLoaded: true };
}

function noFile(path: string): KatError {
  return new KatError('FILES_INVALID', `there is no ${path}`, {
    help: 'Run `kat schema --file FILE` in a checkout with the migrations to write it.',
  });
}
