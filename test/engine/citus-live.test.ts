/** The lines of `citus.test.ts` on the Citus that `KAT_TEST_URL_CITUS` names. */

import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { makeProject } from '../support/kat-project.js';
import { eventsOf, openKat } from './library.js';

const url = process.env.KAT_TEST_URL_CITUS;

/** Tables and migrations with names of their own, as the database may be anybody's. */
function makeLive() {
  const prefix = `kat_live_${randomBytes(4).toString('hex')}`;
  const names = ['campaigns', 'countries', 'migrations', 'migrations_log'].map((name) => `${prefix}_${name}`);
  const [campaigns, countries] = names;
  const project = makeProject({
    migrations: {
      '1_tables': `CREATE TABLE ${countries} (id int PRIMARY KEY);
CREATE TABLE ${campaigns} (id int PRIMARY KEY, country int);
SELECT create_reference_table('${countries}');
SELECT create_distributed_table('${campaigns}', 'id');
INSERT INTO ${countries} VALUES (1);
INSERT INTO ${campaigns} SELECT g FROM generate_series(1, 100) g;`,
    },
  });
  const { kat, events } = openKat(project, { database: url as string, tableName: `${prefix}_migrations` });
  afterAll(async () => {
    const client = new pg.Client(url);
    await client.connect();
    for (const name of names) await client.query(`DROP TABLE IF EXISTS ${name}`);
    await client.end();
  });
  const update = `UPDATE ${campaigns} SET country = 1;`;
  const addKey = `ALTER TABLE ${campaigns} ADD FOREIGN KEY (country) REFERENCES ${countries};`;
  return { project, kat, events, campaigns, update, addKey };
}

describe.each(url === undefined ? [] : ['Citus'])('%s', () => {
  test('an UPDATE and a foreign key to a reference table are tried in sequential mode', async () => {
    const { project, kat, events, update, addKey } = makeLive();
    project.addMigration('2_key', { up: `${update}\n${addKey}`, parents: [1] });
    await kat.up();
    expect(eventsOf(events, 'warning')).toMatchObject([
      { message: expect.stringContaining('Citus refused 2_key') },
    ]);
    expect((await kat.status()).counts.applied).toBe(2);
  });

  test('with ADD COLUMN beside them, each statement is sent alone', async () => {
    const { project, kat, campaigns, update, addKey } = makeLive();
    const addColumn = `ALTER TABLE ${campaigns} ADD COLUMN budget int;`;
    project.addMigration('2_all', { up: `${update}\n${addColumn}\n${addKey}`, parents: [1] });
    await kat.up();
    expect((await kat.status()).counts.applied).toBe(2);
  });

  test('so is a type with its function and column, which no parallel work comes before', async () => {
    const { project, kat, events, campaigns } = makeLive();
    const name = `${campaigns}_mood`;
    const up = `CREATE TYPE ${name} AS ENUM ('good');\nALTER TABLE ${campaigns} ADD COLUMN mood ${name};`;
    const down = `ALTER TABLE ${campaigns} DROP COLUMN mood;\nDROP TYPE ${name};`;
    project.addMigration('2_mood', { up, down, parents: [1] });
    await kat.up();
    await kat.down();
    expect((await kat.status()).counts.applied).toBe(1);
    expect(eventsOf(events, 'failed')).toEqual([]);
  });

  test('create_distributed_table_concurrently runs outside of a transaction block', async () => {
    const { project, kat, campaigns } = makeLive();
    project.addMigration('2_back', { up: `SELECT undistribute_table('${campaigns}');`, parents: [1] });
    const up = `SELECT create_distributed_table_concurrently('${campaigns}', 'id');`;
    project.addMigration('3_far', { up, noTransaction: true, parents: [2] });
    await kat.up();
    expect((await kat.status()).counts.applied).toBe(3);
  });
});

test('without the variable these tests are left out', () => {
  if (url === undefined) console.log('KAT_TEST_URL_CITUS names no server: the tests on a Citus are left out');
  expect(url === undefined || url.startsWith('postgres')).toBe(true);
});
