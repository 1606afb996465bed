/** Opens what a change of the tracking table needs, and closes it again whatever happens. */

import {
  closeLockedSession,
  type LockedSession,
  type LockedSessionSetting,
  openLockedSession,
} from './locked-session.js';
import type { SessionHolder } from './reported-session.js';

/**
 * Does some work under the runner's lock, with tracking table and log at hand, which are created where they are missing.
 * @param place holds the session, which is closed afterwards.
 * @throws what opening or the work throws.
 */
export async function underLock<T>(
  setting: LockedSessionSetting,
  place: SessionHolder,
  work: (lockedSession: LockedSession) => Promise<T>,
): Promise<T> {
  const lockedSession = Object.assign(place, await openLockedSession(setting, place.session));
  try {
    return await work(lockedSession);
  } finally {
    await closeLockedSession(lockedSession);
  }
}
