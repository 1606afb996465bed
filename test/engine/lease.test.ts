/**
 * Servers whose advisory locks lock nothing, as YugabyteDB may be configured: played by a real server with other functions in
 * `pg_catalog`. A lease takes the place of the lock there.
 */

import { describe, expect, test } from 'vitest';
import {
  appliedTables,
  expectDone,
  holdBack,
  idsUpTo,
  routeThrough,
  tableMigration,
  tableMigrations,
  untilRunning,
  waitingMigration,
} from '../reliability/scene.js';
import { eventually } from '../support/eventually.js';
import type { DatabaseProject } from '../support/kat-project.js';
import { cockroach, lockReturns, playServer, yugabyteVersion } from '../support/other-server.js';
import { startProxy } from '../support/proxy.js';
import { column, eventsOf, failureOf, openKat } from './library.js';

const silentLocks = { version: yugabyteVersion, setUp: lockReturns('true') };
/** The shortest that there is. */
const leaseMs = 1_000;
const env = { KAT_LEASE: '1s', KAT_LOCK_WAIT: '20s' };

/** The rows of the lease's table, without the holder. */
function leaseOf({ database }: DatabaseProject) {
  return database.query(
    `SELECT key, token::int, expires_at > clock_timestamp() AS is_held FROM migrations_lease ORDER BY key`,
  );
}

async function endOfLease({ database }: DatabaseProject): Promise<Date> {
  const [end] = await column(database, `SELECT expires_at FROM migrations_lease WHERE key = 'runner'`);
  return end as Date;
}

const logged = "SELECT migration || ' ' || outcome FROM migrations_log ORDER BY id";

/** A run whose second migration stands still until it is let on. */
async function startWaiting(project: DatabaseProject, args = 'up', more = {}) {
  const gate = await holdBack(project.database);
  const run = await project.start(args, { env: { ...env, ...more } });
  await untilRunning(project.database, '4711');
  return { run, letOn: () => gate.release() };
}

/** The tables stay, and the database is one of PostgreSQL itself from now on. */
async function becomePostgres(project: DatabaseProject): Promise<void> {
  await project.database.query(`
    CREATE OR REPLACE FUNCTION pg_catalog.version() RETURNS text LANGUAGE internal AS 'pgsql_version';
    ${advisoryLocksOfPostgres}`);
  project.write('kat.conf.yaml', `database:\n  url: ${project.database.url}\n`);
}

const advisoryLocksOfPostgres = `CREATE OR REPLACE FUNCTION pg_catalog.pg_try_advisory_lock(bigint) RETURNS boolean LANGUAGE internal STRICT AS 'pg_try_advisory_lock_int8'`;

const threeWithWait = {
  '1_t1': tableMigration(1),
  '2_t2': waitingMigration(2),
  '3_t3': tableMigration(3),
};

