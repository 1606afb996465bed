/** The database that is created or dropped, and what cannot be done to it. */

import type { DatabaseSettings, Driver, WholeDatabase } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import { type DatabaseOption, serverSettingsOf } from '../throwaway/server-settings.js';

/** A database with a name. */
export interface DatabasePlace {
  driver: Driver;
  whole: WholeDatabase;
  name: string;
  /** How its server is reached; undefined for an embedded database. */
  server: DatabaseSettings | undefined;
}

/** @throws KatError USAGE for a connection of the caller's, and for a database in memory. */
export function wholePlaceOf(driver: Driver, database: DatabaseOption): DatabasePlace {
  const { whole } = driver;
  if (!whole) throw borrowed();
  const { name } = whole;
  if (name === undefined)
    throw new KatError('USAGE', 'a database in memory cannot be created or dropped', {
      help: 'Set `path` in the section `database`.',
    });
  return { driver, whole, name, server: serverSettingsOf(database) };
}

export function borrowed(): KatError {
  return new KatError('USAGE', 'this Kat was given an open connection, and not the address of a database', {
    help: 'Give `createKat` a URL or settings.',
  });
}
