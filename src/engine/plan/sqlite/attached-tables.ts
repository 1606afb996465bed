/** Finds tables of other files that a SQLite text drops, empties or overwrites: Kat does not look into files that ATTACH adds. */

import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import type { SqliteStatement } from '../../../connections/sqlite/split-statements.js';
import { readTokens } from '../../../connections/sqlite/tokens.js';
import { present } from '../../../present.js';
import { emptiedBy, isWord } from './emptied-by.js';
import { type NewColumnValue, overwrittenBy } from './overwritten-by.js';
import type { SchemaCopy } from './schema-copy.js';
import { droppedColumn, droppedTable } from './statement-names.js';

/** Whether a name without a schema may mean a table of another file. */
export function attachesFile(statements: readonly SqliteStatement[]): boolean {
  return statements.some(({ head }) => isWord(head[0], 'ATTACH'));
}

/** @returns the table, with its schema, that the statement takes rows or values from; undefined for a table of the main file. */
export async function attachedTable(
  { text, head }: SqliteStatement,
  schema: SchemaCopy,
): Promise<string | undefined> {
  const dropped = droppedTable(head);
  const column = droppedColumn(head);
  const tokens = [...readTokens(text)];
  const emptied = emptiedBy(tokens);
  const altered = column && { name: column.table, ...present({ schema: column.schema }) };
  const overwritten = overwrittenBy(text, tokens);
  const table = dropped ?? altered ?? emptied ?? overwritten?.table;
  if (table?.schema === undefined || ownSchemas.has(asciiLower(table.schema))) return undefined;
  const isLost = table !== overwritten?.table || (await hasConstant(overwritten.values, schema));
  return isLost ? `${table.schema}.${table.name}` : undefined;
}

async function hasConstant(values: readonly NewColumnValue[], schema: SchemaCopy): Promise<boolean> {
  for (const { value } of values) if (await schema.isConstant(value)) return true;
  return false;
}

const ownSchemas: ReadonlySet<string> = new Set(['main', 'temp']);
