/** Reaches a server by another database than the one that is created or dropped. */

import type { DatabaseSettings, Session } from '../../connections/driver.js';
import { openDriver } from '../../connections/open-connection.js';
import { ConnectionError } from '../../errors.js';
import { cancellable } from '../session/cancel.js';
import { openWithRetries, type ShortSessionOptions, shortRetries } from '../session/connect.js';

/** Databases that a server has from its beginning, in the order in which they are tried. */
const maintenanceDatabases = ['postgres', 'template1'];

/** Whether a name is that of a database which is part of the server itself. */
export function belongsToServer(name: string): boolean {
  return ['template0', ...maintenanceDatabases].includes(name);
}

/** The server refused this database and not the role: it does not exist, takes no connections, or this role may not connect to it. */
const refusals = new Set(['3D000', '55000', '42501', '28000']);

/**
 * Opens a session on the server's own database for some work, and closes it.
 * @throws the ConnectionError of the first database, where none takes us; what the work throws; KatError CANCELLED.
 */
export async function onServer<T>(
  settings: DatabaseSettings,
  options: ShortSessionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openMaintenance(settings, options);
  try {
    return await cancellable({ session }, options.signal, () => work(session));
  } finally {
    await session.close();
  }
}

async function openMaintenance(settings: DatabaseSettings, options: ShortSessionOptions): Promise<Session> {
  let first: unknown;
  for (const name of maintenanceDatabases) {
    try {
      const driver = await openDriver({ ...settings, name });
      return await openWithRetries(driver, 'kat db', { ...shortRetries, ...options });
    } catch (error) {
      if (!(error instanceof ConnectionError) || !refusals.has(error.sqlstate ?? '')) throw error;
      first ??= error;
    }
  }
  throw first;
}
