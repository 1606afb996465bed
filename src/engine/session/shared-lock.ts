/** Keeps runners away while a session reads: many readers share the lock, and no runner gets it meanwhile. */

import type { Session, SqliteFacts } from '../../connections/driver.js';
import { SqlError } from '../../errors.js';
import { startDeadline } from './deadline.js';
import { type LockOptions, type LockPlace, lockKey, pollLock } from './lock.js';

/**
 * Works under the lock that runners take alone. The lock is the session's, so that the snapshot of a transaction inside begins later.
 * @throws KatError LOCKED when a runner still holds it after `waitMs`; CANCELLED; what the work throws.
 */
export async function withSharedLock<T>(
  session: Session,
  place: LockPlace,
  options: Omit<LockOptions, 'session' | 'reach'>,
  work: () => Promise<T>,
): Promise<T> {
  if (isOfSqlite(session)) {
    await (await import('./sqlite/wait-for-runner.js')).waitForSqliteRunner(session, place, options);
    return work();
  }
  const patience = { ...options, session: undefined, deadline: startDeadline(options.waitMs) };
  // A server that has learnt to lock keeps the table.
  if (place.hasLease)
    await (await import('./lease/wait-for-lease.js')).waitForLease(session, place, patience);
  const keys = (['runner', 'work'] as const).map((purpose) => lockKey(place.name, purpose));
  const taken: string[] = [];
  try {
    for (const key of keys) {
      const attempt = async () => {
        const answer = await trySharedLock(session, key);
        if (answer === 'taken') taken.push(key);
        return answer !== 'held';
      };
      await pollLock(session, attempt, place, patience);
    }
    return await work();
  } finally {
    for (const key of taken) await release(session, key);
  }
}

function isOfSqlite(session: Session): session is Session & { sqlite: SqliteFacts } {
  return session.sqlite !== undefined;
}

/** Conflicts, missing privileges, exhausted resources, and statements that somebody or a time-out has cancelled: they say nothing of locks. */
const saysNothing = /^(?:40|42501|53|55|57)/;

/** @returns `refused` by a server without such locks, whose runners hold a lease instead. */
async function trySharedLock(session: Session, key: string): Promise<'taken' | 'held' | 'refused'> {
  try {
    const sql = `SELECT pg_catalog.pg_try_advisory_lock_shared(${key}) AS is_taken`;
    const [result] = await session.execute(sql);
    return result?.rows[0]?.is_taken === 't' ? 'taken' : 'held';
  } catch (error) {
    if (!(error instanceof SqlError) || error.isSessionLost) throw error;
    if (saysNothing.test(error.report.sqlstate)) throw error;
    return 'refused';
  }
}

/** A lost session has released it. */
async function release(session: Session, key: string): Promise<void> {
  await session.execute(`SELECT pg_catalog.pg_advisory_unlock_shared(${key})`).catch(() => undefined);
}
