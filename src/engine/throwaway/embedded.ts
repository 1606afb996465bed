/** Keeps a throwaway database in memory. */

import type { Driver, Session } from '../../connections/driver.js';
import { openDriver } from '../../connections/open-connection.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';
import { emptyDatabase } from './empty-database.js';
import type { Throwaway } from './throwaway.js';

/** @throws KatError CONFIG_INVALID where PGlite is not installed; ConnectionError. */
export async function openEmbeddedThrowaway(readSql: () => Iterable<string>): Promise<Throwaway> {
  const open = () => openDriver({ driver: 'pglite' }, {}, readSql);
  let driver = await open();
  const empty = await inSession(driver, (session) => readSnapshot(session));
  return {
    get driver() {
      return driver;
    },
    isShared: false,
    renew: async () => {
      if (await inSession(driver, (session) => emptyDatabase(session, empty))) return;
      await driver.close();
      driver = await open();
    },
    close: () => driver.close(),
  };
}

async function inSession<T>(driver: Driver, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await driver.open('kat verify');
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
