/** Tells a running migration from a stopped one where a command looks at the journal without the lock. */

import type { Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import { findLockHolders, type LockPlace } from './lock.js';
import { refuseStandby } from './server-state.js';
import { formatSession } from './session-text.js';

/**
 * The journal of a migration that another run is at work on looks like that of one that stopped.
 * @param look what reads it; without the lock.
 * @throws what `look` throws. Instead of MIGRATION_HALF_DONE, what `refuseDuringRun` throws.
 */
export async function lookWithoutLock<T>(
  session: Session,
  place: LockPlace,
  look: () => T | Promise<T>,
): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof KatError && error.code === 'MIGRATION_HALF_DONE')
      await refuseDuringRun(session, place);
    throw error;
  }
}

/** @throws KatError LOCKED while another run holds the lock; CONNECTION_FAILED on a standby, which does not show that. */
export async function refuseDuringRun(session: Session, place: LockPlace): Promise<void> {
  await refuseStandby(session);
  const [runner] = await findLockHolders(session, place);
  if (!runner) return;
  throw new KatError('LOCKED', `a run is in progress: ${formatSession(runner)}`, {
    help: 'Its migration looks half-done until it ends. Run the command again when the run has finished: `kat watch` shows it. Nothing was changed.',
  });
}
