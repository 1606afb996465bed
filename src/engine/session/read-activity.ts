/** Reads from another session what a backend does, whom it waits for, and who waits for it. */

import type { Session } from '../../connections/driver.js';
import type { Activity, ServerSession, WaitingSession } from '../events.js';
import { findSessions } from './server-sessions.js';
import { readLockedTable, readProgress } from './statement-progress.js';
import { readWaits, type Wait, waitingFor } from './waiting-sessions.js';

/** The answers of one look at a backend. */
export interface BackendActivity extends Pick<Activity, 'progress' | 'table' | 'blockers'> {
  /** Its state and since when, or `unknown`; undefined if there is no such backend. */
  doing: string | undefined;
  /** Its COMMIT waits for a standby. */
  isAtStandby: boolean;
  waits: readonly Wait[];
}

/** Waits that are shorter than this are no news. */
const leastWaitMs = 1_000;

/**
 * All questions are sent at once. A backend with `track_activities = off` has a state, but no time (backend_status.c), and that of
 * another role has neither.
 * @param session with nothing but `pg_catalog` in its search path
 * @throws what the session throws.
 */
export async function readActivity(session: Session, backendPid: number): Promise<BackendActivity> {
  const [blockers, [activity], { waits }, progress, table] = await Promise.all([
    findSessions(session, `SELECT unnest(pg_blocking_pids(${backendPid}))`),
    session.execute(
      `SELECT coalesce(state || ' since ' || state_change, 'unknown') AS doing, wait_event FROM pg_stat_activity WHERE pid = ${backendPid}`,
    ),
    readWaits(session, backendPid),
    readProgress(session, backendPid),
    readLockedTable(session, backendPid),
  ]);
  return {
    ...(progress ? { progress } : {}),
    ...(table && !progress ? { table } : {}),
    blockers,
    doing: activity?.rows[0]?.doing ?? undefined,
    isAtStandby: activity?.rows[0]?.wait_event === 'SyncRep',
    waits: waitingFor(backendPid, waits).filter(({ waitedMs = leastWaitMs }) => waitedMs >= leastWaitMs),
  };
}

/**
 * Who these sessions are. The one that waited longest comes first.
 * @throws what the session throws.
 */
export async function describeWaits(session: Session, waits: readonly Wait[]): Promise<WaitingSession[]> {
  if (waits.length === 0) return [];
  const found = await findSessions(session, waits.map(({ processId }) => processId).join(', '));
  const byId = new Map<number, ServerSession>(found.map((other) => [other.processId, other]));
  return waits
    .toSorted((one, other) => (other.waitedMs ?? 0) - (one.waitedMs ?? 0))
    .map(({ processId, waitedMs }) => ({
      ...(byId.get(processId) ?? { processId }),
      ...(waitedMs === undefined ? {} : { waitedMs: Math.round(waitedMs) }),
    }));
}
