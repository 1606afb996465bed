/** The databases that snapshots are tested on, each with the rich schema. */

import type { Driver, Session } from '../../../src/connections/driver.js';
import { openDriver } from '../../../src/connections/open-connection.js';
import { freshDatabase, majors } from '../../support/database.js';
import { richSchema } from './rich-schema.js';

export interface SnapshotDatabase {
  session: Session;
  close(): Promise<void>;
}

/** `PGlite`, and the servers of this test run. */
export const databaseNames: readonly string[] = ['PGlite', ...majors().map(String)];

/** @param sql what the database begins with. */
export async function openSnapshotDatabase(name: string, sql = richSchema): Promise<SnapshotDatabase> {
  const opened = name === 'PGlite' ? await openPglite() : await openServer(Number(name));
  await opened.session.execute(sql);
  return opened;
}

async function openPglite(): Promise<SnapshotDatabase> {
  const driver = await openDriver({ driver: 'pglite' });
  return withSession(driver, async () => undefined);
}

async function openServer(major: number): Promise<SnapshotDatabase> {
  const database = await freshDatabase(major);
  const driver = await openDriver({ driver: 'postgres', url: database.url });
  return withSession(driver, () => database.drop());
}

async function withSession(driver: Driver, drop: () => Promise<void>): Promise<SnapshotDatabase> {
  const session = await driver.open('kat');
  const close = async () => {
    await session.close();
    await driver.close();
    await drop();
  };
  return { session, close };
}
