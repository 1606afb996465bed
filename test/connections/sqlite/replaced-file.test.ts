/** A SQLite file that is moved, deleted or replaced while it is in use, as by a restored backup: nothing is said to be done in it. */

import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createKat } from '../../../src/index.js';
import { failureOf } from '../../engine/library.js';
import { makeSqliteProject, withSqlite } from '../../support/sqlite.js';

function replace(file: string): void {
  copyFileSync(file, `${file}.backup`);
  renameSync(`${file}.backup`, file);
}

test.each<[string, (file: string) => void]>([
  ['replaced', replace],
  ['moved away', (file) => renameSync(file, `${file}.old`)],
  ['deleted', (file) => rmSync(file)],
])('a transaction is not committed into a file that was %s', async (_what, lose) => {
  const file = join(mkdtempSync(join(tmpdir(), 'kat-replaced-')), 'app.db');
  await withSqlite(file, (session) => session.execute('CREATE TABLE kept (x)'));
  await withSqlite(file, async (session) => {
    await session.execute('BEGIN IMMEDIATE; CREATE TABLE made (x)');
    lose(file);
    await expect(session.execute('commit')).rejects.toMatchObject({
      report: {
        sqlstate: 'SQLITE_READONLY_DBMOVED',
        message: `${file} was moved or replaced while it was in use`,
      },
    });
    await session.execute('ROLLBACK');
  });
});

test('a new file and a renewed connection commit', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'kat-replaced-')), 'app.db');
  await withSqlite(file, async (session) => {
    await session.execute('BEGIN; CREATE TABLE a (x); COMMIT');
    replace(file);
    await session.sqlite?.renew();
    await session.execute('BEGIN; CREATE TABLE b (x); COMMIT');
  });
  await withSqlite(file, (session) => session.execute('SELECT * FROM a, b'));
});

test('a migration counts as failed, and the next run applies it', async () => {
  const inserts = Array.from({ length: 300 }, (_, index) => `INSERT INTO t VALUES (${index});`);
  const project = makeSqliteProject({
    migrations: { '1_t': 'CREATE TABLE t (x int);', '2_fill': { up: inserts.join('\n'), parents: [1] } },
  });
  let hasStarted = false;
  const kat = createKat({
    onEvent: (event) => {
      hasStarted ||= event.type === 'started' && event.id === '2_fill';
    },
    migrations: join(project.folder, 'migrations'),
    database: { driver: 'sqlite', path: project.database },
  });
  await kat.up({ count: 1 });
  const failing = failureOf(kat.up());
  while (!hasStarted || !existsSync(`${project.database}-journal`)) await nextTurn();
  replace(project.database);
  expect(await failing).toMatchObject({
    code: 'MIGRATION_FAILED',
    message: expect.stringContaining('was moved or replaced while it was in use'),
    help: expect.stringContaining('this migration was rolled back'),
  });
  await kat.up();
  await kat.close();
  expect(await project.applied()).toEqual(['1_t', '2_fill']);
  expect(await project.query('SELECT count(*) FROM t')).toEqual([['300']]);
});
