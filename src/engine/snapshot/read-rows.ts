/** Reads how many rows tables have, and a hash of their values. */

import type { Session, StatementResult } from '../../connections/driver.js';
import { present } from '../../present.js';
import { quoteTextArray } from '../../quote.js';
import type { SnapshotObject } from '../../sql/snapshot/snapshot.js';
import { executeNeutrally } from './neutral-settings.js';
import type { RowSource } from './row-sources.js';

/**
 * Reads all rows of the tables. Equal objects mean equal rows, in whatever order they are stored.
 * @returns an object of kind `rows` for each table, with `count` and `hash`.
 * @throws SqlError when a table is missing or cannot be read, or a policy hides rows of it.
 */
export async function readRows(session: Session, sources: readonly RowSource[]): Promise<SnapshotObject[]> {
  if (sources.length === 0) return [];
  if (session.sqlite) return (await import('./sqlite/read-sqlite-rows.js')).readSqliteRows(session, sources);
  const filled = await findFilled(session, sources);
  const results = filled.length === 0 ? [] : await executeNeutrally(session, filled.map(rowQuery));
  return sources.map((source) => {
    const { schema, table } = source;
    const { count, hash } = results[filled.indexOf(source)]?.rows[0] ?? noRows;
    return {
      kind: 'rows',
      ...present({ schema }),
      name: table,
      definition: { count: count ?? '', hash: hash ?? '' },
    };
  });
}

/** What `rowQuery` answers for an empty table. */
const noRows: StatementResult['rows'][number] = { count: '0', hash: 'd41d8cd98f00b204e9800998ecf8427e' };

/**
 * To plan a query takes longer than to look at the size of a file. A heap without a page has no rows, and most tables of a throwaway
 * database are such heaps; other access methods may keep their rows elsewhere.
 * @returns the tables that may have rows.
 */
async function findFilled(session: Session, sources: readonly RowSource[]): Promise<RowSource[]> {
  const names = quoteTextArray(sources.map(({ schema, table }) => `${schema}.${table}`));
  const [found] = await executeNeutrally(session, [
    `SELECT t.place FROM unnest(${names}) WITH ORDINALITY AS t(name, place) JOIN pg_class c ON c.oid = t.name::regclass
WHERE c.relam <> ${heap} OR pg_relation_size(c.oid) > 0`,
  ]);
  return (found?.rows ?? []).map(({ place }) => sources[Number(place) - 1] as RowSource);
}

/** The fixed OID of the access method `heap` (PostgreSQL's pg_am.dat). */
const heap = 2;

/** The hash of the sorted hashes of all rows. */
function rowQuery({ schema, table, columns }: RowSource): string {
  return `SELECT count(*) AS count, md5(coalesce(string_agg(x.hash, '' ORDER BY x.hash COLLATE "C"), '')) AS hash
FROM (SELECT md5(ROW(${columns.map((column) => `t.${column}`).join(', ')})::text) AS hash FROM ONLY ${schema}.${table} t) x`;
}
