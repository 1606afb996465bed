/** Keeps a throwaway database in memory. */

import type { Driver, Session } from '../../connections/driver.js';
import { openDriver } from '../../connections/open-connection.js';
import type { SchemaSnapshot } from '../../sql/snapshot/snapshot.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';
import { emptyDatabase } from './empty-database.js';
import type { Throwaway } from './throwaway.js';

/** @throws KatError CONFIG_INVALID where PGlite is not installed; ConnectionError. */
export async function openEmbeddedThrowaway(readSql: () => Iterable<string>): Promise<Throwaway> {
  const open = () => openDriver({ driver: 'pglite' }, process.env, readSql);
  let driver = await open();
  let empty: SchemaSnapshot | undefined;
  const version = await inSession(driver, async ({ server }) => server.version);
  return {
    get driver() {
      return driver;
    },
    kind: 'embedded',
    place: 'memory',
    version,
    renew: async () => {
      if (empty && (await isEmptied(driver, empty))) return;
      await driver.close();
      driver = await open();
      empty = await inSession(driver, (session) => readSnapshot(session));
    },
    close: () => driver.close(),
  };
}

function isEmptied(driver: Driver, empty: SchemaSnapshot): Promise<boolean> {
  return inSession(driver, (session) => emptyDatabase(session, empty));
}

async function inSession<T>(driver: Driver, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await driver.open('kat verify');
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
