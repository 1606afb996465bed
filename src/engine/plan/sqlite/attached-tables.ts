/** Finds tables of other files that a SQLite text drops, empties or overwrites: Kat does not look into files that ATTACH adds. */

import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import type { SqliteStatement } from '../../../connections/sqlite/split-statements.js';
import { readTokens } from '../../../connections/sqlite/tokens.js';
import { emptiedBy, isWord } from './emptied-by.js';
import { overwrittenBy } from './overwritten-by.js';
import { droppedColumn, droppedTable } from './statement-names.js';

/** Whether a name without a schema may mean a table of another file. */
export function attachesFile(statements: readonly SqliteStatement[]): boolean {
  return statements.some(({ head }) => isWord(head[0], 'ATTACH'));
}

/** @returns the table, with its schema, that the statement takes rows or values from; undefined for a table of the main file. */
export function attachedTable({ text, head }: SqliteStatement): string | undefined {
  const dropped = droppedTable(head);
  const column = droppedColumn(head);
  const tokens = [...readTokens(text)];
  const emptied = emptiedBy(tokens);
  const overwritten = overwrittenBy(tokens);
  const isOverwritten = overwritten !== undefined && overwritten.values.size > 0;
  const schema =
    dropped?.schema ?? column?.schema ?? emptied?.schema ?? (isOverwritten ? overwritten.schema : undefined);
  if (schema === undefined || ownSchemas.has(asciiLower(schema))) return undefined;
  return `${schema}.${dropped?.name ?? column?.table ?? emptied?.name ?? overwritten?.table}`;
}

const ownSchemas: ReadonlySet<string> = new Set(['main', 'temp']);
