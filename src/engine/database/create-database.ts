/** Creates a database where it does not exist. */

import type { DatabaseSettings, Driver } from '../../connections/driver.js';
import { KatError, SqlError } from '../../errors.js';
import { quoteIdentifier } from '../../quote.js';
import { openWithRetries, type ShortSessionOptions, shortRetries } from '../session/connect.js';
import { onServer } from './maintenance.js';
import { isMissing } from './missing-database.js';
import type { DatabasePlace } from './place.js';
import type { CreateDatabaseResult } from './result.js';

/** @throws ConnectionError; KatError USAGE where the role may not create databases; SqlError. */
export async function createMissingDatabase(
  { driver, whole, name, server }: DatabasePlace,
  options: ShortSessionOptions,
): Promise<CreateDatabaseResult> {
  options.onEvent({ type: 'connecting', database: driver.description });
  const isAbsent = driver.isAbsent?.() === true || !(await canConnect(driver, options));
  if (isAbsent) await whole.files?.create();
  const isCreated = isAbsent && (server === undefined || (await createOnServer(server, name, options)));
  return { database: driver.description, isCreated };
}

/** @throws ConnectionError where the server refuses for another reason than that the database is missing, or the files are none of a database. */
async function canConnect(driver: Driver, options: ShortSessionOptions): Promise<boolean> {
  try {
    const session = await openWithRetries(driver, 'kat db', { ...shortRetries, ...options });
    await session.close();
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** @returns false where somebody else created it meanwhile. */
function createOnServer(
  server: DatabaseSettings,
  name: string,
  options: ShortSessionOptions,
): Promise<boolean> {
  return onServer(server, options, async (session) => {
    try {
      await session.execute(`CREATE DATABASE ${quoteIdentifier(name)}`);
      return true;
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      if (isTaken(error)) return false;
      throw error.report.sqlstate === '42501' ? mayNotCreate(error) : error;
    }
  });
}

/** Of two that come at once, the second finds the name or, a moment earlier, the unique index of `pg_database`. */
function isTaken({ report }: SqlError): boolean {
  return report.sqlstate === '42P04' || report.sqlstate === '23505';
}

function mayNotCreate(cause: SqlError): KatError {
  return new KatError('USAGE', 'this role may not create databases', {
    help: 'Connect as a role that may, or let an administrator run ALTER ROLE … CREATEDB.',
    cause,
  });
}
