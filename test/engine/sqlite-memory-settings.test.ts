import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createKat } from '../../src/index.js';
import { makeSqliteProject } from '../support/sqlite.js';

test('in memory, too, a migration leaves nothing on the connection to the next one', async () => {
  const project = makeSqliteProject({
    migrations: {
      '1_leaves': `CREATE TABLE a (x CHECK (x > 0)); CREATE TEMP TABLE left_over (x); PRAGMA ignore_check_constraints = ON;`,
      '2_finds': { up: 'CREATE TEMP TABLE left_over (x);', parents: [1] },
      '3_fails': { up: 'INSERT INTO a VALUES (-1);', parents: [2] },
    },
  });
  const kat = createKat({ migrations: join(project.folder, 'migrations'), database: { driver: 'sqlite' } });
  await expect(kat.up()).rejects.toMatchObject({
    ...{ code: 'MIGRATION_FAILED', migration: '3_fails' },
    message: expect.stringContaining('CHECK constraint failed'),
  });
  expect((await kat.status()).counts.applied).toBe(2);
  await kat.close();
});
