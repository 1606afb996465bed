/** Keeps a throwaway database on a server that others use as well. */

import { randomBytes } from 'node:crypto';
import type { Driver, Session } from '../../connections/driver.js';
import { openDriver } from '../../connections/open-connection.js';
import { KatError, SqlError } from '../../errors.js';
import { quoteIdentifier } from '../ledger/quote.js';
import { sweepLeftOvers } from './sweep.js';
import type { Throwaway } from './throwaway.js';

/**
 * Creates `kat_verify_<hash>_<pid>` from template0. A session that bears the name of the database stays open until the end, so that other
 * runs know that it is in use.
 * @throws KatError USAGE where the role may not create databases; ConnectionError; CANCELLED.
 */
export async function openServerThrowaway(url: string, signal: AbortSignal | undefined): Promise<Throwaway> {
  const name = `kat_verify_${randomBytes(4).toString('hex')}_${process.pid}`;
  const server = await openDriver({ driver: 'postgres', url });
  let guard: Session | undefined;
  try {
    guard = await server.open(name, signal);
    await sweepLeftOvers(guard);
    await createDatabase(guard, name);
    return onServer({ url, name, server, guard });
  } catch (error) {
    await guard?.close();
    await server.close();
    throw error;
  }
}

interface Place {
  url: string;
  name: string;
  server: Driver;
  guard: Session;
}

async function onServer({ url, name, server, guard }: Place): Promise<Throwaway> {
  const driver = await openDriver({ driver: 'postgres', url, name });
  const drop = () => guard.execute(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`);
  return {
    driver,
    isShared: true,
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

/** template0 has nothing that a migration did not make, and nobody is connected to it. */
async function createDatabase(session: Session, name: string): Promise<void> {
  try {
    await session.execute(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0`);
  } catch (error) {
    throw error instanceof SqlError && error.report.sqlstate === '42501' ? mayNotCreate(error) : error;
  }
}

function mayNotCreate(cause: SqlError): KatError {
  return new KatError('USAGE', 'this role may not create a database for the trial', {
    help: 'Use `--on pglite`, or the URL of a role that may: ALTER ROLE … CREATEDB.',
    cause,
  });
}
