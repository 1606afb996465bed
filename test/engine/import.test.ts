/** Importing without a database: what is checked, what is written, and what happens the second time. */

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Kat, Problem } from '../../src/index.js';
import { makeProject, type Project } from '../support/kat-project.js';
import { failureOf, openKat } from './library.js';

const source = {
  'old/1_users.up.sql': 'CREATE TABLE users (id int);\n',
  'old/1_users.down.sql': 'DROP TABLE users;\n',
  'old/2_posts.up.sql': 'CREATE TABLE posts (id int);\n',
};

function open(files: Record<string, string>): {
  project: Project;
  kat: Kat;
  from(directory?: string): Parameters<Kat['import']>[0];
} {
  const project = makeProject({ files });
  const { kat } = openKat(project);
  const from = (directory = 'old') => ({
    from: 'golang-migrate' as const,
    directory: join(project.folder, directory),
  });
  return { project, kat, from };
}

const placeOf = ({ message, location }: Problem) => `${location?.line}:${location?.column} ${message}`;

test('the folders are what `kat add` would have made, with the SQL as it was', async () => {
  const { project, kat, from } = open(source);
  const result = await kat.import(from());
  expect(result).toEqual({
    from: 'golang-migrate',
    isDryRun: false,
    migrations: [
      {
        id: '1_users',
        source: '1_users.up.sql',
        parents: [],
        noTransaction: false,
        hasDown: true,
        isPresent: false,
      },
      {
        id: '2_posts',
        source: '2_posts.up.sql',
        parents: ['1_users'],
        noTransaction: false,
        hasDown: false,
        isPresent: false,
      },
    ],
    adopted: undefined,
    warnings: [],
  });
  expect(project.read('migrations/1_users/up.sql')).toBe('CREATE TABLE users (id int);\n');
  expect(project.read('migrations/2_posts/metadata.yaml')).toContain('2_posts.up.sql of golang-migrate');
  expect((await kat.graph()).heads.map(({ id }) => id)).toEqual(['2_posts']);
});

test('the second time nothing is written, and what is new since is', async () => {
  const { project, kat, from } = open(source);
  await kat.import(from());
  project.write('migrations/1_users/up.sql', 'CREATE TABLE users (id bigint);\n');
  const before = project.snapshot();
  const again = await kat.import(from());
  expect(again.migrations.map(({ isPresent }) => isPresent)).toEqual([true, true]);
  expect(again.warnings.map(({ message }) => message)).toEqual([
    '1_users exists in the migrations folder with different SQL; it is left unchanged',
  ]);
  expect(project.snapshot()).toEqual(before);
  project.write('migrations/1_users/up.sql', 'CREATE TABLE users (id int);\n');
  project.write('old/3_tags.up.sql', 'CREATE TABLE tags (id int);\n');
  const more = await kat.import(from());
  expect(more.migrations.map(({ isPresent }) => isPresent)).toEqual([true, true, false]);
  expect(project.ids()).toEqual(['1_users', '2_posts', '3_tags']);
});

test('what is new follows all before it in the list, also what was inserted since the first import', async () => {
  const { project, kat, from } = open({ ...source, 'old/5_tags.up.sql': 'CREATE TABLE tags (id int);\n' });
  await kat.import(from());
  project.write('old/3_roles.up.sql', 'CREATE TABLE roles (id int PRIMARY KEY);\n');
  project.write('old/4_groups.up.sql', 'CREATE TABLE groups (id int);\n');
  project.write('old/6_users_roles.up.sql', 'ALTER TABLE users ADD role int REFERENCES roles;\n');
  project.write('old/7_labels.up.sql', 'CREATE TABLE labels (id int);\n');
  const { migrations } = await kat.import(from());
  expect(Object.fromEntries(migrations.map(({ id, parents }) => [id, parents]))).toEqual({
    '1_users': [],
    '2_posts': ['1_users'],
    '3_roles': ['2_posts'],
    '4_groups': ['3_roles'],
    '5_tags': ['2_posts'],
    '6_users_roles': ['4_groups', '5_tags'],
    '7_labels': ['6_users_roles'],
  });
  const { migrations: applied } = await kat.up({ to: ['6_users_roles'] });
  expect(applied.map(({ id }) => id)).toEqual(expect.arrayContaining(['3_roles', '6_users_roles']));
  expect((await kat.graph()).heads.map(({ id }) => id)).toEqual(['7_labels']);
});

test('ids and timestamps that are taken are refused', async () => {
  const { project, kat, from } = open(source);
  project.addMigration('1_users', 'SELECT 1;');
  project.addMigration('2_other', 'SELECT 2;');
  const before = project.snapshot();
  const error = await failureOf(kat.import(from()));
  expect(error.problems.map(({ message }) => message)).toEqual([
    '1_users.up.sql would become 1_users, which exists in the migrations folder with different SQL',
    '2_posts.up.sql would become 2_posts, but 2_other has that timestamp',
  ]);
  expect(project.snapshot()).toEqual(before);
});

