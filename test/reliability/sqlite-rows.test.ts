/** Faults of tracking table and files that read otherwise on SQLite than on a server. */

import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSqliteProject } from '../support/sqlite.js';

const config = (tablename: string) =>
  `migration:\n  tablename: ${tablename}\ndatabase:\n  driver: sqlite\n  path: app.db\n`;

const table = { up: 'CREATE TABLE t (x);', down: 'DROP TABLE t;' };

test('25: a tracking table of another shape: 2, with what is missing, and untouched', async () => {
  const project = makeSqliteProject({ migrations: { '1_t': table } });
  const other = 'CREATE TABLE migrations (version TEXT, name TEXT)';
  await project.query(`${other}; INSERT INTO migrations VALUES ('1', 'a')`);
  for (const command of ['up', 'status', 'stamp 1_t --yes', 'unlock']) {
    const run = await project.kat(command);
    expect([command, run.code, run.stderr]).toEqual([
      ...[command, 2, expect.stringContaining('it has no column id, migration_time, duration')],
    ]);
  }
  expect(await project.query("SELECT sql FROM sqlite_master WHERE name = 'migrations'")).toEqual([[other]]);
  expect(await project.query('SELECT * FROM migrations')).toEqual([['1', 'a']]);
});

test('26: capitals in the name are the same table, and a schema is refused', async () => {
  const project = makeSqliteProject({ config: config('Migrations'), migrations: { '1_t': table } });
  expect((await project.kat('up')).code).toBe(0);
  for (const name of ['migrations', 'main.migrations']) {
    project.write('kat.conf.yaml', config(name));
    expect((await project.kat('up')).stdout).toContain('No migration(s) to apply');
  }
  expect(await project.query("SELECT name FROM sqlite_master WHERE lower(name) = 'migrations'")).toEqual([
    ['Migrations'],
  ]);
  project.write('kat.conf.yaml', config('ops.migrations'));
  const run = await project.kat('status');
  expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('SQLite has no schemas')]);
});

test('27: a table name that contains SQL is refused', async () => {
  const project = makeSqliteProject({
    config: config(`'x"; DROP TABLE kept; --'`),
    migrations: { '1_t': table },
  });
  await project.query('CREATE TABLE kept (x)');
  for (const command of ['up', 'status', 'down']) expect((await project.kat(command)).code).toBe(2);
  expect(await project.query('SELECT name FROM sqlite_master')).toEqual([['kept']]);
});

test('28: a row that no migration explains is named, and nothing is guessed', async () => {
  const project = makeSqliteProject({ migrations: { '1_t': table } });
  expect((await project.kat('up')).code).toBe(0);
  await project.query("INSERT INTO migrations (name, duration) VALUES ('7_by_hand', '0s')");
  project.addMigration('2_u', { up: 'CREATE TABLE u (x);', parents: [1] });
  const status = await project.kat('status --check');
  expect([status.code, status.stdout]).toEqual([3, expect.stringContaining('7_by_hand')]);
  for (const command of ['up', 'down']) {
    const run = await project.kat(command);
    expect([run.code, run.stderr]).toEqual([3, expect.stringContaining('7_by_hand')]);
  }
  expect(await project.applied()).toEqual(['1_t', '7_by_hand']);
});

test('29: the folder of an applied migration is gone: shown, refused, and rolled back with the SQL of the log', async () => {
  const project = makeSqliteProject({
    migrations: { '1_t': table, '2_u': { up: 'CREATE TABLE u (x);', down: 'DROP TABLE u;', parents: [1] } },
  });
  expect((await project.kat('up')).code).toBe(0);
  renameSync(join(project.folder, 'migrations/2_u'), join(project.folder, 'elsewhere'));
  expect((await project.kat('status')).stdout).toMatch(/2_u.*missing/);
  project.addMigration('3_v', { up: 'CREATE TABLE v (x);', parents: [1] });
  const run = await project.kat('up');
  expect([run.code, run.stderr]).toEqual([3, expect.stringContaining('2_u')]);
  expect((await project.kat('down 2_u --yes')).code).toBe(0);
  expect(await project.query("SELECT name FROM sqlite_master WHERE name IN ('t', 'u', 'v')")).toEqual([
    ['t'],
  ]);
});

test('33, 34: a byte order mark is ignored, and carriage returns in a trigger are kept', async () => {
  const trigger =
    "CREATE TRIGGER r AFTER INSERT ON t BEGIN\r\n  UPDATE t SET x = 'a\r\nb';\r\n  SELECT 1;\r\nEND";
  const up = `CREATE TABLE t (x);\r\n${trigger};\r\nINSERT INTO t VALUES (1);\r\n`;
  const project = makeSqliteProject({ migrations: { '1_t': up } });
  project.write('migrations/1_t/up.sql', `\ufeff${up}`);
  expect((await project.kat('up')).code).toBe(0);
  expect(await project.query("SELECT sql FROM sqlite_master WHERE name = 'r'")).toEqual([[trigger]]);
  expect(await project.query('SELECT x FROM t')).toEqual([['a\r\nb']]);
});

test('35: a NUL byte is refused before anything runs', async () => {
  const project = makeSqliteProject({ migrations: { '1_t': "CREATE TABLE t (x); SELECT 'a\0b';" } });
  const run = await project.kat('up');
  expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('migrations/1_t/up.sql')]);
  expect((await project.kat('status')).stdout).toContain('0 applied, 1 pending');
});

test('39: ids past 2^53 are told apart', async () => {
  const [one, two] = ['9007199254740992_a', '9007199254740993_b'];
  const project = makeSqliteProject({
    migrations: {
      [one]: 'CREATE TABLE a (x);',
      [two]: { up: 'CREATE TABLE b (x);', parents: ['9007199254740992'] },
    },
  });
  expect((await project.kat('up')).code).toBe(0);
  expect(await project.applied()).toEqual([one, two]);
});
