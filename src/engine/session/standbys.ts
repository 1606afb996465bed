/**
 * Tells of standbys that the server waits for. A COMMIT is done on the server itself, and keeps its locks until enough of the standbys in
 * `synchronous_standby_names` have confirmed it; no timeout ends that
 * (https://www.postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION-HA).
 */

import type { Session } from '../../connections/driver.js';
import { SqlError } from '../../errors.js';
import type { EventListener } from '../events.js';
import { eq } from '../ledger/operators.js';

const help =
  'Reconnect a standby, or ask the administrator of the server. Until then, a committed migration keeps its locks, and Kat does not report it as applied.';

const names = "pg_catalog.current_setting('synchronous_standby_names')";

/** Warns where no COMMIT can be answered, because no standby is connected at all; not where the role may not see that. */
export async function warnOfMissingStandby(session: Session, onEvent: EventListener): Promise<void> {
  const missing = await findUnansweredNames(session);
  if (missing === undefined) return;
  const message = `no standby is connected, and the server answers no COMMIT without one: synchronous_standby_names is '${missing}'`;
  onEvent({ type: 'warning', message, help });
}

/**
 * The view pg_stat_replication has no senders that are background workers, such as Neon's
 * (https://github.com/neondatabase/neon, pgxn/neon/walproposer_pg.c); a COMMIT is answered by these, too.
 */
async function findUnansweredNames(session: Session): Promise<string | undefined> {
  try {
    const [result] = await session.execute(`SELECT ${names} AS names WHERE NOT ${names} ${eq} ''
    AND NOT pg_catalog.current_setting('synchronous_commit') ${eq} ANY (ARRAY['off', 'local'])
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_get_wal_senders())`);
    return result?.rows[0]?.names ?? undefined;
  } catch (error) {
    if (error instanceof SqlError && !error.isSessionLost) return undefined;
    throw error;
  }
}

/** @param what waits, such as a migration's id. */
export function warnOfStandbyWait(what: string, onEvent: EventListener): void {
  onEvent({
    type: 'warning',
    message: `${what} waits for a synchronous standby to confirm its COMMIT`,
    help,
  });
}
