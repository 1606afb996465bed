import pg from 'pg';
import { borrowDriver, openDriver } from '../../src/connections/open-connection.js';
import { freshDatabase, majors, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { describeDriver, type Subject } from './contract.js';

function onServer(database: TestDatabase) {
  return {
    major: database.major,
    waitUntil: (sql: string, value: string) =>
      eventually(
        `${value} of ${sql}`,
        async () => String(Object.values((await database.query(sql))[0] ?? {})[0]) === value,
      ),
  };
}

for (const major of majors()) {
  describeDriver(`PostgreSQL ${major}`, async (): Promise<Subject> => {
    const database = await freshDatabase(major);
    const driver = await openDriver({ driver: 'postgres', url: database.url, sslmode: 'disable' });
    return { driver, isBorrowed: false, dispose: database.drop, ...onServer(database) };
  });

  describeDriver(`a borrowed client of PostgreSQL ${major}`, async (): Promise<Subject> => {
    const database = await freshDatabase(major);
    const client = new pg.Client(database.url);
    await client.connect();
    return {
      ...{ driver: borrowDriver(client), isBorrowed: true, ...onServer(database) },
      askAfterwards: async () => (await client.query(`SELECT 'still here' AS a`)).rows[0]?.a,
      dispose: async () => {
        await client.end();
        await database.drop();
      },
    };
  });

  describeDriver(`a borrowed pool of PostgreSQL ${major}`, async (): Promise<Subject> => {
    const database = await freshDatabase(major);
    const pool = new pg.Pool({ connectionString: database.url });
    return {
      ...{ driver: borrowDriver(pool), isBorrowed: true, ...onServer(database) },
      askAfterwards: async () => (await pool.query(`SELECT 'still here' AS a`)).rows[0]?.a,
      dispose: async () => {
        await pool.end();
        await database.drop();
      },
    };
  });
}
