/** Reads the names of tables and columns from the first tokens of a SQLite statement. */

import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import type { SqliteToken } from '../../../connections/sqlite/tokens.js';
import { present } from '../../../present.js';

const ifExists = ['IF', 'EXISTS'];

/** The table that DROP TABLE names. */
export function droppedTable(head: readonly SqliteToken[]): FoundName | undefined {
  return nameBehind(head, ['DROP', 'TABLE'], ifExists);
}

/** The view that DROP VIEW names. */
export function droppedView(head: readonly SqliteToken[]): FoundName | undefined {
  return nameBehind(head, ['DROP', 'VIEW'], ifExists);
}

/** The trigger that DROP TRIGGER names. */
export function droppedTrigger(head: readonly SqliteToken[]): FoundName | undefined {
  return nameBehind(head, ['DROP', 'TRIGGER'], ifExists);
}

/** The table that DELETE FROM names, with or without a condition. */
export function deletedFrom(head: readonly SqliteToken[]): FoundName | undefined {
  return nameBehind(head, ['DELETE', 'FROM'], []);
}

/** The table that UPDATE names, with or without OR. */
export function updatedTable(head: readonly SqliteToken[]): FoundName | undefined {
  return nameBehind(head, ['UPDATE'], head[1]?.value === 'OR' ? ['OR', head[2]?.value ?? ''] : []);
}

/** The table that INSERT INTO names; not with OR, which may leave rows out. */
export function insertedInto(head: readonly SqliteToken[]): FoundName | undefined {
  return nameBehind(head, ['INSERT', 'INTO'], []);
}

/** The table of REPLACE INTO, and of INSERT and UPDATE with OR REPLACE: a row that is in the way is deleted. */
export function replacedIn(head: readonly SqliteToken[]): FoundName | undefined {
  return (
    nameBehind(head, ['REPLACE', 'INTO'], []) ??
    nameBehind(head, ['INSERT', 'OR', 'REPLACE', 'INTO'], []) ??
    nameBehind(head, ['UPDATE', 'OR', 'REPLACE'], [])
  );
}

/** Whether CREATE makes an object that goes with the session: by TEMP, or by the schema `temp`. */
export function createsTemporary(head: readonly SqliteToken[]): boolean {
  if (!beginsWith(head, 0, ['CREATE'])) return false;
  if (beginsWith(head, 1, ['TEMP']) || beginsWith(head, 1, ['TEMPORARY'])) return true;
  return head.some((token, index) => asciiLower(nameOf(token)) === 'temp' && head[index + 1]?.value === '.');
}

/** Whether CREATE TABLE leaves a table of that name alone. */
export function keepsExisting(head: readonly SqliteToken[]): boolean {
  return head.some((_, index) => beginsWith(head, index, ifNotExists));
}

/** The table, its schema and the column of ALTER TABLE … DROP COLUMN, as they are written. */
export function droppedColumn(
  head: readonly SqliteToken[],
): { table: string; schema?: string; column: string } | undefined {
  const altered = nameBehind(head, ['ALTER', 'TABLE'], []);
  if (!altered || !beginsWith(head, altered.end, ['DROP'])) return undefined;
  const isLong = beginsWith(head, altered.end + 1, ['COLUMN']);
  const column = head[altered.end + (isLong ? 2 : 1)];
  return column && { table: altered.name, ...present({ schema: altered.schema }), column: nameOf(column) };
}

/** The table and names of ALTER TABLE … RENAME COLUMN; those of the columns in lower case. */
export function renamedColumn(
  head: readonly SqliteToken[],
): { table: FoundName; from: string; to: string } | undefined {
  const altered = nameBehind(head, ['ALTER', 'TABLE'], []);
  if (!altered || !beginsWith(head, altered.end, ['RENAME'])) return undefined;
  const start = altered.end + (beginsWith(head, altered.end + 1, ['COLUMN']) ? 2 : 1);
  const [from, , to] = head.slice(start);
  if (!from || !to || !beginsWith(head, start + 1, ['TO'])) return undefined;
  return { table: altered, from: asciiLower(nameOf(from)), to: asciiLower(nameOf(to)) };
}

/** The table that CREATE TABLE names. */
export function createdTable(head: readonly SqliteToken[]): FoundName | undefined {
  return created(head, 'TABLE') ?? nameBehind(head, ['CREATE', 'VIRTUAL', 'TABLE'], ifNotExists);
}

/** The view that CREATE VIEW names. */
export function createdView(head: readonly SqliteToken[]): FoundName | undefined {
  return created(head, 'VIEW');
}

const ifNotExists = ['IF', 'NOT', 'EXISTS'];

function created(head: readonly SqliteToken[], kind: string): FoundName | undefined {
  return (
    nameBehind(head, ['CREATE', kind], ifNotExists) ??
    nameBehind(head, ['CREATE', 'TEMP', kind], ifNotExists) ??
    nameBehind(head, ['CREATE', 'TEMPORARY', kind], ifNotExists)
  );
}

/** In lower case, but for the schema. */
export interface TableRename {
  from: string;
  to: string;
  /** As `FoundName` has it. */
  schema?: string;
}

/** The names of ALTER TABLE … RENAME TO; none for another statement. */
export function renameOf(head: readonly SqliteToken[]): TableRename[] {
  const altered = nameBehind(head, ['ALTER', 'TABLE'], []);
  if (!altered || !beginsWith(head, altered.end, ['RENAME', 'TO'])) return [];
  const to = head[altered.end + 2];
  if (!to) return [];
  const names = { from: asciiLower(altered.name), to: asciiLower(nameOf(to)) };
  return [{ ...names, ...present({ schema: altered.schema }) }];
}

export interface FoundName {
  name: string;
  /** As it is written; undefined where there is none. */
  schema?: string;
  /** The index of the token behind it. */
  end: number;
}

/** The name behind these words, and behind those that may follow them. */
function nameBehind(
  head: readonly SqliteToken[],
  words: readonly string[],
  optional: readonly string[],
): FoundName | undefined {
  if (!beginsWith(head, 0, words)) return undefined;
  const isLonger = optional.length > 0 && beginsWith(head, words.length, optional);
  const start = words.length + (isLonger ? optional.length : 0);
  const schema = head[start + 1]?.value === '.' ? head[start] : undefined;
  const end = schema ? start + 3 : start + 1;
  const token = head[end - 1];
  return token && { name: nameOf(token), ...present({ schema: schema && nameOf(schema) }), end };
}

function beginsWith(head: readonly SqliteToken[], start: number, words: readonly string[]): boolean {
  return words.every((word, index) => {
    const token = head[start + index];
    return token?.kind === 'word' && token.value === word;
  });
}

/** SQLite takes a text in single quotes for a name as well. */
export function nameOf({ kind, value, text }: SqliteToken): string {
  if (kind === 'name') return value;
  return text.startsWith("'") ? text.slice(1, -1).replaceAll("''", "'") : text;
}
