/** Writes the kat.conf.yaml of `kat init`, and the migrations folder beside it. */

import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { KatError, type Problem } from '../../errors.js';
import { diskError, makeFolders, removeQuietly } from '../folder/disk-write.js';
import { ioErrorCode } from '../io-problem.js';
import { formatYamlText, schemaComment } from '../yaml/write-yaml.js';
import { fieldsOfUrl } from './config-contradictions.js';
import { configFields, type FieldPath, fieldList } from './config-fields.js';
import type { ConfigFlags, FieldName } from './config-names.js';
import { isFoundByName, listConfigFiles } from './config-place.js';
import { escapeDollars, referredVariable } from './expand.js';

export interface WrittenConfig {
  /** The config file, absolute. */
  file: string;
  /** The migrations folder, absolute. */
  directory: string;
}

type Values = ReadonlyMap<FieldPath, string | number | boolean>;

/**
 * Writes `file`, readable by its owner alone, and the migrations folder that it names.
 * @param values what the user chose; what is left out gets the values that `kat init` promises, or is not written.
 *   They load back exactly as they are given: a `$` in them is only a dollar. A URL that is `$NAME` or `${NAME}` reads that
 *   environment variable.
 * @throws KatError ALREADY_INITIALIZED when the file exists; USAGE for values that do not fit; FILES_INVALID when the
 *   disk refuses, in which case nothing is left behind.
 */
export function writeConfig(file: string, values: ConfigFlags): WrittenConfig {
  const path = resolve(file);
  const [existing] = existsSync(path) ? [path] : rivalsOf(path);
  if (existing !== undefined) throw alreadyInitialized(existing);
  const chosen = chooseValues(values);
  const directory = resolve(dirname(path), String(chosen.get('migration.directory')));
  const folders = makeFolders(directory);
  try {
    writeNewFile(path, formatConfig(chosen, values));
  } catch (error) {
    folders.undo();
    throw error;
  }
  return { file: path, directory };
}

/** A second configuration file in the folder would be refused by every command; one that must be named is none. */
function rivalsOf(path: string): string[] {
  return isFoundByName(path) ? listConfigFiles(dirname(path)) : [];
}

function writeNewFile(path: string, text: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'wx', 0o600);
  } catch (error) {
    throw ioErrorCode(error) === 'EEXIST' ? alreadyInitialized(path) : diskError('write', path, error);
  }
  try {
    writeFileSync(descriptor, text);
    closeSync(descriptor);
  } catch (error) {
    removeQuietly(path);
    throw diskError('write', path, error);
  }
}

function alreadyInitialized(path: string): KatError {
  return new KatError('ALREADY_INITIALIZED', 'kat is already initialized', {
    problems: [{ message: `${path} exists` }],
    help: `Edit ${path}, or move it away and run \`kat init\` again.`,
  });
}

function chooseValues(values: ConfigFlags): Values {
  const given = new Map<FieldPath, string | number | boolean>();
  for (const name of Object.keys(configFields) as FieldName[]) {
    const value = values[name];
    if (value !== undefined) given.set(configFields[name].path, value);
  }
  const chosen = checkValues(given);
  const isHidden = hiddenFields(given);
  for (const { path, initial } of fieldList) {
    if (initial === undefined || chosen.has(path) || isHidden(path)) continue;
    chosen.set(path, path === 'database.path' && isSqlite(given) ? 'kat.sqlite' : initial);
  }
  return chosen;
}

/** Which fields do not go with the driver, or with the URL, that was chosen. */
function hiddenFields(given: Values): (path: FieldPath) => boolean {
  const singles: readonly FieldPath[] = fieldsOfUrl;
  if (given.get('database.driver') === 'pglite' || isSqlite(given))
    return (path) => path === 'database.url' || singles.includes(path);
  const hasUrl = given.has('database.url');
  return (path) => path === 'database.path' || (hasUrl && singles.includes(path));
}

/** @returns the values as they are to be written: numbers and booleans as such, whichever way they were given. */
function checkValues(given: Values): Map<FieldPath, string | number | boolean> {
  const checked = new Map(given);
  const problems: Problem[] = [];
  const isHidden = hiddenFields(given);
  for (const { path, value, label } of fieldList) {
    const text = given.get(path);
    if (text === undefined) continue;
    const { issues, output } = v.safeParse(value, String(text));
    if (issues) problems.push({ message: `\`${path}\` ${issues[0].message}` });
    if (isHidden(path)) problems.push(misfit(path, given));
    if ((typeof output === 'number' && label !== 'duration') || typeof output === 'boolean')
      checked.set(path, output);
  }
  const [first] = problems;
  if (!first) return checked;
  const message = problems.length === 1 ? first.message : `${problems.length} values are invalid`;
  throw new KatError('USAGE', message, { problems, help: 'Correct the flag or the environment variable.' });
}

function misfit(path: FieldPath, given: Values): Problem {
  const isEmbedded = given.get('database.driver') === 'pglite' || isSqlite(given);
  const isBesideUrl = !isEmbedded && path !== 'database.path';
  return {
    message: `\`${path}\` cannot be used with ${isBesideUrl ? 'a URL' : 'this driver'}`,
    help: 'Use only one of them.',
  };
}

function isSqlite(given: Values): boolean {
  return ['sqlite', 'sqlite3'].includes(String(given.get('database.driver')));
}

function formatConfig(chosen: Values, given: ConfigFlags): string {
  const lines = [
    schemaComment('kat.conf'),
    `# Editors list all settings by this schema. Text may hold \${VARIABLE} or \${VARIABLE:-default}; $$ is a dollar.`,
  ];
  let section: string | undefined;
  for (const { path } of fieldList) {
    const value = chosen.get(path);
    if (value === undefined) continue;
    const [key = '', parent = ''] = path.split('.').reverse();
    if (parent !== section) lines.push('', ...(parent === '' ? [] : [`${parent}:`]));
    section = parent;
    lines.push(`${parent === '' ? '' : '  '}${key}: ${formatSetting(path, value, given)}`);
  }
  return `${[...lines, '', ...environmentLines].join('\n')}\n`;
}

function formatSetting(path: FieldPath, value: string | number | boolean, given: ConfigFlags): string {
  if (path === 'database.password' && given.password === undefined) return `\${DB_PASSWORD:-${value}}`;
  const variable = path === 'database.url' ? referredVariable(String(value)) : undefined;
  return variable === undefined ? formatValue(value) : `\${${variable}}`;
}

/** How to have several databases. */
const environmentLines = [
  '# Other databases, chosen by --env or KAT_ENV. A protected one is changed only after a confirmation.',
  '# environments: { production: { protected: true, database: { url: $DATABASE_URL } } }',
];

function formatValue(value: string | number | boolean): string {
  return typeof value === 'string' ? formatYamlText(escapeDollars(value)) : String(value);
}
