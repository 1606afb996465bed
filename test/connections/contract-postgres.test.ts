import pg from 'pg';
import type { Session } from '../../src/connections/driver.js';
import { borrowDriver, openDriver } from '../../src/connections/open-connection.js';
import { freshDatabase, majors, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type BusyStatement, describeDriver, type Kind, type Subject } from './contract.js';
import { postgres } from './dialects/postgres.js';

const ownSessions: Kind = {
  ...{ dialect: postgres, isBorrowed: false, hasProcesses: true, opensTwo: true },
  ...{ isAbsent: false, cancels: true, isLosable: true },
};
const ofPool = { ...ownSessions, isBorrowed: true };
const ofClient = { ...ofPool, opensTwo: false, isLosable: false };

for (const major of majors()) {
  const version = `${major}.`;

  describeDriver(`PostgreSQL ${major}`, { ...ownSessions, version }, async (): Promise<Subject> => {
    const database = await freshDatabase(major);
    const driver = await openDriver({ driver: 'postgres', url: database.url, sslmode: 'disable' });
    return { ...onServer(database), driver, dispose: database.drop };
  });

  describeDriver(`a borrowed client of PostgreSQL ${major}`, { ...ofClient, version }, async () => {
    const database = await freshDatabase(major);
    const client = new pg.Client(database.url);
    await client.connect();
    return {
      ...{ ...onServer(database), driver: borrowDriver(client) },
      askAfterwards: async () => (await client.query(`SELECT 'still here' AS a`)).rows[0]?.a,
      dispose: async () => {
        await client.end();
        await database.drop();
      },
    };
  });

  describeDriver(`a borrowed pool of PostgreSQL ${major}`, { ...ofPool, version }, async () => {
    const database = await freshDatabase(major);
    const pool = new pg.Pool({ connectionString: database.url });
    return {
      ...{ ...onServer(database), driver: borrowDriver(pool) },
      askAfterwards: async () => (await pool.query(`SELECT 'still here' AS a`)).rows[0]?.a,
      dispose: async () => {
        await pool.end();
        await database.drop();
      },
    };
  });
}

function onServer({ query }: TestDatabase): Pick<Subject, 'keepBusy' | 'lose'> {
  return {
    keepBusy: async ({ processId }: Session): Promise<BusyStatement> => {
      const isSleeping = `SELECT 1 FROM pg_stat_activity WHERE pid = ${processId} AND wait_event = 'PgSleep'`;
      return {
        ...{ sql: 'SELECT pg_sleep(60)', code: '57014' },
        started: () => eventually('the session to sleep', async () => (await query(isSleeping)).length > 0),
        // A borrowed connection would sleep on behind a session that was closed.
        stop: () => query(`SELECT pg_cancel_backend(${processId})`),
      };
    },
    lose: ({ processId }: Session) => query(`SELECT pg_terminate_backend(${processId}, 10000)`),
  };
}
