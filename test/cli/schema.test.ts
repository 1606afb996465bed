/** `kat schema`: the same text from the same folder, found stale, and loaded into new databases. */

import { expect, test } from 'vitest';
import { freshDatabase, majors, ownServer } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { makeProject, projectOn } from '../support/kat-project.js';

const newest = majors().at(-1) as number;

/** Each run takes a throwaway database of its own. */
const timeoutMs = 60_000;

const config = 'database:\n  url: postgres://nobody@127.0.0.1:1/none\n';
const migrations = {
  '1700000001_users': `CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text UNIQUE, mood mood, two int DEFAULT twice(1));`,
  '1700000002_posts': {
    up: `CREATE TABLE posts (id serial PRIMARY KEY, author bigint REFERENCES users, at date NOT NULL);
CREATE INDEX ON posts (at);
COMMENT ON TABLE posts IS 'It''s said';`,
    parents: [1700000001],
  },
  '1700000011_views': {
    up: `CREATE VIEW authors AS SELECT u.email, count(*) AS posts FROM users u JOIN posts p ON p.author = u.id GROUP BY u.id;
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON users USING (email = current_user);
GRANT SELECT ON authors TO reporting;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reporting;`,
    parents: [1700000002],
  },
};

test('a role that the throwaway database has already may be named', async () => {
  const up =
    'CREATE TABLE t (id int); GRANT SELECT ON t TO postgres, "Reporting", pg_monitor; CREATE ROLE own_role; GRANT SELECT ON t TO own_role;';
  const run = await makeProject({ config, migrations: { '1_t': up } }).kat('schema', { timeoutMs });
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout).toContain('TO "Reporting"');
});

test('the text depends on the folder alone: not on line endings, nor on the server', async () => {
  const project = makeProject({ config, migrations });
  const first = await project.kat('schema', { timeoutMs });
  expect(first.code).toBe(0);
  expect(first.stdout).toContain(
    [
      'CREATE TABLE public.users (',
      '  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,',
      '  email text,',
      '  mood public.mood,',
      '  two integer DEFAULT public.twice(1),',
      '  CONSTRAINT users_email_key UNIQUE (email),',
      '  CONSTRAINT users_pkey PRIMARY KEY (id)',
      ');',
    ].join('\n'),
  );
  expect(first.stdout).toContain('ALTER DEFAULT PRIVILEGES FOR ROLE CURRENT_USER GRANT SELECT');
  const database = await freshDatabase(newest);
  await database.query('CREATE ROLE reporting');
  for (const id of project.ids()) {
    const file = `migrations/${id}/up.sql`;
    project.write(file, project.read(file).replaceAll('\n', '\r\n'));
  }
  const second = await project.kat(['schema', '--on', database.url], { timeoutMs });
  await database.query('DROP ROLE reporting');
  await database.drop();
  expect(second.stdout).toBe(first.stdout);
  expect(second.stderr).toMatch(/^Throwaway database on PostgreSQL /);
});

