/** A tracking table whose rows somebody deleted: nothing that the log has as applied runs again unasked. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DatabaseSettings } from '../../src/connections/driver.js';
import { openDriver } from '../../src/connections/open-connection.js';
import { refuseEmptiedTable } from '../../src/engine/ledger/emptied-table.js';
import { findLedger } from '../../src/engine/ledger/find-ledger.js';
import { createKat } from '../../src/index.js';
import { majors } from '../support/database.js';
import { type Project, projectOn } from '../support/kat-project.js';
import { makeSqliteProject } from '../support/sqlite.js';
import { column } from './library.js';

const migrations = {
  '1_seen': {
    up: 'CREATE TABLE IF NOT EXISTS seen (x int);\nINSERT INTO seen VALUES (1);',
    down: 'DROP TABLE seen;',
  },
  '2_more': { up: 'INSERT INTO seen VALUES (2);', down: 'DELETE FROM seen WHERE x = 2;', parents: [1] },
  '3_other': { up: 'CREATE TABLE other (x int);', down: 'DROP TABLE other;', parents: [1] },
};

interface Emptied {
  project: Project & { applied(): Promise<string[]> };
  execute(sql: string): Promise<unknown>;
  /** How many rows the migrations have written. */
  count(): Promise<unknown>;
}

async function expectNothingTwice({ project, execute, count }: Emptied): Promise<void> {
  expect((await project.kat('up --to 2_more')).code).toBe(0);
  await execute('DELETE FROM migrations');
  const refused = ['up', 'up --to 1_seen', 'up --dry-run', 'sync --yes', 'plan up', 'status', 'validate'];
  for (const command of refused) {
    const run = await project.kat(command);
    expect(run.code, command).toBe(2);
    expect(run.stderr).toMatch(
      /migrations"? is empty, but its log .*has 2 applied migrations: 1_seen and 2_more/,
    );
    expect(run.stderr).toContain('`kat stamp 2_more`, which runs no SQL');
  }
  expect(Number(await count())).toBe(2);
  expect((await project.kat('stamp 2_more --yes')).code).toBe(0);
  expect((await project.kat('up')).code).toBe(0);
  expect((await project.applied()).sort()).toEqual(['1_seen', '2_more', '3_other']);
  expect(Number(await count())).toBe(2);
  expect((await project.kat('down --all --yes')).code).toBe(0);
  expect((await project.kat('up')).code).toBe(0);
  await execute('DELETE FROM migrations');
  await execute('ALTER TABLE migrations_log RENAME TO former_log');
  await execute('DROP TABLE seen');
  await execute('DROP TABLE other');
  expect((await project.kat('up')).code).toBe(0);
  expect(Number(await count())).toBe(2);
}

/** A run that began before another one ended has read no rows, and finds the entries of the other one in the log. */
async function expectPatience(database: DatabaseSettings, directory: string): Promise<void> {
  const driver = await openDriver(database);
  const kat = createKat({ migrations: directory, database });
  await kat.up();
  const session = await driver.open('kat (test)');
  const ledger = await findLedger(session, 'migrations');
  const folder = await kat.graph();
  await refuseEmptiedTable(session, ledger, { folder, applied: [] });
  await kat.down({ all: true });
  await refuseEmptiedTable(session, ledger, { folder, applied: [] });
  await session.close();
  await driver.close();
  await kat.close();
}

describe.each(majors())('PostgreSQL %i', (major) => {
  test('another run that ends meanwhile is no such thing', async () => {
    const { folder, database } = await projectOn(major, { migrations });
    await expectPatience({ driver: 'postgres', url: database.url }, join(folder, 'migrations'));
  });

  test('what was applied is not applied again', async () => {
    const project = await projectOn(major, { migrations });
    await expectNothingTwice({
      project,
      execute: (sql) => project.database.query(sql),
      count: async () => (await column(project.database, 'SELECT count(*)::int FROM seen'))[0],
    });
  });

  test('migrations of another folder are none of its business', async () => {
    const project = await projectOn(major, { migrations: { '9_old': 'CREATE TABLE old (x int);' } });
    expect((await project.kat('up')).code).toBe(0);
    await project.database.query('DELETE FROM migrations');
    rmSync(join(project.folder, 'migrations/9_old'), { recursive: true });
    project.addMigration('1_new', { up: 'CREATE TABLE new (x int);' });
    expect((await project.kat('up')).code).toBe(0);
    expect(await project.applied()).toEqual(['1_new']);
  });
});

test('SQLite: another run that ends meanwhile is no such thing', async () => {
  const { folder } = makeSqliteProject({ migrations });
  await expectPatience({ driver: 'sqlite', path: join(folder, 'meanwhile.db') }, join(folder, 'migrations'));
});

test('SQLite: what was applied is not applied again', async () => {
  const project = makeSqliteProject({ migrations });
  await expectNothingTwice({
    project,
    execute: project.query,
    count: async () => (await project.query('SELECT count(*) FROM seen'))[0]?.[0],
  });
});
