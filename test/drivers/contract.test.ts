import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { borrowDriver, openDriver } from '../../src/drivers/open-driver.js';
import { freshDatabase, majors, type TestDatabase } from '../support/database.js';
import { describeDriver, type Subject } from './contract.js';

const pgliteMajor = 18;
const embedded = { major: pgliteMajor, waitUntil: undefined };

function onServer(database: TestDatabase) {
  return {
    major: database.major,
    waitUntil: async (sql: string, value: string) => {
      while (String(Object.values((await database.query(sql))[0] ?? {})[0]) !== value) await sleep(20);
    },
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

describeDriver('PGlite in memory', async (): Promise<Subject> => {
  const driver = await openDriver({ driver: 'pglite' });
  return { driver, isBorrowed: false, dispose: driver.close, ...embedded };
});

describeDriver('PGlite in a folder', async (): Promise<Subject> => {
  const parent = await mkdtemp(join(tmpdir(), 'kat-test-'));
  const driver = await openDriver({ driver: 'pglite', path: join(parent, 'not', 'yet', 'there') });
  return {
    ...{ driver, isBorrowed: false, ...embedded },
    dispose: async () => {
      await driver.close();
      await rm(parent, { recursive: true });
    },
  };
});

describeDriver('a borrowed PGlite', async (): Promise<Subject> => {
  const database = new PGlite();
  return {
    ...{ driver: borrowDriver(database), isBorrowed: true, ...embedded },
    askAfterwards: async () => (await database.query<{ a: string }>(`SELECT 'still here' AS a`)).rows[0]?.a,
    dispose: () => database.close(),
  };
});
