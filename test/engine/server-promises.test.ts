/**
 * Servers that speak PostgreSQL's protocol and are something else: played by a real server behind a proxy that rewrites messages, with
 * other functions in `pg_catalog`. By the documentation of CockroachDB, YugabyteDB and Aurora DSQL.
 */

import { describe, expect, test } from 'vitest';
import { isPlainPostgres } from '../../src/engine/session/server-promises.js';
import { tableMigration } from '../reliability/scene.js';
import type { DatabaseProject } from '../support/kat-project.js';
import {
  cockroachVersion,
  type Played,
  playServer,
  raise,
  yugabyteVersion,
} from '../support/other-server.js';
import { column, eventsOf, failureOf, openKat } from './library.js';

async function play({ tableName = 'migrations', ...played }: Played & { tableName?: string }) {
  const project = await playServer({ migrations: { '1_t1': tableMigration(1) }, ...played });
  return { project, ...openKat(project, { database: project.url, tableName }) };
}

/** Nothing of Kat is left: neither its tables, nor the migration's, nor what was tried. */
async function expectUntouched({ database }: DatabaseProject): Promise<void> {
  const tables = `SELECT count(*)::int FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`;
  expect(await column(database, tables)).toEqual([0]);
}

describe('a server that is not PostgreSQL itself', () => {
  test('takes no DDL in a transaction: is refused, and nothing stays', async () => {
    const refusesDdl = (sql: string) =>
      sql.includes('BEGIN')
        ? sql.replaceAll(/CREATE TABLE kat_probe[^;]*/g, () => raise('0A000', 'no DDL here'))
        : sql;
    const { project, kat } = await play({ version: 'PostgreSQL 16', rewrite: refusesDdl });
    const error = await failureOf(kat.up());
    expect(error).toMatchObject({
      code: 'CONNECTION_FAILED',
      message: 'this server (PostgreSQL 16) does not run CREATE TABLE in a transaction: no DDL here',
    });
    expect(error.help).toContain('Use PostgreSQL itself');
    await expectUntouched(project);
  });

  test.each([
    ['the tracking table', /id SERIAL[^;]*/g],
    ['the proof', /SELECT pg_catalog.set_config\('kat.changed_rows'[^;]*/g],
  ])('lacks what %s needs: is refused, and nothing stays', async (_, needed) => {
    const rewrite = (sql: string) =>
      sql.includes('kat_probe') ? sql.replaceAll(needed, () => raise('42883', 'unknown')) : sql;
    const { project, kat } = await play({ version: yugabyteVersion, rewrite });
    expect(await failureOf(kat.up())).toMatchObject({
      code: 'CONNECTION_FAILED',
      message: expect.stringMatching(/lacks something that Kat writes and proves its records with: /),
    });
    await expectUntouched(project);
  });

  test('keeps all: is used', async () => {
    const { kat, events } = await play({ version: yugabyteVersion });
    expect((await kat.up()).migrations).toMatchObject([{ id: '1_t1' }]);
    expect(eventsOf(events, 'warning')).toEqual([]);
  });

  test('keeps all: no DDL of the trial is committed, so that no event trigger or replica acts on it', async () => {
    const { project, kat } = await play({
      version: yugabyteVersion,
      setUp: `CREATE TABLE seen (query text);
        CREATE FUNCTION see() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN INSERT INTO seen VALUES (current_query()); END$$;
        CREATE EVENT TRIGGER see ON ddl_command_start EXECUTE FUNCTION see()`,
    });
    await kat.up();
    const seen = (await column(project.database, 'SELECT query FROM seen')) as string[];
    expect(seen).toContainEqual(expect.stringContaining('CREATE TABLE t1'));
    expect(seen.filter((query) => query.includes('kat_probe_'))).toEqual([]);
  });

  test('has no schema to try it in: is used with a warning', async () => {
    const { kat, events } = await play({
      version: yugabyteVersion,
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

  test.each([
    cockroachVersion,
    yugabyteVersion,
    'PostgreSQL 16',
    'PostgreSQL 8.0.2 on i686-pc-linux-gnu, Redshift 1.0',
  ])('something else: %s', (version) => {
    expect(isPlainPostgres(version)).toBe(false);
  });
});
