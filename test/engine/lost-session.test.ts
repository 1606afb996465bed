/** A half-done migration does not continue in a session that lacks what its finished statements have made, however they made it. */

import { describe, expect, test } from 'vitest';
import { majors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { type DatabaseProject, makeProject, projectOn } from '../support/kat-project.js';
import { runAsPlainSql } from '../support/run-script.js';
import { column, failureOf, migrationFailureOf, openKat } from './library.js';

const base = `CREATE SCHEMA app; CREATE TABLE t (n int); INSERT INTO t VALUES (1), (2); CREATE TABLE app.t (n int);
CREATE FUNCTION make() RETURNS void LANGUAGE plpgsql AS 'BEGIN CREATE TEMP TABLE t (n int); END';
CREATE FUNCTION go() RETURNS text LANGUAGE sql AS $$SELECT set_config('search_path', 'app', false)$$;
CREATE FUNCTION write() RETURNS void LANGUAGE sql AS 'INSERT INTO public.t VALUES (3)';
CREATE PROCEDURE commit_often() LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.t VALUES (3); COMMIT; END';`;

const stop = 'INSERT INTO missing VALUES (1);';

const broken = (first: string, last: string) => ({
  '1_base': base,
  '2_half': { up: `${first}\n${stop}\n${last}`, noTransaction: true, parents: [1] },
});

function repair(project: Pick<DatabaseProject, 'read' | 'write'>, by = 'SELECT 1;'): void {
  const path = 'migrations/2_half/up.sql';
  project.write(path, project.read(path).replace(stop, by));
}

const ofTables: readonly string[] = [
  'DO $$ BEGIN CREATE TEMP TABLE t (n int); END $$;',
  "DO $$ BEGIN EXECUTE 'CREATE TEMP ' || 'TABLE t (n int)'; END $$;",
  'SELECT make();',
  'SET search_path = pg_temp, public; CREATE TABLE t (n int);',
  'EXPLAIN ANALYZE CREATE TEMP TABLE t AS SELECT 7 AS n;',
];

const ofSettings: readonly string[] = [
  "DO $$ BEGIN PERFORM set_config('search_path', 'app', false); END $$;",
  'SELECT go();',
  "WITH x AS (SELECT set_config('search_path', 'app', false)) SELECT FROM x;",
  "UPDATE pg_settings SET setting = 'app' WHERE name = 'search_path';",
  "SET search_path = public; SELECT go(), current_setting('search_path');",
];

const roleByCode: readonly string[] = [
  'DO $$ BEGIN SET ROLE pg_monitor; END $$;',
  "DO $$ BEGIN EXECUTE 'SET SESSION AUTHORIZATION pg_monitor'; END $$;",
  "WITH x AS (SELECT set_config('role', 'pg_monitor', false)) SELECT FROM x;",
  "PREPARE p AS SELECT set_config('role', 'pg_monitor', false); EXECUTE p;",
];

const noRoleByCode: readonly string[] = [
  "SELECT set_config('role', 'pg_monitor', true);",
  'DO $$ BEGIN SET LOCAL ROLE pg_monitor; END $$;',
  'SET ROLE pg_monitor; DO $$ BEGIN RESET ROLE; END $$;',
  'SET ROLE pg_monitor; DISCARD ALL;',
  'SET ROLE pg_monitor; SET LOCAL ROLE pg_read_all_data; DO $$ BEGIN SET LOCAL ROLE pg_monitor; END $$; RESET ROLE;',
];

const whoRuns =
  'GRANT ALL ON SCHEMA public TO pg_monitor; CREATE TABLE who (name name); GRANT ALL ON who TO pg_monitor;';

const harmless: readonly [first: string, last: string, rows: number[]][] = [
  ['DO $$ BEGIN INSERT INTO t VALUES (3); END $$;', 'INSERT INTO t VALUES (4);', [1, 2, 3, 4]],
  ["DO $$ BEGIN EXECUTE 'INSERT INTO t VALUES (3)'; END $$;", 'DELETE FROM t;', []],
  ['DO $$ BEGIN CREATE TEMP TABLE t (n int) ON COMMIT DROP; END $$;', 'DELETE FROM t;', []],
  ['DO $$ BEGIN CREATE TEMP TABLE t (n int); DROP TABLE t; END $$;', 'DELETE FROM t;', []],
  [
    "DO $$ BEGIN SET LOCAL search_path = app; PERFORM set_config('app.n', '1', true); END $$;",
    'DELETE FROM t;',
    [],
  ],
  ['SELECT write();', 'DELETE FROM t WHERE n < 3;', [3]],
  ['CALL commit_often();', 'DELETE FROM t WHERE n < 3;', [3]],
  ['CREATE INDEX CONCURRENTLY i ON t (n);', 'DELETE FROM t;', []],
  ['SELECT make(); DISCARD TEMP; SELECT go(); RESET search_path;', 'DELETE FROM t;', []],
  [
    "SET search_path = public; SET app.n = '1'; SET statement_timeout = '1min'; INSERT INTO t VALUES (3);",
    'DELETE FROM t WHERE n > 1;',
    [1],
  ],
  ["DO $$ BEGIN PERFORM set_config('lock_timeout', '7s', false); END $$;", 'DELETE FROM t;', []],
];

describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  test.each([
    ...roleByCode.map((first) => [first, 'pg_monitor'] as const),
    ...noRoleByCode.map((first) => [first, 'postgres'] as const),
  ])('statements run with the role that the session has behind %s', async (first, role) => {
    const up = `${first}\nINSERT INTO who SELECT current_user;\nINSERT INTO who SELECT current_user;`;
    const migrations = { '1_base': whoRuns, '2_half': { up, noTransaction: true, parents: [1] } };
    const project = await projectOn(major, { migrations });
    await openKat(project).kat.up();
    expect(await column(project.database, 'SELECT name FROM who')).toEqual([role, role]);
    const scripted = await projectOn(major, { migrations });
    const { sql } = documentOf(await scripted.kat('plan --sql --plain --json')) as { sql: string };
    expect(await runAsPlainSql(scripted.database, sql)).toMatchObject({ isDone: true });
    expect(await column(scripted.database, 'SELECT name FROM who')).toEqual([role, role]);
  });

  test.each([
    ...roleByCode.map((first) => [first, 'changed'] as const),
    ['SET ROLE pg_monitor; DO $$ BEGIN RESET ROLE; END $$;', 'reset'] as const,
  ])('the role of %s', async (first, verb) => {
    const migrations = broken(first, 'INSERT INTO t VALUES (9);');
    const project = await projectOn(major, { migrations });
    const { kat } = openKat(project);
    await migrationFailureOf(kat.up());
    repair(project);
    expect(await failureOf(kat.up())).toMatchObject({
      code: 'MIGRATION_HALF_DONE',
      message: expect.stringMatching(new RegExp(`${verb} the setting (role|session_authorization)`)),
    });
  });

  test.each(ofTables)('the temporary table of %s', async (first) => {
    const project = await projectOn(major, { migrations: broken(first, 'DELETE FROM t;') });
    const { kat } = openKat(project);
    expect((await migrationFailureOf(kat.up())).help).toContain(
      'needs the temporary table t, which statement',
    );
    repair(project);
    for (const dryRun of [true, false])
      expect(await failureOf(kat.up({ dryRun }))).toMatchObject({
        code: 'MIGRATION_HALF_DONE',
        message: expect.stringMatching(
          /^statement \d of 2_half needs the temporary table t, which statement [12] made/,
        ),
        help: expect.stringContaining('kat repair --undone 2_half'),
      });
    expect(await column(project.database, 'SELECT n FROM public.t ORDER BY n')).toEqual([1, 2]);
    repair(
      { ...project, read: (path) => project.read(path).replace('SELECT 1;', stop) },
      'CREATE TEMP TABLE t (n int);',
    );
    await kat.up();
    expect(await column(project.database, 'SELECT n FROM public.t ORDER BY n')).toEqual([1, 2]);
  });

  test.each(ofSettings)('the setting of %s', async (first) => {
    const up = 'INSERT INTO t VALUES (3);';
    const project = await projectOn(major, { migrations: broken(`${first} ${up}`, up) });
    const { kat } = openKat(project);
    await migrationFailureOf(kat.up());
    repair(project);
    for (const dryRun of [true, false])
      expect(await failureOf(kat.up({ dryRun }))).toMatchObject({
        code: 'MIGRATION_HALF_DONE',
        message: expect.stringMatching(
          /^statement [12] of 2_half changed the setting search_path in a session/,
        ),
        help: expect.stringMatching(
          /Write a `SET` of search_path to the same value in front of statement [34]/,
        ),
      });
    repair(
      { ...project, read: (path) => project.read(path).replace('SELECT 1;', stop) },
      'SET search_path = app;',
    );
    await kat.up();
    expect(await column(project.database, 'SELECT n FROM app.t')).toEqual([3, 3]);
    expect(await column(project.database, 'SELECT n FROM public.t')).toEqual([1, 2]);
  });

  test('a setting of the project that a block of code has made', async () => {
    const first = "DO $$ BEGIN PERFORM set_config('app.least', '2', false); END $$;";
    const last = "DELETE FROM t WHERE n >= coalesce(current_setting('app.least', true)::int, 0);";
    const project = await projectOn(major, { migrations: broken(first, last) });
    const { kat } = openKat(project);
    await migrationFailureOf(kat.up());
    repair(project);
    expect((await failureOf(kat.up())).message).toContain('changed the setting app.least');
    repair(
      { ...project, read: (path) => project.read(path).replace('SELECT 1;', stop) },
      "SET app.least = '2';",
    );
    await kat.up();
    expect(await column(project.database, 'SELECT n FROM t')).toEqual([1]);
  });

  test.each(harmless)('%s leaves nothing behind, and %s continues', async (first, last, rows) => {
    const project = await projectOn(major, { migrations: broken(first, last) });
    const { kat } = openKat(project);
    expect((await migrationFailureOf(kat.up())).help).toContain('it continues at statement');
    repair(project);
    await kat.up();
    expect(await column(project.database, 'SELECT n FROM public.t ORDER BY n')).toEqual(rows);
  });

  test('a connection that is lost half way', async () => {
    const first = `${ofTables[0]} SELECT pg_terminate_backend(pg_backend_pid());`;
    const up = { up: `${first}\nDELETE FROM t;`, noTransaction: true };
    const project = await projectOn(major, {
      migrations: { '1_base': base, '2_half': { ...up, parents: [1] } },
    });
    const { kat } = openKat(project);
    expect(await failureOf(kat.up())).toMatchObject({
      code: 'MIGRATION_HALF_DONE',
      message: expect.stringContaining('needs the temporary table t, which statement 1 made'),
    });
    expect(await column(project.database, 'SELECT n FROM t')).toEqual([1, 2]);
  });

  test.each([
    [ofTables[0] as string, 'needs the temporary table t'],
    [ofSettings[1] as string, 'changed the setting search_path'],
  ])('a script that stopped half way, behind %s', async (first, message) => {
    const project = await projectOn(major, { migrations: broken(first, 'DELETE FROM t;') });
    const { sql } = documentOf(await project.kat('plan --sql --plain --json')) as { sql: string };
    expect(await runAsPlainSql(project.database, sql)).toMatchObject({ isDone: false });
    repair(project);
    expect((await failureOf(openKat(project).kat.up())).message).toContain(message);
  });

  test('the history of statements does not repeat them', async () => {
    const project = await projectOn(major, { migrations: broken(ofSettings[1] as string, 'SELECT 1;') });
    const { kat } = openKat(project);
    await migrationFailureOf(kat.up());
    const { entries } = await kat.history({ statements: true, limit: 3 });
    expect(entries.map(({ outcome, error }) => (error === undefined ? outcome : `${outcome} error`))).toEqual(
      ['failed error', 'statement finished', 'started'],
    );
  });
});

test('PGlite', async () => {
  const project = makeProject({ migrations: broken(ofTables[0] as string, 'DELETE FROM t;') });
  project.write('kat.conf.yaml', 'database:\n  driver: pglite\n  path: ./data\n');
  expect((await project.kat('up')).code).toBe(5);
  repair(project);
  expect(await project.kat('up')).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('needs the temporary table t, which statement 1 made'),
  });
});
