/** Reads kat.conf.yaml: what it says, each value with its place, and everything that is wrong with its shape. */

import * as v from 'valibot';
import type { Problem, SourceLocation } from '../../errors.js';
import { checkShape } from '../yaml/check-shape.js';
import type { YamlNode, YamlScalar } from '../yaml/yaml-node.js';
import { parseYaml } from '../yaml/yaml-tree.js';
import { findContradictions } from './config-contradictions.js';
import { locateInConfig } from './config-excerpt.js';
import { configKeys, configSchema, type FieldPath, fieldList } from './config-schema.js';
import type { WrittenValue } from './written-value.js';

interface ConfigFile {
  values: ReadonlyMap<FieldPath, WrittenValue>;
  problems: Problem[];
  /** The empty part: the whole file, or its section `database`. */
  blank?: Blank | undefined;
}

type Blank = 'file' | 'database';

/**
 * Reads the text of a config file. A key without value, and an empty text, count as left out, except where another
 * database, table or folder would take the place of the one that was meant.
 * @returns values that fit the schema, and every problem with a location whose excerpt shows no password.
 */
export async function parseConfigFile(file: string, text: string): Promise<ConfigFile> {
  const locate = (offset: number): SourceLocation => locateInConfig(file, text, offset);
  const { root, problems } = await parseYaml(text, { exactIntegers: false, locate });
  if (!root) return { values: new Map(), problems, blank: 'file' };
  const checked = checkShape(root, { schema: configSchema, knownKeys: configKeys }, locate);
  const values = collectValues(root, locate);
  const isDriverKnown = !findNode(root, ['database', 'driver']) || values.has('database.driver');
  return {
    values,
    problems: [...checked.problems, ...(isDriverKnown ? findContradictions(values) : [])],
    blank: isBlankSection(findNode(root, ['database'])) ? 'database' : undefined,
  };
}

function isBlankSection(node: YamlNode | undefined): boolean {
  return node?.kind === 'scalar' && node.value === null;
}

function collectValues(
  root: YamlNode,
  locate: (offset: number) => SourceLocation,
): Map<FieldPath, WrittenValue> {
  const values = new Map<FieldPath, WrittenValue>();
  for (const field of fieldList) {
    const node = findNode(root, field.path.split('.'));
    const written = node?.kind === 'scalar' ? readScalar(field, node) : undefined;
    if (written && node) values.set(field.path, { ...written, location: locate(node.offset) });
  }
  return values;
}

/** @returns undefined for what counts as left out, and for what does not fit. */
function readScalar(
  { path, label, written, isTarget }: (typeof fieldList)[number],
  { value, source }: YamlScalar,
): Omit<WrittenValue, 'location'> | undefined {
  if (value === null || value === '') {
    return isTarget && path !== 'database.password' ? { text: '', isText: false } : undefined;
  }
  if (!v.is(written, value)) return undefined;
  // 0123 as a password stays 0123; as a port it is a number however it is written.
  const isNumber = typeof value === 'number' && label !== 'text';
  return { text: isNumber ? String(value) : source, isText: typeof value === 'string' };
}

function findNode(root: YamlNode, path: readonly string[]): YamlNode | undefined {
  let node: YamlNode | undefined = root;
  for (const key of path) node = node?.kind === 'map' ? node.entries.get(key)?.node : undefined;
  return node;
}
