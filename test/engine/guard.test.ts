/** The guard: a migration is cancelled while others wait for it too long, and tried again when they have gone on. */

import fc from 'fast-check';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { BlockingError } from '../../src/engine/run/blocking-error.js';
import { waitingFor } from '../../src/engine/session/waiting-sessions.js';
import {
  appliedTables,
  holdBack,
  holdSnapshot,
  holdTransaction,
  idsUpTo,
  tableMigration,
  untilRunning,
} from '../reliability/scene.js';
import { majors, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type DatabaseProject, makeProject, type ProjectSource, projectOn } from '../support/kat-project.js';
import { emptyPglite } from '../support/pglite.js';
import { column, eventsOf, migrationFailureOf, openKat } from './library.js';

/** A session of an application's that runs one statement. */
async function startWeb(database: TestDatabase, sql: string, name = 'web-1') {
  const client = new pg.Client({ connectionString: database.url, application_name: name });
  await client.connect();
  const done = client.query(sql).finally(() => client.end());
  return { done, processId: (client as unknown as { processID: number }).processID };
}

/** Waits until a session waits for a lock, and Kat's guard has ended a look that began a second later. */
async function untilLookedAt(database: TestDatabase, processId: number): Promise<void> {
  const sql = `SELECT 1 FROM pg_stat_activity w, pg_stat_activity g
    WHERE w.pid = ${processId} AND w.wait_event_type = 'Lock' AND g.application_name = 'kat (guard)'
      AND g.datname = current_database() AND g.state = 'idle' AND g.query_start > w.query_start + interval '1 s'`;
  await eventually('a look of the guard', async () => (await database.query(sql)).length > 0);
}

const ordersMigration = tableMigration(1, ' ALTER TABLE orders ADD b int;');
const select = "SELECT 's3cret' FROM orders";

describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  async function withOrders(source: ProjectSource): Promise<DatabaseProject> {
    const project = await projectOn(major, source);
    await project.database.query('CREATE TABLE orders (id int)');
    return project;
  }

  test('a role without a connection left for it: refused by its name, and nothing runs', async () => {
    const project = await projectOn(major, { migrations: { '1_t1': tableMigration(1) } });
    const { database } = project;
    const role = database.name.replace('kat_', 'kat_few_');
    await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x' CONNECTION LIMIT 2;
      ALTER DATABASE ${database.name} OWNER TO ${role}`);
    const url = database.url.replace('postgres:postgres@', `${role}:x@`);
    const run = await project.kat('up --max-block 2s', { env: { KAT_MIGRATION_DATABASE_URL: url } });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('the session that watches whom migrations block cannot be opened');
    expect(run.stderr).toContain('three are open at once');
    expect(await appliedTables(project)).toEqual([]);
    await database.query(
      `ALTER DATABASE ${database.name} OWNER TO postgres; DROP OWNED BY ${role}; DROP ROLE ${role}`,
    );
  });

  test('sessions that are queued behind a migration: cancelled, and applied when they have gone on', async () => {
    const project = await withOrders({ migrations: { '1_t1': ordersMigration } });
    const { database } = project;
    const report = await holdTransaction(database, 'SELECT FROM orders');
    const { kat, events } = openKat(project, {
      ...{ lockTimeoutMs: 0, maxBlockMs: 300 },
      onEvent: ({ type }) => {
        if (type === 'retrying') void report.release();
      },
    });
    const running = kat.up();
    await untilRunning(database, 'ALTER TABLE orders');
    const webs = [
      await startWeb(database, select),
      await startWeb(database, 'INSERT INTO orders VALUES (1)', 'web-2'),
    ];
    await Promise.all([running, ...webs.map(({ done }) => done)]);
    const [blocking] = eventsOf(events, 'blocking');
    expect(blocking?.waiting.map(({ processId }) => processId)).toContain(webs[0]?.processId);
    expect(blocking?.waiting[0]?.waitedMs).toBeGreaterThan(300);
    expect(eventsOf(events, 'retrying')[0]).toMatchObject({ error: { code: 'MIGRATION_FAILED' } });
    expect(await appliedTables(project)).toEqual(idsUpTo(1));
    expect(await column(database, 'SELECT id FROM orders')).toEqual([1]);
    expect(
      await column(
        database,
        "SELECT 1 FROM pg_stat_activity WHERE application_name = 'kat (guard)' AND datname = current_database()",
      ),
    ).toEqual([]);
  });

  test('sessions that wait for what a migration holds: it gives up with their names, and nothing stays', async () => {
    const project = await withOrders({
      migrations: {
        '1_t1': tableMigration(1, ' ALTER TABLE orders ADD b int;\nSELECT pg_advisory_xact_lock(4711);'),
      },
    });
    const { database } = project;
    const metadata = 'migrations/1_t1/metadata.yaml';
    project.write(metadata, `${project.read(metadata)}max_block: 200ms\nretry_for: 0\n`);
    const application = await holdBack(database);
    const { ended } = await project.start('up --lock-timeout 0');
    await untilRunning(database, 'pg_advisory_xact_lock');
    const web = await startWeb(database, select);
    const { code, stderr } = await ended;
    await web.done;
    await application.release();
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(
      new RegExp(
        `\\nError details: cancelled, because 1 session waited for it, the longest for \\d+\\.\\d s, and max_block allows 0\\.2 s: process ${web.processId} \\(web-1, active\\)\\n`,
      ),
    );
    expect(stderr).toContain('migrations/1_t1/up.sql:2:1');
    expect(stderr).toMatch(/\n {2}Waits for this migration: process .*: SELECT \? FROM orders\n/);
    expect(stderr).toContain(
      'Run it while fewer sessions use the same tables, split it into shorter migrations, or allow more with `--max-block` and `--max-blocked-sessions`. Then run `kat up` again; this migration was rolled back.',
    );
    expect(stderr).not.toContain('s3cret');
    expect((await project.kat('history')).stdout).toContain('cancelled, because 1 session waited');
    expect(await appliedTables(project)).toEqual([]);
    expect(
      await column(
        database,
        "SELECT 1 FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'b'",
      ),
    ).toEqual([]);
  });

  test('more sessions than allowed', async () => {
    const project = await withOrders({ migrations: { '1_t1': ordersMigration } });
    const { database } = project;
    const report = await holdTransaction(database, 'SELECT FROM orders');
    const { kat } = openKat(project, { lockTimeoutMs: 0, maxBlockedSessions: 1, retryForMs: 0 });
    const running = migrationFailureOf(kat.up());
    await untilRunning(database, 'ALTER TABLE orders');
    const first = await startWeb(database, select);
    await untilLookedAt(database, first.processId);
    const second = await startWeb(database, select, 'web-2');
    expect((await running).message).toMatch(
      /2 sessions waited for it, .*max_blocked_sessions allows 1: process/,
    );
    await Promise.all([first.done, second.done, report.release()]);
  });

  test('a session that somebody else blocks as well does not count', async () => {
    const project = await withOrders({ migrations: { '1_t1': ordersMigration } });
    const { database } = project;
    const report = await holdTransaction(database, 'LOCK TABLE orders');
    const { kat, events } = openKat(project, { lockTimeoutMs: 0, maxBlockMs: 100 });
    const running = kat.up();
    await untilRunning(database, 'ALTER TABLE orders');
    const web = await startWeb(database, select);
    await untilLookedAt(database, web.processId);
    await report.release();
    await Promise.all([running, web.done]);
    expect(eventsOf(events, 'retrying')).toEqual([]);
    expect(eventsOf(events, 'blocking')).toEqual([]);
  });

  test('a concurrent build is cancelled, and its INVALID index built again', async () => {
    const project = await withOrders({
      migrations: { '1_i': { up: 'CREATE INDEX CONCURRENTLY i ON orders (id);', noTransaction: true } },
    });
    const { database } = project;
    const snapshot = await holdSnapshot(database);
    const { kat, events } = openKat(project, {
      maxBlockMs: 200,
      onEvent: ({ type }) => {
        if (type === 'retrying') void snapshot.release();
      },
    });
    const running = kat.up();
    await untilRunning(database, 'CREATE INDEX CONCURRENTLY');
    const web = await startWeb(database, 'ALTER TABLE orders ADD c int');
    await Promise.all([running, web.done]);
    expect(eventsOf(events, 'retrying')).toHaveLength(1);
    expect(
      await column(database, "SELECT indisvalid FROM pg_index WHERE indrelid = 'orders'::regclass"),
    ).toEqual([true]);
  });

  test('a procedure that commits by itself is not cancelled: it could not be begun again', async () => {
    const up = 'CALL work();';
    const project = await withOrders({ migrations: { '1_call': { up, noTransaction: true } } });
    const { database } = project;
    await database.query(`CREATE PROCEDURE work() LANGUAGE plpgsql AS $$ BEGIN
      COMMIT; ALTER TABLE orders ADD b int; PERFORM pg_advisory_xact_lock(4711); END $$`);
    const application = await holdBack(database);
    const { kat, events } = openKat(project, { lockTimeoutMs: 0, maxBlockMs: 100 });
    const running = kat.up();
    await eventually(
      'the lock on the table',
      async () =>
        (await column(database, "SELECT 1 FROM pg_locks WHERE relation = 'orders'::regclass AND granted"))
          .length > 0,
    );
    const web = await startWeb(database, select);
    await untilLookedAt(database, web.processId);
    await application.release();
    await Promise.all([running, web.done]);
    expect(eventsOf(events, 'retrying')).toEqual([]);
  });

  /** Migrations that lock `orders` and then wait for a table of their own, in sessions of their own. */
  async function withTwoLocks(mode: string) {
    const lock = `LOCK TABLE orders IN ${mode} MODE`;
    const project = await withOrders({
      migrations: {
        '1_a': `${lock}; SELECT FROM users;`,
        '2_b': `${mode === 'SHARE' ? lock : 'CREATE TABLE t2 ()'}; SELECT FROM items;`,
      },
    });
    await project.database.query('CREATE TABLE users (); CREATE TABLE items ()');
    const users = await holdTransaction(project.database, 'LOCK users');
    const items = await holdTransaction(project.database, 'LOCK items');
    const untilBothWait = () =>
      eventually('two sessions that wait', async () => {
        const [count] = await column(
          project.database,
          "SELECT count(*)::int FROM pg_locks WHERE NOT granted AND relation IN ('users'::regclass, 'items'::regclass)",
        );
        return count === 2;
      });
    return { ...project, users, items, untilBothWait };
  }

  test('two sessions: the migration that others wait for is cancelled, and no other', async () => {
    const project = await withTwoLocks('ACCESS EXCLUSIVE');
    const { kat, events } = openKat(project, {
      ...{ jobs: 2, lockTimeoutMs: 0, maxBlockMs: 200 },
      onEvent: ({ type }) => {
        if (type === 'retrying') void project.users.release().then(() => project.items.release());
      },
    });
    const running = kat.up();
    await project.untilBothWait();
    const web = await startWeb(project.database, select);
    await Promise.all([running, web.done]);
    expect(eventsOf(events, 'blocking').map(({ id }) => id)).toEqual(['1_a']);
    expect([...new Set(eventsOf(events, 'retrying').map(({ id }) => id))]).toEqual(['1_a']);
    expect((await project.applied()).sort()).toEqual(['1_a', '2_b']);
  });

  test('two sessions that keep another one waiting together are both cancelled', async () => {
    const project = await withTwoLocks('SHARE');
    const { kat } = openKat(project, { jobs: 2, lockTimeoutMs: 0, maxBlockMs: 200, retryForMs: 0 });
    const running = migrationFailureOf(kat.up());
    await project.untilBothWait();
    const web = await startWeb(project.database, 'INSERT INTO orders VALUES (1)');
    const { unfinished } = await running;
    await web.done;
    // Each of them has a guard that looks at moments of its own.
    expect(unfinished?.failed.toSorted((one, other) => one.id.localeCompare(other.id))).toEqual(
      ['1_a', '2_b'].map((id) => ({ id, message: expect.stringContaining(`process ${web.processId}`) })),
    );
    expect(await project.applied()).toEqual([]);
    await Promise.all([project.users.release(), project.items.release()]);
  });

  test('two sessions: more sessions than allowed wait for one of them, the other is applied', async () => {
    const project = await withTwoLocks('ACCESS EXCLUSIVE');
    const { kat } = openKat(project, {
      ...{ jobs: 2, lockTimeoutMs: 0, maxBlockedSessions: 1, retryForMs: 0 },
      onEvent: ({ type }) => {
        if (type === 'failed') void project.items.release();
      },
    });
    const running = migrationFailureOf(kat.up());
    await project.untilBothWait();
    const webs = [await startWeb(project.database, select), await startWeb(project.database, select)];
    const error = await running;
    expect(error).toMatchObject({ migration: '1_a', finished: [{ id: '2_b' }] });
    expect(error.message).toContain('max_blocked_sessions allows 1');
    await Promise.all([...webs.map(({ done }) => done), project.users.release()]);
    expect(await project.applied()).toEqual(['2_b']);
  });

  test('without a limit, no further session is opened', async () => {
    const project = await withOrders({ migrations: { '1_t1': ordersMigration } });
    const { database } = project;
    const report = await holdTransaction(database, 'SELECT FROM orders');
    const { kat } = openKat(project, { lockTimeoutMs: 0 });
    const running = kat.up();
    await untilRunning(database, 'ALTER TABLE orders');
    const names = await column(
      database,
      "SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'kat%' ORDER BY 1",
    );
    await report.release();
    await running;
    expect(names).toEqual(['kat (lock)', 'kat up']);
  });
});

test('on PGlite, a warning says that there is nothing to guard', async () => {
  const project = makeProject({ migrations: { '1_t1': 'CREATE TABLE t1 ();' } });
  const { kat, events } = openKat(project, { database: await emptyPglite(), maxBlockMs: 100 });
  await kat.up();
  expect(eventsOf(events, 'warning').map(({ message }) => message)).toEqual([
    '`max_block` and `max_blocked_sessions` have no effect on PGlite: it has no other sessions',
  ]);
});

test('who counts: all whom nobody but the backend keeps waiting, directly or through others', () => {
  const pid = fc.integer({ min: 1, max: 7 });
  const wait = fc.record({ processId: pid, blockers: fc.uniqueArray(pid, { minLength: 1, maxLength: 3 }) });
  const graph = fc.uniqueArray(wait, { selector: ({ processId }) => processId, maxLength: 6 });
  const anyRun = fc.subarray([2, 3]).map((pids) => new Set([1, ...pids]));
  fc.assert(
    fc.property(graph, anyRun, (found, run) => {
      const waits = found.map((one) => ({ ...one, waitedMs: undefined }));
      const ends = (id: number, seen: ReadonlySet<number> = new Set()): number[] => {
        const blockers = run.has(id) ? undefined : waits.find(({ processId }) => processId === id)?.blockers;
        if (!blockers) return [id];
        return seen.has(id) ? [] : blockers.flatMap((other) => ends(other, new Set([...seen, id])));
      };
      const expected = waits
        .map(({ processId }) => processId)
        .filter((id) => !run.has(id) && ends(id).includes(1) && ends(id).every((end) => run.has(end)));
      expect(waitingFor(1, waits, run).map(({ processId }) => processId)).toEqual(expected);
    }),
  );
});

test.each([
  [
    'as long as max_block, rounded',
    200,
    { maxBlockMs: 200, maxBlockedSessions: undefined },
    'max_block allows 0.2 s',
  ],
  ['too many', 100, { maxBlockMs: 200, maxBlockedSessions: 0 }, 'max_blocked_sessions allows 0'],
  [
    'too many, and no limit of time',
    100,
    { maxBlockMs: 0, maxBlockedSessions: 0 },
    'max_blocked_sessions allows 0',
  ],
])('the limit that was exceeded is named: %s', (_, waitedMs, limits, named) => {
  expect(new BlockingError([{ processId: 1, user: 'postgres', waitedMs }], limits).message).toContain(named);
});
