/** The two ways to a database: Kat opens it, or the caller hands over a connection. */

import { KatError } from '../errors.js';
import type { DatabaseSettings, Driver } from './driver.js';
import { borrowPglite, isPgliteDatabase } from './pglite/borrowed.js';
import { borrowClient, borrowPool, isClient, isPool } from './postgres/borrowed.js';

type AnyFunction = (...args: never[]) => unknown;

/** A connection of the caller's: a connected `Client`, a client of a pool, or a `Pool` of `pg`, or a PGlite database. */
export type BorrowedConnection =
  | { query: AnyFunction; connect: AnyFunction; on: AnyFunction }
  | { execProtocol: AnyFunction; runExclusive: AnyFunction };

/**
 * Chooses and loads the driver; nothing is connected yet, and no other driver's code is loaded.
 * @param env where libpq's PG* variables, the home folder and the folder for caches are looked up.
 * @param readSql gives the SQL that is going to run: an embedded database loads some libraries only when it starts.
 * @throws KatError CONFIG_INVALID when the settings make no sense.
 */
export async function openDriver(
  settings: DatabaseSettings,
  env: Readonly<Record<string, string | undefined>> = process.env,
  readSql: () => Iterable<string> = () => [],
): Promise<Driver> {
  switch (settings.driver) {
    case 'postgres': {
      const { createPostgresDriver } = await import('./postgres/postgres-driver.js');
      return createPostgresDriver(settings, env);
    }
    case 'pglite': {
      const { createPgliteDriver } = await import('./pglite/pglite-driver.js');
      return createPgliteDriver(settings, { readSql, env });
    }
    case 'sqlite': {
      const { createSqliteDriver } = await import('./sqlite/sqlite-driver.js');
      return createSqliteDriver(settings);
    }
  }
}

/**
 * Makes a driver of a connection that the caller owns: it is never closed, and clients of a pool go back to it.
 * @throws KatError USAGE when it is none of the kinds that Kat knows.
 */
export function borrowDriver(connection: BorrowedConnection): Driver {
  if (isPgliteDatabase(connection)) return borrowPglite(connection);
  if (isPool(connection)) return borrowPool(connection);
  if (isClient(connection)) return borrowClient(connection);
  throw new KatError('USAGE', 'Kat does not support this kind of connection', {
    help: 'Pass a connected Client, a PoolClient or a Pool of pg (not pg-native), or a PGlite database.',
  });
}
