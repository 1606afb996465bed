/** Finds the columns to which a SQLite statement gives one value in every row. */

import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import type { SqliteToken } from '../../../connections/sqlite/tokens.js';
import { present } from '../../../present.js';
import { isWord, meansEveryRow, outerTokens } from './emptied-by.js';
import { nameOf, updatedTable } from './statement-names.js';

/** What an UPDATE writes. */
export interface Overwritten {
  table: string;
  schema?: string;
  /** The values as SQL, by the names of their columns; both as the statement has them, names in lower case. */
  values: ReadonlyMap<string, string>;
}

/** @returns undefined for an UPDATE with a condition that names rows, and for any other statement. */
export function overwrittenBy(tokens: readonly SqliteToken[]): Overwritten | undefined {
  const outer = outerTokens(tokens, 'UPDATE');
  const table = updatedTable(outer);
  if (!table) return undefined;
  const list = outer.slice(outer.findIndex((token) => isWord(token, 'SET')) + 1);
  const end = list.findIndex(endsList);
  const assignments = splitAssignments(end < 0 ? list : list.slice(0, end));
  const condition = list.findIndex((token) => isWord(token, 'WHERE'));
  const values = constantsOf(assignments).filter(
    ([column]) => condition < 0 || leavesOutNothing(list.slice(condition + 1), column),
  );
  return { table: asciiLower(table.name), ...present({ schema: table.schema }), values: new Map(values) };
}

function endsList(token: SqliteToken): boolean {
  return token.value === ';' || ['FROM', 'WHERE', 'RETURNING'].some((word) => isWord(token, word));
}

function splitAssignments(list: readonly SqliteToken[]): SqliteToken[][] {
  const all: SqliteToken[][] = [[]];
  for (const token of list)
    if (token.value === ',') all.push([]);
    else all.at(-1)?.push(token);
  return all;
}

/** Columns whose values another assignment reads are left out. */
function constantsOf(assignments: readonly SqliteToken[][]): [string, string][] {
  const read = new Set(
    assignments.flatMap(([, , ...value]) => value.map((token) => asciiLower(nameOf(token)))),
  );
  return assignments.flatMap(([column, equals, ...value]): [string, string][] => {
    const name = column && asciiLower(nameOf(column));
    const isPlain = equals?.value === '=' && value.length > 0 && value.every(isConstant);
    return name !== undefined && isPlain && !read.has(name)
      ? [[name, value.map(({ text }) => text).join(' ')]]
      : [];
  });
}

const constants: ReadonlySet<string> = new Set(
  'NULL TRUE FALSE CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP'.split(' '),
);

function isConstant({ kind, value }: SqliteToken): boolean {
  return kind === 'literal' || (kind === 'word' ? constants.has(value) : '+-|.'.includes(value));
}

/** `x IS NOT NULL` and `x NOTNULL`: the rows that it leaves out have no value to lose. */
function leavesOutNothing(condition: readonly SqliteToken[], column: string): boolean {
  if (meansEveryRow(condition)) return true;
  const end = condition.findIndex((token) => token.value === ';' || isWord(token, 'RETURNING'));
  const [first, ...test] = end < 0 ? condition : condition.slice(0, end);
  const words = test.map(({ value }) => value).join(' ');
  return (
    first !== undefined &&
    asciiLower(nameOf(first)) === column &&
    /^(?:IS NOT NULL|NOTNULL|NOT NULL)$/.test(words)
  );
}
