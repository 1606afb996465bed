/** One runner at a time: the other waits, gives up, or is ended. */

import { describe, expect, test } from 'vitest';
import { lockKey } from '../../src/engine/session/lock.js';
import type { KatOptions } from '../../src/index.js';
import {
  appliedTables,
  holdTransaction,
  idsUpTo,
  tableMigration,
  untilRunning,
} from '../reliability/scene.js';
import { majors } from '../support/database.js';
import { type DatabaseProject, makeProject, projectOn } from '../support/kat-project.js';
import { column, eventsOf, failureOf, idsOf, openKat } from './library.js';

const gate = 'pg_advisory_xact_lock(4711)';
const gated = { '1_t1': tableMigration(1, ` SELECT ${gate};`), '2_t2': tableMigration(2) };

/** Gives all locks of its session away, and then stands still. */
const unlocks = `SELECT pg_advisory_unlock_all(); SELECT ${gate};`;

/** A run that stands still in the middle of its first migration until it is let on. */
async function startGated(project: DatabaseProject, options: Partial<KatOptions> = {}) {
  const holder = await holdTransaction(project.database, `SELECT ${gate}`);
  const { kat } = openKat(project, { lockTimeoutMs: 0, ...options });
  const outcome = kat.up().then(
    (result) => result,
    (error: unknown) => error,
  );
  await untilRunning(project.database, gate);
  return { outcome, letOn: () => holder.release() };
}

describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  test('the second waits, tells for whom, and has nothing to do then', async () => {
    const project = await projectOn(major, { migrations: gated });
    const first = await startGated(project);
    const { kat, events } = openKat(project, {
      onEvent: ({ type }) => {
        if (type === 'waiting-for-lock') void first.letOn();
      },
    });
    expect(idsOf((await kat.up()).migrations)).toEqual([]);
    expect(await first.outcome).toMatchObject({ migrations: [{ id: '1_t1' }, { id: '2_t2' }] });
    const [waiting] = eventsOf(events, 'waiting-for-lock');
    expect(waiting?.holder).toMatchObject({ applicationName: 'kat (lock)', user: 'postgres' });
    expect(waiting?.waitedMs).toBeGreaterThanOrEqual(0);
    expect(eventsOf(events, 'started')).toEqual([]);
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
  });

  test('without time to wait it gives up at once, names the holder, and changes nothing', async () => {
    const project = await projectOn(major, { migrations: gated });
    const first = await startGated(project);
    const { kat, events } = openKat(project, { lockWaitMs: 0 });
    const error = await failureOf(kat.up());
    expect(error.code).toBe('LOCKED');
    expect(error.message).toMatch(
      /^another runner still holds the lock after 0 s: process \d+ \(kat \(lock\), run by \S+, .*user postgres/,
    );
    expect(eventsOf(events, 'waiting-for-lock')).toEqual([]);
    expect(await column(project.database, 'SELECT count(*)::int FROM migrations_log')).toEqual([0]);
    // What only looks, needs no lock.
    expect((await kat.status()).counts.pending).toBe(2);
    await first.letOn();
    await first.outcome;
  });

  test('an abort ends the waiting', async () => {
    const project = await projectOn(major, { migrations: gated });
    const first = await startGated(project);
    const controller = new AbortController();
    const { kat } = openKat(project, {
      signal: controller.signal,
      onEvent: ({ type }) => {
        if (type === 'waiting-for-lock') controller.abort();
      },
    });
    expect(await failureOf(kat.up())).toMatchObject({ code: 'CANCELLED' });
    await first.letOn();
    await first.outcome;
  });

  test('another tracking table has another lock', async () => {
    const project = await projectOn(major, { migrations: gated });
    const first = await startGated(project);
    const other = makeProject({ migrations: { '1_other': 'CREATE TABLE other ();' } });
    const { kat } = openKat(
      { ...other, database: project.database },
      { tableName: 'other_migrations', lockWaitMs: 0 },
    );
    expect(idsOf((await kat.up()).migrations)).toEqual(['1_other']);
    await first.letOn();
    await first.outcome;
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
  });

  test.each([
    ['its migration is done', { up: `CREATE TABLE t1 (); ${unlocks}` }, 'LOCKED', ['1_t1']],
    [
      'its migration without a transaction is done',
      { up: `CREATE TABLE t1 (); ${unlocks}`, noTransaction: true },
      'LOCKED',
      ['1_t1'],
    ],
    ['its migration failed', { up: `CREATE TABLE t1 (); ${unlocks} SELECT 1/0;` }, 'MIGRATION_FAILED', []],
    [
      'its migration could be tried again',
      { up: `CREATE TABLE t1 (); ${unlocks} DO $$ BEGIN RAISE 'later' USING ERRCODE = '40001'; END $$;` },
      'MIGRATION_FAILED',
      [],
    ],
  ] as const)('a run that lost its lock to another one stops: %s', async (_what, first, code, applied) => {
    const project = await projectOn(major, { migrations: { '1_t1': first, '2_t2': tableMigration(2) } });
    const { database } = project;
    const run = await startGated(project, { retryForMs: 600_000 });
    await database.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'kat (lock)'",
    );
    const table = { schema: 'public', table: 'migrations' };
    const other = await holdTransaction(database, `SELECT pg_advisory_lock(${lockKey(table, 'work')})`);
    await run.letOn();
    expect(await run.outcome).toMatchObject({ code });
    expect(await appliedTables(project)).toEqual(applied);
    await other.release();
    project.write('migrations/1_t1/up.sql', 'CREATE TABLE t1 ();');
    await openKat(project, { checksums: 'off' }).kat.up();
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
  });

  test('who holds the lock is found and ended; what was under way is rolled back', async () => {
    const project = await projectOn(major, { migrations: gated });
    const { kat } = openKat(project, { lockWaitMs: 0 });
    expect(await kat.findRunners()).toEqual([]);
    const first = await startGated(project);
    const runners = await kat.findRunners();
    expect(runners.map(({ applicationName }) => applicationName).sort()).toEqual(['kat (lock)', 'kat up']);
    const work = runners.filter(({ applicationName }) => applicationName === 'kat up');
    const ended = await kat.endRunners(work);
    expect(ended.map(({ processId }) => processId)).toEqual(work.map(({ processId }) => processId));
    expect(await first.outcome).toMatchObject({ code: 'MIGRATION_FAILED', migration: '1_t1' });
    await first.letOn();
    expect(await kat.endRunners(runners)).toEqual([]);
    expect(await appliedTables(project)).toEqual([]);
    await kat.up();
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
  });
});
