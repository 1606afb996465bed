/** Connections that the caller owns: used, and given back as they were. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import type { KatEvent } from '../../src/engine/events.js';
import {
  appliedTables,
  holdBack,
  idsUpTo,
  tableMigrations,
  untilRunning,
  waitingMigration,
} from '../reliability/scene.js';
import { majors } from '../support/database.js';
import { type DatabaseProject, makeProject, type Project, projectOn } from '../support/kat-project.js';
import { emptyPglite } from '../support/pglite.js';
import { failureOf, idsOf, openKat } from './library.js';

/** Changes all that it can of the session that it runs in. */
const messy = `CREATE TABLE app.t1 ();
SET search_path = other; SET statement_timeout = 0; SET TimeZone = 'Asia/Kolkata';
SET work_mem = '5MB'; SET ROLE NONE; SET SESSION AUTHORIZATION pg_monitor;`;

/** What the owner of a connection has made of it. */
const owned = `CREATE SCHEMA app; CREATE SCHEMA other;
GRANT ALL ON SCHEMA app, other TO pg_monitor;
SET search_path = app, public; SET statement_timeout = '7s'; SET myapp.tenant = 'mine';
CREATE TEMPORARY TABLE scratch AS SELECT 42 AS answer;
GRANT SELECT ON scratch TO pg_monitor;
PREPARE question AS SELECT answer FROM scratch;
LISTEN news;
SELECT pg_advisory_lock(4711);
SET ROLE pg_monitor;`;

const look = `SELECT current_setting('search_path') AS path, current_setting('statement_timeout') AS timeout,
  current_setting('TimeZone') = (SELECT reset_val FROM pg_settings WHERE name = 'TimeZone') AS zone,
  (SELECT setting = reset_val FROM pg_settings WHERE name = 'work_mem') AS memory,
  current_setting('lock_timeout') AS lock, current_setting('myapp.tenant') AS tenant, current_user::text AS role,
  session_user::text AS login, (SELECT answer FROM scratch) AS scratch,
  (SELECT string_agg(c, ',') FROM pg_listening_channels() c) AS channels,
  (SELECT string_agg(objid::text, ',') FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks`;

const asBefore = {
  ...{ path: 'app, public', timeout: '7s', zone: true, memory: true, lock: '0', tenant: 'mine' },
  ...{ role: 'pg_monitor', login: 'postgres', scratch: 42, channels: 'news', locks: '4711' },
};

const messyMigrations = {
  '1_t1': messy,
  '2_t2': { up: "SET LOCAL work_mem = '6MB'; CREATE TABLE t2 ();", parents: [1] },
  '3_bad': { up: "SET search_path = other; SELECT 'x'::int;", parents: [2] },
};

const clients: pg.Client[] = [];
afterAll(() => Promise.all(clients.splice(0).map((client) => client.end())));

async function connect({ database }: DatabaseProject): Promise<pg.Client> {
  const client = new pg.Client(database.url);
  client.on('error', () => undefined);
  await client.connect();
  clients.push(client);
  return client;
}

