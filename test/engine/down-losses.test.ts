/** One word must not destroy what nothing brings back: squashed migrations, and rows that the migrations did not write. */
import { describe, expect, test } from 'vitest';
import type { DownOptions, Kat } from '../../src/index.js';
import { commandMajors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';
import { failureOf, idsOf, openKat } from './library.js';

const users = {
  up: 'CREATE TABLE users (id int);\nINSERT INTO users VALUES (1);',
  down: 'DROP TABLE users;',
};

const bounds = 'PARTITION kept FOR VALUES FROM (0) TO (100)';
const partition = 'CREATE TABLE kept PARTITION OF all_kept FOR VALUES FROM (0) TO (100);';
const table = (name: string, key = '') => `CREATE TABLE ${name} (id int ${key}, v text);`;

async function openUsers(major: number, down = users.down): Promise<{ project: DatabaseProject; kat: Kat }> {
  const project = await projectOn(major, { migrations: { '1_users': { ...users, down } } });
  const { kat } = openKat(project);
  await kat.up();
  return { project, kat };
}

/** Expects that a plain `down` asks, and has rolled back nothing. */
async function expectAsked(
  { kat, project }: { kat: Kat; project: DatabaseProject },
  because: string,
  options: DownOptions = {},
): Promise<void> {
  const applied = await project.applied();
  expect(await failureOf(kat.down(options))).toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining(because),
    help: expect.stringContaining('`confirm`'),
  });
  expect(await project.applied()).toEqual(applied);
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('rows that the migration wrote itself come back with it, so a plain down does as ever', async () => {
    const { project, kat } = await openUsers(major);
    expect(await project.kat('down')).toMatchObject({ code: 0, stderr: '' });
    await kat.up();
    project.addMigration('2_more', { up: 'INSERT INTO users VALUES (2);', down: 'SELECT 1;', parents: [1] });
    await kat.up();
    expect((await kat.down({ count: 2 })).migrations).toHaveLength(2);
  });

  test('a restore in one transaction makes nobody the writer of all rows', async () => {
    const { project, kat } = await openUsers(major);
    await project.database.query('INSERT INTO users VALUES (7); CREATE SCHEMA before');
    const restored = ['users', 'migrations', 'migrations_log'].map(
      (
        name,
      ) => `ALTER TABLE ${name} SET SCHEMA before; CREATE TABLE ${name} (LIKE before.${name} INCLUDING ALL);
        INSERT INTO ${name} OVERRIDING SYSTEM VALUE TABLE before.${name};`,
    );
    await project.database.query(restored.join('\n'));
    await expectAsked(
      { kat, project },
      'rolling back 1_users drops or empties public.users, which holds rows',
    );
    expect((await project.kat('plan down')).stdout).toContain('public.users');
    expect(await project.kat('redo')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('public.users'),
    });
  });

  test.each([
    ['a row of the application', 'INSERT INTO users VALUES (7)', 'DROP TABLE users;'],
    ['a changed row', 'UPDATE users SET id = 7', 'DROP TABLE IF EXISTS public.users CASCADE;'],
    [
      'a partition with a row',
      'DROP TABLE users; CREATE TABLE users (id int) PARTITION BY LIST (id); CREATE TABLE u1 PARTITION OF users DEFAULT; INSERT INTO users VALUES (1)',
      'DROP TABLE users;',
    ],
    [
      'rows that are hidden',
      'ALTER TABLE users ENABLE ROW LEVEL SECURITY; ALTER TABLE users FORCE ROW LEVEL SECURITY; INSERT INTO users VALUES (7)',
      'DROP TABLE users;',
    ],
  ])('%s is asked about', async (_name, sql, down) => {
    const opened = await openUsers(major, down);
    await opened.project.database.query(sql);
    await expectAsked(opened, 'rolling back 1_users drops or empties public.users, which holds rows');
  });

  test.each([
    ['a table that is emptied', 'INSERT INTO users VALUES (7)', 'TRUNCATE users;', 'public.users'],
    [
      'a table that is renamed before',
      'INSERT INTO users VALUES (7)',
      'ALTER TABLE users RENAME TO old; DROP TABLE old;',
      'public.users',
    ],
    [
      'a partition by itself',
      'CREATE TABLE p (id int) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p DEFAULT; INSERT INTO p VALUES (1)',
      'DROP TABLE p1;',
      'public.p1',
    ],
    [
      'a table on a search path of the migration',
      'CREATE SCHEMA app; ALTER TABLE users SET SCHEMA app; INSERT INTO app.users VALUES (7)',
      'SET search_path = app; DROP TABLE users;',
      'app.users',
    ],
  ])('%s is asked about by its name', async (_name, sql, down, table) => {
    const opened = await openUsers(major, down);
    await opened.project.database.query(sql);
    await expectAsked(opened, `rolling back 1_users drops or empties ${table}, which holds rows`);
  });

  test.each([
    ['in a block', 'DO $$ BEGIN IF true THEN DROP TABLE users; END IF; END $$;'],
    ['in a text that is put together', "DO $$ BEGIN EXECUTE format('DROP TABLE %I', 'users'); END $$;"],
    ['in a function', 'SELECT wipe();'],
    ['in a procedure that calls a function', 'CALL clean();'],
    ['by DELETE without WHERE', 'DELETE FROM users;'],
    ['by DELETE of every row', 'DELETE FROM users WHERE 1 = 1;'],
    ['by DELETE in a block', 'DO $$ BEGIN IF true THEN DELETE FROM users WHERE true; END IF; END $$;'],
    ['by DELETE in a query', 'WITH gone AS (DELETE FROM users RETURNING *) SELECT count(*) FROM gone;'],
    ['by DELETE in a statement', 'EXPLAIN ANALYZE DELETE FROM users;'],
    ['by DELETE in a function', 'SELECT empty();'],
    ['by DELETE in a function with BEGIN ATOMIC', 'SELECT clear();'],
    ['by DELETE in a function that RETURN calls', 'SELECT clear_all();'],
    ['by DELETE through a view', 'DELETE FROM everyone;'],
    ['by DELETE through a view of a view', 'DELETE FROM all_of_them;'],
    ['with what refers to it', 'TRUNCATE parents CASCADE;'],
    ['with everything in a schema', 'DROP SCHEMA public CASCADE; CREATE SCHEMA public;'],
  ])('a table that goes or is emptied %s is asked about', async (_name, down) => {
    const opened = await openUsers(major, down);
    await opened.project.database.query(
      `CREATE TABLE parents (id int PRIMARY KEY); ALTER TABLE users ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES parents NOT VALID;
       CREATE FUNCTION wipe() RETURNS void LANGUAGE plpgsql AS $$ BEGIN TRUNCATE users; END $$;
       CREATE VIEW everyone AS SELECT id FROM users; CREATE VIEW all_of_them AS SELECT id FROM everyone;
       CREATE FUNCTION empty() RETURNS void LANGUAGE sql AS 'DELETE FROM users';
       CREATE FUNCTION clear() RETURNS bool BEGIN ATOMIC DELETE FROM users; SELECT true; END;
       CREATE FUNCTION clear_all() RETURNS bool RETURN clear();
       CREATE PROCEDURE clean() LANGUAGE plpgsql AS $$ BEGIN PERFORM wipe(); END $$;
       SET session_replication_role = replica; INSERT INTO users VALUES (7)`,
    );
    await expectAsked(opened, 'public.users, which hold');
    expect(await opened.project.database.query('SELECT id FROM users ORDER BY id')).toEqual([
      { id: 1 },
      { id: 7 },
    ]);
  });

  test.each([
    ['a column', 'ALTER TABLE users ADD email text;', 'ALTER TABLE users DROP email;', "SET email = 'x'"],
    [
      'a column with a default',
      'ALTER TABLE users ADD email text NOT NULL DEFAULT $$a$$;',
      'ALTER TABLE users DROP COLUMN IF EXISTS email;',
      "SET email = 'x'",
    ],
    [
      'a column that is renamed before',
      'ALTER TABLE users ADD email text;',
      'ALTER TABLE users RENAME email TO mail; ALTER TABLE users DROP mail;',
      "SET email = 'x'",
    ],
    [
      'a column that goes with its collation',
      `CREATE COLLATION plain (locale = 'C'); ALTER TABLE users ADD email text COLLATE plain;`,
      'DROP COLLATION plain CASCADE;',
      "SET email = 'x'",
    ],
    [
      'a column in a block',
      'ALTER TABLE users ADD email text;',
      'DO $$ BEGIN ALTER TABLE users DROP email; END $$;',
      "SET email = 'x'",
    ],
    [
      'a column of a type that goes',
      "CREATE TYPE kind AS ENUM ('x'); ALTER TABLE users ADD email kind[];",
      'DROP TYPE kind CASCADE;',
      "SET email = '{x}'",
    ],
  ])('%s with values is asked about, and without values not', async (_name, up, down, set) => {
    const { project, kat } = await openUsers(major);
    project.addMigration('2_column', { up, down, parents: [1] });
    await kat.up();
    expect(idsOf((await kat.down()).migrations)).toEqual(['2_column']);
    await kat.up();
    await project.database.query(`UPDATE users ${set}`);
    await expectAsked({ project, kat }, 'rolling back 2_column drops public.users.email, which holds values');
    expect(idsOf((await kat.down({ confirm: () => true })).migrations)).toEqual(['2_column']);
    expect(await project.applied()).toEqual(['1_users']);
  });

  test("values that the migration gave itself come back with it; those that a later one rewrote are somebody's", async () => {
    const { project, kat } = await openUsers(major);
    const up = "ALTER TABLE users ADD email text; UPDATE users SET email = 'none';";
    project.addMigration('2_column', { up, down: 'ALTER TABLE users DROP email;', parents: [1] });
    await kat.up();
    expect(idsOf((await kat.down()).migrations)).toEqual(['2_column']);
    await kat.up();
    await project.database.query('INSERT INTO users VALUES (7)');
    project.addMigration('3_later', { up: 'UPDATE users SET id = id + 1;', down: 'SELECT 1;', parents: [2] });
    await kat.up();
    await expectAsked({ project, kat }, 'public.users, which holds rows', { count: 3 });
  });

  test.each([
    [
      'dynamic SQL',
      "DO $$ DECLARE t text; BEGIN SELECT id INTO t FROM users; EXECUTE 'DROP TABLE ' || t; END $$;",
    ],
    ['everything of a role', 'DROP OWNED BY pg_monitor;'],
  ])('code that cannot be read is asked about: %s', async (_name, down) => {
    const opened = await openUsers(major, down);
    await expectAsked(opened, 'rolling back 1_users runs code that may drop or empty tables (line 1: ');
  });

  test.each([
    [
      'a table of its own',
      'CREATE TABLE other (id int); INSERT INTO other VALUES (1); DROP TABLE other; DROP TABLE users;',
    ],
    [
      'a block that drops nothing',
      "DO $$ BEGIN EXECUTE 'COMMENT ON TABLE ' || current_schema() || '.users IS NULL'; END $$;",
    ],
    ['rows that WHERE names', 'DELETE FROM users WHERE id = 1;'],
    [
      'a function that is only created',
      "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'DELETE FROM users';",
    ],
  ])('what loses nothing is not asked about: %s', async (_name, down) => {
    const { kat } = await openUsers(major, down);
    expect(idsOf((await kat.down()).migrations)).toEqual(['1_users']);
  });

  test('a table that a later migration renamed is asked about, and so is a column', async () => {
    const { project, kat } = await openUsers(major);
    project.addMigration('2_rename', {
      up: 'ALTER TABLE users RENAME TO people; ALTER TABLE people RENAME id TO number;',
      down: 'ALTER TABLE people RENAME number TO id; ALTER TABLE people RENAME TO users;',
      parents: [1],
    });
    project.addMigration('3_rename', {
      up: 'CREATE SCHEMA app; ALTER TABLE people SET SCHEMA app; ALTER TABLE app.people RENAME TO persons;',
      down: 'ALTER TABLE app.persons RENAME TO people; ALTER TABLE app.people SET SCHEMA public; DROP SCHEMA app;',
      parents: [2],
    });
    await kat.up();
    await project.database.query('INSERT INTO app.persons VALUES (7)');
    await expectAsked({ project, kat }, 'drops or empties app.persons, which holds rows', { count: 3 });
  });

  test.each([
    [
      'a new table, whose source loses them',
      'CREATE TABLE archive AS SELECT * FROM users WHERE id > 5; DELETE FROM users WHERE id > 5;',
      'DROP TABLE archive;',
      'public.archive, which holds rows',
    ],
    [
      'a new column, whose source goes',
      'ALTER TABLE users ADD name text; UPDATE users SET name = first; ALTER TABLE users DROP first;',
      'ALTER TABLE users ADD first text; ALTER TABLE users DROP name;',
      'public.users.name, which holds values',
    ],
  ])('what a migration moves into %s does not come back', async (_name, up, down, because) => {
    const { project, kat } = await openUsers(major);
    await project.database.query("ALTER TABLE users ADD first text; INSERT INTO users VALUES (7, 'Ada')");
    project.addMigration('2_move', { up, down, parents: [1] });
    await kat.up();
    await expectAsked({ project, kat }, because);
  });

  test('a migration that altered a column has not made its values', async () => {
    const { project, kat } = await openUsers(major);
    project.addMigration('2_column', {
      up: 'ALTER TABLE users ADD n int;',
      down: 'ALTER TABLE users DROP n;',
      parents: [1],
    });
    await kat.up();
    await project.database.query('UPDATE users SET n = 7');
    project.addMigration('3_type', {
      up: 'ALTER TABLE users ALTER n TYPE bigint;',
      down: 'ALTER TABLE users DROP n; ALTER TABLE users ADD n int;',
      parents: [2],
    });
    await kat.up();
    await expectAsked({ project, kat }, 'public.users.n, which holds values');
  });

  test('a schema goes with its tables', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_shop': {
          up: 'CREATE SCHEMA shop; CREATE TABLE shop."My things" (id int);',
          down: 'DROP SCHEMA shop CASCADE;',
        },
      },
    });
    const { kat } = openKat(project);
    await kat.up();
    expect((await kat.down()).migrations).toHaveLength(1);
    await kat.up();
    await project.database.query('INSERT INTO shop."My things" VALUES (1)');
    await expectAsked({ project, kat }, 'drops or empties shop."My things", which holds rows', { count: 1 });
  });

  test.each([
    [
      'a partition that an earlier step attaches again goes with its table',
      {
        up: `CREATE TABLE all_kept (id int, v text) PARTITION BY RANGE (id); ${partition}`,
        down: 'DROP TABLE all_kept;',
      },
      { up: 'ALTER TABLE all_kept DETACH PARTITION kept;', down: `ALTER TABLE all_kept ATTACH ${bounds};` },
      'drops or empties public.kept',
    ],
    [
      'so does its column',
      {
        up: `CREATE TABLE all_kept (id int, v text) PARTITION BY RANGE (id); ${partition}`,
        down: 'ALTER TABLE all_kept DROP COLUMN v;',
      },
      { up: 'ALTER TABLE all_kept DETACH PARTITION kept;', down: `ALTER TABLE all_kept ATTACH ${bounds};` },
      'drops public.kept.v',
    ],
    [
      'a table that goes back into its schema goes with it',
      { up: `CREATE SCHEMA app; ${table('app.kept')}`, down: 'DROP SCHEMA app CASCADE;' },
      { up: 'ALTER TABLE app.kept SET SCHEMA public;', down: 'ALTER TABLE kept SET SCHEMA app;' },
      'drops or empties public.kept',
    ],
    [
      'a child that inherits again goes with its parent',
      {
        up: 'CREATE TABLE p (id int, v text); CREATE TABLE kept () INHERITS (p);',
        down: 'DROP TABLE p CASCADE;',
      },
      { up: 'ALTER TABLE kept NO INHERIT p;', down: 'ALTER TABLE kept INHERIT p;' },
      'drops or empties public.kept',
    ],
    [
      'rows that refer again go with those they refer to',
      {
        up: `${table('p', 'PRIMARY KEY')} ${table('kept')} INSERT INTO p VALUES (7);`,
        down: 'DELETE FROM p WHERE id = 7;',
      },
      { up: 'SELECT 1;', down: 'ALTER TABLE kept ADD FOREIGN KEY (id) REFERENCES p ON DELETE CASCADE;' },
      'drops or empties public.kept',
    ],
  ])('%s', async (_name, first, second, because) => {
    const project = await projectOn(major, {
      migrations: { '1_first': first, '2_second': { ...second, parents: [1] } },
    });
    const { kat } = openKat(project);
    await kat.up();
    await project.database.query("INSERT INTO kept VALUES (7, 'by the application')");
    await expectAsked({ kat, project }, because, { count: 2 });
    expect(await project.database.query('SELECT id FROM kept')).toEqual([{ id: 7 }]);
  });

  test.each([
    [
      'is attached, detached and dropped',
      'ALTER TABLE all_kept ATTACH PARTITION kept DEFAULT; ALTER TABLE all_kept DETACH PARTITION kept; DROP TABLE kept;',
    ],
    [
      'moves into a schema that is renamed and dropped',
      'CREATE SCHEMA s; ALTER TABLE kept SET SCHEMA s; ALTER SCHEMA s RENAME TO t; DROP SCHEMA t CASCADE;',
    ],
    [
      'moves below a parent that moves into a schema',
      'CREATE SCHEMA s; ALTER TABLE all_kept ATTACH PARTITION kept DEFAULT; ALTER TABLE all_kept SET SCHEMA s; DROP SCHEMA s CASCADE;',
    ],
    [
      'gives its name to another one and is attached',
      'ALTER TABLE kept RENAME TO old; CREATE TABLE kept (id int); ALTER TABLE all_kept ATTACH PARTITION old DEFAULT; DROP TABLE all_kept;',
    ],
    [
      'has the name of a new function',
      "CREATE FUNCTION kept() RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP TABLE kept;",
    ],
  ])('a table that %s in one text is asked about', async (_name, down) => {
    const up = `CREATE TABLE all_kept (id int, v text) PARTITION BY RANGE (id); ${table('kept')}`;
    const project = await projectOn(major, { migrations: { '1_kept': { up, down } } });
    const { kat } = openKat(project);
    await kat.up();
    await project.database.query("INSERT INTO kept VALUES (7, 'by the application')");
    await expectAsked({ kat, project }, 'drops or empties public.kept');
  });

  test('a column that a partition renames with its table is asked about', async () => {
    const up = `CREATE TABLE all_kept (id int, v text) PARTITION BY RANGE (id); ${table('kept')}`;
    const down =
      'ALTER TABLE all_kept ATTACH PARTITION kept DEFAULT; ALTER TABLE all_kept RENAME v TO w; ALTER TABLE all_kept DROP COLUMN w;';
    const project = await projectOn(major, { migrations: { '1_kept': { up, down } } });
    const { kat } = openKat(project);
    await kat.up();
    await project.database.query("INSERT INTO kept VALUES (7, 'by the application')");
    await expectAsked({ kat, project }, 'drops public.kept.v');
  });

  test.each([
    [
      'leaves a schema',
      'CREATE SCHEMA s; ALTER TABLE kept SET SCHEMA s; ALTER TABLE s.kept SET SCHEMA public; DROP SCHEMA s CASCADE;',
    ],
    [
      'leaves its table',
      'ALTER TABLE all_kept ATTACH PARTITION kept DEFAULT; ALTER TABLE all_kept DETACH PARTITION kept; DROP TABLE all_kept;',
    ],
    [
      'only follows the keys of another',
      'CREATE TABLE p (id int PRIMARY KEY); INSERT INTO p VALUES (7), (8); ALTER TABLE kept ADD FOREIGN KEY (id) REFERENCES p ON UPDATE CASCADE; DELETE FROM p WHERE id = 8;',
    ],
    [
      'only its parent forgets',
      'CREATE TABLE p (id int, v text); ALTER TABLE kept INHERIT p; ALTER TABLE p DROP COLUMN v; ALTER TABLE kept NO INHERIT p; DROP TABLE p CASCADE;',
    ],
  ])('a table that %s keeps its rows, and nobody is asked', async (_name, down) => {
    const up = `CREATE TABLE all_kept (id int, v text) PARTITION BY RANGE (id); ${table('kept')}`;
    const project = await projectOn(major, { migrations: { '1_kept': { up, down } } });
    const { kat } = openKat(project);
    await kat.up();
    await project.database.query("INSERT INTO kept VALUES (7, 'by the application')");
    expect(idsOf((await kat.down()).migrations)).toEqual(['1_kept']);
    expect(await project.database.query('SELECT id, v FROM kept')).toEqual([
      { id: 7, v: 'by the application' },
    ]);
  });

  test('a squashed migration is asked about even where its tables are empty', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_a': { up: 'CREATE TABLE a ();', down: 'DROP TABLE a;' },
        '2_b': { up: 'CREATE TABLE b ();', down: 'DROP TABLE b;', parents: [1] },
      },
    });
    await project.kat('up');
    await project.kat('squash --to 2 --force --yes --no-verify');
    const run = await project.kat('down --json');
    expect(run.code).toBe(2);
    expect(documentOf(run)).toMatchObject({ ok: false, error: { code: 'USAGE' } });
    expect(run.stdout).toContain('2_b');
    expect((await project.kat('down --dry-run')).code).toBe(0);
    const asked = await project.kat('down');
    expect(asked).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('rolling back 2_b undoes the 2 migrations that were squashed into it'),
    });
    expect(asked.stderr).toContain('Add --yes to proceed.');
    expect((await project.kat('down --yes')).code).toBe(0);
    expect(await project.applied()).toEqual([]);
  });

  test('the library asks `confirm`, tells it why, and a plain down without it destroys nothing', async () => {
    const { project, kat } = await openUsers(major);
    await project.database.query('INSERT INTO users VALUES (7)');
    await expectAsked({ project, kat }, 'public.users, which holds rows');
    const refused: unknown[] = [];
    const no = kat.down({ confirm: ({ losses }) => refused.push(losses) < 0 });
    expect(await failureOf(no)).toMatchObject({ code: 'CANCELLED' });
    expect(refused).toEqual([[{ id: '1_users', replaces: [], tables: ['public.users'] }]]);
    expect(await project.applied()).toEqual(['1_users']);
    expect((await kat.down({ confirm: () => true })).migrations).toHaveLength(1);
  });
});
