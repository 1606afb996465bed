/** Asks the server about other sessions: who holds our lock, who blocks a statement. */

import type { Session } from '../../connections/driver.js';
import type { ServerSession } from '../events.js';

/** The columns of `pg_stat_activity a` that describe a session. */
const columns = `a.pid, a.application_name, a.usename, coalesce(a.client_hostname, host(a.client_addr)) AS client,
  a.state, to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since, a.query`;

/**
 * @param pids a query that answers process ids.
 * @returns what may be known of them; others' statements are hidden from roles without `pg_read_all_stats`.
 */
export async function findSessions(session: Session, pids: string): Promise<ServerSession[]> {
  const results = await session.execute(
    // Within a transaction the server answers from a copy that it made at the first question.
    `SELECT pg_catalog.pg_stat_clear_snapshot();
     SELECT ${columns} FROM pg_catalog.pg_stat_activity a WHERE a.pid IN (${pids}) ORDER BY a.xact_start`,
  );
  return (results[1]?.rows ?? []).map(toServerSession);
}

function toServerSession(row: Record<string, string | null>): ServerSession {
  const found = {
    applicationName: row.application_name,
    user: row.usename,
    client: row.client,
    state: row.state,
    since: row.since,
    statement: row.query?.trim(),
  };
  const known = Object.entries(found).filter(([, value]) => value);
  return { processId: Number(row.pid), ...Object.fromEntries(known) };
}

/** One line about a session: who it is, and since when it is in its transaction. */
export function formatSession(session: ServerSession): string {
  const details = [
    session.applicationName,
    session.user && `user ${session.user}`,
    session.client && `from ${session.client}`,
    session.state,
    session.since && `in a transaction since ${session.since}`,
  ].filter(Boolean);
  return `process ${session.processId}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
}
