/** Waits for tables that another session has locked against readers, and says who it is when that takes too long. */

import type { Session, StatementResult } from '../../connections/driver.js';
import { KatError, SqlError } from '../../errors.js';
import { quoteLiteral } from '../../quote.js';
import { executeInCatalog } from './catalog-path.js';
import { executeUnder, localSettings } from './local-settings.js';
import { eq } from './operators.js';

/** In milliseconds: such locks, as of VACUUM FULL, are short on these tables. */
const limitMs = 10_000;

const limited = localSettings('kat.lock_settings', {
  search_path: 'pg_catalog, pg_temp',
  lock_timeout: String(limitMs),
  // The role's own limit may be shorter, and its error names nobody.
  statement_timeout: '0',
});

/** The oids of tables that other sessions have locked against readers, or wait to lock, as an SQL array: readers wait behind both. */
export const lockedTables = `ARRAY(SELECT l.relation FROM pg_catalog.pg_locks l
  WHERE l.mode ${eq} 'AccessExclusiveLock' AND l.relation IS NOT NULL AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
    AND l.database ${eq} (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname ${eq} pg_catalog.current_database()))`;

/**
 * @param tables names as SQL.
 * @throws KatError LOCKED when they cannot be read for ten seconds.
 */
export async function waitForTables(session: Session, tables: readonly string[]): Promise<void> {
  const looks = tables.map((table) => `SELECT FROM ${table} LIMIT 0`);
  await namingHolders(session, `${tables[0]} is locked, so that the history cannot be read`, () =>
    executeUnder(session, limited, looks),
  );
}

/**
 * @param work that has a `lock_timeout`. @param message what cannot be done when that is over.
 * @throws KatError LOCKED, with the sessions that lock tables of the database against readers, or wait to; what the work throws.
 */
export async function namingHolders<T>(
  session: Session,
  message: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SqlError) || error.report.sqlstate !== lockNotAvailable) throw error;
    throw new KatError('LOCKED', message, {
      problems: (await readHolders(session)).map((holder) => ({ message: holder })),
      help: 'Run the command again when the lock is released. A prepared transaction holds its locks until somebody runs COMMIT PREPARED or ROLLBACK PREPARED. Nothing was changed.',
      cause: error,
    });
  }
}

const lockNotAvailable = '55P03';

/** @returns a sentence without a full stop for each; none where the caller's transaction has failed. */
async function readHolders(session: Session): Promise<string[]> {
  // A prepared transaction has no process; it has a lock on its own id.
  const found = await executeInCatalog(
    session,
    `SELECT l.pid, a.application_name, a.usename, floor(extract(epoch FROM clock_timestamp() - a.xact_start)) AS seconds,
            x.gid, x.owner, to_char(x.prepared AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS prepared,
            string_agg(DISTINCT l.relation::regclass::text, ', ') AS tables, NOT l.granted AS is_waiting,
            (SELECT string_agg(DISTINCT CASE b WHEN 0 THEN 'a prepared transaction' ELSE 'process ' || b END, ' and ')
             FROM unnest(pg_blocking_pids(l.pid)) b) AS blockers
     FROM pg_locks l JOIN pg_class c ON c.oid = l.relation AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
     LEFT JOIN pg_stat_activity a ON a.pid = l.pid
     LEFT JOIN pg_locks o ON l.pid IS NULL AND o.pid IS NULL AND o.locktype = 'transactionid' AND o.virtualtransaction = l.virtualtransaction
     LEFT JOIN pg_prepared_xacts x ON x.transaction = o.transactionid
     WHERE l.relation = ANY (${lockedTables}) AND l.mode = 'AccessExclusiveLock'
     GROUP BY l.pid, l.granted, a.application_name, a.usename, a.xact_start, x.gid, x.owner, x.prepared`,
  ).catch(() => []);
  return (found[0]?.rows ?? []).map(describeHolder);
}

function describeHolder(row: StatementResult['rows'][number]): string {
  const { pid, application_name, usename, seconds, gid, owner, prepared, tables, is_waiting, blockers } = row;
  if (pid == null)
    return `the prepared transaction ${quoteLiteral(gid ?? '')} of ${owner} has locked ${tables} since ${prepared} UTC`;
  const details = [
    application_name,
    usename && `user ${usename}`,
    seconds && `in a transaction for ${seconds} s`,
  ];
  const known = details.filter(Boolean);
  const deed = is_waiting === 't' ? `waits for ${blockers ?? 'another session'} to lock` : 'has locked';
  return `process ${pid}${known.length > 0 ? ` (${known.join(', ')})` : ''} ${deed} ${tables}`;
}
