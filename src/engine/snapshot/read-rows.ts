/** Reads how many rows tables have, and a hash of their values. */

import type { Session } from '../../connections/driver.js';
import { present } from '../../present.js';
import type { SnapshotObject } from '../../sql/snapshot/snapshot.js';
import { executeNeutrally } from './neutral-settings.js';
import type { RowSource } from './row-sources.js';

/**
 * Reads all rows of the tables, with one message. Equal objects mean equal rows, in whatever order they are stored.
 * @returns an object of kind `rows` for each table, with `count` and `hash`.
 * @throws SqlError when a table cannot be read, or a policy hides rows of it.
 */
export async function readRows(session: Session, sources: readonly RowSource[]): Promise<SnapshotObject[]> {
  if (sources.length === 0) return [];
  if (session.sqlite) return (await import('./sqlite/read-sqlite-rows.js')).readSqliteRows(session, sources);
  const results = await executeNeutrally(session, sources.map(rowQuery));
  return results.map(({ rows }, index) => {
    const { schema, table } = sources[index] as RowSource;
    const { count, hash } = rows[0] ?? {};
    return {
      kind: 'rows',
      ...present({ schema }),
      name: table,
      definition: { count: count ?? '', hash: hash ?? '' },
    };
  });
}

/** The hash of the sorted hashes of all rows. */
function rowQuery({ schema, table, columns }: RowSource): string {
  return `SELECT count(*) AS count, md5(coalesce(string_agg(x.hash, '' ORDER BY x.hash COLLATE "C"), '')) AS hash
FROM (SELECT md5(ROW(${columns.map((column) => `t.${column}`).join(', ')})::text) AS hash FROM ONLY ${schema}.${table} t) x`;
}
