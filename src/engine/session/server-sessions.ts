/** Queries the server's other sessions: the holders of our lock, and those that block a statement. */

import type { Session } from '../../connections/driver.js';
import type { ServerSession } from '../events.js';
import { executeInCatalog } from '../ledger/catalog-path.js';
import { findLabel } from './run-label.js';

/** The columns of `pg_stat_activity a` that describe a session. */
const columns = `a.pid, a.application_name, a.usename, coalesce(a.client_hostname, host(a.client_addr)) AS client,
  a.state, to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since,
  pg_catalog.round(extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::pg_catalog.numeric * 1000) AS transaction_ms, a.query`;

/** The prepared transactions of this database, which no process has: `pg_blocking_pids` calls each of them 0. */
const preparedTransactions = `SELECT 0, 'prepared transaction ' || quote_literal(x.gid), x.owner, NULL, NULL,
  to_char(x.prepared AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  pg_catalog.round(extract(epoch FROM pg_catalog.clock_timestamp() - x.prepared)::pg_catalog.numeric * 1000), NULL
  FROM pg_catalog.pg_prepared_xacts x WHERE x.database = current_database()`;

/**
 * @param pids a query that answers process ids; 0 is any prepared transaction.
 * @returns what may be known of them; others' statements are hidden from roles without `pg_read_all_stats`.
 */
export async function findSessions(session: Session, pids: string): Promise<ServerSession[]> {
  const results = await executeInCatalog(
    session,
    // Within a transaction the server answers from a copy that it made at the first question.
    'SELECT pg_stat_clear_snapshot()',
    `SELECT ${columns} FROM pg_catalog.pg_stat_activity a WHERE a.pid IN (${pids})
     UNION ALL ${preparedTransactions} AND 0 IN (${pids}) ORDER BY transaction_ms DESC NULLS LAST`,
  );
  const rows = results[1]?.rows ?? [];
  if (rows.length === 0) return [];
  const { hideValues } = await import('../../sql/syntax/hide-values.js');
  return rows.map((row) => toServerSession(row, hideValues));
}

function toServerSession(
  row: Record<string, string | null>,
  hideValues: (sql: string) => string,
): ServerSession {
  const found = {
    applicationName: row.application_name,
    user: row.usename,
    client: row.client,
    state: row.state,
    since: row.since,
    transactionMs: row.transaction_ms && Number(row.transaction_ms),
    statement: hideValues(row.query ?? ''),
    work: findLabel(row.query ?? ''),
  };
  const known = Object.entries(found).filter(([, value]) => value || value === 0);
  return { processId: Number(row.pid), ...Object.fromEntries(known) };
}
