/** Reads how many rows SQLite's tables have, and a hash of their values. */

import { createHash } from 'node:crypto';
import type { Session } from '../../../connections/driver.js';
import type { SnapshotObject } from '../../../sql/snapshot/snapshot.js';
import type { RowSource } from '../row-sources.js';

/** As `readRows`, for tables of a throwaway database: all rows of a table are in memory. @throws SqlError */
export async function readSqliteRows(
  session: Session,
  sources: readonly RowSource[],
): Promise<SnapshotObject[]> {
  const results = await session.execute(sources.map(rowQuery).join(';\n'));
  return results.map(({ rows }, index) => {
    const values = rows.map((row) => row.value ?? '').sort();
    const hash = createHash('sha256').update(JSON.stringify(values)).digest('hex');
    const { table } = sources[index] as RowSource;
    return { kind: 'rows', name: table, definition: { count: String(rows.length), hash } };
  });
}

/** `quote` tells a number from a text that looks like one. */
function rowQuery({ table, columns }: RowSource): string {
  const values = columns.map((column) => `quote(${column})`);
  return `SELECT ${values.join(" || ',' || ") || "''"} AS value FROM ${table}`;
}
