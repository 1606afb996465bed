/** Rebuilds a SQLite table: what ALTER TABLE cannot change comes with a new table, into which the rows are copied. */

import type { SchemaSnapshot, SnapshotObject } from '../../snapshot/snapshot.js';
import type { SchemaPair } from '../own-changes.js';
import { unquoted } from '../words.js';
import { createSqliteObject, createTableAs } from './create-sqlite.js';

/** Names of columns after a rename, with those before. */
export type FormerNames = ReadonlyMap<string, string>;

/**
 * For a migration alone, as the engine keeps the rows of child tables there: by hand, with foreign keys on, DROP TABLE deletes them.
 * @param name of a table that both schemas have
 */
export function rebuildTable(name: string, { before, after }: SchemaPair, former: FormerNames): string[] {
  const table = after.objects.find((one) => one.kind === 'table' && one.name === name) as SnapshotObject;
  const temporary = freeName(name, [before, after]);
  const known = new Set(columnsOf(before, name).map((column) => column.name));
  const copied = columnsOf(after, name)
    .filter(({ definition }) => definition.generated === undefined)
    .map((column) => ({ to: column.name, from: former.get(column.name) ?? column.name }))
    .filter(({ from }) => known.has(from));
  const [to, from] = [copied.map((one) => one.to), copied.map((one) => one.from)];
  const parts = after.objects.filter(({ of, kind }) => of === name && kind !== 'column');
  return [
    createTableAs(temporary, table, after),
    ...(copied.length > 0
      ? [`INSERT INTO ${temporary} (${to.join(', ')}) SELECT ${from.join(', ')} FROM ${name}`]
      : []),
    `DROP TABLE ${name}`,
    `ALTER TABLE ${temporary} RENAME TO ${name}`,
    ...parts.flatMap((part) => createSqliteObject(part, after)),
  ];
}

function columnsOf({ objects }: SchemaSnapshot, table: string): SnapshotObject[] {
  return objects.filter(({ kind, of }) => kind === 'column' && of === table);
}

function freeName(table: string, snapshots: readonly SchemaSnapshot[]): string {
  const taken = new Set(snapshots.flatMap(({ objects }) => objects.map(({ name }) => name.toLowerCase())));
  const start = `${unquoted(table)}_new`;
  const quoted = (text: string) => (table.startsWith('"') ? `"${text.replaceAll('"', '""')}"` : text);
  for (let number = 1; ; number += 1) {
    const name = quoted(number === 1 ? start : `${start}${number}`);
    if (!taken.has(name.toLowerCase())) return name;
  }
}
