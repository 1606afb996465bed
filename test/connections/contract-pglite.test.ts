import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { borrowDriver, openDriver } from '../../src/connections/open-connection.js';
import { emptyPglite } from '../support/pglite.js';
import { describeDriver, type Kind, type Subject } from './contract.js';
import { postgres } from './dialects/postgres.js';

const inMemory: Kind = {
  ...{ dialect: postgres, version: '18.', isBorrowed: false, hasProcesses: false, opensTwo: false },
  ...{ isAbsent: 'always', cancels: false, isLosable: false },
};

describeDriver('PGlite in memory', inMemory, async (): Promise<Subject> => {
  const driver = await openDriver({ driver: 'pglite' });
  return { driver, dispose: driver.close };
});

describeDriver('PGlite in a folder', { ...inMemory, isAbsent: true }, async (): Promise<Subject> => {
  const parent = await mkdtemp(join(tmpdir(), 'kat-test-'));
  const driver = await openDriver({ driver: 'pglite', path: join(parent, 'not', 'yet', 'there') });
  return {
    driver,
    dispose: async () => {
      await driver.close();
      await rm(parent, { recursive: true });
    },
  };
});

const borrowed = { ...inMemory, isBorrowed: true, isAbsent: false };

describeDriver('a borrowed PGlite', borrowed, async (): Promise<Subject> => {
  const database = await emptyPglite();
  return {
    driver: borrowDriver(database),
    askAfterwards: async () => (await database.query<{ a: string }>(`SELECT 'still here' AS a`)).rows[0]?.a,
    dispose: () => database.close(),
  };
});
