/** Keeps a throwaway database of SQLite in a file, so that migrations meet what they meet in the project's own file. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Driver, Session } from '../../../connections/driver.js';
import { openDriver } from '../../../connections/open-connection.js';
import { createTemporaryFolder } from '../temporary-folder.js';
import type { Throwaway } from '../throwaway.js';

/** @throws ConnectionError where this Node.js has no SQLite, and `libsql` is not installed. */
export async function openSqliteThrowaway(): Promise<Throwaway> {
  const folder = createTemporaryFolder('throwaway');
  try {
    const path = join(folder.path, 'throwaway.db');
    const driver = await openOwn(path);
    const session = await driver.open('kat verify');
    await session.close();
    return {
      driver,
      kind: 'embedded',
      place: 'a temporary file',
      version: session.server.version,
      renew: async () => {
        for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
      },
      close: async () => {
        await driver.close();
        folder.remove();
      },
    };
  } catch (error) {
    folder.remove();
    throw error;
  }
}

/** What a crash would take from this file, nobody misses. A reader of a file that is not there yet must make it as well. */
async function openOwn(path: string): Promise<Driver> {
  const { openForReading: _, ...driver } = await openDriver({ driver: 'sqlite', path });
  const open = async (applicationName: string): Promise<Session> => {
    const session = await driver.open(applicationName);
    await session.execute('PRAGMA synchronous = OFF');
    return session;
  };
  return { ...driver, open };
}
