/** Waits until no run holds the lease of a tracking table. */

import type { Session } from '../../../connections/driver.js';
import { startDeadline } from '../deadline.js';
import { type LockOptions, type LockPlace, pollLock } from '../lock.js';
import { findLeaseHolder } from './find-lease-holder.js';

/**
 * Takes no lease, which would be a write: a run that begins meanwhile is not kept away.
 * @throws KatError LOCKED when a run still holds it after `waitMs`; CANCELLED.
 */
export async function waitForLease(
  session: Session,
  place: LockPlace,
  options: Omit<LockOptions, 'session' | 'reach'>,
): Promise<void> {
  const attempt = async () => (await findLeaseHolder(session, place)).length === 0;
  const deadline = startDeadline(options.waitMs);
  await pollLock(session, attempt, place, { ...options, session: undefined, deadline });
}
