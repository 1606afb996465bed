/** `dryRun: 'rollback'`: a plan that is executed for real, and of which nothing stays. */

import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { createKat } from '../../src/index.js';
import { majors } from '../support/database.js';
import { contentOf, type MigrationSource, makeProject, projectOn } from '../support/kat-project.js';
import { emptyPglite } from '../support/pglite.js';
import { column, eventsOf, failureOf, idsOf, migrationFailureOf, openKat, told } from './library.js';

const rollback = { dryRun: 'rollback' } as const;

/**
 *   1_users ─┬─ 2_seed ── 3_check
 *            └─ 4_index (no_transaction) ── 5_after
 *   6_mood ── 7_moods ── 8_glad ── 9_last
 */
const mixed: Record<string, MigrationSource> = {
  '1_users': {
    up: 'CREATE TABLE users (id int); SET search_path = nowhere; SET ROLE pg_monitor;',
    down: 'DROP TABLE users;',
  },
  '2_seed': { up: 'INSERT INTO users SELECT 1;', down: 'DELETE FROM users;', parents: [1] },
  '3_check': {
    up: 'ALTER TABLE users ADD CHECK (id = 1);',
    down: 'ALTER TABLE users DROP CONSTRAINT users_id_check;',
    parents: [2],
  },
  '4_index': {
    up: 'CREATE INDEX CONCURRENTLY users_id ON users (id);',
    down: 'DROP INDEX CONCURRENTLY users_id;',
    parents: [1],
    noTransaction: true,
  },
  '5_after': { up: 'COMMENT ON INDEX users_id IS $$x$$;', parents: [4] },
  '6_mood': { up: "CREATE TYPE mood AS ENUM ('sad');", down: 'DROP TYPE mood;' },
  '7_moods': { up: "ALTER TYPE mood ADD VALUE 'glad';", parents: [6] },
  '8_glad': { up: "CREATE TABLE moods (m mood DEFAULT 'glad');", down: 'DROP TABLE moods;', parents: [7] },
  '9_last': { up: 'ALTER TABLE moods ADD n int;', parents: [8] },
};

describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  test('what can be tried goes through, the rest is named, and nothing stays', async () => {
    const project = await projectOn(major, { migrations: mixed });
    // From PostgreSQL 17 on, a type of the same transaction is no obstacle.
    await project.database.query("CREATE TYPE mood AS ENUM ('sad')");
    const { '6_mood': _, ...others } = mixed;
    const { database } = project;
    const elsewhere = makeProject({ migrations: { ...others, '6_mood': 'SELECT 1;' } });
    const before = await contentOf(database);
    const { kat, events } = openKat({ ...elsewhere, database });
    const { isDryRun, migrations, untried } = await kat.up(rollback);
    expect(isDryRun).toBe(true);
    expect(idsOf(migrations)).toEqual(['1_users', '2_seed', '3_check', '6_mood', '7_moods']);
    for (const { durationMs } of migrations) expect(durationMs).toBeGreaterThan(0);
    expect(untried).toEqual([
      { id: '4_index', direction: 'up', reason: 'no transaction' },
      { id: '5_after', direction: 'up', reason: 'follows', of: '4_index' },
      { id: '8_glad', direction: 'up', reason: 'new value' },
      { id: '9_last', direction: 'up', reason: 'follows', of: '8_glad' },
    ]);
    expect(told(events).filter((line) => /rehearsed|not-tried/.test(line))).toHaveLength(9);
    expect(eventsOf(events, 'succeeded')).toEqual([]);
    expect(await contentOf(database)).toEqual(before);
    expect(await column(database, "SELECT to_regclass('migrations')")).toEqual([null]);
  });

  test.each([
    'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE',
    "SET LOCAL transaction_isolation = 'repeatable read'",
    'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ WRITE, DEFERRABLE',
  ])('%s is not tried, as it needs a transaction of its own', async (setting) => {
    const project = await projectOn(major, {
      migrations: {
        '1_first': 'CREATE TABLE first (id int);',
        '2_alone': `SET lock_timeout = '3s'; ${setting}; CREATE TABLE alone (id int);`,
        '3_after': { up: 'ALTER TABLE alone ADD n int;', parents: [2] },
      },
    });
    const { kat } = openKat(project);
    const { migrations, untried } = await kat.up(rollback);
    expect(idsOf(migrations)).toEqual(['1_first']);
    expect(untried).toEqual([
      { id: '2_alone', direction: 'up', reason: 'transaction settings' },
      { id: '3_after', direction: 'up', reason: 'follows', of: '2_alone' },
    ]);
    const { migrations: applied } = await kat.up();
    expect(idsOf(applied)).toEqual(['1_first', '2_alone', '3_after']);
  });

  test('SET TRANSACTION behind a query fails as in a real run', async () => {
    const project = await projectOn(major, {
      migrations: { '1_late': 'CREATE TABLE late (id int); SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;' },
    });
    const { kat } = openKat(project);
    for (const options of [rollback, {}]) {
      const { report } = await migrationFailureOf(kat.up(options));
      expect(report).toMatchObject({ sqlstate: '25001' });
    }
  });

  test('a failure is that of a real run, and leaves nothing either', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_users': 'CREATE TABLE users (id int PRIMARY KEY);\nINSERT INTO users VALUES (1);',
        '2_again': { up: 'SELECT 1;\nINSERT INTO users VALUES (1);', parents: [1] },
      },
    });
    const { kat, events } = openKat(project);
    const error = await migrationFailureOf(kat.up(rollback));
    expect(error).toMatchObject({
      code: 'MIGRATION_FAILED',
      migration: '2_again',
      direction: 'up',
      finished: [],
      report: { sqlstate: '23505' },
      help: 'Fix the cause and try again; everything was rolled back.',
    });
    expect(error.problems[0]?.location).toMatchObject({ line: 2, column: 1 });
    expect(told(events).at(-1)).toBe('failed 2_again');
    const content = await contentOf(project.database);
    expect(content.filter(({ relkind }) => relkind === 'r')).toEqual([]);
    expect(await column(project.database, "SELECT to_regclass('migrations_log')")).toEqual([null]);
  });

  test('a failure may come from what could not be tried, and says so', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_alone': { up: 'CREATE TABLE alone (); VACUUM;', noTransaction: true },
        '2_needs': 'INSERT INTO alone DEFAULT VALUES;',
      },
    });
    const error = await migrationFailureOf(openKat(project).kat.up(rollback));
    expect(error.help).toContain(
      'The cause may be that these migrations could not be tried before it: 1_alone.',
    );
  });

  test('an enum value that the migration itself adds is its own mistake', async () => {
    const up = "ALTER TYPE mood ADD VALUE 'glad'; CREATE TABLE moods (m mood DEFAULT 'glad');";
    const project = await projectOn(major, { migrations: { '1_moods': up } });
    await project.database.query("CREATE TYPE mood AS ENUM ('sad')");
    const error = await migrationFailureOf(openKat(project).kat.up(rollback));
    expect(error).toMatchObject({ migration: '1_moods', report: { sqlstate: '55P04' } });
  });

  test('checks that wait for a COMMIT happen after each migration', async () => {
    const orders = `CREATE TABLE users (id int PRIMARY KEY);
      CREATE TABLE orders (user_id int REFERENCES users DEFERRABLE INITIALLY DEFERRED,
                           id int UNIQUE DEFERRABLE INITIALLY IMMEDIATE);`;
    const project = await projectOn(major, {
      migrations: {
        '1_orders': orders,
        '2_rows': { up: 'INSERT INTO orders VALUES (1, 1); INSERT INTO users VALUES (1);', parents: [1] },
        '3_more': {
          up: 'ALTER TABLE orders ADD note text; INSERT INTO orders VALUES (2, 2); INSERT INTO users VALUES (2);',
          parents: [2],
        },
      },
    });
    const { kat } = openKat(project);
    expect((await kat.up(rollback)).migrations).toHaveLength(3);
    project.addMigration('4_orphan', { up: 'INSERT INTO orders VALUES (3, 3);', parents: [3] });
    expect(await migrationFailureOf(kat.up(rollback))).toMatchObject({
      migration: '4_orphan',
      report: { sqlstate: '23503' },
    });
  });

  test.each([{}, { count: 1 }, { confirm: () => false }])(
    'a plain down that would lose rows needs no confirmation: %o',
    async (options) => {
      const project = await projectOn(major, {
        migrations: { '1_users': { up: 'CREATE TABLE users (id int);', down: 'DROP TABLE users;' } },
      });
      const { kat } = openKat(project);
      await kat.up();
      await project.database.query('INSERT INTO users VALUES (1)');
      const { migrations, losses } = await kat.down({ ...rollback, ...options });
      expect(idsOf(migrations)).toEqual(['1_users']);
      expect(losses).toMatchObject([{ id: '1_users', tables: ['public.users'] }]);
      expect(await column(project.database, 'SELECT id FROM users')).toEqual([1]);
    },
  );

  test('down, redo and sync', async () => {
    const { '9_last': _, ...migrations } = mixed;
    const project = await projectOn(major, { migrations });
    const { kat } = openKat(project);
    await kat.up();
    const before = await contentOf(project.database);
    const records =
      'SELECT count(*), max(id), (SELECT last_value FROM migrations_log_id_seq) FROM migrations_log';
    const logged = await project.database.query(records);
    const down = await kat.down({ all: true, ...rollback });
    expect(idsOf(down.migrations)).toEqual(['8_glad', '7_moods', '6_mood', '5_after', '3_check', '2_seed']);
    expect(down.untried).toEqual([
      { id: '4_index', direction: 'down', reason: 'no transaction' },
      { id: '1_users', direction: 'down', reason: 'follows', of: '4_index' },
    ]);
    const redo = await kat.redo({ of: ['2_seed'], ...rollback, confirm: () => false });
    expect(redo.migrations.map(({ id, direction }) => `${direction} ${id}`)).toEqual([
      'down 3_check',
      'down 2_seed',
      'up 2_seed',
      'up 3_check',
    ]);
    const elsewhere = makeProject({
      migrations: { '1_users': mixed['1_users'] as MigrationSource, '2_other': 'CREATE TABLE other ();' },
    });
    const sync = await openKat({ ...elsewhere, database: project.database }).kat.sync(rollback);
    expect(idsOf(sync.migrations)).toContain('2_other');
    expect(sync.untried).toEqual([{ id: '4_index', direction: 'down', reason: 'no transaction' }]);
    expect(await contentOf(project.database)).toEqual(before);
    expect(await project.database.query(records)).toEqual(logged);
    expect(await kat.up(rollback)).toEqual({ isDryRun: true, migrations: [], untried: [] });
  });

  test('the lock is waited for, and an abort ends it', async () => {
    const project = await projectOn(major, {
      migrations: { '1_slow': 'CREATE TABLE slow (); SELECT pg_sleep(60);' },
    });
    const controller = new AbortController();
    const { kat } = openKat(project, {
      signal: controller.signal,
      onEvent: ({ type }) => {
        if (type === 'started') controller.abort();
      },
    });
    const running = failureOf(kat.up(rollback));
    expect(await running).toMatchObject({ code: 'CANCELLED' });
    expect(await column(project.database, "SELECT to_regclass('slow')")).toEqual([null]);
    const holder = openKat(project, { lockWaitMs: 0 });
    const client = new pg.Client({ connectionString: project.database.url });
    await client.connect();
    const { sql } = await holder.kat.planSql({ client: 'any' });
    await client.query(sql.slice(0, sql.indexOf('-- 1 of 1')));
    expect(await failureOf(holder.kat.up(rollback))).toMatchObject({ code: 'LOCKED' });
    await client.end();
  });

  test('a connection of the caller’s is given back as it was', async () => {
    const project = await projectOn(major, {
      migrations: { '1_a': 'SET search_path = x; CREATE TABLE public.a ();' },
    });
    const client = new pg.Client({ connectionString: project.database.url });
    await client.connect();
    await client.query("SET search_path = public, pg_temp; SET my.own = 'x'");
    const kat = createKat({ migrations: `${project.folder}/migrations`, database: client });
    expect((await kat.up(rollback)).migrations).toHaveLength(1);
    const { rows } = await client.query(
      "SELECT current_setting('search_path') AS path, current_setting('my.own') AS own",
    );
    expect(rows).toEqual([{ path: 'public, pg_temp', own: 'x' }]);
    expect((await client.query("SELECT to_regclass('a') AS a")).rows).toEqual([{ a: null }]);
    await client.end();
  });
});

