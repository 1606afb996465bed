/** Words for the server's sessions: who runs what, and for how long. */

import type { RunningWork, ServerSession } from '../events.js';

/** One line about a session: who it is, what it does where it is one of Kat's, and how long its transaction is open. */
export function formatSession(session: ServerSession): string {
  const { work, lease } = session;
  const details = [
    !isPrepared(session) && session.applicationName,
    work && `run by ${work.client}`,
    work && formatWork(work),
    session.user && `user ${session.user}`,
    session.client && `from ${session.client}`,
    session.state,
    session.since && `in a transaction since ${session.since}${formatAge(session.transactionMs)}`,
    lease &&
      `with a lease until ${lease.expiresAt.replace(/\.\d+Z$/, 'Z')} (${formatElapsed(lease.remainingMs)} more)`,
  ].filter(Boolean);
  return `${nameOf(session)}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
}

/** A prepared transaction has no process, and 0 as its id. */
export function isPrepared({ processId }: Pick<ServerSession, 'processId'>): boolean {
  return processId === 0;
}

function nameOf(session: ServerSession): string {
  return isPrepared(session)
    ? (session.applicationName ?? 'a prepared transaction')
    : `process ${session.processId}`;
}

function formatWork({ migration, direction, statement, statements }: RunningWork): string {
  if (migration === undefined) return '';
  const place = statement === undefined ? '' : `, statement ${statement} of ${statements}`;
  return `${direction === 'down' ? 'rolling back' : 'applying'} ${migration}${place}`;
}

/** ` (3m 12s)`; empty where it is not known. */
function formatAge(ms: number | undefined): string {
  return ms === undefined ? '' : ` (${formatElapsed(ms)})`;
}

/** `12s`, `1m 12s` or `3h 5m`. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)];
  if (hours > 0) return `${hours}h ${minutes % 60}m`;
  return minutes > 0 ? `${minutes}m ${seconds % 60}s` : `${seconds}s`;
}