test('the text depends on no locale, and on no order in which the folder was written', async () => {
  const odd = {
    '1_types': `CREATE TYPE "Ä" AS ENUM ('I', 'ı', 'i');`,
    '2_tables': {
      up: `CREATE TABLE "ıspark" (at timestamptz DEFAULT '2026-02-03 04:05+00', took interval DEFAULT '1 day 2:00', x float8 DEFAULT 0.1);
CREATE TABLE "Ispark" (kind "Ä", z text CHECK (z > 'ä'), a text, "Z" text); CREATE TABLE ispark (); CREATE TABLE zebra ();`,
      parents: [1],
    },
    '3_more': { up: 'CREATE TABLE "äpfel" (id serial); CREATE TABLE apples ();', parents: [1] },
  };
  const project = makeProject({ config, migrations: odd });
  const first = await project.kat('schema', { timeoutMs });
  expect(first.code).toBe(0);
  const reversed = Object.fromEntries(Object.entries(odd).reverse());
  const turkish = await ownServer(newest, {
    initdb: ['--locale-provider=icu', '--icu-locale=tr'],
    settings: { DateStyle: 'German', TimeZone: 'Asia/Tokyo', IntervalStyle: 'sql_standard' },
  });
  const url = `postgres://postgres:postgres@${turkish.host}:${turkish.port}/postgres`;
  const second = await makeProject({ config, migrations: reversed }).kat(['schema', '--on', url], {
    timeoutMs,
    env: { LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8', TZ: 'Asia/Tokyo' },
    isProcess: true,
  });
  expect(second.stdout).toBe(first.stdout);
});

test('--check tells a stale file by its lines; the ids stand far from their neighbours', async () => {
  const project = makeProject({ config, migrations });
  expect((await project.kat('schema --file schema.sql', { timeoutMs })).stdout).toBe(
    'wrote schema.sql with the schema of 3 migrations\n',
  );
  project.write('dump.sql', 'CREATE TABLE mine ();');
  const refused = await project.kat('schema --file dump.sql', { timeoutMs });
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('Kat did not write it') });
  expect(project.read('dump.sql')).toBe('CREATE TABLE mine ();');
  const lines = project.read('schema.sql.migrations').split('\n');
  expect(lines.filter((line) => /^= [0-9a-f]{16}$/.test(line))).toHaveLength(1);
  expect(lines.filter((line) => !line.startsWith('= ')).join('\n')).toMatch(
    /^1700000001_users [0-9a-f]{16}\n1700000011_views [0-9a-f]{16}\n1700000002_posts [0-9a-f]{16}\n$/,
  );
  expect((await project.kat('schema --check', { timeoutMs })).code).toBe(0);
  project.addMigration('1700000003_note', { up: 'ALTER TABLE posts ADD note text;', parents: [1700000002] });
  const stale = await project.kat('schema --check', { timeoutMs });
  expect({ ...stale, stdout: stale.stdout.replace(/ [0-9a-f]{16}$/m, '') }).toEqual({
    code: 3,
    stderr: '',
    stdout: [
      '+  note text,',
      '+1700000003_note',
      'schema.sql is stale: run `kat schema --file schema.sql`',
      '',
    ].join('\n'),
  });
});

test('--dir keeps a table with its parts in one file, and deletes only what Kat has written', async () => {
  const project = makeProject({ config, migrations });
  const files = () =>
    Object.keys(project.snapshot()).filter((path) => path.endsWith('.sql') && path.includes('/schema/'));
  const names = () =>
    files()
      .map((path) => path.slice(path.indexOf('/schema/') + 1))
      .sort();
  project.write('schema/view/notes.sql', '-- mine\n');
  expect(await project.kat('schema --dir schema', { timeoutMs })).toEqual({
    ...{ code: 0, stderr: '', stdout: 'wrote schema with the schema of 3 migrations\n' },
  });
  expect(names()).toEqual([
    'schema/database.sql',
    'schema/enum-type/public.mood.sql',
    'schema/function/public.twice.sql',
    'schema/table/public.posts.sql',
    'schema/table/public.users.sql',
    'schema/view/notes.sql',
    'schema/view/public.authors.sql',
  ]);
  expect(project.read('schema.migrations')).toMatch(
    /^1700000001_users .*\n1700000011_views .*\n1700000002_posts .*\n$/,
  );
  const posts = project.read('schema/table/public.posts.sql');
  for (const part of ['CREATE TABLE', 'CREATE SEQUENCE', 'FOREIGN KEY', 'CREATE INDEX', 'COMMENT ON TABLE'])
    expect(posts).toContain(part);
  expect(project.read('schema/table/public.users.sql')).toContain('CREATE POLICY own');
  expect(project.read('schema/view/public.authors.sql')).toContain('GRANT SELECT');
  project.addMigration('1700000003_drop', { up: 'DROP VIEW authors;', parents: [1700000011] });
  const stale = await project.kat('schema --dir schema --check', { timeoutMs });
  expect(stale).toMatchObject({
    code: 3,
    stdout: expect.stringContaining('@ view/public.authors.sql\n--- Written by'),
  });
  expect(stale.stdout).toContain('schema is stale: run `kat schema --dir schema`\n');
  project.write('schema/table/public.users.sql', '-- mine too\n');
  const refused = await project.kat('schema --dir schema', { timeoutMs });
  expect(refused).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('public.users.sql does not begin with'),
  });
  expect(names()).toContain('schema/view/public.authors.sql');
  project.write('schema/table/public.users.sql', project.read('schema/enum-type/public.mood.sql'));
  expect((await project.kat('schema --dir schema', { timeoutMs })).code).toBe(0);
  expect(names()).not.toContain('schema/view/public.authors.sql');
  expect(project.read('schema/view/notes.sql')).toBe('-- mine\n');
  expect((await project.kat('schema --dir schema --check', { timeoutMs })).code).toBe(0);
  expect((await project.kat('schema --dir schema --file x.sql')).stderr).toContain(
    '`--file` and `--dir` cannot be combined',
  );
}, 120_000);