test('the same SQL under another timestamp is an import that came out otherwise', async () => {
  const { project, kat, from } = open(source);
  project.addMigration('7_users', 'CREATE TABLE users (id int);');
  const error = await failureOf(kat.import(from()));
  expect(error.message).toBe(
    '1_users.up.sql would become 1_users, but the migrations folder has the same SQL as 7_users',
  );
});

test('other migrations stay, and the imported ones stand beside them', async () => {
  const { project, kat, from } = open(source);
  project.addMigration('1700000000_ours', 'SELECT 1;');
  await kat.import(from());
  const graph = await kat.graph();
  expect(graph.roots.map(({ id }) => id)).toEqual(['1_users', '1700000000_ours']);
});

test("Kat's own folder cannot be the source", async () => {
  const { kat, from } = open({ 'migrations/1_users.up.sql': 'SELECT 1;\n' });
  expect(await failureOf(kat.import(from('migrations')))).toMatchObject({ code: 'USAGE' });
});

test('everything that is wrong is told at once, where it stands in the source, and nothing is written', async () => {
  const { project, kat } = open({
    'old/1_a.sql': '-- migrate:up\nSELECT 1;\nSELEC 2;\n-- migrate:down\n',
    'old/2_b.sql': '-- migrate:up\nSELECT 1;\nCOMMIT;\nSELECT 2;\n-- migrate:down\n\n\\i other.sql\n',
    'old/3_c.sql': 'SELECT 1;\n',
  });
  const error = await failureOf(kat.import({ from: 'dbmate', directory: join(project.folder, 'old') }));
  expect(error.code).toBe('FILES_INVALID');
  expect(error.problems.map(placeOf)).toEqual([
    '1:1 there is no line `-- migrate:up`',
    '3:1 syntax error at or near "SELEC"',
    expect.stringMatching(/^3:1 COMMIT /),
    '7:1 \\i is a psql command, not SQL',
  ]);
  expect(Object.keys(project.snapshot()).filter((path) => path.includes('/migrations'))).toEqual([]);
});

test('a migration without statements gets one, whatever else is written in it', async () => {
  const { project, kat } = open({
    'old/1_transaction.up.sql': 'begin;\n-- moved elsewhere\ncommit;',
    'old/2_comment.up.sql': '/* later */',
    'old/3_semicolon.up.sql': ';\n',
    'old/4_line.up.sql': '-- nothing',
    'old/5_full.up.sql': 'begin; select 1; commit;\n',
  });
  const directory = join(project.folder, 'old');
  const { migrations, warnings } = await kat.import({ from: 'golang-migrate', directory });
  expect(warnings.map(({ message }) => /^\d_\w+/.exec(message)?.[0])).toEqual([
    '1_transaction',
    '2_comment',
    '3_semicolon',
    '4_line',
  ]);
  expect(
    migrations.map(({ id }) => project.read(`migrations/${id}/up.sql`).replace(/\s+/g, ' ').trim()),
  ).toEqual([
    '-- moved elsewhere SELECT;',
    '/* later */ SELECT;',
    '; SELECT;',
    '-- nothing SELECT;',
    'begin; select 1; commit;',
  ]);
  const { findings } = await kat.validate();
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});

