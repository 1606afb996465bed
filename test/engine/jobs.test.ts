/** Several sessions at once: the same end as with one, nothing that meets, and the truth about what failed. */

import { join } from 'node:path';
import fc from 'fast-check';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { openDriver } from '../../src/connections/open-connection.js';
import { findRules } from '../../src/engine/schedule/run-rules.js';
import { createFootprintListener } from '../../src/engine/schedule/see-footprints.js';
import { readSnapshot } from '../../src/engine/snapshot/read-snapshot.js';
import type { SqlError } from '../../src/errors.js';
import { buildGraph } from '../../src/graph/graph.js';
import { loadMigrations } from '../../src/project/folder/load.js';
import { compareSnapshots } from '../../src/sql/snapshot/compare.js';
import { loadParser, tryParse } from '../../src/sql/syntax/parse.js';
import { sketchGraph } from '../graph/sketch.js';
import { holdTransaction } from '../reliability/scene.js';
import { freshDatabase, majors, ownServer, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type DatabaseProject, type MigrationSource, projectOn } from '../support/kat-project.js';
import { emptyPglite } from '../support/pglite.js';
import { column, eventsOf, failureOf, idsOf, migrationFailureOf, openKat, told } from './library.js';

/** Waits until so many sessions wait for a table. */
async function untilWaiting(database: TestDatabase, count: number): Promise<void> {
  const sql = `SELECT count(*)::int AS count FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'relation'`;
  await eventually(
    'sessions that wait for a lock',
    async () => Number((await database.query(sql))[0]?.count) >= count,
  );
}

/** The tracking table knows each parent before its child. */
async function expectParentsOlder({ database }: DatabaseProject): Promise<void> {
  const younger = await database.query(`
    SELECT child.name FROM migrations child
      JOIN migrations_log l ON l.migration = child.name AND l.outcome = 'succeeded'
      JOIN migrations parent ON parent.name = ANY (l.parents)
    WHERE parent.id > child.id OR parent.migration_time > child.migration_time`);
  expect(younger).toEqual([]);
}

/** Kinds of migrations by their number; `t1` is there before, `parent` is a table of an ancestor. */
const kinds: readonly ((n: number, parent: number) => Omit<MigrationSource, 'parents'>)[] = [
  (n) => ({ up: `CREATE TABLE t${n} (id int PRIMARY KEY, a int);\nINSERT INTO t${n} VALUES (${n}, 1);` }),
  (n, parent) => ({ up: `CREATE TABLE t${n} (id int PRIMARY KEY, a int, p int REFERENCES t${parent});` }),
  (n) => ({ up: `CREATE TABLE t${n} (id int PRIMARY KEY, a int);\nGRANT SELECT ON t1 TO public;` }),
  (n, parent) => ({
    up: `CREATE TABLE t${n} (id int PRIMARY KEY, a int);\nALTER TABLE t${parent} ADD x${n} int;`,
  }),
  (n) => ({
    up: `CREATE TABLE t${n} (id int PRIMARY KEY, a int);\nDO $$ BEGIN INSERT INTO t1 VALUES (${n}); END $$;`,
  }),
  (n, parent) => ({
    noTransaction: true,
    up: `CREATE TABLE t${n} (id int PRIMARY KEY, a int);\nCREATE INDEX CONCURRENTLY i${n} ON t${parent} (a);`,
  }),
  (n, parent) => ({
    up: `CREATE TABLE t${n} (id int PRIMARY KEY, a int);\nCREATE VIEW v${n} AS SELECT id FROM t${parent};`,
  }),
];

const anyFolder = fc
  .array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { minLength: 6, maxLength: 14 })
  .map((sketch) =>
    Object.fromEntries([
      ['1_t1', { up: 'CREATE TABLE t1 (id int PRIMARY KEY, a int);' }] as const,
      ...sketch.map(([kind, one, other], index) => {
        const n = index + 2;
        const parents = [...new Set([(one % (n - 1)) + 1, (other % (n - 1)) + 1])];
        const make = kinds[kind % kinds.length] as (typeof kinds)[number];
        return [
          `${n}_t${n}`,
          { ...make(n, parents[0] as number), parents: [...new Set([1, ...parents])] },
        ] as const;
      }),
    ]),
  );

