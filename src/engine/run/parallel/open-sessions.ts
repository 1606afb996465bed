/** Opens further sessions for a run: they hold the run's lock together. */

import { ConnectionError } from '../../../errors.js';
import { counted } from '../../../graph/counted.js';
import { openWithRetries } from '../../session/connect.js';
import { joinRunnerLock, shareRunnerLock } from '../../session/lock.js';
import { closeLockedSession, type LockedSession } from '../../session/locked-session.js';
import { findPatientReset } from '../../session/session-reset.js';
import type { RunContext } from '../run-context.js';

/**
 * Opens up to `count - 1` sessions beside that of the run. If the server takes fewer, it warns, and the run goes on with these.
 * @returns the further ones.
 */
export async function openSessions(context: RunContext, count: number): Promise<LockedSession[]> {
  await share(context.lockedSession);
  const opened = await Promise.allSettled(Array.from({ length: count - 1 }, () => openOne(context)));
  const sessions = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const refused = opened.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  const [first] = refused;
  if (first === undefined) return sessions;
  if (!refused.every((error) => error instanceof ConnectionError)) {
    await Promise.all(sessions.map(closeLockedSession));
    throw first;
  }
  const message = `the run uses ${counted(sessions.length + 1, 'session')} instead of ${count}: ${first.message}`;
  context.setting.onEvent({ type: 'warning', message });
  return sessions;
}

/** The ledger says from now on that others write as well. */
async function share(own: LockedSession): Promise<void> {
  const { session, ledger } = own;
  const lock = await shareRunnerLock(own.lock, session, ledger.name);
  const sessionReset = await findPatientReset(session, lock);
  Object.assign(own, { lock, sessionReset, ledger: { ...ledger, hasOtherWriters: true } });
}

const once = { retries: 0, delayMs: 0, isWorthRetrying: () => false };

async function openOne({ setting, lockedSession }: RunContext): Promise<LockedSession> {
  const { ledger, runsOtherCode } = lockedSession;
  const { onEvent, signal } = setting;
  const session = await openWithRetries(setting.driver, 'kat up', { ...once, onEvent, signal });
  try {
    const lock = await joinRunnerLock(lockedSession.lock, session, ledger.name);
    const sessionReset = await findPatientReset(session, lock);
    const [result] = await session.execute('SELECT pg_catalog.pg_backend_pid() AS pid');
    return {
      session,
      backendPid: Number(result?.rows[0]?.pid),
      lock,
      ledger,
      sessionReset,
      mayFlushLater: false,
      runsOtherCode,
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}
