/** Reads which columns a SQLite statement copies from all rows of one table into another. */

import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import type { SqliteStatement } from '../../../connections/sqlite/split-statements.js';
import { readTokens, type SqliteToken } from '../../../connections/sqlite/tokens.js';
import { createdTable, insertedInto, keepsExisting, nameOf } from './statement-names.js';

/** Names in lower case. */
export interface CopiedRows {
  source: string;
  target: string;
  columns: ReadonlySet<string> | 'whole';
}

/**
 * `INSERT INTO t SELECT … FROM s` and `CREATE TABLE t AS SELECT … FROM s`. Undefined for everything that may leave rows out: a
 * condition, a join, a limit, DISTINCT, an aggregate, OR IGNORE.
 */
export function readCopiedRows({ text, head }: SqliteStatement): CopiedRows | undefined {
  const created = keepsExisting(head) ? undefined : createdTable(head);
  const target = created ?? insertedInto(head);
  if (!target) return undefined;
  const tokens = [...readTokens(text)];
  const start = tokens.findIndex(isWord('SELECT'));
  const isPlain = created ? isWord('AS')(tokens[target.end]) : isColumnList(tokens.slice(target.end, start));
  const list = tokens.slice(start + 1);
  const from = list.findIndex(isWord('FROM'));
  const source = from < 0 || start < 0 || !isPlain ? undefined : readSource(list.slice(from + 1));
  const columns = source === undefined ? undefined : readColumns(list.slice(0, from));
  if (source === undefined || !columns) return undefined;
  return { source, target: asciiLower(target.name), columns };
}

function isWord(word: string) {
  return (token: SqliteToken | undefined) => token?.kind === 'word' && token.value === word;
}

/** What stands between INSERT INTO t and SELECT: nothing, or names in parentheses. */
function isColumnList(tokens: readonly SqliteToken[]): boolean {
  return tokens.every(({ kind, value }, index) =>
    index === 0 ? value === '(' : kind !== 'symbol' || value === ',' || index === tokens.length - 1,
  );
}

/** The only table behind FROM, which may have an alias. */
function readSource(tokens: readonly SqliteToken[]): string | undefined {
  const [first, ...rest] = tokens[1]?.value === '.' ? tokens.slice(2) : tokens;
  const alias = isWord('AS')(rest[0]) ? rest.slice(1) : rest;
  const isAlone = alias.length <= 1 && alias.every(({ kind }) => kind !== 'symbol');
  return first && first.kind !== 'symbol' && isAlone ? asciiLower(nameOf(first)) : undefined;
}

/** Each name that is selected as it is. */
function readColumns(list: readonly SqliteToken[]): CopiedRows['columns'] | undefined {
  if (list.some(isWord('DISTINCT')) || list.some(isAggregate)) return undefined;
  const items = splitItems(isWord('ALL')(list[0]) ? list.slice(1) : list);
  if (items.some((item) => withoutTable(item)[0]?.value === '*')) return 'whole';
  return new Set(items.flatMap(plainColumn));
}

const aggregates =
  /^(?:AVG|COUNT|GROUP_CONCAT|MAX|MEDIAN|MIN|PERCENTILE\w*|STRING_AGG|SUM|TOTAL|JSONB?_GROUP_\w+)$/;

/** It makes one row of all. */
function isAggregate({ kind, text }: SqliteToken, index: number, list: readonly SqliteToken[]): boolean {
  return (
    (kind === 'word' || kind === 'name') &&
    list[index + 1]?.value === '(' &&
    aggregates.test(text.toUpperCase())
  );
}

function splitItems(list: readonly SqliteToken[]): SqliteToken[][] {
  const items: SqliteToken[][] = [[]];
  let depth = 0;
  for (const token of list) {
    if (token.value === '(') depth += 1;
    if (token.value === ')') depth -= 1;
    if (token.value === ',' && depth === 0) items.push([]);
    else items.at(-1)?.push(token);
  }
  return items;
}

function withoutTable(item: readonly SqliteToken[]): readonly SqliteToken[] {
  return item[1]?.value === '.' ? withoutTable(item.slice(2)) : item;
}

function plainColumn(item: readonly SqliteToken[]): string[] {
  const [column, ...rest] = withoutTable(item);
  const alias = isWord('AS')(rest[0]) ? rest.slice(1) : rest;
  const isPlain = alias.length <= 1 && alias.every(({ kind }) => kind === 'word' || kind === 'name');
  const isName = column?.kind === 'word' || column?.kind === 'name';
  return column && isName && isPlain ? [asciiLower(nameOf(column))] : [];
}
