/** Reads a configuration module into the nodes that a file of YAML has, so that both are checked in one way. */

import { basename } from 'node:path';
import type { Problem } from '../../../errors.js';
import { present } from '../../../present.js';
import { findCodePlace, findSyntaxPlace, offsetOf } from '../../code-place.js';
import { helpForTypeScript, noTypeScript } from '../../load-code.js';
import type { YamlNode } from '../../yaml/yaml-node.js';
import { locateInConfig } from '../config-excerpt.js';
import { type ModuleFailure, runModule } from './run-module.js';

/** The root, or what is wrong. */
interface ModuleNodes {
  root?: YamlNode;
  problems: Problem[];
}

/** @param text of the file, in which the places of settings are looked for. */
export async function readModule(file: string, text: string): Promise<ModuleNodes> {
  const answer = await runModule(file);
  if (answer.failure) return { problems: [await explain(answer.failure, file, text)] };
  const start = /\b(?:export\s+default|module\.exports)\b/.exec(text)?.index ?? 0;
  return { root: toNode(answer.value, text, start), problems: [] };
}

/** A key that the text does not have has the place of what it is in: the value may come from anywhere. */
function toNode(value: unknown, text: string, offset: number): YamlNode {
  if (Array.isArray(value))
    return { kind: 'list', items: value.map((item) => toNode(item, text, offset)), offset };
  if (typeof value !== 'object' || value === null) {
    const scalar = value as string | number | boolean | null;
    return { kind: 'scalar', value: scalar, source: String(scalar ?? ''), offset };
  }
  const entries = Object.entries(value).map(([key, inner]) => {
    const found = findKey(text, key, offset);
    const node = toNode(inner, text, found?.value ?? offset);
    return [key, { keyOffset: found?.key ?? offset, node }] as const;
  });
  return { kind: 'map', entries: new Map(entries), offset };
}

/** `key: value`, with or without quotes, or `key` alone, as in `{ key }`. */
function findKey(text: string, key: string, from: number): { key: number; value: number } | undefined {
  const name = key.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`(?<=[{,\\s])(["']?)${name}\\1\\s*(?::\\s*|(?=[,}]))`, 'g');
  pattern.lastIndex = from;
  const found = pattern.exec(text);
  return found ? { key: found.index, value: found.index + found[0].length } : undefined;
}

async function explain(failure: ModuleFailure, file: string, text: string): Promise<Problem> {
  const { name = 'Error', message, stack, code } = failure;
  const title = message.split('\n', 1)[0]?.trim();
  const isSyntax = name === 'SyntaxError' || /^\w*Error: ParseError: /.test(stack);
  const place = findCodePlace(stack, file) ?? (isSyntax ? await findSyntaxPlace(file) : undefined);
  const offset = place && offsetOf(text, place);
  const location = offset === undefined ? undefined : locateInConfig(file, text, offset);
  const isUntyped = code === 'ERR_UNKNOWN_FILE_EXTENSION' && /\.m?ts$/.test(file);
  const reason = isUntyped ? noTypeScript : name === 'Error' ? title : `${name}: ${title}`;
  return {
    message: `${basename(file)} cannot be used: ${reason}`,
    help: isUntyped ? helpForTypeScript('write it in JavaScript, as kat.config.mjs') : helpFor(failure, file),
    ...present({ location }),
  };
}

function helpFor({ code = '', message }: ModuleFailure, file: string): string {
  if (code === 'KAT_NO_OBJECT') return 'Export the settings: `export default defineConfig({ … })`.';
  if (code === 'KAT_NOT_PLAIN') return 'Use texts, numbers, true and false in objects.';
  if (code.endsWith('MODULE_NOT_FOUND') && message.includes("'kat-migrate'"))
    return 'Install kat-migrate in the project, or export the object without `defineConfig`.';
  return `Correct ${file}.`;
}
