/**
 * Tells of standbys that the server waits for. A COMMIT is done on the server itself, and keeps its locks until enough of the standbys in
 * `synchronous_standby_names` have confirmed it; no timeout ends that
 * (https://www.postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION-HA).
 */

import type { Session } from '../../connections/driver.js';
import type { EventListener } from '../events.js';
import { eq } from '../ledger/operators.js';

const help =
  'Bring a standby back, or ask who runs the server. Until then, what is committed keeps its locks and is not reported as applied.';

const names = "pg_catalog.current_setting('synchronous_standby_names')";

/** Warns where no COMMIT can be answered, because no standby is connected at all. */
export async function warnOfMissingStandby(session: Session, onEvent: EventListener): Promise<void> {
  const [result] = await session.execute(`SELECT ${names} AS names WHERE NOT ${names} ${eq} ''
    AND NOT pg_catalog.current_setting('synchronous_commit') ${eq} ANY (ARRAY['off', 'local'])
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_replication)`);
  const missing = result?.rows[0]?.names;
  if (missing == null) return;
  const message = `no standby is connected, and the server answers no COMMIT without one: synchronous_standby_names is '${missing}'`;
  onEvent({ type: 'warning', message, help });
}

/** @param what waits. */
export function warnOfStandbyWait(what: string, onEvent: EventListener): void {
  onEvent({
    type: 'warning',
    message: `${what} waits for a synchronous standby to confirm its COMMIT`,
    help,
  });
}