describe.each(majors())('PostgreSQL %i', (major) => {
  test.each(['up', 'down'] as const)(
    "an observer's failure at the start of `%s` keeps no client of the pool",
    async (call) => {
      const project = await projectOn(major, { migrations: { '1_t1': 'SELECT 1;' } });
      const pool = new pg.Pool({ connectionString: project.database.url, max: 1 });
      const onEvent = ({ type }: KatEvent) => {
        if (type === 'connected') throw new Error('full disk');
      };
      const { kat } = openKat(project, { database: pool, onEvent });
      await expect(kat[call]()).rejects.toThrow('full disk');
      expect([pool.totalCount - pool.idleCount, pool.waitingCount]).toEqual([0, 0]);
      await pool.end();
    },
  );

  test('a migration that releases all locks lets no other run in', async () => {
    const unlocking = 'CREATE TABLE t1 (); SELECT pg_advisory_unlock_all();';
    const project = await projectOn(major, {
      migrations: { '1_t1': unlocking, '2_t2': waitingMigration(2) },
    });
    const gate = await holdBack(project.database);
    const run = openKat(project, { database: await connect(project) }).kat.up();
    await untilRunning(project.database, 'pg_advisory_xact_lock(4711)', '%');
    expect(await failureOf(openKat(project, { lockWaitMs: 0 }).kat.up())).toMatchObject({ code: 'LOCKED' });
    await gate.release();
    expect(idsOf((await run).migrations)).toEqual(idsUpTo(2));
  });

  test('a client keeps what its owner has made of it, whether migrations succeed or fail', async () => {
    const project = await projectOn(major, { migrations: messyMigrations });
    const client = await connect(project);
    await client.query(owned);
    const { kat } = openKat(project, { database: client });
    const error = await failureOf(kat.up());
    expect(error).toMatchObject({
      code: 'MIGRATION_FAILED',
      migration: '3_bad',
      report: { sqlstate: '22P02' },
    });
    expect((await client.query(look)).rows).toEqual([asBefore]);
    expect((await client.query('EXECUTE question')).rows).toEqual([{ answer: 42 }]);
    expect(client.getTransactionStatus()).toBe('I');
    const made = await client.query('SELECT name FROM app.migrations ORDER BY id');
    expect(idsOf(made.rows.map(({ name }) => ({ id: String(name) })))).toEqual(['1_t1', '2_t2']);
    // Without a schema the table went where the owner's search_path said, not where the migration before said.
    expect((await client.query("SELECT to_regclass('app.t2')::text AS t2")).rows).toEqual([{ t2: 't2' }]);
    await kat.close();
    expect((await client.query('SELECT 1 AS open')).rows).toEqual([{ open: 1 }]);
  });

  test('a client keeps it when the migration runs statement by statement', async () => {
    const up = `${messy}\nRESET ROLE; CREATE TABLE app.t9 (); CREATE INDEX CONCURRENTLY ON app.t1 ((1));`;
    const project = await projectOn(major, {
      migrations: {
        '1_t1': { up: up.replace('SET SESSION AUTHORIZATION pg_monitor;', ''), noTransaction: true },
      },
    });
    const client = await connect(project);
    await client.query(owned);
    await openKat(project, { database: client }).kat.up();
    expect((await client.query(look)).rows).toEqual([asBefore]);
  });

  test.each([
    ['that is open', 'T', ''],
    ['that has failed', 'E', 'SELECT 1/0'],
  ])('a client inside a transaction %s is refused, and stays in it', async (_what, status, failing) => {
    const project = await projectOn(major, { migrations: tableMigrations(1) });
    const client = await connect(project);
    await client.query('CREATE TABLE orders (); BEGIN; LOCK TABLE orders');
    if (failing) await client.query(failing).catch(() => undefined);
    const { kat } = openKat(project, { database: client });
    const error = await failureOf(kat.up());
    expect(error).toMatchObject({
      code: 'USAGE',
      message: 'the connection passed to createKat is inside a transaction',
      help: expect.stringContaining('Commit it or roll it back first'),
    });
    expect(client.getTransactionStatus()).toBe(status);
    await client.query('ROLLBACK');
    await kat.up();
    expect(await appliedTables(project)).toEqual(idsUpTo(1));
  });

  test.each([{ max: 1 }, { max: 4 }])(
    'a pool of $max stays open, with all its clients in it',
    async ({ max }) => {
      const project = await projectOn(major, { migrations: tableMigrations(3) });
      const pool = new pg.Pool({ connectionString: project.database.url, max });
      try {
        const { kat } = openKat(project, { database: pool });
        await kat.up();
        await kat.down();
        expect((await kat.status()).counts).toEqual({
          applied: 2,
          pending: 1,
          missing: 0,
          changed: 0,
          unordered: 0,
          halfDone: 0,
          running: 0,
        });
        await kat.close();
        expect(await appliedTables(project)).toEqual(idsUpTo(2));
        expect([pool.totalCount - pool.idleCount, pool.waitingCount]).toEqual([0, 0]);
        const answers = await Promise.all(
          Array.from({ length: max }, () =>
            pool.query(`SELECT current_setting('lock_timeout') AS lock,
            (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks`),
          ),
        );
        for (const { rows } of answers) expect(rows).toEqual([{ lock: '0', locks: 0 }]);
      } finally {
        await pool.end();
      }
    },
  );

  test('a client of a pool is not given back by Kat', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(2) });
    const pool = new pg.Pool({ connectionString: project.database.url });
    const client = await pool.connect();
    try {
      await client.query("SET statement_timeout = '7s'");
      const { kat } = openKat(project, { database: client });
      await kat.up();
      await kat.close();
      expect([pool.totalCount, pool.idleCount]).toEqual([1, 0]);
      expect((await client.query('SHOW statement_timeout')).rows).toEqual([{ statement_timeout: '7s' }]);
    } finally {
      client.release();
      await pool.end();
    }
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
  });
});

/** A client or a PGlite database with a project, which two Kats are made of. */
interface Shared {
  project: Project;
  database: pg.Client | PGlite;
  rowsOf(sql: string): Promise<unknown[]>;
  close(): Promise<void>;
}

