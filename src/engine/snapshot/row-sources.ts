/** Lists the tables of a snapshot whose rows can be read. */

import type { SnapshotObject } from '../../sql/snapshot/snapshot.js';

/** Columns of one table; all names as in a snapshot. */
export interface RowSource {
  /** Undefined in SQLite. */
  schema: string | undefined;
  table: string;
  columns: readonly string[];
}

/** @returns the ordinary tables of a snapshot, with their columns by name. Partitions are tables of their own. A virtual table has no rows here. */
export function rowSourcesOf(objects: readonly SnapshotObject[]): RowSource[] {
  const columns = new Map<string, string[]>();
  for (const { kind, schema, of, name } of objects) {
    if (kind !== 'column') continue;
    const key = `${schema}.${of}`;
    columns.set(key, [...(columns.get(key) ?? []), name]);
  }
  return objects
    .filter(({ kind, definition }) => kind === 'table' && !definition.partitionKey && !definition.using)
    .map(({ schema, name }) => ({
      schema,
      table: name,
      columns: columns.get(`${schema}.${name}`) ?? [],
    }));
}
