/** Variables that nearly name a database: who sets them means another one than Kat would use. */

import { expect, test } from 'vitest';
import { findUnknownVariables } from '../../src/project/config/unknown-variables.js';
import { makeProject } from '../support/kat-project.js';

const textsOf = (env: Record<string, string>) =>
  findUnknownVariables(env).map(({ message, help }) => `${message}. ${help}`);

test('a misspelt variable is named with the one that was meant', () => {
  expect(textsOf({ KAT_DB_HOSTNAME: 'db.invalid', KAT_DB_NAME: 'shop' })).toEqual([
    'KAT_DB_HOSTNAME is no variable of Kat, and changes nothing. Did you mean KAT_DB_HOST?',
  ]);
  expect(textsOf({ KAT_MIGRATION_DATABASEURL: 'x' })[0]).toContain(
    'Did you mean KAT_MIGRATION_DATABASE_URL?',
  );
  for (const name of [
    'KAT_DATABASE_URL',
    'KAT_DB_URL',
    'KAT_DB_PASS',
    'KAT_MIGRATIONS_DIR',
    'KAT_URL',
    'KAT_DRIVER',
  ])
    expect(textsOf({ [name]: 'x' }), name).toHaveLength(1);
});

test('variables of others are left alone', () => {
  const others = {
    ...{
      KAT_DB_SERVICE_HOST: '10.0.0.1',
      KAT_DB_SERVICE_PORT_PG: '5432',
      KAT_DB_PORT_5432_TCP_ADDR: '10.0.0.1',
    },
    ...{ KAT_DB_HOSTNAME: '', KAT_CRASH_SEED: '1', KATE_DB_HOSTS: 'x', KAT_DBX: 'x' },
  };
  expect(textsOf(others)).toEqual([]);
});

test('a command warns before it does anything, and a command without a database does not', async () => {
  const project = makeProject({
    config: 'database: { driver: sqlite, path: shop.sqlite }\n',
    migrations: { '1_a': 'CREATE TABLE a (id int);' },
  });
  const env = { KAT_DB_HOSTNAME: 'db.invalid' };
  const warning = 'Warning: KAT_DB_HOSTNAME is no variable of Kat, and changes nothing';
  expect(await project.kat('up', { env })).toMatchObject({
    code: 0,
    stderr: expect.stringContaining(warning),
  });
  expect((await project.kat('status --json', { env })).stderr).toContain(warning);
  expect(await project.kat('heads', { env })).toMatchObject({ code: 0, stderr: '' });
});
