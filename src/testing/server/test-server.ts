/** The connection over which test databases of a server are created and dropped. */

import { randomBytes } from 'node:crypto';
import type { DatabaseSettings, Session } from '../../connections/driver.js';
import { openDriver } from '../../connections/open-connection.js';
import { KatError, SqlError } from '../../errors.js';
import { quoteIdentifier } from '../../quote.js';
import { sweepTestDatabases } from './sweep-test-databases.js';

export interface TestServer {
  /** Begins with the name that `session` bears, so that other runs know that these databases are in use. */
  nextName(): string;
  session: Session;
  settingsOf(name: string): DatabaseSettings;
  /** The URL of a database of this server. */
  urlOf(name: string): string;
  close(): Promise<void>;
}

/**
 * Drops what killed runs have left on the server.
 * @param url of any database of the server: the one that locks belong to.
 * @throws ConnectionError; KatError CONFIG_INVALID for a wrong URL.
 */
export async function openTestServer(url: string): Promise<TestServer> {
  const prefix = `kat_test_${randomBytes(4).toString('hex')}`;
  const settings: DatabaseSettings = { driver: 'postgres', url };
  const driver = await openDriver(settings);
  const session = await driver.open(prefix);
  await sweepTestDatabases(session);
  let count = 0;
  return {
    session,
    nextName: () => `${prefix}_${++count}`,
    settingsOf: (name) => ({ ...settings, name }),
    urlOf: (name) => withDatabase(url, name),
    close: async () => {
      await session.close();
      await driver.close();
    },
  };
}

/** @throws KatError USAGE where the role may not create databases; SqlError. */
export async function createDatabaseFrom(session: Session, name: string, template: string): Promise<void> {
  try {
    await session.execute(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE ${quoteIdentifier(template)}`);
  } catch (cause) {
    if (!(cause instanceof SqlError) || cause.report.sqlstate !== '42501') throw cause;
    throw new KatError('USAGE', 'this role may not create databases for tests', {
      help: 'Use `on: "pglite"`, or the URL of a role that may: ALTER ROLE … CREATEDB.',
      cause,
    });
  }
}

/** A `dbname` behind the question mark would override the path. */
function withDatabase(url: string, name: string): string {
  const [address = '', query = ''] = url.trim().split(/\?(.*)/s);
  const server = /^[^:]+:\/\/[^/]*/.exec(address)?.[0] ?? address;
  const parameters = query.split('&').filter((pair) => pair !== '' && !pair.startsWith('dbname='));
  return `${server}/${name}${parameters.length > 0 ? `?${parameters.join('&')}` : ''}`;
}