describe('files that begin and commit transactions of their own', () => {
  const importOne = async (sql: string) => {
    const { project, kat } = open({ 'old/20230101000000_a/migration.sql': sql });
    const result = await kat.import({ from: 'prisma', directory: join(project.folder, 'old') });
    return { result, up: project.read(`migrations/${result.migrations[0]?.id}/up.sql`), kat };
  };

  test('a new enum as Prisma writes it, between other statements', async () => {
    const { result, up, kat } = await importOne(
      "CREATE TYPE s AS ENUM ('a', 'b');\nCREATE TABLE t (s s);\n-- AlterEnum\nBEGIN;\nCREATE TYPE s_new AS ENUM ('a');\n" +
        'ALTER TABLE t ALTER s TYPE s_new USING (s::text::s_new);\nDROP TYPE s;\n  COMMIT;\n\nALTER TABLE t ADD x int;\n',
    );
    expect(result.warnings.map(placeOf)).toEqual([
      '4:1 20230101000000_a will run in one transaction: its BEGIN and COMMIT are left out',
    ]);
    expect(result.migrations).toMatchObject([{ noTransaction: false }]);
    expect(up).toContain("-- AlterEnum\nCREATE TYPE s_new AS ENUM ('a');\n");
    expect(up).toContain('DROP TYPE s;\n\nALTER TABLE t ADD x int;');
    const { findings } = await kat.verify({ on: 'pglite' });
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test.each([
    [
      'two transactions, and a rest',
      'BEGIN; CREATE TABLE a (x int); COMMIT; START TRANSACTION; CREATE TABLE b (x int); END; SELECT 1;',
    ],
    ['a COMMIT alone', 'CREATE TABLE a (x int);\nCOMMIT;'],
    ['a BEGIN alone', 'BEGIN;\nCREATE TABLE a (x int);'],
    ['a savepoint inside', 'SELECT 1; BEGIN; SAVEPOINT s; RELEASE s; COMMIT;'],
    [
      'a call of set_config for the whole session',
      "BEGIN; SELECT pg_catalog.set_config('search_path', 'pg_catalog', false); COMMIT; SELECT 1;",
    ],
    ['a setting of the last part', 'BEGIN; SELECT 1; COMMIT; SET LOCAL search_path = pg_catalog; SELECT 1;'],
  ])('%s', async (_, sql) => {
    const { result, up } = await importOne(sql);
    expect(result.warnings).toHaveLength(1);
    expect(up).not.toMatch(/BEGIN|START|COMMIT|END/);
  });

  test.each([
    ['a new value of an enum', "BEGIN; ALTER TYPE s ADD VALUE 'c'; COMMIT; UPDATE t SET s = 'c';"],
    [
      'a setting that ends with its part',
      'BEGIN; SET LOCAL search_path = app; SELECT 1; COMMIT; CREATE TABLE t (x int);',
    ],
    [
      'a call of set_config that ends with its part',
      "BEGIN; SELECT set_config('search_path', 'app', true); COMMIT; CREATE TABLE t (x int);",
    ],
    ['constraints that are deferred', 'BEGIN; SET CONSTRAINTS ALL DEFERRED; SELECT 1; COMMIT; SELECT 2;'],
    [
      'a table that ends with its part',
      'BEGIN; CREATE TEMP TABLE h (x int) ON COMMIT DROP; COMMIT; CREATE TEMP TABLE h (x int);',
    ],
    ['an isolation level', 'SELECT 1; BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; COMMIT;'],
    ['a ROLLBACK', 'BEGIN; SELECT 1; ROLLBACK; SELECT 2;'],
    ['an index that is built concurrently', 'BEGIN; SELECT 1; COMMIT; CREATE INDEX CONCURRENTLY i ON t (x);'],
  ])('%s is refused as before', async (_, sql) => {
    await expect(importOne(sql)).rejects.toMatchObject({ code: 'FILES_INVALID' });
  });
});

test('each migration gets the way to run that its SQL needs', async () => {
  const { project, kat } = open({
    'old/1_concurrently.sql':
      '-- migrate:up\nCREATE INDEX CONCURRENTLY i ON t (x);\n-- migrate:down\nDROP INDEX i;\n',
    'old/2_wrapped.sql': '-- migrate:up transaction:false\nBEGIN;\nSELECT 1;\nCOMMIT;\n-- migrate:down\n',
    'old/3_enclosed.sql': '-- migrate:up\nBEGIN;\nSELECT 1;\nCOMMIT;\n-- migrate:down\n',
    'old/4_mixed.sql':
      '-- migrate:up\nDROP INDEX CONCURRENTLY i;\n-- migrate:down\nBEGIN;\nCREATE INDEX i ON t (x);\nCOMMIT;\n',
    'old/5_psql.sql': '-- migrate:up\n\\set ON_ERROR_STOP on\nSELECT 1;\n-- migrate:down\n',
  });
  const result = await kat.import({ from: 'dbmate', directory: join(project.folder, 'old') });
  expect(result.migrations.map(({ noTransaction }) => noTransaction)).toEqual([
    true,
    false,
    false,
    true,
    false,
  ]);
  expect(result.warnings.map(placeOf)).toEqual([
    '2:1 1_concurrently.sql gets `no_transaction: true`: CREATE INDEX CONCURRENTLY cannot run inside a transaction block',
    expect.stringMatching(/^2:1 2_wrapped\.sql will run in a transaction: BEGIN /),
    '2:1 4_mixed.sql gets `no_transaction: true`: DROP INDEX CONCURRENTLY cannot run inside a transaction block',
    '2:1 \\set ON_ERROR_STOP on is a psql command; it is left out',
  ]);
  expect(project.read('migrations/4_mixed/down.sql').trim()).toBe('CREATE INDEX i ON t (x);');
  expect(project.read('migrations/5_psql/up.sql').trim()).toBe('SELECT 1;');
  expect(project.read('migrations/1_concurrently/metadata.yaml')).toContain('no_transaction: true');
});
