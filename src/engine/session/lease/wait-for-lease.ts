/** Waits until no run holds the lease of a tracking table. */

import type { Session } from '../../../connections/driver.js';
import type { Deadline } from '../deadline.js';
import { type LockOptions, type LockPlace, pollLock } from '../lock.js';
import { findLeaseHolder } from './find-lease-holder.js';

/**
 * Takes no lease, which would be a write: a run that begins meanwhile is not kept away.
 * @throws KatError LOCKED when a run still holds it at the deadline; CANCELLED.
 */
export async function waitForLease(
  session: Session,
  place: LockPlace,
  patience: LockOptions & { deadline: Deadline },
): Promise<void> {
  const attempt = async () => (await findLeaseHolder(session, place)).length === 0;
  await pollLock(session, attempt, place, patience);
}
