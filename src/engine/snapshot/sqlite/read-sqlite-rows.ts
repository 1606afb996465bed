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
  const filled = await findFilled(session, sources);
  const results = await session.execute(filled.map(rowQuery).join(';\n'));
  const values = new Map(filled.map((source, index) => [source, results[index]?.rows ?? []]));
  return sources.map((source) => {
    const rows = (values.get(source) ?? []).map((row) => row.value ?? '').sort();
    const hash = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
    return { kind: 'rows', name: source.table, definition: { count: String(rows.length), hash } };
  });
}

/** SQLite takes 500 parts of one query (https://www.sqlite.org/limits.html#max_compound_select). */
const maxParts = 400;

/** Most tables of a throwaway database are empty, and a statement for each takes time. */
async function findFilled(session: Session, sources: readonly RowSource[]): Promise<RowSource[]> {
  const queries: string[] = [];
  for (let start = 0; start < sources.length; start += maxParts)
    queries.push(
      sources
        .slice(start, start + maxParts)
        .map((source, index) => existsQuery(source, start + index))
        .join(' UNION ALL '),
    );
  const results = await session.execute(queries.join(';\n'));
  return results.flatMap(({ rows }) => rows.map((row) => sources[Number(row.place)] as RowSource));
}

function existsQuery({ table }: RowSource, place: number): string {
  return `SELECT ${place} AS place WHERE EXISTS (SELECT 1 FROM ${table})`;
}

/** `quote` tells a number from a text that looks like one. */
function rowQuery({ table, columns }: RowSource): string {
  const values = columns.map((column) => `quote(${column})`);
  return `SELECT ${values.join(" || ',' || ") || "''"} AS value FROM ${table}`;
}
