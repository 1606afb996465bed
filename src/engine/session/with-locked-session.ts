/** Opens what a change of the tracking table needs, and closes it again whatever happens. */

import type { Session } from '../../connections/driver.js';
import { present } from '../../present.js';
import { cancellable } from './cancel.js';
import { openWithRetries, shortRetries } from './connect.js';
import {
  closeLockedSession,
  type LockedSession,
  type LockedSessionSetting,
  openLockedSession,
} from './locked-session.js';

/** Opens a session, and reports it and the server's warnings while it is open. */
export async function openReportedSession(setting: LockedSessionSetting, purpose: string): Promise<Session> {
  const { driver, onEvent, signal, reach = shortRetries } = setting;
  onEvent({ type: 'connecting', database: driver.description });
  const session = await openWithRetries(driver, `kat ${purpose}`, { ...reach, onEvent, signal });
  onEvent({ type: 'connected', database: driver.description, server: session.server });
  session.onNotice(({ severity, message, hint }) => {
    if (severity === 'WARNING') onEvent({ type: 'warning', message, ...present({ help: hint }) });
  });
  return session;
}

/** A session that may be replaced while it is worked with. */
export interface SessionHolder {
  session: Session;
}

/**
 * Does some work with a session of its own, which an abort may end.
 * @param purpose the command's name.
 * @throws what opening or the work throws; KatError CANCELLED.
 */
export async function withConnection<T>(
  setting: LockedSessionSetting,
  purpose: string,
  work: (place: SessionHolder) => Promise<T>,
): Promise<T> {
  const place = { session: await openReportedSession(setting, purpose) };
  try {
    return await cancellable(place, setting.signal, () => work(place));
  } finally {
    // A session that has been closed already may be closed again.
    await place.session.close();
  }
}

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
