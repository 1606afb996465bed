/** Compares an index as a migration writes it with one as the server describes it. */

import type { IndexElem, IndexStmt, Node } from '@pgsql/types';
import { type Parser, tryParse } from '../syntax/parse.js';

/**
 * @param definition what `pg_get_indexdef` answers. The names of both and of their tables are left out of the comparison.
 * @returns false also if it is unknown.
 */
export function isSameIndex(parser: Parser, written: Node, definition: string): boolean {
  const found = tryParse(parser, definition)?.[0]?.node;
  if (!('IndexStmt' in written) || !found || !('IndexStmt' in found)) return false;
  const [ours, theirs] = [written.IndexStmt, found.IndexStmt];
  return (
    JSON.stringify(traitsOf(ours)) === JSON.stringify(traitsOf(theirs)) &&
    areSameElements(ours.indexParams, theirs.indexParams) &&
    areSameElements(ours.indexIncludingParams, theirs.indexIncludingParams)
  );
}

function traitsOf(index: IndexStmt): unknown[] {
  const { unique, nulls_not_distinct, accessMethod, options, whereClause } = index;
  const storage = (options ?? []).map((option) =>
    'DefElem' in option ? `${option.DefElem.defname}=${wordsOf(option.DefElem.arg).join()}` : '',
  );
  return [
    unique === true,
    nulls_not_distinct === true,
    accessMethod ?? 'btree',
    storage.sort(),
    wordsOf(whereClause),
  ];
}

function areSameElements(ours: readonly Node[] = [], theirs: readonly Node[] = []): boolean {
  return ours.length === theirs.length && ours.every((node, index) => isSameElement(node, theirs[index]));
}

function isSameElement(ours: Node, theirs: Node | undefined): boolean {
  if (!theirs || !('IndexElem' in ours) || !('IndexElem' in theirs)) return false;
  const [mine, found] = [ours.IndexElem, theirs.IndexElem];
  return (
    JSON.stringify(orderOf(mine)) === JSON.stringify(orderOf(found)) &&
    lastWord(mine.opclass) === lastWord(found.opclass) &&
    lastWord(mine.collation) === lastWord(found.collation)
  );
}

/** Without its schema. The server leaves out the default of a column, which nothing here knows. */
function lastWord(name: readonly Node[] | undefined): string {
  return wordsOf(name?.at(-1)).join();
}

function orderOf({ name, expr, ordering, nulls_ordering }: IndexElem): unknown[] {
  const isDescending = ordering === 'SORTBY_DESC';
  const isDefault = nulls_ordering === undefined || nulls_ordering === 'SORTBY_NULLS_DEFAULT';
  const nullsFirst = isDefault ? isDescending : nulls_ordering === 'SORTBY_NULLS_FIRST';
  return [name === undefined ? wordsOf(expr) : [name], isDescending, nullsFirst];
}

const rangeOperators: Readonly<Record<string, readonly string[]>> = {
  BETWEEN: ['<=', '>='],
  'NOT BETWEEN': ['<', '>'],
};

/**
 * The names, operators and constants of an expression, each once. The server writes casts into it, and other forms of the
 * same (`IN` as `= ANY`), so the trees themselves differ.
 */
function wordsOf(expression: Node | undefined): string[] {
  const words = new Set<string>();
  collectWords(expression, words);
  return [...words].sort();
}

function collectWords(value: unknown, words: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collectWords(item, words);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) collectNode(key, part, words);
  }
}

function collectNode(kind: string, node: unknown, words: Set<string>): void {
  const { funcname, args, fields, sval, ival, fval } = node as Record<string, readonly unknown[] | undefined>;
  if (kind === 'A_Const') words.add(constantOf(node as Constant));
  else if (kind === 'String') addName(String(sval ?? ''), words);
  else if (kind === 'Integer' || kind === 'Float') words.add(String(ival ?? fval ?? 0));
  else if (kind === 'FuncCall') collectWords([funcname?.at(-1), args], words);
  else if (kind === 'ColumnRef') collectWords(fields?.at(-1), words);
  else if (kind !== 'typeName') collectWords(node, words);
}

function addName(name: string, words: Set<string>): void {
  for (const word of rangeOperators[name] ?? [name]) words.add(word);
}

type Constant = Record<string, Record<string, unknown> | boolean>;

/** `5`, `'5'` and `-5` as text: the server writes some numbers as quoted ones. */
function constantOf(constant: Constant): string {
  const { isnull, ival, fval, sval, boolval, bsval } = constant;
  if (isnull) return 'NULL';
  if (ival) return String((ival as { ival?: number }).ival ?? 0);
  if (boolval) return String((boolval as { boolval?: boolean }).boolval ?? false);
  return Object.values((fval ?? sval ?? bsval ?? {}) as object).join();
}
