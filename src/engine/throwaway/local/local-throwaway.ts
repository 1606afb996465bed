/** Keeps a throwaway database on a server that is started for it. */

import type { DatabaseSettings, Driver, Session } from '../../../connections/driver.js';
import { openDriver } from '../../../connections/open-connection.js';
import type { Throwaway } from '../throwaway.js';
import type { ServerPrograms } from './server-programs.js';
import { startLocalServer } from './start-server.js';

const databaseName = 'kat_verify';

/** Who executes migrations is not who initialised the server, as on other servers: the owner of the schema `public` may be another. */
const worker = 'kat_verify';

/** @throws KatError USAGE where the server does not start; ConnectionError; CANCELLED. */
export async function openLocalThrowaway(
  programs: ServerPrograms,
  signal: AbortSignal | undefined,
): Promise<Throwaway> {
  let server = await startWithDatabase(programs, signal);
  return {
    get driver() {
      return server.driver;
    },
    kind: 'own server',
    place: `a temporary server of ${programs.folder}`,
    version: server.admin.server.version,
    renew: async () => {
      if (await isEmptyBeside(server.admin)) return renewDatabase(server.admin);
      await server.stop();
      server = await startWithDatabase(programs, signal);
    },
    close: () => server.stop(),
  };
}

/** A server with one database. */
interface ServerWithDatabase {
  /** Of the database. */
  driver: Driver;
  /** In another database. */
  admin: Session;
  stop(): Promise<void>;
}

async function startWithDatabase(
  programs: ServerPrograms,
  signal: AbortSignal | undefined,
): Promise<ServerWithDatabase> {
  const server = await startLocalServer(programs);
  // PG* variables are about other servers.
  const driverOf = (changes: Partial<DatabaseSettings>) => openDriver({ ...server.settings, ...changes }, {});
  try {
    const admin = await (await driverOf({ name: 'postgres' })).open('kat', signal);
    await admin.execute(`CREATE ROLE ${worker} SUPERUSER LOGIN PASSWORD '${server.settings.password}'`);
    await admin.execute(createDatabase);
    const stop = async () => {
      await admin.close();
      await server.stop();
    };
    return { driver: await driverOf({ name: databaseName, user: worker }), admin, stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

const createDatabase = `CREATE DATABASE ${databaseName} OWNER ${worker} TEMPLATE template0`;

async function renewDatabase(admin: Session): Promise<void> {
  await admin.execute(`DROP DATABASE IF EXISTS ${databaseName} WITH (FORCE)`);
  await admin.execute(createDatabase);
}

/** What migrations may make outside of their database. */
const leftOvers = `SELECT FROM pg_catalog.pg_database WHERE datname NOT IN ('${databaseName}', 'postgres', 'template0', 'template1')
UNION ALL SELECT FROM pg_catalog.pg_tablespace WHERE spcname !~ '^pg_'
UNION ALL SELECT FROM pg_catalog.pg_roles WHERE oid >= 16384 AND rolname <> '${worker}'
UNION ALL SELECT FROM pg_catalog.pg_db_role_setting
UNION ALL SELECT FROM pg_catalog.pg_file_settings WHERE sourcefile ~ 'auto.conf$'`;

async function isEmptyBeside(admin: Session): Promise<boolean> {
  const [found] = await admin.execute(leftOvers);
  return found?.rows.length === 0;
}
