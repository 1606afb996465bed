/** Finds which tables the statements of a SQLite migration drop, rename and make anew. */

import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import type { SqliteStatement } from '../../../connections/sqlite/split-statements.js';
import { readTokens } from '../../../connections/sqlite/tokens.js';
import {
  createdTable,
  droppedTable,
  droppedTrigger,
  type FoundName,
  nameOf,
  renameOf,
  type TableRename,
} from './statement-names.js';

/** Names in lower case, as SQLite's have no case, and without the schema. */
export interface TableChanges {
  dropped: readonly string[];
  renames: readonly TableRename[];
  /** Those that are created again after they were dropped or renamed, and stay. */
  rebuilt: readonly string[];
  /** Those that a foreign key in the text names. */
  referenced: readonly string[];
  /** The triggers that DROP TRIGGER names. */
  droppedTriggers: readonly string[];
}

export function findTableChanges(statements: readonly SqliteStatement[]): TableChanges {
  const dropped = statements.flatMap(({ head }) => lowered(droppedTable(head)));
  const renames = statements.flatMap(({ head }) => renameOf(head));
  return {
    ...{ dropped, renames, rebuilt: findRebuilt(statements) },
    referenced: statements.flatMap(({ text }) => referencesOf(text)),
    droppedTriggers: statements.flatMap(({ head }) => lowered(droppedTrigger(head))),
  };
}

function findRebuilt(statements: readonly SqliteStatement[]): string[] {
  const [absent, rebuilt] = [new Set<string>(), new Set<string>()];
  for (const { head } of statements) {
    const renames = renameOf(head);
    for (const table of [...lowered(droppedTable(head)), ...renames.map(({ from }) => from)]) {
      absent.add(table);
      rebuilt.delete(table);
    }
    for (const table of [...lowered(createdTable(head)), ...renames.map(({ to }) => to)])
      if (absent.has(table)) rebuilt.add(table);
  }
  return [...rebuilt];
}

function lowered(found: FoundName | undefined): string[] {
  return found ? [asciiLower(found.name)] : [];
}

function referencesOf(text: string): string[] {
  const found: string[] = [];
  let isNext = false;
  for (const token of readTokens(text)) {
    if (isNext) found.push(asciiLower(nameOf(token)));
    isNext = token.kind === 'word' && token.value === 'REFERENCES';
  }
  return found;
}
