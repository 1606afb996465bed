/** Migrations that run statement by statement: they go on where they stopped, and repeat nothing. */

import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { openDriver } from '../../src/connections/open-connection.js';
import { hashStatement, readJournal } from '../../src/engine/ledger/journal.js';
import type { KatEvent } from '../../src/index.js';
import { holdBack, holdSnapshot, untilRunning, waitingMigration } from '../reliability/scene.js';
import { majors, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type DatabaseProject, type MigrationSource, projectOn } from '../support/kat-project.js';
import { startProxy } from '../support/proxy.js';
import { column, eventsOf, failureOf, idsOf, migrationFailureOf, openKat } from './library.js';

const rowsOfT = 'SELECT n FROM t ORDER BY n';

function apart(up: string, down?: string): Record<string, MigrationSource> {
  return { '1_apart': { up, noTransaction: true, ...(down === undefined ? {} : { down }) } };
}

function edit(project: DatabaseProject, from: string, to: string, file = 'up.sql'): void {
  const path = `migrations/1_apart/${file}`;
  expect(project.read(path)).toContain(from);
  project.write(path, project.read(path).replace(from, to));
}

function isValid(database: TestDatabase, index: string): Promise<unknown[]> {
  return column(database, `SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('${index}')`);
}

/** Starts a statement in a session of an application's. */
async function start(database: TestDatabase, sql: string) {
  const client = new pg.Client({ connectionString: database.url, application_name: 'the application' });
  await client.connect();
  const { processID } = client as unknown as { processID: number };
  const ended = client
    .query(sql)
    .catch(() => undefined)
    .then(() => client.end());
  return { processId: processID, ended };
}

describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  test('a statement fails: the ones before it stay, and the next run goes on there', async () => {
    const project = await projectOn(major, {
      migrations: {
        ...apart(
          'CREATE TABLE t (n int);\nINSERT INTO t VALUES (1);\nINSERT INTO t\n  SELECT 2/(SELECT 0);\nINSERT INTO t VALUES (3);',
        ),
        '2_behind': { up: 'CREATE TABLE behind ();', parents: [1] },
      },
    });
    const { kat, events } = openKat(project);
    const error = await migrationFailureOf(kat.up());
    expect(error).toMatchObject({
      code: 'MIGRATION_HALF_DONE',
      migration: '1_apart',
      report: { sqlstate: '22012' },
    });
    expect(error.help).toContain('it continues at statement 3');
    expect(error.problems[0]?.location).toMatchObject({ line: 3, column: 1, sourceLine: 'INSERT INTO t' });
    expect(
      eventsOf(events, 'statement-finished').map(({ statement, statements }) => [statement, statements]),
    ).toEqual([
      [1, 4],
      [2, 4],
    ]);
    expect((await kat.status()).migrations).toMatchObject([
      { id: '1_apart', state: 'pending', halfDone: { direction: 'up', finished: 2 } },
      { id: '2_behind', state: 'pending' },
    ]);
    edit(project, 'SELECT 2/(SELECT 0)', 'SELECT 2');
    events.length = 0;
    expect(idsOf((await kat.up()).migrations)).toEqual(['1_apart', '2_behind']);
    expect(eventsOf(events, 'statement-finished').map(({ statement }) => statement)).toEqual([3, 4]);
    expect(await column(project.database, rowsOfT)).toEqual([1, 2, 3]);
    expect((await kat.status()).migrations[0]).not.toHaveProperty('halfDone');
  });

  test('the first statement fails: nothing is half done', async () => {
    const project = await projectOn(major, { migrations: apart('SELECT nothing;\nCREATE TABLE t ();') });
    const { kat } = openKat(project);
    const error = await migrationFailureOf(kat.up());
    expect(error).toMatchObject({ code: 'MIGRATION_FAILED', report: { sqlstate: '42703' } });
    expect(error.problems[0]?.location).toMatchObject({ line: 1, column: 8 });
    expect((await kat.status()).migrations[0]).not.toHaveProperty('halfDone');
  });

  test('a statement that has run must not be edited', async () => {
    const project = await projectOn(major, {
      migrations: apart('CREATE TABLE t (n int);\nINSERT INTO t VALUES (1);\nSELECT 1/(SELECT 0);'),
    });
    const { kat } = openKat(project);
    await migrationFailureOf(kat.up());
    edit(project, 'VALUES (1)', 'VALUES (7)');
    const error = await failureOf(kat.up());
    expect(error).toMatchObject({
      code: 'MIGRATION_HALF_DONE',
      message: 'statement 2 of 1_apart has run already, and it was edited since',
    });
    expect(error.help).toContain('Bring the first 2 statements');
    expect(await column(project.database, rowsOfT)).toEqual([1]);
    edit(project, 'VALUES (7)', 'VALUES (1)');
    edit(project, '1/(SELECT 0)', '1');
    await kat.up();
    expect(await column(project.database, rowsOfT)).toEqual([1]);
  });

  test.each(['', 'IF NOT EXISTS '])('an invalid index is dropped and built again: %s', async (unless) => {
    const index = `CREATE UNIQUE INDEX CONCURRENTLY ${unless}t_n ON t (n)`;
    const project = await projectOn(major, { migrations: apart(`CREATE TABLE t2 ();\n${index};`) });
    const { database } = project;
    await database.query('CREATE TABLE t (n int); INSERT INTO t VALUES (1), (1)');
    const { kat } = openKat(project);
    expect(await migrationFailureOf(kat.up())).toMatchObject({
      ...{ code: 'MIGRATION_HALF_DONE', report: { sqlstate: '23505' } },
    });
    expect(await isValid(database, 't_n')).toEqual([false]);
    await database.query('DELETE FROM t; INSERT INTO t VALUES (1), (2)');
    await kat.up();
    expect(await isValid(database, 't_n')).toEqual([true]);
    expect(await project.applied()).toEqual(['1_apart']);
  });

  test('an index that somebody else is building is waited for', async () => {
    const index = 'CREATE INDEX CONCURRENTLY IF NOT EXISTS t_n ON t (n)';
    const project = await projectOn(major, { migrations: apart(`${index};`) });
    const { database } = project;
    await database.query('CREATE TABLE t (n int)');
    const snapshot = await holdSnapshot(database);
    const builder = await start(database, index);
    await eventually('the index to be valid', async () => (await isValid(database, 't_n')).length === 1);
    const { kat, events } = openKat(project, {
      onEvent: ({ type }) => {
        if (type === 'blocked') void snapshot.release();
      },
    });
    await kat.up();
    await builder.ended;
    const blockers = eventsOf(events, 'blocked').flatMap((event) => event.blockers);
    expect(blockers[0]).toMatchObject({ processId: builder.processId, applicationName: 'the application' });
    expect(await isValid(database, 't_n')).toEqual([true]);
    expect(await project.applied()).toEqual(['1_apart']);
  });

  test('SET and SET ROLE hold for what follows, when it resumes too, and the log is still written', async () => {
    const project = await projectOn(major, {
      migrations: {
        ...apart(`SET search_path = side;
SET myapp.tenant = 'acme';
SET ROLE pg_monitor;
CREATE TABLE t AS SELECT 1 AS n, current_setting('myapp.tenant') AS tenant, current_user::text AS who;
CREATE INDEX CONCURRENTLY t_n ON t (n);
INSERT INTO t SELECT 2/(SELECT 0), current_setting('myapp.tenant'), current_user;
RESET ROLE;
INSERT INTO t VALUES (3, current_setting('myapp.tenant'), current_user);`),
        '2_behind': { up: 'CREATE TABLE behind AS SELECT current_user::text AS who;', parents: [1] },
      },
    });
    const { database } = project;
    await database.query('CREATE SCHEMA side; GRANT ALL ON SCHEMA side TO pg_monitor');
    const { kat } = openKat(project);
    expect(await migrationFailureOf(kat.up())).toMatchObject({ report: { sqlstate: '22012' } });
    edit(project, '2/(SELECT 0)', '2');
    await kat.up();
    expect(await database.query('SELECT n, tenant, who FROM side.t ORDER BY n')).toEqual([
      { n: 1, tenant: 'acme', who: 'pg_monitor' },
      { n: 2, tenant: 'acme', who: 'pg_monitor' },
      { n: 3, tenant: 'acme', who: 'postgres' },
    ]);
    expect(await isValid(database, 'side.t_n')).toEqual([true]);
    expect(await column(database, 'SELECT who FROM public.behind')).toEqual(['postgres']);
    const outcomes = `SELECT outcome FROM migrations_log
      WHERE migration = '1_apart' AND (outcome <> 'statement finished' OR error IS NULL) ORDER BY id`;
    expect(await column(database, outcomes)).toEqual([
      ...['started', 'statement finished', 'statement started', 'statement finished', 'failed'],
      ...['started', 'statement finished', 'statement finished', 'succeeded'],
    ]);
  });

  test('DISCARD ALL takes back the settings before it, when it resumes too', async () => {
    const up = `SET search_path = side;
CREATE TABLE one (n int);
DISCARD ALL;
SET myapp.tenant = 'acme';
CREATE TABLE two AS SELECT current_setting('myapp.tenant') AS tenant;
INSERT INTO two SELECT 1 / 0;`;
    const project = await projectOn(major, { migrations: apart(up) });
    await project.database.query('CREATE SCHEMA side');
    const { kat } = openKat(project);
    await migrationFailureOf(kat.up());
    edit(project, 'INSERT INTO two SELECT 1 / 0', 'CREATE TABLE three AS TABLE two');
    await kat.up();
    expect(
      await column(
        project.database,
        "SELECT relnamespace::regnamespace || '.' || relname FROM pg_class WHERE relname IN ('one', 'two', 'three') ORDER BY oid",
      ),
    ).toEqual(['side.one', 'public.two', 'public.three']);
  });

  test.each([
    ['CREATE TEMP TABLE seen (n int);', 'INSERT INTO seen VALUES (2);'],
    ['CREATE TABLE pg_temp.seen (n int);', 'DROP TABLE IF EXISTS seen;'],
    [
      'CREATE TEMP TABLE old AS SELECT 1 AS n; ALTER TABLE old RENAME TO seen;',
      'DO $$ BEGIN INSERT INTO seen VALUES (2); END $$;',
    ],
    ['CREATE TEMP VIEW seen AS SELECT 1 AS n;', 'CREATE TABLE copy AS SELECT * FROM seen;'],
    ['SELECT 1 AS n INTO TEMP seen;', 'UPDATE public.t SET n = (SELECT max(n) FROM pg_temp.seen);'],
  ])(
    'what was made by %s and went with its session is not mistaken for another table: %s',
    async (made, used) => {
      const project = await projectOn(major, {
        migrations: apart(`${made}\nCREATE TABLE t AS SELECT 1 AS n;\nSELECT 1 / 0;\n${used}`),
      });
      const { database } = project;
      await database.query('CREATE TABLE seen AS SELECT 7 AS n');
      const { kat } = openKat(project);
      expect((await migrationFailureOf(kat.up())).help).toMatch(
        /Fix the cause\. The next run has another session, and statement \d of 1_apart needs .* makes it again, with its rows/,
      );
      edit(project, 'SELECT 1 / 0', 'SELECT 1');
      for (const dryRun of [false, true]) {
        const error = await failureOf(kat.up({ dryRun }));
        expect(error).toMatchObject({
          code: 'MIGRATION_HALF_DONE',
          message: expect.stringMatching(
            /^statement \d of 1_apart needs the temporary table seen, which statement \d made in a session that has ended$/,
          ),
          help: expect.stringContaining('makes it again, with its rows'),
        });
      }
      expect(await column(database, 'SELECT n FROM seen')).toEqual([7]);
      edit(project, 'SELECT 1;', 'CREATE TEMP TABLE seen AS SELECT 3 AS n;');
      await kat.up();
      expect(await column(database, 'SELECT n FROM public.seen')).toEqual([7]);
    },
  );

  test('a connection of the caller still has the temporary table', async () => {
    const up = 'CREATE TEMP TABLE seen (n int);\nSELECT 1 / 0;\nINSERT INTO seen VALUES (2);';
    const project = await projectOn(major, { migrations: apart(up) });
    const client = new pg.Client({ connectionString: project.database.url });
    await client.connect();
    const { kat } = openKat(project, { database: client });
    expect((await migrationFailureOf(kat.up())).help).toContain('it continues at statement 2');
    edit(project, 'SELECT 1 / 0', 'SELECT 1');
    await kat.up();
    expect((await client.query('SELECT n FROM pg_temp.seen')).rows).toEqual([{ n: 2 }]);
    await client.end();
  });

  test.each([
    ['CREATE TEMP TABLE seen (n int); DROP TABLE seen;', 'INSERT INTO seen VALUES (2);'],
    ['CREATE TEMP TABLE seen (n int); DISCARD TEMP;', 'INSERT INTO seen VALUES (2);'],
    ['CREATE TEMP TABLE seen (n int) ON COMMIT DROP;', 'INSERT INTO seen VALUES (2);'],
    ['CREATE TEMP TABLE seen (n int);', 'INSERT INTO public.seen VALUES (2);'],
  ])('what is not lost is used: %s, then %s', async (made, used) => {
    const project = await projectOn(major, { migrations: apart(`${made}\nSELECT 1 / 0;\n${used}`) });
    const { database } = project;
    await database.query('CREATE TABLE seen AS SELECT 7 AS n');
    const { kat } = openKat(project);
    await migrationFailureOf(kat.up());
    edit(project, 'SELECT 1 / 0', 'SELECT 1');
    await kat.up();
    expect(await column(database, 'SELECT n FROM seen ORDER BY n')).toEqual([2, 7]);
  });

  test('what is committed is not tried again when the look at the role behind COMMIT is refused for a reason that passes', async () => {
    const project = await projectOn(major, {
      migrations: apart('SET ROLE pg_monitor;\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);'),
    });
    await project.database.query('CREATE TABLE t (n int); GRANT ALL ON t TO pg_monitor');
    let refused = 0;
    const refuse = "DO $$ BEGIN RAISE 'later' USING ERRCODE = '40001'; END $$";
    const rewrite = (sql: string) => {
      const changed = sql.replace(/(?<=\nCOMMIT\n;\n[\s\S]*)SELECT [^;]*'role'[^;]*(?=\n;\n)/, () => refuse);
      if (changed === sql || refused > 0) return sql;
      refused += 1;
      return changed;
    };
    const proxy = await startProxy(project.database, { rewrite });
    await openKat(project, { database: proxy.urlOf(project.database) }).kat.up();
    expect(refused).toBe(1);
    expect(await column(project.database, rowsOfT)).toEqual([1, 2]);
  });

  test.each([
    ['applied the next one', ['1_t1', '2_b'], 'applied 2_b'],
    ['applied a later one', ['1_t1', '3_c'], 'applied 3_c'],
    ['rolled back an earlier one', [], 'rolled back 0_t0'],
  ])(
    'another run that took over is not followed by the rest of the old plan: it %s',
    async (_what, applied, words) => {
      const project = await projectOn(major, {
        migrations: {
          '0_t0': { up: 'SELECT 1;', down: 'SELECT 1;' },
          '1_t1': { ...waitingMigration(1), parents: [0] },
          '2_b': { up: 'UPDATE t SET n = n + 1;', noTransaction: true, parents: [1] },
          '3_c': { up: 'UPDATE t SET n = n + 1;', parents: [1] },
        },
      });
      const { database } = project;
      await database.query('CREATE TABLE t AS SELECT 0 AS n');
      await openKat(project).kat.up({ to: ['0_t0'] });
      const application = await holdBack(database);
      const proxy = await startProxy(database);
      const first = failureOf(openKat(project, { database: proxy.urlOf(database) }).kat.up());
      await untilRunning(database, 'pg_advisory_xact_lock');
      const recovery = proxy.when("l.locktype = 'advisory'", { kind: 'hold answer' });
      let isWaiting = false;
      const onEvent = ({ type }: KatEvent) => {
        isWaiting ||= type === 'waiting-for-lock';
      };
      const { kat } = openKat(project, { onEvent });
      const to = applied.slice(-1);
      const second = to.length > 0 ? kat.up({ to }) : kat.down({ of: ['0_t0'] });
      await eventually('the second run', async () => isWaiting);
      proxy.cutAll();
      await recovery.happened;
      await application.release();
      await second;
      recovery.release();
      const error = await first;
      expect(error).toMatchObject({ code: 'PLAN_CHANGED', migration: words.split(' ').at(-1) });
      expect(error.message).toBe(`another run has ${words} while this run had lost its connection`);
      expect(await column(database, rowsOfT)).toEqual([applied.length === 0 ? 0 : 1]);
      expect(await project.applied()).toEqual([...(applied.length === 0 ? [] : ['0_t0']), ...applied]);
    },
  );

  test.each([
    ['at the end', ''],
    ['before a statement that can run in a block', '\nSELECT n FROM t;'],
    ['before a statement that must run alone', '\nVACUUM t;'],
  ])('default_transaction_read_only does not keep Kat from writing: %s', async (_where, rest) => {
    const project = await projectOn(major, {
      migrations: {
        ...apart(`CREATE TABLE t (n int);\nSET default_transaction_read_only = on;${rest}`),
        '2_behind': { up: 'CREATE TABLE behind ();', parents: [1] },
      },
    });
    const { kat } = openKat(project);
    expect(idsOf((await kat.up()).migrations)).toEqual(['1_apart', '2_behind']);
  });

  test('blocks and procedures that commit by themselves run', async () => {
    const commits = (n: number) => `INSERT INTO t VALUES (${n}); COMMIT; INSERT INTO t VALUES (${n + 1});`;
    const project = await projectOn(major, {
      migrations: apart(`CREATE TABLE t (n int);
CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN ${commits(3)} END $$;
DO $$ BEGIN ${commits(1)} END $$;
CALL p();
DO $$ BEGIN INSERT INTO t VALUES (5); END $$;`),
    });
    await openKat(project).kat.up();
    expect(await column(project.database, rowsOfT)).toEqual([1, 2, 3, 4, 5]);
  });

  test.each([
    ['an error', 'PERFORM 1/0;', '22012'],
    ['an error that passes', "RAISE 'again' USING ERRCODE = '40001';", '40001'],
  ])(
    'what commits by itself and ends in %s is half done, and not tried again',
    async (_, fails, sqlstate) => {
      const project = await projectOn(major, {
        migrations: apart(`CREATE TABLE t (n int);
DO $$ BEGIN INSERT INTO t VALUES (1); COMMIT; INSERT INTO t VALUES (2); ${fails} END $$;`),
      });
      const { kat } = openKat(project);
      const error = await migrationFailureOf(kat.up());
      expect(error).toMatchObject({ code: 'MIGRATION_HALF_DONE', report: { sqlstate } });
      expect(error.help).toContain('Statement 2 refuses a transaction block: what it committed stays.');
      expect(await column(project.database, rowsOfT)).toEqual([1]);
      expect(await failureOf(kat.up())).toMatchObject({ code: 'MIGRATION_HALF_DONE' });
      expect(await column(project.database, rowsOfT)).toEqual([1]);
      await kat.repair({ done: ['1_apart'] });
      expect((await kat.up()).migrations).toEqual([]);
      expect(await column(project.database, rowsOfT)).toEqual([1]);
    },
  );

  test('a down that commits by itself and fails is half done', async () => {
    const project = await projectOn(major, {
      migrations: apart(
        'CREATE TABLE t (n int);',
        'DO $$ BEGIN INSERT INTO t VALUES (1); COMMIT; PERFORM 1/0; END $$; DROP TABLE t;',
      ),
    });
    const { kat } = openKat(project);
    await kat.up();
    expect(await failureOf(kat.down({ confirm: async () => true }))).toMatchObject({
      code: 'MIGRATION_HALF_DONE',
    });
    expect(await column(project.database, rowsOfT)).toEqual([1]);
  });

  test('functions, triggers and rules that refuse a transaction block run as psql runs them', async () => {
    // Functions in C ask the server whether there is a block; one in PL/pgSQL sees it in the message.
    const refuses = (name: string, returns: string, then: string) =>
      `CREATE FUNCTION ${name}() RETURNS ${returns} LANGUAGE plpgsql AS $$ BEGIN
  IF current_query() ~* '\\mBEGIN\\M' THEN RAISE EXCEPTION '${name} refuses' USING ERRCODE = '25001'; END IF;
  ${then} END $$;`;
    const project = await projectOn(major, {
      migrations: apart(`CREATE TABLE t (n int);
${refuses('f', 'int', 'INSERT INTO t VALUES (1); RETURN 1;')}
${refuses('g', 'trigger', 'RETURN NEW;')}
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g();
SELECT f();
INSERT INTO t VALUES (2);
WITH called AS (SELECT f()) INSERT INTO t SELECT 3 FROM called;
SELECT nothing();`),
    });
    const { kat } = openKat(project);
    const error = await migrationFailureOf(kat.up());
    expect(error).toMatchObject({ report: { sqlstate: '42883' } });
    expect(error.problems[0]?.location).toMatchObject({ sourceLine: 'SELECT nothing();', column: 8 });
    expect(await column(project.database, rowsOfT)).toEqual([1, 1, 2, 3]);
  });

  test('a statement that fails alone is shown where it stands', async () => {
    const project = await projectOn(major, {
      migrations: apart(`CREATE TABLE t (n int);
DO $$ BEGIN INSERT INTO t VALUES (1); COMMIT; END $$;
CREATE INDEX CONCURRENTLY t_m ON t (
  m);`),
    });
    const error = await migrationFailureOf(openKat(project).kat.up());
    expect(error).toMatchObject({ report: { sqlstate: '42703' } });
    expect(error.problems[0]).toMatchObject({ title: 'SQL error', location: { line: 3, column: 1 } });
  });

  test.each([
    ['behind a semicolon', ';\n-- done\n/* the end */'],
    ['without a semicolon', ' -- done'],
    ['that is open to the right', ' /* done */'],
  ])('comments behind the last statement: %s', async (_what, end) => {
    const project = await projectOn(major, {
      migrations: apart(`-- first\nCREATE TABLE t (n int); -- second\nINSERT INTO t VALUES (1)${end}`),
    });
    const { kat, events } = openKat(project);
    await kat.up();
    expect(await column(project.database, rowsOfT)).toEqual([1]);
    expect(eventsOf(events, 'statement-finished')).toHaveLength(2);
  });

  test('down goes on where it stopped, too', async () => {
    const project = await projectOn(major, {
      migrations: apart(
        'CREATE TABLE t (n int);\nCREATE INDEX CONCURRENTLY t_n ON t (n);',
        'DROP INDEX CONCURRENTLY t_n;\nINSERT INTO t VALUES (1);\nSELECT 1/(SELECT 0);\nALTER TABLE t RENAME TO gone;',
      ),
    });
    const { kat, events } = openKat(project);
    await kat.up();
    const error = await migrationFailureOf(kat.down());
    expect(error).toMatchObject({ code: 'MIGRATION_HALF_DONE', direction: 'down' });
    expect(error.help).toContain('run `kat down` again: it continues at statement 3');
    expect((await kat.status()).migrations).toMatchObject([
      { id: '1_apart', state: 'applied', halfDone: { direction: 'down', finished: 2 } },
    ]);
    edit(project, '1/(SELECT 0)', '1', 'down.sql');
    events.length = 0;
    await kat.down();
    expect(eventsOf(events, 'statement-finished').map(({ statement }) => statement)).toEqual([3, 4]);
    expect(await column(project.database, 'SELECT n FROM gone')).toEqual([1]);
    expect((await kat.status()).migrations).toMatchObject([{ id: '1_apart', state: 'rolled back' }]);
    // What was rolled back begins at its first statement again.
    await project.database.query('DROP TABLE gone');
    await kat.up();
    expect(await isValid(project.database, 't_n')).toEqual([true]);
  });
});

test('a long journal is read whole', async () => {
  const project = await projectOn(majors()[0] as number, { migrations: {} });
  const hash = hashStatement({ text: 'SELECT 1' });
  await project.database.query(
    `CREATE TABLE journal AS SELECT n AS id, 'a' AS migration, 'up' AS direction, 'statement finished' AS outcome,
       1 AS statement, '${hash}' AS statement_hash FROM generate_series(1, 150000) n`,
  );
  const driver = await openDriver({ driver: 'postgres', url: project.database.url });
  const session = await driver.open('kat');
  try {
    const migration = { id: 'a', direction: 'up', file: 'up.sql' } as const;
    const journal = await readJournal(session, 'journal', migration, [{ text: 'SELECT 1' }]);
    expect(journal).toEqual({ finished: 1, begun: undefined });
  } finally {
    await session.close();
    await driver.close();
  }
});
