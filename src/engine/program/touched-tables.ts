/** Compares what a program touched with what its metadata says: by the locks that its transaction holds, and by the server's counters. */

import type { Session } from '../../connections/driver.js';
import { listIds } from '../../graph/list-ids.js';
import { parseTouch } from '../../graph/touches.js';
import { quoteLiteral } from '../../quote.js';
import { formatTableName } from '../ledger/table-name.js';
import { ProgramError } from './program-error.js';

/** What the transaction has touched so far. */
export interface Touched {
  /** Names by object id: of tables that it holds a lock on. */
  tables: ReadonlyMap<string, string>;
  /** How many rows of each catalog the session wrote. */
  catalogs: ReadonlyMap<string, number>;
}

/**
 * PostgreSQL keeps the locks on relations to the end of the transaction, so they name every table that was read or written. An index
 * belongs to its table, as do its TOAST table and the sequence of a column, and a partition to the table at the top.
 */
const lookAtLocks = `SELECT DISTINCT c.oid::text AS id, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
FROM pg_locks l
LEFT JOIN pg_index i ON i.indexrelid = l.relation
LEFT JOIN pg_class t ON t.reltoastrelid = coalesce(i.indrelid, l.relation)
LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = l.relation
  AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
JOIN pg_class o ON o.oid = coalesce(t.oid, i.indrelid, d.refobjid, l.relation)
JOIN pg_class c ON c.oid = coalesce(pg_partition_root(o.oid), o.oid)
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE l.locktype = 'relation' AND l.pid = pg_backend_pid() AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`;

/**
 * Whatever changes the schema writes rows of catalogs. The counts may include earlier transactions of the session, until it reports them, which
 * it does between transactions alone.
 */
const lookAtCatalogs = `SELECT relname AS name, n_tup_ins + n_tup_upd + n_tup_del AS written
FROM pg_stat_xact_sys_tables WHERE schemaname = 'pg_catalog'`;

/**
 * @param proof a statement that fails outside of the transaction; a SAVEPOINT would only say that there is none.
 * @throws what the session throws.
 */
export async function readTouched(session: Session, proof: string): Promise<Touched> {
  const results = await session.execute(
    [
      proof,
      'SAVEPOINT kat_look',
      'SET LOCAL search_path = pg_catalog',
      lookAtLocks,
      lookAtCatalogs,
      "SELECT current_setting('track_counts') AS counts",
      'ROLLBACK TO SAVEPOINT kat_look',
      'RELEASE SAVEPOINT kat_look',
    ].join(';\n'),
  );
  const [, , , locks, catalogs, counts] = results;
  if (counts?.rows[0]?.counts !== 'on') throw uncounted();
  return {
    tables: new Map(locks?.rows.map(({ id, name }) => [id ?? '', name ?? ''])),
    catalogs: new Map(catalogs?.rows.map(({ name, written }) => [name ?? '', Number(written)])),
  };
}

/**
 * @param touches as in metadata.yaml.
 * @returns the object ids of the tables.
 * @throws ProgramError for a table that does not exist.
 */
export async function findTouches(
  session: Session,
  touches: readonly string[],
): Promise<ReadonlySet<string>> {
  const ids = touches.map((touch) => {
    const { schema, name } = parseTouch(touch);
    const table = formatTableName({ schema, table: name });
    return `pg_catalog.to_regclass(${quoteLiteral(table)})::pg_catalog.oid::pg_catalog.text`;
  });
  const [result] = await session.execute(`SELECT pg_catalog.unnest(ARRAY[${ids.join(', ')}]) AS id`);
  const found = (result?.rows ?? []).map(({ id }) => id);
  const missing = touches.filter((_, index) => found[index] === null);
  if (missing.length === 0) return new Set(found.flatMap((id) => id ?? []));
  throw new ProgramError(`\`touches\` names ${listIds(missing)}, which does not exist`, {
    help: 'Correct `touches` in metadata.yaml. Only tables that exist before the program may be in it.',
  });
}

/** @throws ProgramError for anything that was touched beside the tables of `touches`. */
export function refuseOtherTouches(declared: ReadonlySet<string>, before: Touched, after: Touched): void {
  const tables = [...after.tables].filter(([id]) => !declared.has(id) && !before.tables.has(id));
  const isWritten = ([name, written]: [string, number]) => written > (before.catalogs.get(name) ?? 0);
  const catalogs = [...after.catalogs].filter(isWritten).map(([name]) => name);
  if (tables.length > 0)
    throw new ProgramError(
      `the program also touched ${listIds(tables.map(([, name]) => name))}, which \`touches\` does not name`,
      {
        help: 'Add the tables to `touches` in metadata.yaml, or take `touches` out. Triggers and foreign keys touch tables as well.',
      },
    );
  if (catalogs.length > 0)
    throw new ProgramError(
      `the program changed the schema (${listIds(catalogs)}), which \`touches\` does not allow`,
      {
        help: 'Take `touches` out of metadata.yaml, or change the schema in a migration of its own.',
      },
    );
}

function uncounted(): ProgramError {
  return new ProgramError('`touches` cannot be verified, because the setting `track_counts` is off', {
    help: 'Turn `track_counts` on, or take `touches` out of metadata.yaml.',
  });
}
