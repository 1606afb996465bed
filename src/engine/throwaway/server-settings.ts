/** Finds the server of a database. */

import type { DatabaseSettings, Driver } from '../../connections/driver.js';
import type { BorrowedConnection } from '../../connections/open-connection.js';
import type { DatabaseConfig } from '../../project/config/config.js';
import { type ShortSessionOptions, withSession } from '../session/connect.js';
import type { ResembledServer } from './choose-place.js';

/** A database as `createKat` takes it. */
export type DatabaseOption = string | DatabaseConfig | BorrowedConnection;

/** @returns undefined for an embedded database, and for a connection of the caller's. */
export function serverSettingsOf(database: DatabaseOption): DatabaseSettings | undefined {
  if (typeof database === 'string') return { driver: 'postgres', url: database };
  return 'driver' in database && database.driver === 'postgres' ? database : undefined;
}

/** Asks the database for its version. @throws what opening a session throws. */
export async function readServer(
  driver: Driver,
  database: DatabaseOption,
  options: ShortSessionOptions,
): Promise<ResembledServer> {
  const versionNumber = await withSession(driver, 'kat', options, async ({ server }) => server.versionNumber);
  return { major: Math.floor(versionNumber / 10_000), settings: serverSettingsOf(database) };
}
