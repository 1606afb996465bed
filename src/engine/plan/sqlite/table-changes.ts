/** Finds which tables the statements of a SQLite migration drop, rename and make anew. */

import type { SqliteStatement } from '../../../connections/sqlite/split-statements.js';
import { readTokens } from '../../../connections/sqlite/tokens.js';
import {
  createdTable,
  droppedTable,
  droppedTrigger,
  type FoundName,
  nameOf,
  renameOf,
} from './statement-names.js';

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
    droppedTriggers: statements.flatMap(({ head }) => lowered(droppedTrigger(head))),
  };
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