/** The schema, the rows and what is recorded when all is applied. */
async function endOf(major: number, migrations: Record<string, MigrationSource>, jobs: number) {
  const project = await projectOn(major, { migrations });
  const { kat } = openKat(project, { jobs });
  const { migrations: done } = await kat.up();
  expect(idsOf(done).sort()).toEqual(Object.keys(migrations).sort());
  await expectParentsOlder(project);
  const rows = await project.database.query('SELECT id, a FROM t1 ORDER BY id');
  const failed = await column(
    project.database,
    "SELECT migration FROM migrations_log WHERE outcome = 'failed'",
  );
  const ledger = await column(project.database, 'SELECT name FROM migrations ORDER BY name');
  await kat.close();
  const driver = await openDriver({ driver: 'postgres', url: project.database.url });
  const session = await driver.open('test');
  const schema = await readSnapshot(session);
  await session.close();
  await driver.close();
  await project.database.drop();
  return { schema, facts: { rows, failed, ledger } };
}

const independent = (n: number, more = '') => ({ up: `CREATE TABLE t${n} (id int);${more}` });

/** Whether a run of the whole folder lets these two meet. */
async function mayRunTogether({ database, folder, ids, read }: DatabaseProject, pair: readonly string[]) {
  const graph = buildGraph(await loadMigrations(join(folder, 'migrations')));
  const { see, footprints } = createFootprintListener();
  const parser = await loadParser();
  for (const id of ids()) {
    const text = read(`migrations/${id}/up.sql`);
    see({ id, direction: 'up', mode: 'transaction' }, text, tryParse(parser, text) ?? []);
  }
  const driver = await openDriver({ driver: 'postgres', url: database.url });
  const session = await driver.open('test');
  const steps = ids().map((id) => ({ id }));
  const rules = await findRules(session, { graph, steps, footprints });
  await session.close();
  await driver.close();
  const [one = -1, other = -1] = pair.map((id) => ids().indexOf(id));
  return rules.mayRunTogether(one, other);
}

describe.each(majors())('PostgreSQL %i', (major) => {
  test('random folders end with four sessions as they end with one', { timeout: 120_000 }, async () => {
    const property = fc.asyncProperty(anyFolder, async (migrations) => {
      const [several, one] = [await endOf(major, migrations, 4), await endOf(major, migrations, 1)];
      expect(several.facts).toEqual(one.facts);
      expect(compareSnapshots(one.schema, several.schema)).toEqual([]);
    });
    await fc.assert(property, { numRuns: 5 });
  });
});

describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  test('two migrations run at the same time, in sessions of their own', async () => {
    const meet = (n: number) => `CREATE TABLE t${n} (id int);\nSELECT pg_sleep(0) FROM users;`;
    const project = await projectOn(major, {
      migrations: { '1_a': meet(1), '2_b': meet(2), '3_c': 'CREATE TABLE t3 ()' },
    });
    await project.database.query('CREATE TABLE users (id int)');
    const application = await holdTransaction(project.database, 'LOCK users');
    const { kat, events } = openKat(project, { jobs: 4, lockTimeoutMs: 0 });
    const running = kat.up();
    await untilWaiting(project.database, 2);
    await application.release();
    expect(idsOf((await running).migrations).sort()).toEqual(['1_a', '2_b', '3_c']);
    expect(
      told(events)
        .filter((line) => line.startsWith('started'))
        .sort(),
    ).toEqual(['started 1_a', 'started 2_b', 'started 3_c']);
  });

  test('what would lock in opposite orders never meets', async () => {
    const lock = (one: string, other: string) => `LOCK ${one};\nSELECT pg_sleep(0.05);\nLOCK ${other};`;
    const migrations = Object.fromEntries(
      Array.from({ length: 8 }, (_, n) => [
        `${n + 1}_m`,
        n % 2 === 0 ? lock('users', 'orders') : lock('orders', 'users'),
      ]),
    );
    const project = await projectOn(major, { migrations });
    await project.database.query('CREATE TABLE users (); CREATE TABLE orders ()');
    const { kat, events } = openKat(project, { jobs: 4 });
    await kat.up();
    expect(eventsOf(events, 'retrying')).toEqual([]);
    expect(await project.applied()).toHaveLength(8);
  });

  /** What each CREATE TABLE of a migration does besides: no migration shows it. */
  const storms = {
    XX000: 'GRANT SELECT ON users TO public; PERFORM pg_sleep(0.1);',
    '23505': 'CREATE SCHEMA IF NOT EXISTS extra; PERFORM pg_sleep(0.1);',
    '40P01': `IF tables[1] LIKE '%1' THEN LOCK users; ELSE LOCK orders; END IF;
      FOR look IN 1..100 LOOP
        EXIT WHEN (SELECT count(*) FROM pg_locks WHERE granted AND mode = 'AccessExclusiveLock'
          AND relation = ANY ('{users,orders}'::regclass[])) = 2;
        PERFORM pg_sleep(0.01);
      END LOOP;
      LOCK users, orders;`,
  };

  test.each(Object.entries(storms))(
    '%s between two sessions is tried again alone',
    async (sqlstate, storm) => {
      const count = sqlstate === '40P01' ? 2 : 12;
      const names = Array.from({ length: count }, (_, n) => `${n + 1}_m`);
      const migrations = Object.fromEntries(names.map((id, n) => [id, independent(n + 1)]));
      const project = await projectOn(major, { migrations });
      await project.database.query(`CREATE TABLE users (); CREATE TABLE orders ();
      CREATE FUNCTION storm() RETURNS event_trigger LANGUAGE plpgsql AS $storm$
        DECLARE tables text[] := ARRAY(SELECT object_identity FROM pg_event_trigger_ddl_commands());
        BEGIN
          IF tables[1] NOT LIKE 'public.t%' THEN RETURN; END IF;
          ${storm}
        END $storm$;
      CREATE EVENT TRIGGER storm ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION storm()`);
      const { kat, events } = openKat(project, { jobs: 4, retryForMs: 0 });
      await kat.up();
      expect((await project.applied()).sort()).toEqual(names.sort());
      const states = eventsOf(events, 'retrying').map(({ error }) => (error as SqlError).report.sqlstate);
      expect([...new Set(states)]).toEqual([sqlstate]);
    },
  );

  test('notices and warnings name their migration', async () => {
    const names = Array.from({ length: 12 }, (_, n) => `${n + 1}_t${n + 1}`);
    const migrations = Object.fromEntries(
      names.map((id, n) => [id, { ...independent(n + 1), down: `DROP TABLE t${n + 1};` }]),
    );
    const project = await projectOn(major, { migrations });
    await project.database.query(`CREATE FUNCTION tell() RETURNS event_trigger LANGUAGE plpgsql AS $tell$
        DECLARE made text := (SELECT object_identity FROM pg_event_trigger_ddl_commands() LIMIT 1);
        BEGIN
          IF made NOT LIKE 'public.t%' THEN RETURN; END IF;
          RAISE NOTICE '% is there', made;
          RAISE WARNING '% is empty', made;
        END $tell$;
      CREATE EVENT TRIGGER tell ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION tell()`);
    const wordsOf = (id: string) => {
      const table = `public.${id.replace(/^\d+_/, '')}`;
      return [`${id}: NOTICE: ${table} is there`, `${id}: WARNING: ${table} is empty`];
    };
    const { kat, events } = openKat(project, { jobs: 4 });
    await kat.up();
    const notices = eventsOf(events, 'notice').map(
      ({ id, notice }) => `${id}: ${notice.severity}: ${notice.message}`,
    );
    expect(notices.sort()).toEqual(names.flatMap(wordsOf).sort());
    await kat.down({ all: true, confirm: () => true });
    const { stderr } = await project.kat('up --jobs 4');
    const named = stderr.split('\n').filter((line) => /^ {2}\d+_t\d+: /.test(line));
    expect(named.length).toBeGreaterThan(0);
    expect(names.flatMap(wordsOf)).toEqual(expect.arrayContaining(named.map((line) => line.trim())));
  });

  test('a failure lets what runs end, and holds the rest back', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_bad': 'SELECT 1 / 0 FROM users;',
        '2_slow': 'CREATE TABLE t2 (); SELECT FROM orders;',
        '3_child': { up: 'CREATE TABLE t3 ();', parents: [1] },
        '4_behind': { up: 'CREATE TABLE t4 ();', parents: [2] },
      },
    });
    await project.database.query(
      'CREATE TABLE users (id int); INSERT INTO users VALUES (1); CREATE TABLE orders (id int)',
    );
    const application = await holdTransaction(project.database, 'LOCK orders');
    const { kat, events } = openKat(project, {
      jobs: 2,
      lockTimeoutMs: 0,
      onEvent: ({ type }) => {
        if (type === 'failed') void untilWaiting(project.database, 1).then(() => application.release());
      },
    });
    const error = await migrationFailureOf(kat.up());
    expect(error).toMatchObject({ code: 'MIGRATION_FAILED', migration: '1_bad' });
    expect(idsOf(error.finished)).toEqual(['2_slow']);
    expect(error.unfinished).toEqual({
      failed: [{ id: '1_bad', message: expect.stringContaining('division by zero') }],
      cancelled: [],
      heldBack: [
        { id: '3_child', by: ['1_bad'] },
        { id: '4_behind', by: ['1_bad'] },
      ],
    });
    expect(await project.applied()).toEqual(['2_slow']);
    expect(eventsOf(events, 'failed')).toHaveLength(1);
  });

  test('--on-failure cancel cancels what runs, and it is rolled back', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_bad': 'SELECT 1 / 0 FROM users;',
        '2_slow': 'CREATE TABLE t2 (); SELECT FROM orders;',
        '3_next': { up: 'SELECT 1', parents: [2] },
      },
    });
    await project.database.query(
      'CREATE TABLE users (id int); INSERT INTO users VALUES (1); CREATE TABLE orders (id int)',
    );
    const users = await holdTransaction(project.database, 'LOCK users');
    const orders = await holdTransaction(project.database, 'LOCK orders');
    const { kat } = openKat(project, { jobs: 2, lockTimeoutMs: 0 });
    const failing = migrationFailureOf(kat.up({ onFailure: 'cancel' }));
    await untilWaiting(project.database, 2);
    await users.release();
    const error = await failing;
    await orders.release();
    expect(error).toMatchObject({ code: 'MIGRATION_FAILED', migration: '1_bad', finished: [] });
    expect(error.unfinished).toEqual({
      failed: [{ id: '1_bad', message: expect.stringContaining('division by zero') }],
      cancelled: ['2_slow'],
      heldBack: [{ id: '3_next', by: ['2_slow'] }],
    });
    expect(await column(project.database, "SELECT to_regclass('t2')")).toEqual([null]);
    await kat.close();
  });

  test.each([1, 4])(
    '--on-failure continue goes on with what does not descend from it, jobs %i',
    async (jobs) => {
      const project = await projectOn(major, {
        migrations: {
          ...{
            '1_bad': 'SELECT 1 / 0;',
            '2_child': { up: 'SELECT 1', parents: [1] },
            '3_other': independent(3),
          },
          '4_bad': { up: 'SELECT 1 / 0;', parents: [3] },
          '5_join': { up: 'SELECT 1', parents: [2, 4] },
          '6_more': { ...independent(6), parents: [3] },
        },
      });
      const { kat } = openKat(project, { jobs });
      const error = await migrationFailureOf(kat.up({ onFailure: 'continue' }));
      expect(await project.applied()).toEqual(['3_other', '6_more']);
      expect(idsOf(error.finished).sort()).toEqual(['3_other', '6_more']);
      expect(error.unfinished?.failed.map(({ id }) => id).sort()).toEqual(['1_bad', '4_bad']);
      expect(error.unfinished?.heldBack).toEqual([
        { id: '2_child', by: ['1_bad'] },
        { id: '5_join', by: ['1_bad', '4_bad'] },
      ]);
      const again = await project.kat('up --jobs 2 --on-failure=continue --json');
      expect(again.code).toBe(1);
      expect(JSON.parse(again.stdout)).toMatchObject({
        migrations: [],
        heldBack: [{ id: '2_child' }, { id: '5_join' }],
      });
      const text = (await project.kat('up --jobs 2 --on-failure=continue')).stderr;
      expect(text).toContain('Migration failed: 4_bad\n');
      expect(text).toContain('Held back: 5_join (by 1_bad, 4_bad)\n');
    },
  );

  test('--on-failure continue undoes the settings of a failed no_transaction migration', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_x': {
          up: 'SET search_path = audit; CREATE INDEX CONCURRENTLY i ON missing (id);',
          noTransaction: true,
        },
        '2_y': 'CREATE TABLE notes (id int);',
      },
    });
    await project.database.query('CREATE SCHEMA audit');
    const error = await migrationFailureOf(openKat(project).kat.up({ onFailure: 'continue' }));
    expect(error).toMatchObject({ migration: '1_x', finished: [{ id: '2_y' }] });
    expect(await column(project.database, "SELECT to_regclass('public.notes')::text")).toEqual(['notes']);
  });

  test('after a retry alone, both sessions take steps again', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_a': 'CREATE TABLE t1 ();',
        '2_b': 'CREATE TABLE t2 ();',
        '3_c': { up: 'SELECT FROM items; CREATE TABLE t3 ();', parents: [1, 2] },
        '4_d': { up: 'SELECT FROM items; CREATE TABLE t4 ();', parents: [1, 2] },
      },
    });
    await project.database.query(`CREATE TABLE users (); CREATE TABLE orders (); CREATE TABLE items ();
      CREATE FUNCTION storm() RETURNS event_trigger LANGUAGE plpgsql AS $storm$
        DECLARE tables text[] := ARRAY(SELECT object_identity FROM pg_event_trigger_ddl_commands());
        BEGIN
          IF tables[1] !~ '^public.t[12]$' THEN RETURN; END IF;
          ${storms['40P01']}
        END $storm$;
      CREATE EVENT TRIGGER storm ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION storm()`);
    const application = await holdTransaction(project.database, 'LOCK items');
    const { kat, events } = openKat(project, { jobs: 2, lockTimeoutMs: 0 });
    const running = kat.up();
    const waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'items'::regclass";
    await eventually('both sessions', async () => (await project.database.query(waits)).length === 2);
    await application.release();
    await running;
    expect(eventsOf(events, 'retrying')).toHaveLength(1);
    expect(await project.applied()).toHaveLength(4);
  });

  test('one transaction, one connection and PGlite use one session, and say so', async () => {
    const project = await projectOn(major, { migrations: { '1_a': independent(1), '2_b': independent(2) } });
    const { kat, events } = openKat(project, { jobs: 2 });
    await kat.up({ singleTransaction: true });
    const words = (all: typeof events) => eventsOf(all, 'warning').map(({ message }) => message);
    expect(words(events)).toEqual([
      'the run uses one session instead of 2: the migrations share one transaction',
    ]);
    await project.database.query('DROP TABLE t1, t2, migrations, migrations_log');
    const client = new pg.Client({ connectionString: project.database.url });
    await client.connect();
    const borrowed = openKat(project, { jobs: 2, database: client });
    await borrowed.kat.up();
    await borrowed.kat.close();
    await client.end();
    const one = 'the run uses one session instead of 2: no second connection to this database is available';
    expect(words(borrowed.events)).toContain(one);
    const db = await emptyPglite();
    const embedded = openKat(project, { jobs: 2, database: db });
    await embedded.kat.up();
    await embedded.kat.close();
    expect(words(embedded.events)).toContain(one);
    await db.close();
  });

  test.each([1, 2])('%i lost session(s): what was committed counts, the rest failed', async (lost) => {
    const project = await projectOn(major, {
      migrations: {
        '1_a': 'CREATE TABLE t1 (); SELECT FROM users;',
        '2_b': 'CREATE TABLE t2 (); SELECT FROM orders;',
        '3_c': { up: 'CREATE TABLE t3 ();', parents: [1, 2] },
      },
    });
    await project.database.query('CREATE TABLE users (); CREATE TABLE orders ()');
    const users = await holdTransaction(project.database, 'LOCK users');
    const orders = await holdTransaction(project.database, 'LOCK orders');
    const { kat } = openKat(project, { jobs: 2, lockTimeoutMs: 0 });
    const failing = migrationFailureOf(kat.up());
    await untilWaiting(project.database, 2);
    const tables = ['users', 'orders'].slice(0, lost);
    await project.database.query(`SELECT pg_terminate_backend(pid) FROM pg_locks
      WHERE NOT granted AND relation = ANY (ARRAY['${tables.join("', '")}']::regclass[])`);
    await Promise.all([users.release(), orders.release()]);
    const error = await failing;
    const [failed, applied] = lost === 1 ? [['1_a'], ['2_b']] : [['1_a', '2_b'], []];
    expect(error.code).toBe('MIGRATION_FAILED');
    expect(error.unfinished?.failed.map(({ id }) => id).sort()).toEqual(failed);
    expect(error.unfinished?.heldBack).toEqual([{ id: '3_c', by: failed }]);
    expect(await project.applied()).toEqual(applied);
    expect(idsOf((await kat.up()).migrations).sort()).toEqual([...failed, '3_c']);
    expect(await project.applied()).toHaveLength(3);
  });

  test('two lost sessions that cannot be replaced: both migrations are named', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_a': 'CREATE TABLE t1 (); SELECT FROM users;',
        '2_b': 'CREATE TABLE t2 (); SELECT FROM orders;',
      },
    });
    const { database } = project;
    const role = `worker_${database.name}`;
    await database.query(`CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD 'postgres'`);
    await database.query('CREATE TABLE users (); CREATE TABLE orders ()');
    const application = await holdTransaction(database, 'LOCK users, orders');
    const url = database.url.replace(/\/\/[^@]*@/, `//${role}:postgres@`);
    const { kat } = openKat(project, { database: url, jobs: 2, lockTimeoutMs: 0 });
    const failing = failureOf(kat.up());
    await untilWaiting(database, 2);
    await database.query(`ALTER ROLE ${role} NOLOGIN`);
    await database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}'`);
    const error = await failing;
    expect(error.code).toBe('STATE_UNKNOWN');
    const words = [error.message, ...error.problems.map(({ message }) => message)].join('\n');
    for (const id of ['1_a', '2_b']) expect(words).toContain(`the outcome of ${id} (up) is unknown`);
    await application.release();
    await database.query(`ALTER ROLE ${role} LOGIN`);
    expect(idsOf((await kat.up()).migrations).sort()).toEqual(['1_a', '2_b']);
    await kat.close();
    await database.query(`REASSIGN OWNED BY ${role} TO postgres; DROP ROLE ${role}`);
  });

  test('what took long before goes first', async () => {
    const names = Array.from({ length: 4 }, (_, n) => `${n + 1}_m`);
    const project = await projectOn(major, {
      migrations: Object.fromEntries(
        names.map((id, n) => [id, { ...independent(n + 1), down: `DROP TABLE t${n + 1};` }]),
      ),
    });
    const { kat } = openKat(project);
    await kat.up();
    await kat.down({ all: true, confirm: () => true });
    await project.database.query("UPDATE migrations_log SET duration_ms = 900 WHERE migration = '3_m'");
    const { schedule } = await kat.plan({ jobs: 2 });
    expect(schedule?.lanes).toEqual(
      [['3_m'], ['1_m', '2_m', '4_m'].sort()].map((lane) => expect.arrayContaining(lane)),
    );
    expect(schedule?.criticalPath).toEqual(['3_m']);
  });

  test('the history is read only for what a migration does not show itself', async () => {
    const project = await projectOn(major, { migrations: {} });
    await project.database.query('CREATE TABLE users (a int, b int)');
    const texts = {
      '1_a': 'CREATE TABLE a ()',
      '2_b': 'CREATE INDEX ON users (a)',
      '3_c': 'CREATE INDEX ON users (b)',
    };
    const parser = await loadParser();
    const { see, footprints } = createFootprintListener();
    for (const [id, text] of Object.entries(texts)) {
      const step = { id, direction: 'up', mode: 'transaction' } as const;
      see(step, text, tryParse(parser, text) ?? []);
    }
    const driver = await openDriver({ driver: 'postgres', url: project.database.url });
    const session = await driver.open('test');
    // No file of this graph is there.
    const graph = sketchGraph({ '1_a': [], '2_b': [], '3_c': [], '4_d': [] });
    const find = (ids: readonly string[]) =>
      findRules(session, { graph, steps: ids.map((id) => ({ id })), footprints });
    const rules = await find(Object.keys(texts));
    expect([rules.mayRunTogether(1, 2), rules.isLong(0), rules.isLong(1)]).toEqual([true, false, true]);
    expect(await failureOf(find(['1_a', '4_d']))).toMatchObject({ code: 'FILES_INVALID' });
    await project.database.query('CREATE TABLE more () INHERITS (users)');
    expect(await failureOf(find(Object.keys(texts)))).toMatchObject({ code: 'FILES_INVALID' });
    expect((await find(['1_a'])).isAlone(0)).toBe(false);
    await session.close();
    await driver.close();
  });

  test.each([
    ['', 'public', true],
    ['', 'app', false],
    ['CREATE SCHEMA AUTHORIZATION CURRENT_USER', '"$user", public', false],
  ])(
    'with "%s" and the search path %s, names mean the same in the history: %s',
    async (setup, path, areKnown) => {
      const project = await projectOn(major, {
        migrations: {
          '1_base': 'CREATE SCHEMA app CREATE TABLE counters (n int); CREATE TABLE public.counters (n int)',
          '2_a': { up: 'CREATE TABLE x AS SELECT * FROM counters', parents: [1] },
          '3_b': { up: 'UPDATE app.counters SET n = 2', parents: [1] },
        },
      });
      const { database } = project;
      await database.query(`${setup}; ALTER DATABASE ${database.name} SET search_path = ${path}`);
      expect(await mayRunTogether(project, ['2_a', '3_b'])).toBe(areKnown);
    },
  );

  test.each([
    ['CREATE TABLE c () INHERITS (p)', 'ALTER TABLE c ADD x int', 'ALTER TABLE p ADD x int'],
    [
      'CREATE TABLE q (id int PRIMARY KEY) PARTITION BY LIST (id); CREATE TABLE c PARTITION OF q DEFAULT',
      'CREATE TABLE a (q int REFERENCES q)',
      'CREATE INDEX ON c (id)',
    ],
  ])('meet by a family of the same run: %s', async (family, one, other) => {
    const base = `CREATE TABLE p (id int PRIMARY KEY); ${family}`;
    const migrations = {
      '1_base': base,
      '2_a': { up: one, parents: [1] },
      '3_b': { up: other, parents: [1] },
    };
    const project = await projectOn(major, { migrations });
    expect(await mayRunTogether(project, ['2_a', '3_b'])).toBe(false);
  });

  test.each([
    ['CREATE SCHEMA postgres', false],
    ['ALTER SCHEMA old RENAME TO postgres', false],
    ['CREATE SCHEMA AUTHORIZATION postgres', false],
    ['CREATE SCHEMA other', true],
  ])('a schema of the search path that is made on the way: %s', async (makes, areApart) => {
    const migrations = {
      '1_base': 'CREATE TABLE base (id int)',
      '2_a': { up: `SELECT FROM base; ${makes}`, parents: [1] },
      '3_b': { up: 'CREATE TABLE invoices (id int)', parents: [1] },
    };
    const project = await projectOn(major, { migrations });
    await project.database.query('CREATE SCHEMA old');
    expect(await mayRunTogether(project, ['2_a', '3_b'])).toBe(areApart);
  });

  test('all sessions hold the lock: the next run waits until the last one has ended', async () => {
    const project = await projectOn(major, {
      migrations: { '1_a': 'SELECT FROM users', '2_b': 'SELECT FROM orders' },
    });
    await project.database.query('CREATE TABLE users (); CREATE TABLE orders ()');
    const users = await holdTransaction(project.database, 'LOCK users');
    const orders = await holdTransaction(project.database, 'LOCK orders');
    const { kat, events } = openKat(project, { jobs: 2, lockTimeoutMs: 0 });
    const running = kat.up();
    await untilWaiting(project.database, 2);
    const shared =
      "SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    expect(await column(project.database, shared)).toEqual([2]);
    const other = openKat(project, { lockWaitMs: 0 });
    expect(await failureOf(other.kat.up())).toMatchObject({ code: 'LOCKED' });
    await Promise.all([users.release(), orders.release()]);
    await running;
    expect(eventsOf(events, 'succeeded')).toHaveLength(2);
  });
});

test('a server that takes fewer sessions gets fewer, and the run says so', async () => {
  const server = await ownServer(Math.max(...majors()), {
    settings: { max_connections: '8', superuser_reserved_connections: '0' },
  });
  const database = await freshDatabase(server);
  const migrations = Object.fromEntries(
    Array.from({ length: 12 }, (_, n) => [`${n + 1}_m`, independent(n + 1)]),
  );
  const project = await projectOn(server, { migrations });
  const { kat, events } = openKat(project, { jobs: 12 });
  expect((await kat.up()).migrations).toHaveLength(12);
  const [warning] = eventsOf(events, 'warning');
  expect(warning?.message).toMatch(/^the run uses [1-9] sessions? instead of 12: .*too many clients/);
  expect(await project.applied()).toHaveLength(12);
  await kat.close();
  await database.drop();
});
