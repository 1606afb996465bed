/** Names the sessions that a migration waits for, while it waits. */

import type { Direction } from '../graph/migration.js';
import type { EventListener, ServerSession } from './events.js';
import { findSessions } from './server-sessions.js';
import type { Workplace } from './workplace.js';

const pollMs = 1_000;

/**
 * Looks once a second who blocks the working session, and tells it whenever that changes.
 * @returns what ends the watching.
 */
export function watchBlockers(
  { lock, backendPid }: Workplace,
  step: { id: string; direction: Direction },
  onEvent: EventListener,
): () => void {
  const { session } = lock;
  if (!session) return () => undefined;
  let known = '';
  let isAsking = false;
  const look = async () => {
    if (isAsking) return;
    isAsking = true;
    const blockers = await findSessions(
      session,
      `SELECT unnest(pg_catalog.pg_blocking_pids(${backendPid}))`,
    ).catch((): ServerSession[] => []);
    isAsking = false;
    const pids = blockers.map(({ processId }) => processId).join();
    if (pids !== known && pids !== '')
      onEvent({ type: 'blocked', id: step.id, direction: step.direction, blockers });
    known = pids;
  };
  const timer = setInterval(look, pollMs);
  return () => clearInterval(timer);
}
