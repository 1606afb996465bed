/** Whatever a migration sets, Kat's own statements mean what they mean: in runs of every kind, and in scripts. */

import { describe, expect, test } from 'vitest';
import { majors } from '../support/database.js';
import { createEvilSchema } from '../support/evil-schema.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';
import { startProxy } from '../support/proxy.js';
import { runAsPlainSql } from '../support/run-script.js';
import { column, failureOf, idsOf, openKat } from './library.js';

const evil = `SET search_path = evil, pg_catalog;`;

const settings = `SET DateStyle = 'SQL, DMY'; SET IntervalStyle = sql_standard; SET TimeZone = 'Asia/Tokyo';
SET extra_float_digits = -15; SET bytea_output = escape; SET standard_conforming_strings = off; SET transform_null_equals = on;
SET row_security = off; SET client_encoding = 'LATIN1';`;

const ids = ['1_evil', '2_settings', '3_größe'];

function migrations(noTransaction: boolean) {
  const around = (sql: string, table: string) => ({
    up: `${sql} CREATE TABLE public.${table} (id pg_catalog.int4);`,
    down: `${sql} DROP TABLE public.${table};`,
    noTransaction,
  });
  return {
    '1_evil': around(evil, 'a'),
    '2_settings': { ...around(settings, 'b'), parents: [1] },
    '3_größe': { ...around(`${settings} ${evil}`, 'c'), parents: [2] },
  };
}

async function expectRecorded({ database }: DatabaseProject): Promise<void> {
  expect(await column(database, 'SELECT name FROM migrations ORDER BY id')).toEqual(ids);
  const isRight =
    'duration BETWEEN 0 AND 60000 AND abs(extract(epoch FROM migration_time - now()::timestamp)) < 600';
  expect(await column(database, `SET TimeZone = 'UTC'; SELECT DISTINCT ${isRight} FROM migrations`)).toEqual([
    true,
  ]);
  const last =
    "SELECT DISTINCT ON (migration) duration_ms BETWEEN 0 AND 60000 FROM migrations_log WHERE outcome = 'succeeded'";
  expect(await column(database, `${last} ORDER BY migration, id DESC`)).toEqual([true, true, true]);
}

describe.each(majors())('PostgreSQL %i', (major) => {
  test.each([
    ['in transactions', false],
    ['statement by statement', true],
  ])('%s', async (_what, noTransaction) => {
    const project = await projectOn(major, { migrations: migrations(noTransaction) });
    await project.database.query(createEvilSchema);
    const { kat } = openKat(project);
    const { migrations: applied } = await kat.up();
    expect(idsOf(applied)).toEqual(ids);
    for (const { durationMs = -1 } of applied) expect(durationMs).toBeGreaterThan(0);
    await expectRecorded(project);
    expect(idsOf((await kat.down({ count: 3 })).migrations)).toEqual([...ids].reverse());
    expect(await project.applied()).toEqual([]);
  });

  test('while it looks for what a concurrent statement left', async () => {
    const up = `${evil} CREATE INDEX CONCURRENTLY i ON public.a (id);`;
    const project = await projectOn(major, {
      migrations: {
        '1_table': 'CREATE TABLE public.a (id pg_catalog.int4);',
        '2_index': { up, down: null, parents: [1], noTransaction: true },
      },
    });
    await project.database.query(createEvilSchema);
    expect(idsOf((await openKat(project).kat.up()).migrations)).toEqual(['1_table', '2_index']);
  });

  test('whatever the database sets for its sessions', async () => {
    const project = await projectOn(major, { migrations: migrations(false) });
    const { database } = project;
    const { kat } = openKat(project);
    for (const setting of [
      'quote_all_identifiers = on',
      'track_counts = off',
      'idle_session_timeout = 600000',
    ])
      await database.query(`ALTER DATABASE ${database.name} SET ${setting}`);
    await kat.up({ count: 1 });
    const idle = "SELECT 1 / (current_setting('idle_session_timeout') = '0')::int;";
    project.addMigration('4_idle', { up: `CREATE TABLE public.idle (); ${idle}`, parents: [3] });
    project.addMigration('5_idle', { up: `CREATE TABLE public.idler (); ${idle}`, parents: [3] });
    await kat.up({ jobs: 2 });
    expect((await project.applied()).sort()).toEqual([...ids, '4_idle', '5_idle']);
    expect((await kat.status()).counts).toMatchObject({ applied: 5, pending: 0 });
    const sent: string[] = [];
    const rewrite = (sql: string) => {
      sent.push(sql);
      return sql;
    };
    const proxy = await startProxy(database, { rewrite });
    const asked: boolean[] = [];
    const confirm = () => {
      asked.push(sent.at(-1)?.includes('idle_session_timeout') === true);
      return true;
    };
    await openKat(project, { database: proxy.urlOf(database) }).kat.down({ all: true, confirm });
    expect(asked).toEqual([true]);
  });

  test('a search path without a schema for tables is named, and no schema of PostgreSQL is advised', async () => {
    const project = await projectOn(major, { migrations: migrations(false) });
    await project.database.query(`ALTER DATABASE ${project.database.name} SET search_path = pg_catalog`);
    const words = "this session's search_path has no schema for the tracking table";
    const { kat } = openKat(project);
    const error = await failureOf(kat.up());
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: words });
    await openKat(project, { tableName: 'public.migrations' }).kat.up();
    const { message, help } = await failureOf(kat.status());
    expect(message).toBe(`${words}, and there is a tracking table "public"."migrations"`);
    expect(help).toContain('write `tablename: public.migrations`');
    expect(help).not.toContain('pg_catalog');
  });

  test('in a rehearsal', async () => {
    const project = await projectOn(major, { migrations: migrations(false) });
    await project.database.query(createEvilSchema);
    expect(idsOf((await openKat(project).kat.up({ dryRun: 'rollback' })).migrations)).toEqual(ids);
  });

  test('in a script', async () => {
    const project = await projectOn(major, { migrations: migrations(false) });
    await project.database.query(createEvilSchema);
    const { sql } = await openKat(project).kat.planSql({ client: 'any' });
    expect(await runAsPlainSql(project.database, sql)).toEqual({ isDone: true, errors: '' });
    await expectRecorded(project);
  });
});
