/**
 * Lets the server write the commits of a run to disk together. A COMMIT with `synchronous_commit = off` is answered before that, and a
 * crash of the server may take the last of them back, in reverse order
 * (https://www.postgresql.org/docs/current/wal-async-commit.html). A later COMMIT without it writes all of them.
 */

import type { Session } from '../../connections/driver.js';
import { eq } from '../ledger/operators.js';

/** The statement that does so for the rest of a transaction. */
export const flushLater = 'SET LOCAL synchronous_commit = off';

/** The statement that has the COMMIT behind it write everything before it to disk, whatever the migration has set for itself. */
export const flushAtCommit = 'SET LOCAL synchronous_commit = on';

/** Outside of a transaction: a record in the write-ahead log whose COMMIT does so. */
export const flushNow =
  "SELECT pg_catalog.set_config('synchronous_commit', 'on', true), pg_catalog.pg_logical_emit_message(true, 'kat', '')";

/**
 * Whether the commits of a session may wait: nobody has chosen a value of `synchronous_commit` or a standby to wait for, and the role
 * may run `flushNow`.
 */
export async function mayFlushLater(session: Session): Promise<boolean> {
  if (session.isBorrowed || session.processId === undefined) return false;
  const [result] = await session.execute(`SELECT
    (SELECT pg_catalog.bool_and(source ${eq} 'default') FROM pg_catalog.pg_settings
     WHERE name ${eq} ANY (ARRAY['synchronous_commit', 'synchronous_standby_names']))
    AND (SELECT pg_catalog.bool_and(pg_catalog.has_function_privilege(oid, 'EXECUTE')) FROM pg_catalog.pg_proc
     WHERE proname ${eq} 'pg_logical_emit_message') AS may`);
  return result?.rows[0]?.may === 't';
}
