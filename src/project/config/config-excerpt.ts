/** Shows lines of kat.conf.yaml in error messages without ever showing a password. */

import type { Problem, SourceLocation } from '../../errors.js';
import { locateOffset } from '../source-text.js';
import { fieldsOfUrl } from './config-contradictions.js';
import { fieldList } from './config-fields.js';
import { configKeys } from './config-schema.js';

const mask = '***';
const keyPattern = /^\s*(?:- +)?["']?([\w.-]+)["']? *:(?= |$)/;
const suspicious = /pass|pwd|secret|token|\burl\b|:\/\/|\{|: /i;

/** A password may stand in any field of an address, by mistake or as a part of a URL. */
const secretKeys = new Set(
  fieldList
    .filter(({ path, isSecret }) => isSecret || (fieldsOfUrl as readonly string[]).includes(path))
    .map(({ path }) => path.split('.').at(-1)),
);
const harmlessKeys = new Set([...configKeys].filter((key) => !secretKeys.has(key)));

/**
 * Where `offset` lies in the config file, with an excerpt in which everything that may be a password is masked: values
 * of secret keys, of unknown keys (a key may be a misspelt one) and of lines without a key (they may continue any
 * other), and whatever looks like a second setting on the line. The column never points behind what is shown.
 */
export function locateInConfig(file: string, text: string, offset: number): SourceLocation {
  const location = locateOffset(file, text, offset);
  const sourceLine = maskLine(location.sourceLine);
  if (sourceLine === location.sourceLine) return location;
  const { sourceColumn = location.column, ...place } = location;
  const column = Math.min(sourceColumn, [...sourceLine].length - mask.length + 1);
  return { ...place, sourceLine, column };
}

/** A problem of the config file's bytes, without its line: unreadable text may be a password. */
export function hideExcerpt(problem: Problem): Problem {
  if (!problem.location) return problem;
  return { ...problem, location: { ...problem.location, sourceLine: mask, column: 1 } };
}

function maskLine(line: string): string {
  const [head = '', key = ''] = keyPattern.exec(line) ?? [];
  const rest = line.slice(head.length);
  if (rest.trim() === '') return line;
  if (!harmlessKeys.has(key)) return head === '' ? mask : `${head} ${mask}`;
  const start = rest.search(suspicious);
  return start < 0 ? line : `${head}${rest.slice(0, start)}${mask}`;
}
