/** Opens a session that reports itself and the server's warnings, and closes it again whatever happens. */

import type { Driver, Session } from '../../connections/driver.js';
import { present } from '../../present.js';
import type { EventListener } from '../events.js';
import { cancellable } from './cancel.js';
import { openWithRetries, type RetryPolicy, shortRetries } from './connect.js';

interface ReportedSetting {
  driver: Driver;
  /** How the session is opened; left out, a server must be there. */
  reach?: RetryPolicy;
  onEvent: EventListener;
  signal: AbortSignal | undefined;
}

/** Opens a session, and reports it and the server's warnings while it is open. */
export async function openReportedSession(setting: ReportedSetting, purpose: string): Promise<Session> {
  const { driver, onEvent, signal, reach = shortRetries } = setting;
  onEvent({ type: 'connecting', database: driver.description });
  const session = await openWithRetries(driver, `kat ${purpose}`, { ...reach, onEvent, signal });
  try {
    onEvent({ type: 'connected', database: driver.description, server: session.server });
  } catch (error) {
    // An observer's own failure ends the call, and nobody else knows of the session.
    await session.close();
    throw error;
  }
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
  setting: ReportedSetting,
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
