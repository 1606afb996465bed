/** Keeps a throwaway database on a server that others use as well. */

import { randomBytes } from 'node:crypto';
import type { DatabaseSettings, Driver, Session } from '../../connections/driver.js';
import { openDriver } from '../../connections/open-connection.js';
import { KatError, SqlError } from '../../errors.js';
import { quoteIdentifier } from '../../quote.js';
import { sweepLeftOvers } from './sweep.js';
import type { Throwaway } from './throwaway.js';

/**
 * Creates `kat_verify_<hash>_<pid>` from template0. A session that bears the name of the database stays open until the end, so that other
 * runs know that it is in use.
 * @throws KatError USAGE where the role may not create databases; ConnectionError; CANCELLED.
 */
export async function openServerThrowaway(
  settings: DatabaseSettings,
  signal: AbortSignal | undefined,
): Promise<Throwaway> {
  const name = `kat_verify_${randomBytes(4).toString('hex')}_${process.pid}`;
  const server = await openDriver(settings);
  let guard: Session | undefined;
  try {
    guard = await server.open(name, signal);
    await sweepLeftOvers(guard);
    await createDatabase(guard, name);
    return await onServer({ settings, name, server, guard }, signal);
  } catch (error) {
    await guard?.close();
    await server.close();
    throw error;
  }
}

interface Place {
  settings: DatabaseSettings;
  name: string;
  server: Driver;
  guard: Session;
}

async function onServer(
  { settings, name, server, guard }: Place,
  signal: AbortSignal | undefined,
): Promise<Throwaway> {
  const driver = await openDriver({ ...settings, name });
  const drop = () => guard.execute(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`);
  await tryToOpen(driver, signal).catch(async (error: unknown) => {
    await drop();
    throw error;
  });
  return {
    driver,
    kind: 'shared server',
    place: driver.description,
    version: guard.server.version,
    renew: async () => {
      await drop();
      await createDatabase(guard, name);
    },
    close: async () => {
      await driver.close();
      await drop().catch(() => undefined);
      await guard.close();
      await server.close();
    },
  };
}

/** A connection pooler may know the names of some databases alone. */
async function tryToOpen(driver: Driver, signal: AbortSignal | undefined): Promise<void> {
  await (await driver.open('kat verify', signal)).close();
}

/** template0 has nothing that a migration did not make, and nobody is connected to it. */
async function createDatabase(session: Session, name: string): Promise<void> {
  try {
    await session.execute(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0`);
  } catch (error) {
    throw error instanceof SqlError ? cannotCreate(error) : error;
  }
}

function cannotCreate(cause: SqlError): KatError {
  const { sqlstate, message } = cause.report;
  const reason =
    sqlstate === '42501'
      ? 'this role may not create a database for the trial'
      : `the server creates no database for the trial: ${message}`;
  return new KatError('USAGE', reason, {
    help: 'Use `--on pglite`, or the URL of a role that may: ALTER ROLE … CREATEDB.',
    cause,
  });
}