describe.concurrent('a server whose advisory locks lock nothing', () => {
  test.each([
    ['give every lock', 'true'],
    ['are an error', '$1 / 0 = 1'],
  ])('locks that %s: a lease is taken, and given back', async (_, body) => {
    const project = await playServer({
      version: yugabyteVersion,
      setUp: lockReturns(body),
      migrations: tableMigrations(3),
    });
    const { kat } = openKat(project);
    await kat.up();
    await kat.down({ count: 1 });
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
    expect(await leaseOf(project)).toEqual([
      { key: 'fence', token: 2, is_held: false },
      { key: 'runner', token: 2, is_held: false },
    ]);
  });

  test('the second run waits, and says for whom and until when', async () => {
    const project = await playServer({ ...silentLocks, migrations: threeWithWait });
    const first = await startWaiting(project);
    const { kat, events } = openKat(project, {
      leaseMs,
      onEvent: ({ type }) => {
        if (type === 'waiting-for-lock') void first.letOn();
      },
    });
    expect((await kat.up()).migrations).toEqual([]);
    expectDone(await first.run.ended);
    expect(eventsOf(events, 'waiting-for-lock')[0]?.holder).toMatchObject({
      work: { clientPid: first.run.child.pid, migration: '2_t2' },
      lease: { token: '1', remainingMs: expect.any(Number) },
    });
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
  });

  test('a run renews its lease, and others see it', async () => {
    const project = await playServer({ ...silentLocks, migrations: threeWithWait });
    const first = await startWaiting(project);
    const { kat } = openKat(project, { lockWaitMs: 0 });
    const { runners } = await kat.status();
    const end = runners[0]?.lease?.expiresAt ?? '';
    await eventually(
      'a later end',
      async () => ((await kat.status()).runners[0]?.lease?.expiresAt ?? '') > end,
    );
    const error = await failureOf(kat.up());
    expect(error.message).toMatch(
      /^another runner still holds the lock after 0 s: process \d+ \(.*applying 2_t2.* with a lease until \S+Z \(\d+s more\)\)$/,
    );
    expect(error.help).toContain('`kat unlock` takes it at once');
    const status = await project.kat('status');
    expect(status.stdout).toMatch(/^A run is in progress: process \d+ \(.*with a lease until/m);
    await first.letOn();
    expectDone(await first.run.ended);
    expect((await kat.status()).runners).toEqual([]);
  });

  test('a killed run: the next one takes the lease when it ends, and nothing is doubled', async () => {
    const project = await playServer({ ...silentLocks, migrations: threeWithWait });
    const first = await startWaiting(project);
    first.run.child.kill('SIGKILL');
    await first.run.ended;
    const second = project.kat('up', { env });
    await eventually('the next lease', async () => (await leaseOf(project))[1]?.token === 2);
    await first.letOn();
    expectDone(await second);
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
    expect(await leaseOf(project)).toMatchObject([{ token: 2 }, { token: 2 }]);
  });

  test('a run that is stopped past its lease writes nothing more, and nothing is doubled', async () => {
    const project = await playServer({ ...silentLocks, migrations: threeWithWait });
    const first = await startWaiting(project, 'up --events');
    first.run.child.kill('SIGSTOP');
    // It takes the lease and waits for the transaction of the first one, which still has the lock of the gate.
    const second = project.start('up', { env });
    await eventually('the next lease', async () => (await leaseOf(project))[1]?.token === 2);
    await first.letOn();
    expectDone(await (await second).ended);
    first.run.child.kill('SIGCONT');
    const { code, stdout, stderr } = await first.run.ended;
    expect(code).not.toBe(0);
    expect(stderr).toContain('another run has taken the lease, which this run had lost');
    // Its second migration had been sent before: the server has refused to commit it.
    const done = stdout.split('\n').filter((line) => line.includes('"succeeded"'));
    expect(done).toEqual([expect.stringContaining('1_t1')]);
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
    const successes = (await column(project.database, logged)).filter((entry) =>
      String(entry).endsWith('succeeded'),
    );
    expect(successes).toEqual(['1_t1 succeeded', '2_t2 succeeded', '3_t3 succeeded']);
  });

  test('a statement that commits by itself and outlives the lease: it is half done for both runs', async () => {
    const project = await playServer({
      ...silentLocks,
      migrations: {
        '1_t1': { up: 'SET lock_timeout = 0;\nCREATE TABLE t1 ();\nCALL work();', noTransaction: true },
      },
    });
    await project.database.query(`CREATE TABLE work (done int);
      CREATE PROCEDURE work() LANGUAGE plpgsql AS $$BEGIN
        INSERT INTO work VALUES (1); COMMIT; PERFORM pg_advisory_xact_lock(4711); END$$`);
    const gate = await holdBack(project.database);
    const first = await project.start('up', { env });
    await untilRunning(project.database, 'CALL work');
    await eventually(
      'its first half',
      async () => (await column(project.database, 'SELECT done FROM work')).length > 0,
    );
    first.child.kill('SIGSTOP');
    const second = await project.kat('up', { env });
    expect(second.stderr).toContain('statement 3 of 1_t1 was interrupted in an earlier run');
    expect(second.code).toBe(5);
    await gate.release();
    first.child.kill('SIGCONT');
    expect((await first.ended).stderr).toContain('another run has taken the lease');
    expect(await column(project.database, 'SELECT done FROM work')).toEqual([1]);
    expect(await project.applied()).toEqual([]);
    expect(await column(project.database, logged)).not.toContain('1_t1 failed');
  });

  test('kat unlock takes the lease from a run that goes on', async () => {
    const project = await playServer({ ...silentLocks, migrations: threeWithWait });
    const first = await startWaiting(project);
    const planned = await project.kat('unlock --yes --dry-run');
    expect(planned.stdout).toMatch(/DRY RUN: Would take the lease of process \d+\n$/);
    const unlocked = await project.kat('unlock --yes');
    expect(unlocked.stdout).toMatch(/Took the lease of process \d+: its next write fails/);
    await first.letOn();
    expect((await first.run.ended).stderr).toContain('another run has taken the lease');
    expect(await appliedTables(project)).toEqual(idsUpTo(1));
    expectDone(await project.kat('up', { env }));
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
  });

  test('lost connections: the run takes its own lease again at once, and what it had sent is settled', async () => {
    const project = await playServer({ ...silentLocks, migrations: tableMigrations(3) });
    const proxy = await startProxy(project.database);
    routeThrough(proxy, project);
    const lost = proxy.when('CREATE TABLE t2', { kind: 'lose answer' });
    const run = await project.kat('up', { env: { KAT_LEASE: '10m' } });
    await lost.happened;
    expectDone(run);
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
    expect(await leaseOf(project)).toMatchObject([{ token: 2 }, { token: 2 }]);
  });

  test('the connection that renews the lease is lost: another one renews it', async () => {
    const project = await playServer({ ...silentLocks, migrations: threeWithWait });
    const first = await startWaiting(project);
    await project.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'kat (lock)'`,
    );
    const end = await endOfLease(project);
    await eventually('a later end', async () => (await endOfLease(project)) > end);
    await first.letOn();
    expectDone(await first.run.ended);
    expect(await leaseOf(project)).toEqual([
      { key: 'fence', token: 1, is_held: false },
      { key: 'runner', token: 1, is_held: false },
    ]);
  });

  test.each(['1s', '4s'])(
    'the connection that renews a lease of %s goes silent: another one renews it',
    async (lease) => {
      const project = await playServer({ ...silentLocks, migrations: threeWithWait });
      const first = await startWaiting(project, 'up', { KAT_LEASE: lease });
      const silence = project.proxy.when('SET expires_at = pg_catalog.clock_timestamp', {
        kind: 'go silent',
        everywhere: false,
      });
      await silence.happened;
      const end = await endOfLease(project);
      await eventually('a later end', async () => (await endOfLease(project)) > end);
      await first.letOn();
      expectDone(await first.run.ended);
      expect(await leaseOf(project)).toMatchObject([{ is_held: false }, { is_held: false }]);
    },
  );

  test('the lease is given back on a connection that goes silent: the run ends', async () => {
    const project = await playServer({ ...silentLocks, migrations: tableMigrations(2) });
    const silence = project.proxy.when('SET expires_at = pg_catalog.to_timestamp(0)', {
      kind: 'go silent',
      everywhere: false,
    });
    expectDone(await project.kat('up', { env }));
    await silence.happened;
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
  });

  test.each([
    ['creates its table', 'CREATE TABLE IF NOT EXISTS "public"."migrations_lease"'],
    ['takes it', 'BEGIN READ WRITE; SET LOCAL lock_timeout'],
  ])(
    'the connection goes silent when it %s: the run ends, and the next one applies everything',
    async (_, text) => {
      const project = await playServer({ ...silentLocks, migrations: tableMigrations(2) });
      routeThrough(project.proxy, project, '  connect_timeout: 3s\n');
      const silence = project.proxy.when(text, { kind: 'go silent', everywhere: false });
      const run = await project.kat('up', { env });
      await silence.happened;
      expect(run.code).toBe(2);
      expect(run.stderr).toMatch(/could not take the lease: .*no answer for 3\.9 s/);
      expect(run.stderr).toContain('If the server has granted the lease, it ends within 1 s');
      expect(await appliedTables(project)).toEqual([]);
      routeThrough(project.proxy, project);
      expectDone(await project.kat('up', { env }));
      expect(await appliedTables(project)).toEqual(idsUpTo(2));
    },
  );

  test('records are fenced like migrations', async () => {
    const project = await playServer({ ...silentLocks, migrations: tableMigrations(2) });
    expectDone(await project.kat('stamp 2_t2', { env }));
    expect(await project.applied()).toEqual(idsUpTo(2));
    expect(await leaseOf(project)).toMatchObject([{ token: 1 }, { token: 1 }]);
  });

  test('a rehearsal leaves nothing behind', async () => {
    const project = await playServer({ ...silentLocks, migrations: tableMigrations(2) });
    expectDone(await project.kat('up --dry-run=rollback', { env }));
    expect(
      await column(project.database, `SELECT relname FROM pg_class WHERE relname ~ '^(migrations|t1)'`),
    ).toEqual([]);
  });

  test('a server that has learnt to lock: the holder of the lock is found beside the table of the lease', async () => {
    const project = await playServer({ ...silentLocks, migrations: threeWithWait });
    expectDone(await project.kat('up --to 1_t1', { env }));
    await project.database.query(advisoryLocksOfPostgres);
    const first = await startWaiting(project);
    const { runners } = await openKat(project).kat.status();
    expect(runners.map(({ applicationName, lease }) => [applicationName, lease])).toContainEqual([
      'kat (lock)',
      undefined,
    ]);
    await first.letOn();
    expectDone(await first.run.ended);
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
  });

  test('a half-done migration, moved to PostgreSQL with the table of the lease: it does not begin again', async () => {
    const project = await playServer({
      ...cockroach,
      migrations: { '1_t1': { up: 'INSERT INTO things VALUES (1);\nALTER TABLE nothing ADD note text;' } },
    });
    await project.database.query('CREATE TABLE things (id int)');
    expect((await project.kat('up', { env })).code).toBe(5);
    project.write('migrations/1_t1/up.sql', 'INSERT INTO things VALUES (1);\nCREATE TABLE t1 ();\n');
    const half = 'an earlier run committed the first 1 statement of 1_t1';
    for (const command of ['up --dry-run', 'plan']) {
      const { code, stdout, stderr } = await project.kat(command, { env });
      expect(stdout + stderr).toContain(
        `${half}. On a server that runs migrations statement by statement, \`kat up\` continues`,
      );
      expect(code).toBe(0);
    }
    await becomePostgres(project);
    for (const command of ['up --dry-run', 'plan']) {
      const { code, stderr } = await project.kat(command, { env });
      expect(stderr).toContain(half);
      expect(code).toBe(5);
    }
    const run = await project.kat('up', { env });
    expect(run.stderr).toContain('an earlier run committed the first 1 statement of 1_t1');
    expect(run.code).toBe(5);
    expect(await column(project.database, 'SELECT id FROM things')).toEqual([1]);
  });

  test('kat drift waits for a run that has locks of PostgreSQL beside the table of the lease', async () => {
    const project = await playServer({ ...silentLocks, migrations: threeWithWait });
    expectDone(await project.kat('up --to 1_t1', { env }));
    await becomePostgres(project);
    const first = await startWaiting(project);
    const { kat, events } = openKat(project, {
      onEvent: ({ type }) => {
        if (type === 'waiting-for-lock') void first.letOn();
      },
    });
    expect((await kat.drift()).differences).toEqual([]);
    expectDone(await first.run.ended);
    expect(eventsOf(events, 'waiting-for-lock')[0]?.holder).toMatchObject({
      work: { clientPid: first.run.child.pid },
    });
  });

  test.each([
    ['a table', 'CREATE TABLE migrations_lease (id int)'],
    ['a view', "CREATE VIEW migrations_lease AS SELECT 'runner'::text AS key"],
  ])('%s of the same name is named, and stays as it is', async (_, own) => {
    const project = await playServer({ ...silentLocks, migrations: tableMigrations(1) });
    await project.database.query(own);
    const { code, stderr } = await project.kat('up', { env });
    expect([code, stderr]).toEqual([2, expect.stringContaining('is not the table of a lease of Kat')]);
    expect(stderr).toContain('Rename yours');
    expect(await project.database.query('SELECT count(*)::int AS n FROM migrations_lease')).toHaveLength(1);
    expect(await appliedTables(project)).toEqual([]);
  });

  test('one connection alone cannot renew a lease', async () => {
    const project = await playServer({
      version: yugabyteVersion,
      setUp: lockReturns('$1 / 0 = 1'),
      migrations: tableMigrations(1),
    });
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: project.database.url });
    await client.connect();
    try {
      const error = await failureOf(openKat(project, { database: client }).kat.up());
      expect(error).toMatchObject({
        code: 'CONNECTION_FAILED',
        message: expect.stringContaining('only one connection'),
      });
    } finally {
      await client.end();
    }
  });

  test('kat verify tries migrations on such a server', async () => {
    // Its databases are made from template0, so the functions of this one are no model.
    const rewrite = (sql: string) =>
      sql
        .replaceAll('pg_catalog.version()', `'${yugabyteVersion}'`)
        .replaceAll('pg_catalog.pg_try_advisory_lock(', 'pg_catalog.pg_no_advisory_lock(');
    const project = await playServer({
      version: yugabyteVersion,
      rewrite,
      migrations: {
        ...tableMigrations(2),
        '3_t3': { up: 'CREATE TABLE t3 ();', down: 'SELECT 1;', parents: [2], noTransaction: true },
      },
    });
    const { stdout, stderr } = await project.kat(`verify --json --on ${project.url}`);
    expect(stdout, stderr).not.toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      untried: [],
      findings: [
        { code: 'down-leaves', migration: '3_t3' },
        { code: 'up-fails', message: expect.stringContaining('relation "t3" already exists') },
      ],
    });
  });

  test.each([
    ['give every lock', 'true'],
    ['are an error', '$1 / 0 = 1'],
  ])('locks that %s: the table of the lease is no drift', async (_, body) => {
    const setUp = `${lockReturns(body)}; ${lockReturns(body, 'pg_try_advisory_lock_shared')}`;
    const project = await playServer({ ...silentLocks, setUp, migrations: tableMigrations(1) });
    expectDone(await project.kat('up', { env }));
    expectDone(await project.kat('drift', { env }));
  });

  test('an error that says nothing of locks is no missing lock: nothing is read without it', async () => {
    // `lastval` raises 55000 in a session that has drawn no value.
    const setUp = `${lockReturns('true')}; ${lockReturns('lastval() = $1', 'pg_try_advisory_lock_shared')}`;
    const project = await playServer({ ...silentLocks, setUp, migrations: tableMigrations(1) });
    expectDone(await project.kat('up', { env }));
    expect(await project.kat('drift', { env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('lastval is not yet defined'),
    });
  });
});