test('a loaded schema is that of the migrations, in one transaction; rows that it lacks are told', async () => {
  const project = await projectOn(newest, { migrations });
  project.addMigration('1700000012_seed', {
    up: `INSERT INTO users (email) VALUES ('ada');`,
    parents: [1700000011],
  });
  await project.database.query('CREATE ROLE reporting');
  expect((await project.kat('schema --file schema.sql', { timeoutMs })).code).toBe(0);
  const other = await freshDatabase(newest);
  const env = { KAT_MIGRATION_DATABASE_URL: other.url };
  await other.query('CREATE TABLE posts (id int)');
  expect((await project.kat('schema --load', { env })).code).toBe(2);
  expect((await project.kat('schema --load --dry-run', { env })).code).toBe(2);
  expect(await other.query(`SELECT to_regclass('users') AS users, to_regtype('mood') AS mood`)).toEqual([
    { users: null, mood: null },
  ]);
  await other.query('DROP TABLE posts');
  for (const [args, more] of [
    ['schema --load --dry-run', {}],
    ['schema --load', { KAT_DRY_RUN: 'true' }],
  ] as const)
    expect(await project.kat(args, { env: { ...env, ...more } })).toMatchObject({
      code: 0,
      stdout: 'DRY RUN: Would load schema.sql and record 4 migrations as applied\n',
    });
  expect(await other.query("SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace")).toEqual([]);
  expect((await project.kat('schema --dry-run')).stderr).toContain('`--dry-run` requires `--load`');
  const loaded = await project.kat('schema --load', { env });
  expect(loaded).toMatchObject({
    code: 0,
    stdout: 'loaded schema.sql and recorded 4 migrations as applied\n',
    stderr: expect.stringContaining('so the database lacks those of 1700000012_seed.'),
  });
  await project.migrate();
  const diff = await project.kat(['diff', project.database.url, other.url]);
  expect(diff).toEqual({ code: 0, stdout: 'the schemas are equal\n', stderr: '' });
  expect(documentOf(await project.kat('status --json', { env }))).toMatchObject({ counts: { pending: 0 } });
  const again = await project.kat('schema --load', { env });
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('4 applied migrations') });
  await other.drop();
  await project.database.query('DROP OWNED BY reporting; DROP ROLE reporting');
});

