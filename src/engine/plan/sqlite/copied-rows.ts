/** Reads which columns a SQLite statement copies from all rows of one table into another. */

import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import type { SqliteStatement } from '../../../connections/sqlite/split-statements.js';
import { readTokens, type SqliteToken } from '../../../connections/sqlite/tokens.js';
import { present } from '../../../present.js';
import { splitOuterCommas } from './outer-tokens.js';
import type { NamedTable } from './session-tables.js';
import { createdTable, insertedInto, keepsExisting, nameOf } from './statement-names.js';

export interface CopiedRows {
  source: NamedTable;
  target: NamedTable;
  /** In lower case: the columns that are selected as they are. */
  columns: ReadonlySet<string> | 'whole';
  /** Which of these, in lower case, goes to each column in turn; undefined for other values, and `*` for all. */
  selected: readonly (string | undefined)[];
  /** The columns that INSERT names, in lower case. */
  into?: readonly string[];
  /** CREATE TABLE … AS makes the table. */
  isNew: boolean;
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
  const between = tokens.slice(target.end, start);
  const isPlain = created ? isWord('AS')(tokens[target.end]) : isColumnList(between);
  const list = tokens.slice(start + 1);
  const from = list.findIndex(isWord('FROM'));
  const source = from < 0 || start < 0 || !isPlain ? undefined : readSource(list.slice(from + 1));
  const selected = source === undefined ? undefined : readColumns(list.slice(0, from));
  if (source === undefined || !selected) return undefined;
  const names = between.filter(({ kind }) => kind !== 'symbol').map((token) => asciiLower(nameOf(token)));
  return {
    ...{ source, target, selected, isNew: created !== undefined },
    columns: selected.includes('*') ? 'whole' : new Set(selected.filter((name) => name !== undefined)),
    ...(created || names.length === 0 ? {} : { into: names }),
  };
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
function readSource(tokens: readonly SqliteToken[]): NamedTable | undefined {
  const schema = tokens[1]?.value === '.' ? tokens[0] : undefined;
  const [first, ...rest] = schema ? tokens.slice(2) : tokens;
  const alias = isWord('AS')(rest[0]) ? rest.slice(1) : rest;
  const isAlone = alias.length <= 1 && alias.every(({ kind }) => kind !== 'symbol');
  if (!first || first.kind === 'symbol' || !isAlone) return undefined;
  return { name: nameOf(first), ...present({ schema: schema && nameOf(schema) }) };
}

/** Each name that is selected as it is. */
function readColumns(list: readonly SqliteToken[]): CopiedRows['selected'] | undefined {
  if (list.some(isWord('DISTINCT')) || list.some(isAggregate)) return undefined;
  const items = splitOuterCommas(isWord('ALL')(list[0]) ? list.slice(1) : list);
  return items.map((item) => (withoutTable(item)[0]?.value === '*' ? '*' : plainColumn(item)));
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

function withoutTable(item: readonly SqliteToken[]): readonly SqliteToken[] {
  return item[1]?.value === '.' ? withoutTable(item.slice(2)) : item;
}

function plainColumn(item: readonly SqliteToken[]): string | undefined {
  const [column, ...rest] = withoutTable(item);
  const alias = isWord('AS')(rest[0]) ? rest.slice(1) : rest;
  const isPlain = alias.length <= 1 && alias.every(({ kind }) => kind === 'word' || kind === 'name');
  const isName = column?.kind === 'word' || column?.kind === 'name';
  return column && isName && isPlain ? asciiLower(nameOf(column)) : undefined;
}
