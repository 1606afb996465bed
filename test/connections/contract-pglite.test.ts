import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { borrowDriver, openDriver } from '../../src/connections/open-connection.js';
import { emptyPglite } from '../support/pglite.js';
import { describeDriver, type Subject } from './contract.js';

const embedded = { major: 18, waitUntil: undefined };

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
  const database = await emptyPglite();
  return {
    ...{ driver: borrowDriver(database), isBorrowed: true, ...embedded },
    askAfterwards: async () => (await database.query<{ a: string }>(`SELECT 'still here' AS a`)).rows[0]?.a,
    dispose: () => database.close(),
  };
});
