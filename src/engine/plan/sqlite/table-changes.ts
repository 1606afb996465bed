/** Finds which tables the statements of a SQLite migration drop, rename and make anew. */

import type { SqliteStatement } from '../../../connections/sqlite/split-statements.js';
import { readTokens, type SqliteToken } from '../../../connections/sqlite/tokens.js';

/** Names in lower case, as SQLite's have no case, and without the schema. */
export interface TableChanges {
  dropped: readonly string[];
  /** Their former names. */
  renamed: readonly string[];
  /** Those that are dropped or renamed, and there again in the end. */
  rebuilt: readonly string[];
  /** Those that a foreign key in the text names. */
  referenced: readonly string[];
  /** The triggers that DROP TRIGGER names. */
  droppedTriggers: readonly string[];
}

export function findTableChanges(statements: readonly SqliteStatement[]): TableChanges {
  const dropped = statements.flatMap(({ head }) => lowered(droppedTable(head)));
  const renames = statements.flatMap(({ head }) => renameOf(head));
  const created = statements.flatMap(({ head }) => lowered(createdTable(head)));
  const renamed = renames.map(({ from }) => from);
  const made = new Set([...created, ...renames.map(({ to }) => to)]);
  return {
    ...{ dropped, renamed },
    rebuilt: [...dropped, ...renamed].filter((table) => made.has(table)),
    referenced: statements.flatMap(({ text }) => referencesOf(text)),
    droppedTriggers: statements.flatMap(({ head }) =>
      lowered(nameBehind(head, ['DROP', 'TRIGGER'], ifExists)),
    ),
  };
}

/** The tables that DROP TABLE takes away, and the columns that ALTER TABLE does, as they are written. */
export function findDroppedParts(
  statements: readonly SqliteStatement[],
): { table: string; column?: string }[] {
  return statements.flatMap(({ head }) => {
    const table = droppedTable(head)?.name;
    return table === undefined ? droppedColumn(head) : [{ table }];
  });
}

function droppedColumn(head: readonly SqliteToken[]): { table: string; column: string }[] {
  const altered = nameBehind(head, ['ALTER', 'TABLE'], []);
  if (!altered || !beginsWith(head, altered.end, ['DROP'])) return [];
  const isLong = beginsWith(head, altered.end + 1, ['COLUMN']);
  const column = head[altered.end + (isLong ? 2 : 1)];
  return column ? [{ table: altered.name, column: nameOf(column) }] : [];
}

const ifExists = ['IF', 'EXISTS'];

function droppedTable(head: readonly SqliteToken[]): FoundName | undefined {
  return nameBehind(head, ['DROP', 'TABLE'], ifExists);
}

function createdTable(head: readonly SqliteToken[]): FoundName | undefined {
  const optional = ['IF', 'NOT', 'EXISTS'];
  return (
    nameBehind(head, ['CREATE', 'TABLE'], optional) ??
    nameBehind(head, ['CREATE', 'VIRTUAL', 'TABLE'], optional)
  );
}

function renameOf(head: readonly SqliteToken[]): { from: string; to: string }[] {
  const altered = nameBehind(head, ['ALTER', 'TABLE'], []);
  if (!altered || !beginsWith(head, altered.end, ['RENAME', 'TO'])) return [];
  const to = head[altered.end + 2];
  return to ? [{ from: altered.name.toLowerCase(), to: nameOf(to).toLowerCase() }] : [];
}

interface FoundName {
  name: string;
  /** The index of the token behind it. */
  end: number;
}

/** The name behind these words, and behind those that may follow them; a schema in front of it is left out. */
function nameBehind(
  head: readonly SqliteToken[],
  words: readonly string[],
  optional: readonly string[],
): FoundName | undefined {
  if (!beginsWith(head, 0, words)) return undefined;
  const isLonger = optional.length > 0 && beginsWith(head, words.length, optional);
  const start = words.length + (isLonger ? optional.length : 0);
  const end = head[start + 1]?.value === '.' ? start + 3 : start + 1;
  const token = head[end - 1];
  return token && { name: nameOf(token), end };
}

function beginsWith(head: readonly SqliteToken[], start: number, words: readonly string[]): boolean {
  return words.every((word, index) => {
    const token = head[start + index];
    return token?.kind === 'word' && token.value === word;
  });
}

/** SQLite takes a text in single quotes for a name as well. */
function nameOf({ kind, value, text }: SqliteToken): string {
  if (kind === 'name') return value;
  return text.startsWith("'") ? text.slice(1, -1).replaceAll("''", "'") : text;
}

function lowered(found: FoundName | undefined): string[] {
  return found ? [found.name.toLowerCase()] : [];
}

function referencesOf(text: string): string[] {
  const found: string[] = [];
  let isNext = false;
  for (const token of readTokens(text)) {
    if (isNext) found.push(nameOf(token).toLowerCase());
    isNext = token.kind === 'word' && token.value === 'REFERENCES';
  }
  return found;
}
