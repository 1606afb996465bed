/** Queries whether a server accepts writes, and which backend serves the session. */

import type { Session } from '../../connections/driver.js';
import { KatError, SqlError } from '../../errors.js';

/**
 * Advisory locks succeed even on a read-only standby, so this must be asked before anything is tried.
 * @returns the process id of the session's backend, and what the server says it is.
 * @throws KatError CONNECTION_FAILED when the session cannot write.
 */
export async function ensureWritable(session: Session): Promise<{ backendPid: number; version: string }> {
  const [result] = await session.execute(
    `SELECT pg_catalog.pg_is_in_recovery() AS is_standby,
            pg_catalog.current_setting('transaction_read_only') AS read_only,
            pg_catalog.pg_backend_pid() AS backend_pid,
            pg_catalog.version() AS version`,
  );
  const row = result?.rows[0];
  if (row?.is_standby === 't') {
    throw new KatError('CONNECTION_FAILED', 'this server is a standby, which accepts no changes', {
      help: 'Connect to the primary server.',
    });
  }
  if (row?.read_only === 'on') {
    throw new KatError('CONNECTION_FAILED', 'this session is read-only', {
      help: 'Turn off default_transaction_read_only for this role or database, or connect as a role that may write.',
    });
  }
  return { backendPid: Number(row?.backend_pid), version: row?.version ?? '' };
}

/** Whether this server replays what another one does. It shows the tables of that server, but not its sessions and locks. */
export async function isStandby(session: Session): Promise<boolean> {
  if (session.sqlite) return false;
  const [result] = await session.execute('SELECT pg_catalog.pg_is_in_recovery() AS is_standby');
  return result?.rows[0]?.is_standby === 't';
}

/** @throws KatError CONNECTION_FAILED on a server that does not know which runs are in progress. */
export async function refuseStandby(session: Session): Promise<void> {
  if (!(await isStandby(session))) return;
  throw new KatError(
    'CONNECTION_FAILED',
    'this server is a standby, which does not show whether a run is in progress',
    { help: 'Connect to the primary server.' },
  );
}

/**
 * Kat's own BEGIN and COMMIT would end a transaction that the owner of the connection has open.
 * @throws KatError USAGE
 */
export async function refuseOpenTransaction(session: Session): Promise<void> {
  if (!session.isBorrowed) return;
  try {
    // Refused outside of a transaction (25P01); a failed transaction refuses all statements (25P02).
    await session.execute('SAVEPOINT kat_probe; RELEASE SAVEPOINT kat_probe');
  } catch (error) {
    if (error instanceof SqlError && error.report.sqlstate === '25P01') return;
    if (!(error instanceof SqlError)) throw error;
  }
  throw openTransactionError();
}

/** The error for a caller's connection that is inside a transaction. */
export function openTransactionError(cause?: unknown): KatError {
  return new KatError('USAGE', 'the connection passed to createKat is inside a transaction', {
    help: 'Commit it or roll it back first: each migration runs in its own transaction.',
    cause,
  });
}
