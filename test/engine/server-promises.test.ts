/**
 * Servers that speak PostgreSQL's protocol and are something else: played by a real server behind a proxy that rewrites messages, with
 * other functions in `pg_catalog`. By the documentation of CockroachDB, YugabyteDB and Aurora DSQL.
 */

import { describe, expect, test } from 'vitest';
import { isPlainPostgres } from '../../src/engine/session/server-promises.js';
import { tableMigration } from '../reliability/scene.js';
import { majors } from '../support/database.js';
import { type DatabaseProject, type MigrationSource, projectOn } from '../support/kat-project.js';
import { startProxy } from '../support/proxy.js';
import { column, eventsOf, failureOf, openKat } from './library.js';

const cockroach = 'CockroachDB CCL v25.1.2 (x86_64-pc-linux-gnu, built 2025/03/12 18:09:37, go1.22.8)';
const yugabyte =
  'PostgreSQL 15.2-YB-2.25.0.0-b489 on x86_64-pc-linux-gnu, compiled by clang version 17.0.6, 64-bit';

interface Played {
  version: string;
  /** What its functions do otherwise, as SQL. */
  setUp?: string;
  rewrite?: (sql: string) => string;
  migrations?: Record<string, MigrationSource>;
  tableName?: string;
}

async function play({ version, setUp = '', rewrite, migrations, tableName = 'migrations' }: Played) {
  const project = await projectOn(majors().at(-1) as number, {
    migrations: migrations ?? { '1_t1': tableMigration(1) },
  });
  await project.database.query(
    `CREATE OR REPLACE FUNCTION pg_catalog.version() RETURNS text LANGUAGE sql AS $$SELECT '${version}'$$;${setUp}`,
  );
  const proxy = await startProxy(project.database, rewrite ? { rewrite } : {});
  return { project, ...openKat(project, { database: proxy.urlOf(project.database), tableName }) };
}

/** Nothing of Kat is left: neither its tables, nor the migration's, nor what was tried. */
async function expectUntouched({ database }: DatabaseProject): Promise<void> {
  const tables = `SELECT count(*)::int FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`;
  expect(await column(database, tables)).toEqual([0]);
}

const commitsBeforeDdl = (sql: string) => sql.replaceAll(/\b(CREATE|ALTER|DROP) TABLE/g, 'COMMIT; $1 TABLE');
const refusesRowsBesideDdl = (sql: string) =>
  sql.replaceAll(
    /INSERT INTO kat_probe_\w+ VALUES \(1\)/g,
    () => `DO $$BEGIN RAISE 'no rows beside DDL' USING ERRCODE = '0A000'; END$$`,
  );
/** In SQL, so that the planner puts the body in its place: the server calls its own functions by number. */
const lockReturns = (body: string) =>
  `CREATE OR REPLACE FUNCTION pg_catalog.pg_try_advisory_lock(bigint) RETURNS boolean LANGUAGE sql AS 'SELECT ${body}'`;

describe('a server that is not PostgreSQL itself', () => {
  test.each([
    [
      'commits before DDL',
      { version: cockroach, rewrite: commitsBeforeDdl },
      'this server (CockroachDB CCL v25.1.2) does not undo CREATE TABLE by ROLLBACK',
    ],
    [
      'has advisory locks that do nothing',
      { version: yugabyte, setUp: lockReturns('true') },
      'this server (PostgreSQL 15.2-YB-2.25.0.0-b489) gives one advisory lock to two sessions',
    ],
    [
      'refuses advisory locks',
      { version: yugabyte, setUp: lockReturns('$1 / 0 = 1') },
      'this server (PostgreSQL 15.2-YB-2.25.0.0-b489) has no advisory locks: division by zero',
    ],
    [
      'takes no rows beside DDL',
      { version: 'PostgreSQL 16', rewrite: refusesRowsBesideDdl },
      'this server (PostgreSQL 16) does not run DDL and rows in one transaction: no rows beside DDL',
    ],
  ] as const)('%s: is refused, and nothing stays', async (_, played, message) => {
    const { project, kat } = await play(played);
    const error = await failureOf(kat.up());
    expect(error).toMatchObject({ code: 'CONNECTION_FAILED', message });
    expect(error.help).toContain('Use PostgreSQL itself');
    await expectUntouched(project);
  });

  test('keeps both: is used', async () => {
    const { kat, events } = await play({ version: yugabyte });
    expect((await kat.up()).migrations).toMatchObject([{ id: '1_t1' }]);
    expect(eventsOf(events, 'warning')).toEqual([]);
  });

  test('has no schema to try it in: is used with a warning', async () => {
    const { kat, events } = await play({
      version: yugabyte,
      migrations: { '1_t1': { up: 'CREATE TABLE elsewhere.t1 ()', down: 'DROP TABLE elsewhere.t1' } },
      setUp: `CREATE SCHEMA elsewhere; DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = nowhere', current_database()); END$$`,
      tableName: 'elsewhere.migrations',
    });
    expect((await kat.up()).migrations).toMatchObject([{ id: '1_t1' }]);
    expect(eventsOf(events, 'warning')).toMatchObject([
      { message: expect.stringContaining('is not PostgreSQL itself') },
    ]);
  });
});

describe('what PostgreSQL calls itself', () => {
  test.each([
    'PostgreSQL 14.23 on x86_64-pc-linux-gnu, compiled by gcc (GCC) 8.5.0 20210514 (Red Hat 8.5.0-26), 64-bit',
    'PostgreSQL 15.18 (Debian 15.18-0+deb12u1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14) 12.2.0, 64-bit',
    'PostgreSQL 16.4 (Homebrew) on aarch64-apple-darwin23.4.0, compiled by Apple clang version 15.0.0 (clang-1500.3.9.4), 64-bit',
    'PostgreSQL 17.2, compiled by Visual C++ build 1942, 64-bit',
    'PostgreSQL 18beta1 on x86_64-pc-linux-musl, compiled by gcc (Alpine 14.2.0) 14.2.0, 64-bit',
    'PostgreSQL 19devel on x86_64-linux, compiled by gcc-14.2.0, 64-bit',
  ])('%s', (version) => {
    expect(isPlainPostgres(version)).toBe(true);
  });

  test.each([cockroach, yugabyte, 'PostgreSQL 16', 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, Redshift 1.0'])(
    'something else: %s',
    (version) => {
      expect(isPlainPostgres(version)).toBe(false);
    },
  );
});
