/** Reads the assignments of SET in SQLite (https://www.sqlite.org/lang_update.html). */

import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import type { SqliteToken } from '../../../connections/sqlite/tokens.js';
import { isWord } from './emptied-by.js';
import { findOuter, splitOuterCommas, unwrap } from './outer-tokens.js';
import { nameOf } from './statement-names.js';

/** A column with its new value. */
export interface Assignment {
  /** In lower case. */
  column: string;
  /** An expression. */
  value: string;
  tokens: readonly SqliteToken[];
  /** Names in lower case that the value may take from the row. */
  reads: readonly string[];
}

/** @param set the tokens behind SET. */
export function readAssignments(text: string, set: readonly SqliteToken[]): Assignment[] {
  return splitOuterCommas(set).flatMap((tokens): Assignment[] => {
    const equals = findOuter(tokens, ({ kind, value }) => kind === 'symbol' && value === '=');
    const [target, value] = [tokens.slice(0, equals), tokens.slice(equals + 1)];
    if (equals < 1 || value.length === 0) return [];
    const columns = splitOuterCommas(unwrap(target) ?? target).flatMap(([name]) =>
      name ? [asciiLower(nameOf(name))] : [],
    );
    return valuesOf(text, columns, value).map((one) => ({ ...one, reads: namesIn(one.tokens) }));
  });
}

function valuesOf(
  text: string,
  columns: readonly string[],
  tokens: readonly SqliteToken[],
): Omit<Assignment, 'reads'>[] {
  const items = columns.length > 1 ? itemsOf(unwrap(tokens) ?? []) : [tokens];
  const query = textOf(text, tokens);
  return columns.map((column, index) => {
    const item = items?.[index];
    if (item) return { column, value: textOf(text, item), tokens: item };
    const names = columns.map((_, at) => `kat_${at}`);
    return {
      column,
      value: `(WITH kat_row (${names}) AS ${query} SELECT kat_${index} FROM kat_row)`,
      tokens,
    };
  });
}

/** The values of a row; undefined for a query that is more than a list of values. */
function itemsOf(row: readonly SqliteToken[]): SqliteToken[][] | undefined {
  if (['WITH', 'VALUES'].some((word) => isWord(row[0], word))) return undefined;
  const isQuery = isWord(row[0], 'SELECT');
  if (isQuery && findOuter(row, ({ kind, value }) => kind === 'word' && queryWords.has(value)) >= 0)
    return undefined;
  return splitOuterCommas(isQuery ? row.slice(1) : row);
}

const queryWords: ReadonlySet<string> = new Set(
  'ALL AS DISTINCT EXCEPT FROM GROUP HAVING INTERSECT LIMIT ORDER UNION WHERE WINDOW'.split(' '),
);

function textOf(text: string, tokens: readonly SqliteToken[]): string {
  return text.slice(tokens[0]?.start, tokens.at(-1)?.end);
}

/** Names of functions, types and collations are none of columns. */
function namesIn(tokens: readonly SqliteToken[]): string[] {
  return tokens
    .filter(({ kind }, index) => {
      const isOther =
        tokens[index + 1]?.value === '(' || ['AS', 'COLLATE'].some((word) => isWord(tokens[index - 1], word));
      return (kind === 'word' || kind === 'name') && !isOther;
    })
    .map((token) => asciiLower(nameOf(token)));
}
