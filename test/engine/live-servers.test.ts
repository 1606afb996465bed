/** Real servers that speak PostgreSQL's protocol and are something else, where environment variables name them. */

import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import type { Kat } from '../../src/index.js';
import { makeProject } from '../support/kat-project.js';
import { failureOf, idsOf, openKat } from './library.js';

const variables = ['COCKROACH', 'YUGABYTE', 'DSQL', 'CITUS'].map((name) => `KAT_TEST_URL_${name}`);
const named = variables.flatMap((name) => (process.env[name] ? [[name, process.env[name] as string]] : []));
const absent = variables.filter((name) => !process.env[name]);

if (absent.length > 0)
  console.log(`${absent.join(', ')} name no server: the tests on real servers of these kinds are left out`);

test('each variable names a server, or is said to name none', () => {
  expect(named.length + absent.length).toBe(variables.length);
});

/** A project whose tables have names of their own, as the database may be anybody's. */
function makeLive(url: string, third: string) {
  const prefix = `kat_live_${randomBytes(4).toString('hex')}`;
  const up = (statement: string) =>
    `CREATE TABLE ${prefix}_a (id int PRIMARY KEY);\nINSERT INTO ${prefix}_a VALUES (1);\n${statement};\n`;
  const project = makeProject({
    migrations: {
      '1_a': { up: up(third), down: `DROP TABLE ${prefix}_a;` },
      '2_b': {
        up: `CREATE TABLE ${prefix}_b (id int PRIMARY KEY);`,
        down: `DROP TABLE ${prefix}_b;`,
        parents: [1],
      },
    },
  });
  const options = { database: url, tableName: `${prefix}_migrations`, leaseMs: 5_000 };
  afterAll(() =>
    dropTables(
      url,
      ['a', 'b', 'migrations', 'migrations_log', 'migrations_lease'].map((name) => `${prefix}_${name}`),
    ),
  );
  const mend = () =>
    project.write('migrations/1_a/up.sql', up(`ALTER TABLE ${prefix}_a ADD COLUMN remark text`));
  return { open: () => openKat(project, options).kat, mend };
}

async function dropTables(url: string, tables: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const table of tables) await client.query(`DROP TABLE IF EXISTS ${table}`);
  await client.end();
}

async function pendingOf(kat: Kat): Promise<number> {
  return (await kat.status()).counts.pending;
}

describe.each(named)('%s', (_, url) => {
  test('a failure in the middle, the next run, and a rollback', { timeout: 300_000 }, async () => {
    const { open, mend } = makeLive(url, 'ALTER TABLE kat_live_nothing ADD COLUMN remark text');
    const kat = open();
    expect(['MIGRATION_FAILED', 'MIGRATION_HALF_DONE']).toContain((await failureOf(kat.up())).code);
    mend();
    expect(idsOf((await kat.up()).migrations)).toEqual(['1_a', '2_b']);
    expect(idsOf((await kat.down({ all: true, confirm: () => true })).migrations)).toEqual(['2_b', '1_a']);
    expect(await pendingOf(kat)).toBe(2);
  });

  test('two runs at once: each migration runs once', { timeout: 300_000 }, async () => {
    const { open, mend } = makeLive(url, 'SELECT 1');
    mend();
    const runs = await Promise.all([open().up(), open().up()]);
    expect(runs.flatMap(({ migrations }) => idsOf(migrations)).sort()).toEqual(['1_a', '2_b']);
  });
});
