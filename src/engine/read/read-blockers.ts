/** Reads who blocks a session, and who blocks those in turn. */

import type { Session } from '../../connections/driver.js';
import type { ServerSession } from '../events.js';
import { findSessions } from '../session/server-sessions.js';

/** A session that a migration waits for, directly or through others. Process id 0 is a prepared transaction. */
export interface BlockingSession extends ServerSession {
  /** Process ids of the sessions that wait for it: that of the migration, or of other sessions of the list. */
  blocks: readonly number[];
}

/**
 * @param session with nothing but `pg_catalog` in its search path
 * @returns each of them once.
 * @throws what the session throws.
 */
export async function readBlockers(session: Session, backendPid: number): Promise<BlockingSession[]> {
  const [result] = await session.execute(
    `WITH RECURSIVE waits(pid, blocker) AS (
       SELECT ${backendPid}, unnest(pg_blocking_pids(${backendPid}))
       UNION SELECT blocker, unnest(pg_blocking_pids(blocker)) FROM waits)
     SELECT pid, blocker FROM waits`,
  );
  const waits = (result?.rows ?? []).map(({ pid, blocker }) => ({
    pid: Number(pid),
    blocker: Number(blocker),
  }));
  if (waits.length === 0) return [];
  const pids = [...new Set(waits.map(({ blocker }) => blocker))];
  const found = await findSessions(session, pids.join(', '));
  const byId = new Map(found.map((other) => [other.processId, other]));
  return pids.map((pid) => ({
    ...(byId.get(pid) ?? { processId: pid }),
    blocks: waits.filter(({ blocker }) => blocker === pid).map((wait) => wait.pid),
  }));
}
