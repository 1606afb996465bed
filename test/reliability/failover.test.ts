/** A server takes over that has not received the last commits: Kat says which migrations are lost, and counts none of them. */

import { describe, expect, test } from 'vitest';
import { majors } from '../support/database.js';
import { type DatabaseProject, type MigrationSource, projectOn } from '../support/kat-project.js';
import { startProxy } from '../support/proxy.js';
import {
  appliedTables,
  expectDone,
  holdBack,
  idsUpTo,
  routeThrough,
  tableMigration,
  untilRunning,
  waitingMigration,
} from './scene.js';

type Source = Exclude<MigrationSource, string>;

const apart = (source: Source): Source => ({ ...source, noTransaction: true });

/** With `1_t1` applied, and what the server has by then kept for `takeOver`. */
async function projectBehind(major: number, migrations: Record<string, MigrationSource>) {
  const project = await projectOn(major, { migrations: { '1_t1': tableMigration(1) } });
  expectDone(await project.kat('up'));
  await project.database.query(
    'CREATE SCHEMA kept; CREATE TABLE kept.migrations AS TABLE migrations; CREATE TABLE kept.log AS TABLE migrations_log',
  );
  for (const [id, source] of Object.entries(migrations)) project.addMigration(id, source);
  return project;
}

/** Leaves what a server would have that received nothing since `projectBehind`. */
async function takeOver({ database }: DatabaseProject): Promise<void> {
  await database.query(`
    DROP TABLE IF EXISTS t2, t3;
    DELETE FROM migrations;
    DELETE FROM migrations_log;
    INSERT INTO migrations OVERRIDING SYSTEM VALUE TABLE kept.migrations;
    INSERT INTO migrations_log OVERRIDING SYSTEM VALUE TABLE kept.log`);
}

function resultOf(stdout: string) {
  return JSON.parse(stdout) as { migrations: { id: string }[]; error: { migration: string } };
}

describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  test.each([
    ['statement by statement', '', tableMigration(2), apart(waitingMigration(3))],
    ['by several sessions', ' --jobs 3', tableMigration(2), apart(waitingMigration(3))],
    ['in a transaction', '', apart(tableMigration(2)), waitingMigration(3)],
    ['although failures are passed over', ' --on-failure continue', tableMigration(2), waitingMigration(3)],
  ])('a migration is lost while the next one runs: %s', async (_how, flags, second, third) => {
    const project = await projectBehind(major, {
      '2_t2': second,
      '3_t3': third,
      '4_t4': tableMigration(4),
    });
    const application = await holdBack(project.database);
    const { ended } = await project.start(`up --json${flags}`);
    const pid = await untilRunning(project.database, 'pg_advisory_xact_lock');
    await takeOver(project);
    await project.database.query(`SELECT pg_terminate_backend(${pid})`);
    const run = await ended;
    expect(run.stderr).toContain(
      'the server has lost what this run had committed, so these migrations are not applied: 2_t2',
    );
    expect(run.stderr).not.toContain('another run');
    expect(run.code).toBe(1);
    expect(resultOf(run.stdout)).toMatchObject({ migrations: [], error: { migration: '2_t2' } });
    expect(await appliedTables(project)).toEqual(idsUpTo(1));
    await application.release();
    expectDone(await project.kat('up'));
    expect(await appliedTables(project)).toEqual(idsUpTo(4));
  });

  test('a rollback is lost while the next one runs', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_t1': apart({ ...tableMigration(1), down: 'SELECT pg_advisory_xact_lock(4711); DROP TABLE t1;' }),
        '2_t2': tableMigration(2),
      },
    });
    expectDone(await project.kat('up'));
    const { database } = project;
    await database.query('CREATE SCHEMA kept; CREATE TABLE kept.migrations AS TABLE migrations');
    const application = await holdBack(database);
    const { ended } = await project.start('down -2 --yes --json');
    const pid = await untilRunning(database, 'pg_advisory_xact_lock');
    await database.query(`
      CREATE TABLE t2 ();
      DELETE FROM migrations_log WHERE direction = 'down';
      INSERT INTO migrations OVERRIDING SYSTEM VALUE SELECT * FROM kept.migrations WHERE name = '2_t2'`);
    await database.query(`SELECT pg_terminate_backend(${pid})`);
    const run = await ended;
    await application.release();
    expect(run.stderr).toContain('so these migrations are still applied: 2_t2');
    expect(run.code).toBe(1);
    expect(resultOf(run.stdout).migrations).toEqual([]);
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
  });

  test.each([
    ['during a setting', 'SET statement_timeout = 4711', 'SET statement_timeout = 4711; SELECT 3;'],
    ['during a statement', 'SELECT 4711', 'SELECT 4711;'],
    ['while the migration is recorded', 'INSERT INTO "public"."migrations"', ''],
  ])(
    'finished statements are lost %s: the next run starts at the first of them',
    async (_when, moment, rest) => {
      const project = await projectBehind(major, { '2_t2': apart(tableMigration(2, rest)) });
      const proxy = await startProxy(project.database);
      routeThrough(proxy, project);
      const held = proxy.when(moment, { kind: 'hold answer' });
      const { ended } = await project.start('up --json');
      await held.happened;
      await takeOver(project);
      proxy.cutAll();
      const run = await ended;
      expect(run.stderr).toContain(
        'the server has lost finished statements of 2_t2: the next run starts at statement 1',
      );
      expect(run.code).toBe(1);
      expect(resultOf(run.stdout)).toMatchObject({ migrations: [], error: { migration: '2_t2' } });
      expect(await appliedTables(project)).toEqual(idsUpTo(1));
      expectDone(await project.kat('up'));
      expect(await appliedTables(project)).toEqual(idsUpTo(2));
    },
  );
});
