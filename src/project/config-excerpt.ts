/** Shows lines of kat.conf.yaml in error messages without ever showing a password. */

import type { SourceLocation } from '../errors.js';
import { configKeys, fieldList } from './config-schema.js';
import { locateOffset } from './source-text.js';

const mask = '***';
const keyPattern = /^\s*(?:- +)?["']?([\w.-]+)["']? *:(?= |$)/;
const suspicious = /pass|pwd|secret|token|\burl\b|:\/\/|\{|: /i;

const secretKeys = new Set(
  fieldList.filter(({ isSecret }) => isSecret).map(({ path }) => path.split('.').at(-1)),
);
const harmlessKeys = new Set(
  Object.values(configKeys)
    .flat()
    .filter((key) => !secretKeys.has(key)),
);

/**
 * Where `offset` lies in the config file, with an excerpt in which everything that may be a password is masked: values
 * of secret keys, values of unknown keys (a key may be a misspelt one), lines that continue either, and whatever looks
 * like a second setting on the same line. The column never points behind what is shown.
 */
export function locateInConfig(file: string, text: string, offset: number): SourceLocation {
  const location = locateOffset(file, text, offset);
  const sourceLine = maskLine(location.sourceLine, findOwner(text, location.line));
  if (sourceLine === location.sourceLine) return location;
  const column = Math.min(location.column, [...sourceLine].length - mask.length + 1);
  return { ...location, sourceLine, column };
}

/** The key on line `line`, or the last one above it, whose value may reach down to it. */
function findOwner(text: string, line: number): string | undefined {
  const above = text.split(/\r?\n/, line);
  for (const content of above.reverse()) {
    const key = keyPattern.exec(content)?.[1];
    if (key !== undefined) return key;
  }
  return undefined;
}

function maskLine(line: string, owner: string | undefined): string {
  const head = keyPattern.exec(line)?.[0] ?? '';
  const rest = line.slice(head.length);
  if (rest.trim() === '') return line;
  if (owner === undefined || !harmlessKeys.has(owner)) return `${head}${head === '' ? '' : ' '}${mask}`;
  const start = rest.search(suspicious);
  return start < 0 ? line : `${head}${rest.slice(0, start)}${mask}`;
}