test('--load refuses a database with objects, and says which', async () => {
  const project = await projectOn(newest, { migrations: { '1_a': 'CREATE TABLE a (x int);' } });
  expect((await project.kat('schema --file schema.sql', { timeoutMs })).code).toBe(0);
  const { database } = project;
  const objects: [made: string, gone: string, words: string][] = [
    ['CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1', 'DROP FUNCTION f', 'function public.f()'],
    [`CREATE TYPE mood AS ENUM ('ok')`, 'DROP TYPE mood', 'enum type public.mood'],
    ['CREATE SEQUENCE s', 'DROP SEQUENCE s', 'sequence public.s'],
    ['CREATE VIEW v AS SELECT 1 AS x', 'DROP VIEW v', 'view public.v'],
    ['CREATE TABLE b (x int primary key)', 'DROP TABLE b', 'table public.b'],
    [
      'CREATE AGGREGATE total (int) (sfunc = int4pl, stype = int)',
      'DROP AGGREGATE total (int)',
      'aggregate public.total(integer)',
    ],
    ['CREATE SCHEMA app CREATE TABLE t (x int)', 'DROP SCHEMA app CASCADE', 'table app.t'],
    ['CREATE DOMAIN d AS int CHECK (value > 0)', 'DROP DOMAIN d', 'domain public.d'],
  ];
  for (const [made, gone, words] of objects) {
    await database.query(made);
    const refused = await project.kat('schema --load');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(
      `the database is not empty, so the schema cannot be loaded: it has ${words}\n`,
    );
    await database.query(gone);
  }
  await database.query(
    'CREATE SCHEMA empty; CREATE EXTENSION pg_trgm; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor',
  );
  await database.query(
    `CREATE ROLE service_${database.name}; CREATE SCHEMA service AUTHORIZATION service_${database.name} CREATE TABLE t (x int)`,
  );
  expect(await project.kat('schema --load')).toMatchObject({ code: 0 });
  await database.query(`DROP OWNED BY service_${database.name} CASCADE; DROP ROLE service_${database.name}`);
});

test('--load takes all of a file or nothing, and says where it fails', async () => {
  const project = makeProject({
    config: 'database:\n  driver: pglite\n  path: db\n',
    migrations: { '1_a': 'CREATE TABLE a (x int);' },
  });
  const load = async (sql: string) => {
    project.write('schema.sql', sql);
    return project.kat('schema --load', { timeoutMs });
  };
  const check = await project.kat('schema --check', { timeoutMs });
  expect(check).toMatchObject({ code: 3, stdout: expect.stringContaining('schema.sql is missing: run ') });
  expect(await project.kat('schema --load')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('kat schema --file FILE'),
  });
  await project.kat('schema --file schema.sql', { timeoutMs });
  project.write('schema.sql.migrations', project.read('schema.sql.migrations').replace(/^= .*\n/m, ''));
  for (const ending of ['COMMIT;', 'ROLLBACK; BEGIN;', 'COMMIT; SELECT 1/0;']) {
    const refused = await load(`CREATE TABLE a (x int);\n${ending}\n`);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('schema.sql:2:1') });
    expect(refused.stderr).toMatch(/^Error: the schema file cannot be loaded\n/m);
    expect(refused.stderr).toContain('Nothing was executed.');
  }
  const failed = await load('CREATE TABLE a (x int); -- first\nSELECT 1 -- second\n;\nDROP TABLE nothing;\n');
  expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('schema.sql:4:1') });
  expect(failed.stderr).toContain('table "nothing" does not exist (SQLSTATE 42P01)');
  expect((await project.kat('status')).stdout).toContain('0 applied, 1 pending');
  expect((await load('CREATE TABLE a (x int) -- the only one\n')).code).toBe(0);
  expect(await project.kat('down --yes', { timeoutMs })).toMatchObject({ code: 0 });
});

test('--load refuses a file that was emptied, and takes one without objects', async () => {
  const project = await projectOn(majors().at(-1) as number, { migrations: { '1_none': 'SELECT 1;' } });
  expect((await project.kat('schema --file schema.sql', { timeoutMs })).code).toBe(0);
  const text = project.read('schema.sql');
  for (const emptied of ['', '\n', '\ufeff\n  ']) {
    project.write('schema.sql', emptied);
    expect(await project.kat('schema --load')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('schema.sql is empty, so its 1 migration cannot be loaded'),
    });
  }
  expect((await project.kat('status')).stdout).toContain('0 applied, 1 pending');
  project.write('schema.sql', text);
  expect((await project.kat('schema --load', { timeoutMs })).code).toBe(0);
});

