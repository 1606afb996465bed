/** Asks a server whether it takes changes, and whom it gave us. */

import type { Session } from '../drivers/driver.js';
import { KatError } from '../errors.js';

/**
 * Advisory locks succeed even on a read-only standby, so this must be asked before anything is tried.
 * @returns the process id of the session's backend.
 * @throws KatError CONNECTION_FAILED when the session cannot write.
 */
export async function ensureWritable(session: Session): Promise<number> {
  const [result] = await session.execute(
    `SELECT pg_catalog.pg_is_in_recovery() AS is_standby,
            pg_catalog.current_setting('transaction_read_only') = 'on' AS is_read_only,
            pg_catalog.pg_backend_pid() AS backend_pid`,
  );
  const row = result?.rows[0];
  if (row?.is_standby === 't') {
    throw new KatError('CONNECTION_FAILED', 'this server is a standby, which takes no changes', {
      help: 'Connect to the primary server.',
    });
  }
  if (row?.is_read_only === 't') {
    throw new KatError('CONNECTION_FAILED', 'this session is read-only', {
      help: 'Turn off default_transaction_read_only for this role or database, or connect as a role that may write.',
    });
  }
  return Number(row?.backend_pid);
}
