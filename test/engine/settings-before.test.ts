/** Settings have no entries in the journal: a `no_transaction` migration that stopped behind some goes on at its own statement. */

import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { majors, type TestDatabase } from '../support/database.js';
import { type Project, projectOn } from '../support/kat-project.js';
import { column } from './library.js';

const twice = 'CREATE TABLE t (x int); INSERT INTO t VALUES (1), (1);';
const lockTimeout = "SET lock_timeout = '7s';";
const buildIndex = 'CREATE UNIQUE INDEX CONCURRENTLY t_x ON t (x);';
/** Commits a row, and fails behind it as long as `t` is empty. */
const procedure = `CREATE TABLE t (x int); CREATE TABLE seen (x int);
  CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO seen VALUES (1); COMMIT; PERFORM 1 / (SELECT count(*) FROM t);
  END $$;`;
const call = 'CALL p();';

const noTransaction = (up: string) => ({ up, noTransaction: true, parents: [1] });
const rowsOf = (database: TestDatabase, table: string) => column(database, `SELECT x FROM ${table}`);

function rename(project: Project, from: string, to: string, up: string): void {
  renameSync(join(project.folder, 'migrations', from), join(project.folder, 'migrations', to));
  project.addMigration(to, noTransaction(up));
}

describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  test.each([
    ['behind a setting', `${lockTimeout} ${buildIndex}`, `${lockTimeout} ${buildIndex}`],
    [
      'behind a statement and two settings',
      `CREATE TABLE u (); ${lockTimeout} RESET work_mem; ${buildIndex}`,
    ],
    [
      'behind a setting that was written since',
      `CREATE TABLE u (); ${buildIndex}`,
      `CREATE TABLE u (); ${lockTimeout} ${buildIndex}`,
    ],
    ['without the setting that was there', `${lockTimeout} ${buildIndex}`, buildIndex],
  ])('an index that failed %s is built again', async (_title, up, edited = up) => {
    const project = await projectOn(major, { migrations: { '1_t': twice, '2_index': noTransaction(up) } });
    expect((await project.kat('up')).stderr).toContain('The next `kat up` replaces it');
    expect((await project.kat('status')).stdout).toContain('left the INVALID index "public"."t_x"');
    await project.database.query('DELETE FROM t; INSERT INTO t VALUES (1)');
    project.addMigration('2_index', noTransaction(edited));
    expect(await project.kat('up')).toMatchObject({ code: 0 });
    expect(
      await column(
        project.database,
        'SELECT indisvalid FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE relname = $$t_x$$',
      ),
    ).toEqual([true]);
  });

  test.each([
    ['behind a setting', `${lockTimeout} ${call}`, 2],
    ['behind two settings', `${lockTimeout} SET work_mem = '5MB'; ${call}`, 3],
    ['first of all', call, 1],
  ])('what commits by itself does not run again unasked, %s', async (_title, up, place) => {
    const project = await projectOn(major, { migrations: { '1_p': procedure, '2_call': noTransaction(up) } });
    expect((await project.kat('up')).code).toBe(5);
    expect((await project.kat('status')).stdout).toContain(`stopped in statement ${place} (up)`);
    for (const command of ['up', 'up --dry-run', 'plan --sql']) {
      const run = await project.kat(command);
      expect(run.code).toBe(5);
      expect(run.stderr).toContain('interrupted');
    }
    expect(await rowsOf(project.database, 'seen')).toEqual([1]);
    rename(project, '2_call', '2_renamed', up);
    const renamed = await project.kat('up');
    expect(renamed).toMatchObject({ code: 5 });
    expect(renamed.stderr).toContain('2_call stopped in its first statement and has no folder');
    expect(await rowsOf(project.database, 'seen')).toEqual([1]);
    rename(project, '2_renamed', '2_call', up);
    await project.database.query('INSERT INTO t VALUES (1)');
    const repair = (await project.kat('repair --retry 2_call --dry-run')).stdout;
    expect(repair).toContain(`up.sql, statement ${place} of ${place}: CALL`);
    expect(repair).toContain(`statement ${place} will run again from its beginning`);
    expect((await project.kat('repair --retry 2_call --yes')).code).toBe(0);
    expect((await project.kat('history -n 1')).stdout).toContain(`up: statement ${place} to be run again`);
    expect((await project.kat('up')).code).toBe(0);
    expect(await rowsOf(project.database, 'seen')).toEqual([1, 1]);
  });

  test('a renamed migration with a setting in front does not begin again', async () => {
    const up = `${lockTimeout} INSERT INTO t VALUES (2); SELECT 1 / 0;`;
    const project = await projectOn(major, {
      migrations: { '1_t': 'CREATE TABLE t (x int);', '2_fill': noTransaction(up) },
    });
    expect((await project.kat('up')).code).toBe(5);
    rename(project, '2_fill', '2_renamed', up);
    const run = await project.kat('up');
    expect(run).toMatchObject({ code: 5 });
    expect(run.stderr).toContain('2_renamed would run the SQL of 2_fill again');
    expect(await rowsOf(project.database, 't')).toEqual([2]);
  });

  test('a renamed migration whose concurrent index was interrupted builds it under its new name', async () => {
    const project = await projectOn(major, {
      migrations: { '1_t': twice, '2_index': noTransaction(buildIndex) },
    });
    await project.kat('up');
    await project.database.query('DELETE FROM t; DROP INDEX t_x');
    rename(project, '2_index', '2_renamed', buildIndex);
    expect((await project.kat('up')).code).toBe(0);
  });

  test.each([
    ['SET', 'SET search_path = s, public;'],
    ['set_config', "SELECT pg_catalog.set_config('search_path', 's,public', false);"],
    [
      'two calls of it',
      "SELECT set_config('work_mem', '5MB', false), set_config('search_path', 's,public', false);",
    ],
  ])('what %s has set is set again where the migration continues', async (_title, setting) => {
    const up = `${setting} INSERT INTO t SELECT 1 / count(*) FROM public.gate;`;
    const tables =
      'CREATE SCHEMA s; CREATE TABLE s.t (x int); CREATE TABLE t (x int); CREATE TABLE gate (x int);';
    const project = await projectOn(major, { migrations: { '1_t': tables, '2_fill': noTransaction(up) } });
    expect((await project.kat('up')).code).toBe(5);
    await project.database.query('INSERT INTO gate VALUES (1)');
    expect((await project.kat('up')).code).toBe(0);
    expect(await rowsOf(project.database, 's.t')).toEqual([1]);
  });

  test.each(['SET ROLE pg_monitor;', "SELECT set_config('role', 'pg_monitor', false);"])(
    'the role stays behind a statement: %s',
    async (setting) => {
      const up = `${setting} CREATE TABLE a (); CREATE TABLE b ();`;
      const project = await projectOn(major, {
        migrations: {
          '1_grant': 'GRANT CREATE ON SCHEMA public TO pg_monitor;',
          '2_tables': noTransaction(up),
        },
      });
      expect(await project.kat('up')).toMatchObject({ code: 0 });
      const owners = "SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relname IN ('a', 'b')";
      expect(await column(project.database, owners)).toEqual(['pg_monitor']);
    },
  );
});
