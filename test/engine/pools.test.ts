/** A pool of the caller's that has few clients to give: taken at once or not at all, and never waited for without end. */

import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { holdTransaction, untilRunning } from '../reliability/scene.js';
import { commandMajors } from '../support/database.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';
import { eventsOf, failureOf, openKat } from './library.js';

const pools: pg.Pool[] = [];
afterAll(() => Promise.all(pools.splice(0).map((pool) => pool.end())));

const migrations = {
  '1_t1': { up: 'CREATE TABLE t1 (n int);', down: 'DROP TABLE t1;' },
  '2_index': {
    up: 'CREATE INDEX CONCURRENTLY t1_n ON t1 (n);',
    down: 'DROP INDEX CONCURRENTLY t1_n;',
    parents: [1],
    noTransaction: true,
  },
};

function poolOf({ database }: DatabaseProject, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: database.url, max });
  pool.on('error', () => undefined);
  pools.push(pool);
  return pool;
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test.each([
    [1, 0],
    [2, 0],
    [2, 1],
    [3, 1],
    [5, 4],
  ])('every call works on a pool of %i of which %i are in use', async (max, busy) => {
    const project = await projectOn(major, { migrations });
    const pool = poolOf(project, max);
    const held = await Promise.all(Array.from({ length: busy }, () => pool.connect()));
    const { kat, events } = openKat(project, { database: pool });
    expect((await kat.up()).migrations).toHaveLength(2);
    expect((await kat.redo({ of: ['2_index'] })).migrations).toHaveLength(2);
    expect((await kat.down({ count: 1 })).migrations).toHaveLength(1);
    await kat.sync();
    await kat.up({ dryRun: 'rollback' });
    for (const look of [
      kat.status(),
      kat.history(),
      kat.show('1_t1'),
      kat.validate(),
      kat.findRunners(),
      kat.ping(),
    ])
      await look;
    const warnings = eventsOf(events, 'warning').map(({ message }) => message);
    const isShort = max > 1 && max - busy === 1;
    expect(warnings.some((message) => message.includes('Kat uses one connection'))).toBe(isShort);
    for (const client of held) client.release();
    expect([pool.idleCount, pool.waitingCount]).toEqual([pool.totalCount, 0]);
  });

  test.each([
    [1, 2],
    [2, 2],
    [2, 5],
    [3, 4],
  ])('a pool of %i and %i runs at once: one applies, the others have nothing to do', async (max, runs) => {
    const project = await projectOn(major, { migrations });
    const pool = poolOf(project, max);
    const results = await Promise.all(
      Array.from({ length: runs }, () => openKat(project, { database: pool }).kat.up()),
    );
    expect(results.map(({ migrations }) => migrations.length).sort()).toEqual([
      ...Array(runs - 1).fill(0),
      2,
    ]);
    expect(await project.applied()).toEqual(['1_t1', '2_index']);
  });

  test('no client becomes free: it says so, and leaves the pool as it was', async () => {
    const project = await projectOn(major, { migrations });
    const pool = poolOf(project, 1);
    const held = await pool.connect();
    const { kat } = openKat(project, { database: pool });
    const failures = await Promise.all([kat.up(), kat.down(), kat.status(), kat.validate()].map(failureOf));
    for (const error of failures) {
      expect(error.code).toBe('CONNECTION_FAILED');
      expect(error.message).toMatch(
        /^could not connect|^no client of the pool became free in \d+(\.\d+)? s: all 1 are in use$/,
      );
      expect(error.help).toContain('raise `max` of the pool');
    }
    held.release();
    expect((await kat.up()).migrations).toHaveLength(2);
    expect(pool.idleCount).toBe(1);
  });

  test('an abort ends the waiting for a client', async () => {
    const project = await projectOn(major, { migrations });
    const pool = poolOf(project, 1);
    const held = await pool.connect();
    const { kat } = openKat(project, { database: pool, signal: AbortSignal.abort() });
    expect((await failureOf(kat.up())).code).toBe('CANCELLED');
    held.release();
  });

  test('one call waits for another that has the only client, however long it takes', async () => {
    const project = await projectOn(major, { migrations: { '1_t1': 'SELECT pg_advisory_xact_lock(4711);' } });
    const pool = poolOf(project, 1);
    const application = await holdTransaction(project.database, 'SELECT pg_advisory_xact_lock(4711)');
    const { kat } = openKat(project, { database: pool, lockTimeoutMs: 0 });
    const running = kat.up();
    await untilRunning(project.database, 'pg_advisory_xact_lock', '%');
    const status = kat.status();
    await application.release();
    expect((await running).migrations).toHaveLength(1);
    expect((await status).counts.applied).toBe(1);
  });
});
