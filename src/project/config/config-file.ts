/** Reads a configuration file: what it says, each value with its place, and everything that is wrong with its shape. */

import * as v from 'valibot';
import type { Problem, SourceLocation } from '../../errors.js';
import { checkShape, findNode } from '../yaml/check-shape.js';
import type { YamlNode, YamlScalar } from '../yaml/yaml-node.js';
import { parseYaml } from '../yaml/yaml-tree.js';
import { findContradictions } from './config-contradictions.js';
import { locateInConfig } from './config-excerpt.js';
import { type FieldPath, fieldList } from './config-fields.js';
import { isModuleFile, isPackageFile } from './config-place.js';
import { configSchema, isEnvironmentName, keysBySection } from './config-schema.js';
import type { WrittenValue } from './written-value.js';

interface ConfigFile {
  /** False if the file could not be parsed, or run. */
  isRead: boolean;
  values: ReadonlyMap<FieldPath, WrittenValue>;
  problems: Problem[];
  /** The empty part: the whole file, or the section of the database. */
  blank?: 'file' | 'database' | `environments.${string}.database` | undefined;
  /** Whether the file names a database at all. */
  hasDatabase: boolean;
  /** The names of all environments, in the file's order. */
  environments: readonly string[];
  /** Whether the chosen environment is protected. */
  isProtected: boolean;
}

const noSettings = { values: new Map(), hasDatabase: false, environments: [], isProtected: false };

/**
 * Reads the text of a config file. A key without value, and an empty text, count as left out, except where another
 * database, table or folder would take the place of the one that was meant.
 * @param environment the chosen environment: its settings override those at the top level.
 * @returns values that fit the schema, and every problem with a location whose excerpt shows no password.
 */
export async function parseConfigFile(file: string, text: string, environment?: string): Promise<ConfigFile> {
  const locate = (offset: number): SourceLocation => locateInConfig(file, text, offset);
  const isModule = isModuleFile(file);
  const { root: whole, problems } = isModule
    ? await (await import('./module/read-module.js')).readModule(file, text)
    : await parseYaml(text, { exactIntegers: false, locate });
  // JSON is YAML.
  const root = whole && isPackageFile(file) ? findNode(whole, ['kat']) : whole;
  if (whole && !root) problems.push({ message: `${file} has no key \`kat\`` });
  if (!root) return { ...noSettings, problems, isRead: problems.length === 0, blank: 'file' };
  const names = listEnvironments(root);
  const checked = checkShape(root, { schema: configSchema, knownKeys: keysBySection(names) }, locate);
  const collect = (name: string | undefined) => collectValues({ root, environment: name, isModule }, locate);
  const values = collect(environment);
  const section = databaseSection(root, environment);
  const database = findNode(root, section.split('.'));
  return {
    isRead: true,
    values,
    problems: [
      ...checked.problems,
      ...names.flatMap((name) => emptyEnvironment(root, name, locate)),
      ...[undefined, ...names].flatMap((name) =>
        contradictionsOf({ root, environment: name }, () => (name === environment ? values : collect(name))),
      ),
    ],
    blank: isBlank(database) ? section : undefined,
    hasDatabase: database !== undefined && !isBlank(database),
    environments: names,
    isProtected:
      environment !== undefined && isTrue(findNode(root, ['environments', environment, 'protected'])),
  };
}

/** What counts in a file: an environment's settings and those at the top level, or these alone. */
interface ChosenPart {
  root: YamlNode;
  environment: string | undefined;
}

/** In values of a module, `$` is a dollar: the module reads variables itself. */
interface ReadPart extends ChosenPart {
  isModule: boolean;
}

/** Without names that the schema refuses. */
function listEnvironments(root: YamlNode): string[] {
  const node = findNode(root, ['environments']);
  return node?.kind === 'map' ? [...node.entries.keys()].filter(isEnvironmentName) : [];
}

/** Nothing behind the name is what a template leaves: another database would take the place of the one that was meant. */
function emptyEnvironment(
  root: YamlNode,
  name: string,
  locate: (offset: number) => SourceLocation,
): Problem[] {
  const node = findNode(root, ['environments', name]);
  if (!node || !isBlank(node)) return [];
  const help = 'Write its settings, such as `database`, or delete it.';
  return [{ message: `\`environments.${name}\` is empty`, location: locate(node.offset), help }];
}

/** The path of the section `database` that counts. An environment's own replaces the other as a whole. */
function databaseSection(
  root: YamlNode,
  environment: string | undefined,
): 'database' | `environments.${string}.database` {
  const own = environment !== undefined && findNode(root, ['environments', environment, 'database']);
  return own ? `environments.${environment}.database` : 'database';
}

/** Those of an environment without a database of its own are those of the top level. */
function contradictionsOf(
  { root, environment }: ChosenPart,
  readValues: () => ReadonlyMap<FieldPath, WrittenValue>,
): Problem[] {
  const section = databaseSection(root, environment);
  if (environment !== undefined && section === 'database') return [];
  const values = readValues();
  const hasDriver = findNode(root, [...section.split('.'), 'driver']) !== undefined;
  return hasDriver && !values.has('database.driver') ? [] : findContradictions(values);
}

function isBlank(node: YamlNode | undefined): boolean {
  return node?.kind === 'scalar' && node.value === null;
}

function isTrue(node: YamlNode | undefined): boolean {
  return node?.kind === 'scalar' && node.value === true;
}

function collectValues(
  part: ReadPart,
  locate: (offset: number) => SourceLocation,
): Map<FieldPath, WrittenValue> {
  const values = new Map<FieldPath, WrittenValue>();
  for (const field of fieldList) {
    const path = pathOf(field, part);
    const node = findNode(part.root, path);
    const written = node?.kind === 'scalar' ? readScalar(field, node) : undefined;
    if (written && node)
      values.set(field.path, {
        text: written.text,
        isText: written.isText && !part.isModule,
        isComputed: part.isModule,
        path: path.join('.'),
        location: locate(node.offset),
      });
  }
  return values;
}

/** Where the setting that counts is written, if it is. */
function pathOf({ path, isTarget }: (typeof fieldList)[number], { root, environment }: ChosenPart): string[] {
  const [section, ...keys] = path.split('.');
  if (section === 'database') return [...databaseSection(root, environment).split('.'), ...keys];
  const own = ['environments', String(environment), ...path.split('.')];
  const node = environment === undefined ? undefined : findNode(root, own);
  return node && (isTarget || !isBlank(node)) ? own : path.split('.');
}

/** @returns undefined for what counts as left out, and for what does not fit. */
function readScalar(
  { path, label, written, isTarget }: (typeof fieldList)[number],
  { value, source }: YamlScalar,
): Pick<WrittenValue, 'text' | 'isText'> | undefined {
  if (value === null || value === '') {
    return isTarget && path !== 'database.password' ? { text: '', isText: false } : undefined;
  }
  if (!v.is(written, value)) return undefined;
  // 0123 as a password stays 0123; as a port it is a number however it is written.
  const isNumber = typeof value === 'number' && label !== 'text';
  return { text: isNumber ? String(value) : source, isText: typeof value === 'string' };
}