async function sharedClient(migrations: ReturnType<typeof tableMigrations>): Promise<Shared> {
  const project = await projectOn(majors().at(-1) as number, { migrations });
  const database = await connect(project);
  const rowsOf = async (sql: string) => (await database.query(sql)).rows;
  return { project, database, rowsOf, close: async () => undefined };
}

async function sharedPglite(migrations: ReturnType<typeof tableMigrations>): Promise<Shared> {
  const database = await emptyPglite();
  const rowsOf = async (sql: string) => (await database.query(sql)).rows;
  return { project: makeProject({ migrations }), database, rowsOf, close: () => database.close() };
}

describe.each([
  ['a client', sharedClient],
  ['a PGlite database', sharedPglite],
])('%s with two Kats', (_what, share) => {
  test('is used by one call at a time, so that none commits what the other tries', async () => {
    const shared = await share(tableMigrations(2));
    const [{ kat }, { kat: other }] = [
      openKat(shared.project, { database: shared.database }),
      openKat(shared.project, { database: shared.database }),
    ];
    await kat.up({ count: 1 });
    const [tried, refused] = await Promise.allSettled([kat.up({ dryRun: 'rollback' }), other.up()]);
    expect(tried).toMatchObject({ status: 'fulfilled', value: { isDryRun: true } });
    expect(refused).toMatchObject({
      status: 'rejected',
      reason: {
        code: 'CONNECTION_FAILED',
        message: 'another call of Kat uses this connection',
        help: expect.stringContaining('await the other call first'),
      },
    });
    expect(await shared.rowsOf("SELECT relname FROM pg_class WHERE relname IN ('t1', 't2')")).toEqual([
      { relname: 't1' },
    ]);
    expect(idsOf((await other.up()).migrations)).toEqual(['2_t2']);
    await shared.close();
  });

  test('is free again after a call that failed', async () => {
    const shared = await share({ '1_bad': { up: 'SELECT 1 / 0;' } });
    const [{ kat }, { kat: other }] = [
      openKat(shared.project, { database: shared.database }),
      openKat(shared.project, { database: shared.database }),
    ];
    expect(await failureOf(kat.up())).toMatchObject({ code: 'MIGRATION_FAILED' });
    expect((await other.status()).counts).toMatchObject({ applied: 0, pending: 1 });
    await shared.close();
  });
});

test('a PGlite database stays open, and keeps what its owner has made of it', async () => {
  const project = makeProject({ migrations: messyMigrations });
  const database = await emptyPglite();
  await database.exec(owned);
  const { kat } = openKat(project, { database });
  const error = await failureOf(kat.up());
  expect(error).toMatchObject({ code: 'MIGRATION_FAILED', migration: '3_bad' });
  expect((await database.query(look)).rows).toEqual([asBefore]);
  expect((await database.exec('EXECUTE question'))[0]?.rows).toEqual([{ answer: 42 }]);
  await database.exec('BEGIN');
  expect(await failureOf(kat.down())).toMatchObject({ code: 'USAGE' });
  expect(database.isInTransaction()).toBe(true);
  await database.exec('ROLLBACK');
  await kat.close();
  expect(database.closed).toBe(false);
  expect((await database.query('SELECT name FROM app.migrations ORDER BY id')).rows).toEqual([
    { name: '1_t1' },
    { name: '2_t2' },
  ]);
  await database.close();
});

describe('a PGlite database that other code holds', () => {
  test.each(['up', 'status', 'down'] as const)(
    '`%s` inside `runExclusive()` does not wait for itself',
    async (call) => {
      const project = makeProject({ migrations: { '1_t1': 'CREATE TABLE t1 (n int);' } });
      const database = await emptyPglite();
      const { kat } = openKat(project, { database });
      const error = await database.runExclusive(() => failureOf(kat[call]()));
      expect(error).toMatchObject({
        code: 'CONNECTION_FAILED',
        message: expect.stringMatching(
          /did not answer in \d+(\.\d+)? s: other code of this program holds it$/,
        ),
        help: 'Call Kat outside of `runExclusive()` and `transaction()`, and behind them.',
      });
      expect((await kat.up()).migrations).toHaveLength(1);
      await database.close();
    },
  );

  test('is waited for while it works, and an abort ends the waiting', async () => {
    const project = makeProject({ migrations: { '1_t1': 'CREATE TABLE t1 (n int);' } });
    const database = await emptyPglite();
    const controller = new AbortController();
    const { kat } = openKat(project, { database, signal: controller.signal });
    const held = database.runExclusive(() => sleep(300));
    expect((await kat.up()).migrations).toHaveLength(1);
    await held;
    const error = await database.runExclusive(() => {
      const failure = failureOf(kat.up());
      controller.abort();
      return failure;
    });
    expect(error.code).toBe('CANCELLED');
    await database.close();
  });
});
