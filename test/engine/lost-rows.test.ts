/** A tracking table whose rows somebody deleted: nothing that the log has as applied runs again unasked. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DatabaseSettings } from '../../src/connections/driver.js';
import { openDriver } from '../../src/connections/open-connection.js';
import { findLedger } from '../../src/engine/ledger/find-ledger.js';
import { refuseLostRows } from '../../src/engine/ledger/lost-rows.js';
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

/** Some rows are gone, and the log has them: the last ones, those that others need, and one of two that nothing else needs. */
async function expectPartNotTwice({ project, execute, count }: Emptied): Promise<void> {
  expect((await project.kat('up')).code).toBe(0);
  for (const [gone, stamp] of [
    ["'2_more', '3_other'", 'stamp 2_more 3_other'],
    ["'1_seen', '2_more'", 'stamp 2_more'],
    ["'3_other'", 'stamp 3_other'],
  ]) {
    await execute(`DELETE FROM migrations WHERE name IN (${gone})`);
    for (const command of ['up', 'up --dry-run', 'sync --yes', 'plan up', 'status', 'validate']) {
      const run = await project.kat(command);
      expect(run.code, command).toBe(2);
      expect(run.stderr).toContain('has no row of what its log');
      expect(run.stderr).toContain(`\`kat ${stamp}\`, which runs no SQL`);
    }
    expect((await project.kat(`${stamp} --yes`)).code).toBe(0);
    expect((await project.kat('up')).code).toBe(0);
    expect(Number(await count())).toBe(2);
  }
  expect((await project.kat('stamp --delete 3_other --yes')).code).toBe(0);
  await execute('DROP TABLE other');
  expect((await project.kat('up')).code).toBe(0);
}

/** A run that began before another one ended has read no rows, and finds the entries of the other one in the log. */
async function expectPatience(database: DatabaseSettings, directory: string): Promise<void> {
  const driver = await openDriver(database);
  const kat = createKat({ migrations: directory, database });
  await kat.up();
  const session = await driver.open('kat (test)');
  const ledger = await findLedger(session, 'migrations');
  const folder = await kat.graph();
  await refuseLostRows(session, ledger, { folder, applied: [] });
  await kat.down({ all: true });
  await refuseLostRows(session, ledger, { folder, applied: [] });
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

  test('not a part of it either', async () => {
    const project = await projectOn(major, { migrations });
    await expectPartNotTwice({
      project,
      execute: (sql) => project.database.query(sql),
      count: async () => (await column(project.database, 'SELECT count(*)::int FROM seen'))[0],
    });
  });

  test("what Go's Kat may have rolled back counts where others that need it are applied", async () => {
    const project = await projectOn(major, { migrations });
    for (const id of Object.keys(migrations)) {
      const file = `migrations/${id}/metadata.yaml`;
      project.write(file, project.read(file).replace(/^name: .*$/m, `name: ${id.slice(2)}`));
    }
    expect((await project.kat('up')).code).toBe(0);
    await project.database.query("DELETE FROM migrations WHERE name = '1_seen'");
    const run = await project.kat('up');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('1 applied migration: 1_seen');
    expect((await project.kat('stamp 1_seen --yes')).code).toBe(0);
    await project.database.query("DELETE FROM migrations WHERE name = '3_other'; DROP TABLE other");
    expect((await project.kat('up')).code).toBe(0);
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

test('SQLite: not a part of it either', async () => {
  const project = makeSqliteProject({ migrations });
  await expectPartNotTwice({
    project,
    execute: project.query,
    count: async () => (await project.query('SELECT count(*) FROM seen'))[0]?.[0],
  });
});

test('SQLite: what was applied is not applied again', async () => {
  const project = makeSqliteProject({ migrations });
  await expectNothingTwice({
    project,
    execute: project.query,
    count: async () => (await project.query('SELECT count(*) FROM seen'))[0]?.[0],
  });
});