test('on PGlite', async () => {
  const project = makeProject({ migrations: mixed });
  const database = await emptyPglite();
  const kat = createKat({ migrations: `${project.folder}/migrations`, database });
  const { migrations, untried } = await kat.up(rollback);
  expect(migrations.length).toBeGreaterThanOrEqual(5);
  expect(untried).toContainEqual({ id: '5_after', direction: 'up', reason: 'follows', of: '4_index' });
  const { rows } = await database.query("SELECT to_regclass('users') AS u, to_regclass('migrations') AS m");
  expect(rows).toEqual([{ u: null, m: null }]);
  await database.close();
}, 60_000);

const target = 'CREATE TABLE target (id int PRIMARY KEY); INSERT INTO target VALUES (1);';
const keyOf = (table: string, mode: string) =>
  `CREATE TABLE ${table} (t int, CONSTRAINT target_fkey FOREIGN KEY (t) REFERENCES target ${mode});`;

/** Names of constraints are unique only within their table; each of these is applied, so each can be tried. */
const sharedNames: Readonly<Record<string, string[]>> = {
  'deferred beside not deferrable': [
    `${keyOf('a', 'DEFERRABLE INITIALLY DEFERRED')} ${keyOf('b', '')} INSERT INTO a VALUES (1);`,
  ],
  'immediate beside not deferrable': [
    `${keyOf('a', 'DEFERRABLE')} ${keyOf('b', '')} INSERT INTO a VALUES (1);`,
  ],
  'immediate beside deferred': [
    `${keyOf('a', 'DEFERRABLE')} ${keyOf('b', 'DEFERRABLE INITIALLY DEFERRED')} INSERT INTO b VALUES (1);`,
  ],
  'deferred by the migration': [
    `${keyOf('a', 'DEFERRABLE')} SET CONSTRAINTS ALL DEFERRED; INSERT INTO a VALUES (1);`,
    'INSERT INTO a VALUES (1); ALTER TABLE a ADD x int;',
  ],
};

describe.each(majors())('PostgreSQL %i: constraints that share a name', (major) => {
  test.each(Object.entries(sharedNames))('%s', async (_, texts) => {
    const ups = [target, ...texts, 'ALTER TABLE a ADD y int;'];
    const migrations = Object.fromEntries(
      ups.map((up, index) => [`${index + 1}_m`, { up, parents: index === 0 ? [] : [index] }]),
    );
    const project = await projectOn(major, { migrations });
    const { kat } = openKat(project);
    expect((await kat.up(rollback)).migrations).toHaveLength(ups.length);
    expect((await kat.up()).migrations).toHaveLength(ups.length);
  });
});
