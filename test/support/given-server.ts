/** A server that somebody has named for a test run, in the place of those that the tests start: `npm run test:citus`. */

import pg from 'pg';
import type { ServerAddress } from './server.js';

/** Of a role that may create databases and extensions; undefined where the tests start their own servers. */
export const givenUrl = process.env.KAT_TEST_SERVER_URL;

export async function describeGiven(url: string): Promise<ServerAddress> {
  const { hostname, port, username, password } = new URL(url);
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query('SHOW server_version_num');
  await client.end();
  return {
    major: Math.floor(Number(rows[0]?.server_version_num) / 10_000),
    ...{ host: hostname, port: Number(port || 5432), socketDir: '' },
    // PgBouncer asks for a password also where the server trusts everybody.
    ...{ user: decodeURIComponent(username), password: decodeURIComponent(password) || 'postgres' },
  };
}

/** Each new database of such a server is one of Citus, if it has that. */
export const prepareGiven = `DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'citus') THEN
    EXECUTE 'CREATE EXTENSION citus';
    EXECUTE $set$ SELECT citus_set_coordinator_host('localhost') $set$;
  END IF;
END $$`;
