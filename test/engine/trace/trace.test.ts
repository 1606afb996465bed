import { expect, test } from 'vitest';
import { createStyle } from '../../../src/cli/output/style.js';
import { formatTrace } from '../../../src/cli/output/trace-text.js';
import type { MigrationTrace, TracedMigration } from '../../../src/engine/trace/result.js';
import { traceMigrations } from '../../../src/engine/trace/trace.js';

const users = {
  id: '1_users',
  isChosen: false,
  up: `CREATE SCHEMA app;
CREATE TABLE app.users (id bigint PRIMARY KEY, email text, at timestamp);
CREATE TABLE app.posts (user_id bigint REFERENCES app.users);
CREATE FUNCTION app.steady() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION app.moody() RETURNS int LANGUAGE sql AS 'SELECT app.steady()';`,
};

function migrations(...parts: Partial<TracedMigration>[]): TracedMigration[] {
  return parts.map((part, index) => ({
    ...{ id: `${index + 1}_migration`, up: '', isTransactional: true, isChosen: true },
    ...part,
  }));
}

/** What each statement was seen to do, in few words. */
function seen({ statements }: MigrationTrace | undefined = { id: '', statements: [] }): unknown[] {
  return statements.map(({ line, observed: { locks, rewrites, scans }, differences }) => ({
    line,
    locks: locks?.filter(({ isTable }) => isTable).map(({ relation, mode }) => `${relation.name} ${mode}`),
    ...(rewrites.length > 0 ? { rewrites: rewrites.map(({ name }) => name) } : {}),
    ...(scans.length > 0 ? { scans: scans.map(({ name }) => name) } : {}),
    ...(differences.length > 0 ? { differences } : {}),
  }));
}

test('chosen migrations are traced statement by statement, behind all that come before them', async () => {
  const up = `SET LOCAL search_path = app;
ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();
ALTER TABLE users
  ALTER email SET NOT NULL;
ALTER TABLE posts DROP CONSTRAINT posts_user_id_fkey;
CREATE TABLE tags (id int);
CREATE INDEX ON tags (id);`;
  const trace = await traceMigrations(migrations(users, { id: '2_change', up }));
  expect(trace.missing).toEqual([]);
  expect(trace.server).toMatch(/^\d+\.\d+/);
  expect(trace.migrations.map(({ id }) => id)).toEqual(['2_change']);
  expect(seen(trace.migrations[0])).toEqual([
    { line: 1, locks: [] },
    { line: 2, locks: ['users ACCESS EXCLUSIVE'], rewrites: ['users'] },
    { line: 3, locks: ['users ACCESS EXCLUSIVE'], scans: ['users'] },
    { line: 5, locks: expect.arrayContaining(['users ACCESS EXCLUSIVE', 'posts ACCESS EXCLUSIVE']) },
    { line: 6, locks: [] },
    { line: 7, locks: ['tags SHARE'], scans: ['tags'] },
  ]);
});

test('the time zone is not UTC, unless the migration says so', async () => {
  const change = 'ALTER TABLE app.users ALTER at TYPE timestamptz';
  const { migrations: traced } = await traceMigrations(
    migrations(
      users,
      { up: `${change}; ALTER TABLE app.users ALTER at TYPE timestamp` },
      { up: `SET LOCAL timezone = 'UTC'; ${change}` },
    ),
  );
  expect(traced.map((migration) => seen(migration).at(-1))).toEqual([
    { line: 1, locks: ['users ACCESS EXCLUSIVE'], rewrites: ['users'] },
    { line: 1, locks: ['users ACCESS EXCLUSIVE'] },
  ]);
});

test('of what runs outside of a transaction, everything but the locks is seen', async () => {
  const up = `CREATE INDEX CONCURRENTLY users_email ON app.users (email);
REINDEX INDEX CONCURRENTLY app.users_email;
DROP INDEX CONCURRENTLY app.users_email;
VACUUM FULL app.users;
ANALYZE app.users;`;
  const { migrations: traced } = await traceMigrations(migrations(users, { up, isTransactional: false }));
  expect(traced[0]?.untraced).toBeUndefined();
  expect(seen(traced[0])).toEqual([
    { line: 1, locks: undefined, scans: ['users'] },
    { line: 2, locks: undefined, scans: ['users'] },
    { line: 3, locks: undefined },
    { line: 4, locks: undefined, rewrites: ['users'] },
    { line: 5, locks: ['users SHARE UPDATE EXCLUSIVE'] },
  ]);
  expect(traced[0]?.statements[0]?.predicted.locks).toEqual([
    { relation: { schema: 'app', name: 'users' }, mode: 'SHARE UPDATE EXCLUSIVE' },
  ]);
});

test('what the embedded database cannot run is told with its reason', async () => {
  const { migrations: traced, missing } = await traceMigrations(
    migrations(
      { id: '1_map', up: 'CREATE EXTENSION postgis;', isChosen: false },
      { id: '2_on_map', up: 'SELECT 1;\n\nCREATE TABLE places (at geometry);\nSELECT 2;' },
      { id: '3_broken', up: 'SELECT 1;\nSELEC 2;' },
      { id: '4_other', up: 'SELECT 1;' },
    ),
  );
  expect(missing).toEqual([{ id: '1_map', reason: expect.stringContaining('extension "postgis"') }]);
  expect(traced.map(({ id, statements, untraced }) => [id, statements.length, untraced])).toEqual([
    ['2_on_map', 1, { reason: 'type "geometry" does not exist', line: 3 }],
    ['3_broken', 0, { reason: 'syntax error at or near "SELEC"', line: 2 }],
    ['4_other', 1, undefined],
  ]);
});

test('statements that divide a transaction are left out, and going back in one is not followed', async () => {
  const up = `BEGIN;
SAVEPOINT here;
CREATE TABLE app.kept (id int);
RELEASE here;
SAVEPOINT there;
ROLLBACK TO there;
COMMIT;`;
  const { migrations: traced } = await traceMigrations(migrations(users, { up }));
  expect(seen(traced[0])).toEqual([{ line: 3, locks: [] }]);
  expect(traced[0]?.untraced).toEqual({ reason: expect.stringContaining('ROLLBACK TO SAVEPOINT'), line: 6 });
});

test('a prediction that is wrong shows', async () => {
  // The planner puts the bodies in the places of both calls, where they are no longer volatile.
  const up = 'ALTER TABLE app.users ADD COLUMN mood int DEFAULT app.moody()';
  const trace = await traceMigrations(migrations(users, { id: '2_mood', up }));
  expect(trace.migrations[0]?.statements[0]?.differences).toEqual([
    { what: 'rewrite', relation: { schema: 'app', name: 'users' }, isPredicted: true },
  ]);
  expect(formatTrace(trace, createStyle({ isColoured: false }))).toContain('1 not as predicted');
});

test('it can be given up', async () => {
  const traced = traceMigrations(migrations(users), AbortSignal.abort());
  await expect(traced).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('a temporary table lasts until its migration ends', async () => {
  const up = `CREATE TEMP TABLE a (n int) ON COMMIT DROP;
INSERT INTO a VALUES (1);
CREATE TEMPORARY TABLE b ON COMMIT DELETE ROWS AS SELECT 'ON COMMIT DROP' AS words;
CREATE TABLE c AS SELECT n, words FROM a, b;`;
  const trace = await traceMigrations(migrations({ up }, { up: 'CREATE TABLE d AS SELECT n FROM c;' }));
  expect(trace.migrations.map(({ untraced }) => untraced)).toEqual([undefined, undefined]);
  expect(trace.migrations.map(({ statements }) => statements.length)).toEqual([4, 1]);
});
