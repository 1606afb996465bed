/** Watches the working session from the lock's connection while it works: who blocks it, and whether it is still there. */

import type { Session } from '../drivers/driver.js';
import type { Direction } from '../graph/migration.js';
import type { EventListener } from './events.js';
import { findSessions } from './server-sessions.js';
import type { Workplace } from './workplace.js';

const pollMs = 1_000;

/** How long the server may have been idle, or silent, while we wait for its answer: then the answer is lost. */
const silenceMs = 20_000;

export interface Watched {
  id: string;
  direction: Direction;
}

/**
 * Looks once a second. Tells who blocks the working session whenever that changes. Closes the session when its backend
 * is gone or has had nothing to do for long, or when the server answers nothing at all: a half-open connection would
 * keep us waiting for ever.
 * @returns what ends the watching.
 */
export function watchSession(workplace: Workplace, step: Watched, onEvent: EventListener): () => void {
  const { lock, session, backendPid } = workplace;
  if (!lock.session) return () => undefined;
  const watcher = lock.session;
  let known = '';
  let askedAt: number | undefined;
  const look = async () => {
    askedAt = Date.now();
    const [isAtWork, blockers] = await Promise.all([
      isBackendAtWork(watcher, backendPid),
      findSessions(watcher, `SELECT unnest(pg_catalog.pg_blocking_pids(${backendPid}))`),
    ]);
    askedAt = undefined;
    if (!isAtWork) await session.close();
    const pids = blockers.map(({ processId }) => processId).join();
    if (pids !== known && pids !== '') onEvent({ type: 'blocked', ...pick(step), blockers });
    known = pids;
  };
  const timer = setInterval(() => {
    if (askedAt === undefined) look().catch(() => undefined);
    else if (Date.now() - askedAt > silenceMs) void session.close();
  }, pollMs);
  return () => clearInterval(timer);
}

function pick({ id, direction }: Watched): Watched {
  return { id, direction };
}

/** Idle for a moment is what every backend is between two messages. */
async function isBackendAtWork(watcher: Session, backendPid: number): Promise<boolean> {
  const results = await watcher.execute(
    `SELECT pg_catalog.pg_stat_clear_snapshot();
     SELECT state LIKE 'idle%' AND pg_catalog.clock_timestamp() - state_change > interval '${silenceMs} milliseconds' AS is_idle
     FROM pg_catalog.pg_stat_activity WHERE pid = ${backendPid}`,
  );
  const row = results[1]?.rows[0];
  return row !== undefined && row.is_idle !== 't';
}