test('--load refuses ids and a schema that were not written together', async () => {
  const project = makeProject({
    config: 'database:\n  driver: pglite\n  path: db\n',
    migrations: { '1_a': 'CREATE TABLE a (x int);' },
  });
  const write = async () => {
    await project.kat('schema --file schema.sql', { timeoutMs });
    return { sql: project.read('schema.sql'), ids: project.read('schema.sql.migrations') };
  };
  const before = await write();
  project.addMigration('2_b', { up: 'CREATE TABLE b (x int);', parents: [1] });
  const after = await write();
  const marks = (text: string) => text.split('\n').filter((line) => line.startsWith('= '));
  const refused = {
    code: 2,
    stderr: expect.stringContaining('schema.sql and schema.sql.migrations were not written together'),
  };
  for (const { sql, ids } of [
    { sql: before.sql, ids: after.ids },
    { sql: after.sql, ids: before.ids },
    { sql: after.sql.replace('x integer', 'x bigint'), ids: after.ids },
    { sql: after.sql, ids: `${marks(before.ids)[0]}\n${after.ids}` },
  ]) {
    project.write('schema.sql', sql);
    project.write('schema.sql.migrations', ids);
    expect(await project.kat('schema --load', { timeoutMs })).toMatchObject(refused);
    expect(await project.kat('schema --check', { timeoutMs })).toMatchObject({ code: 3 });
  }
  project.write('sql/schema.sql', after.sql);
  project.write('sql/schema.sql.migrations', before.ids);
  expect((await project.kat('schema --load --file sql/schema.sql', { timeoutMs })).stderr).toContain(
    '`kat schema --file sql/schema.sql`',
  );
  project.write('schema.sql', after.sql.replaceAll('\n', '\r\n'));
  project.write('schema.sql.migrations', after.ids.replaceAll('\n', '\r\n'));
  expect(await project.kat('schema --check', { timeoutMs })).toMatchObject({ code: 0 });
  expect(await project.kat('schema --load --dry-run', { timeoutMs })).toMatchObject({ code: 0 });
  project.write('schema.sql.migrations', after.ids.replace(`${marks(after.ids)[0]}\n`, ''));
  expect(await project.kat('schema --check', { timeoutMs })).toMatchObject({ code: 0 });
  expect(await project.kat('schema --load', { timeoutMs })).toMatchObject({ code: 0 });
  expect((await project.kat('status')).stdout).toContain('2 applied, 0 pending');
});

test('--load refuses a file that is older than an edit of a migration, but not of its comments', async () => {
  const project = makeProject({
    config: 'database:\n  driver: pglite\n  path: db\n',
    migrations: { '1_a': 'CREATE TABLE a (x int);', '2_b': 'CREATE TABLE b (x int);' },
  });
  await project.kat('schema --file schema.sql', { timeoutMs });
  const old = project.read('schema.sql.migrations');
  const edited = 'CREATE TABLE b (x int, y int NOT NULL);\n';
  project.write('migrations/2_b/up.sql', edited);
  const stale = {
    code: 2,
    stderr: expect.stringContaining('Error: the schema file is older than the last edit of 2_b\n'),
  };
  expect(await project.kat('schema --load', { timeoutMs })).toMatchObject(stale);
  project.write('schema.sql.migrations', old.replaceAll(/ .*/g, ''));
  expect((await project.kat('schema --load', { timeoutMs })).code).toBe(2);
  expect((await project.kat('status')).stdout).toContain('0 applied, 2 pending');
  expect((await project.kat('schema --check', { timeoutMs })).code).toBe(3);
  await project.kat('schema --file schema.sql', { timeoutMs });
  project.write('migrations/2_b/up.sql', `-- with a remark\n${edited}`);
  expect((await project.kat('schema --load', { timeoutMs })).code).toBe(0);
  expect((await project.kat('schema --check', { timeoutMs })).code).toBe(0);
  expect((await project.kat('status')).stdout).toContain('2 applied, 0 pending');
});
