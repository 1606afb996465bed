/** Reads kat.conf.yaml: what it says, each value with its place, and everything that is wrong with its shape. */

import * as v from 'valibot';
import type { Problem, SourceLocation } from '../../errors.js';
import { checkShape } from '../yaml/check-shape.js';
import type { YamlNode } from '../yaml/yaml-node.js';
import { parseYaml } from '../yaml/yaml-tree.js';
import { findContradictions } from './config-contradictions.js';
import { locateInConfig } from './config-excerpt.js';
import { configKeys, configSchema, type FieldPath, fieldList } from './config-schema.js';
import type { WrittenValue } from './written-value.js';

interface ConfigFile {
  values: ReadonlyMap<FieldPath, WrittenValue>;
  problems: Problem[];
}

/**
 * Reads the text of a config file. A key without value, and an empty text, count as left out.
 * @returns values that fit the schema, and every problem with a location whose excerpt shows no password.
 */
export async function parseConfigFile(file: string, text: string): Promise<ConfigFile> {
  const locate = (offset: number): SourceLocation => locateInConfig(file, text, offset);
  const { root, problems } = await parseYaml(text, { exactIntegers: false, locate });
  if (!root) return { values: new Map(), problems };
  const checked = checkShape(root, { schema: configSchema, knownKeys: configKeys }, locate);
  const values = collectValues(root, locate);
  return { values, problems: [...checked.problems, ...findContradictions(values)] };
}

function collectValues(
  root: YamlNode,
  locate: (offset: number) => SourceLocation,
): Map<FieldPath, WrittenValue> {
  const values = new Map<FieldPath, WrittenValue>();
  for (const { path, label, written } of fieldList) {
    const node = findNode(root, path.split('.'));
    if (node?.kind !== 'scalar' || node.value === null || node.value === '') continue;
    if (!v.is(written, node.value)) continue;
    // 0123 as a password stays 0123; as a port it is a number however it is written.
    const isNumber = typeof node.value === 'number' && label !== 'text';
    values.set(path, {
      text: isNumber ? String(node.value) : node.source,
      isText: typeof node.value === 'string',
      location: locate(node.offset),
    });
  }
  return values;
}

function findNode(root: YamlNode, path: readonly string[]): YamlNode | undefined {
  let node: YamlNode | undefined = root;
  for (const key of path) node = node?.kind === 'map' ? node.entries.get(key)?.node : undefined;
  return node;
}
