/** Faults 1 to 5: `kill -9` of Kat at every stage of a migration, and what the next run makes of it. */

import { describe, expect, test } from 'vitest';
import { commandMajors, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { projectOn } from '../support/kat-project.js';
import { startProxy } from '../support/proxy.js';
import {
  appliedTables,
  expectDone,
  holdBack,
  holdSnapshot,
  idsUpTo,
  routeThrough,
  tableMigration,
  tableMigrations,
  untilGone,
  untilRunning,
  untilSays,
} from './scene.js';

describe.concurrent.each(commandMajors())('PostgreSQL %i', (major) => {
  test('1: before BEGIN, while it waits for another runner', async () => {
    const project = await projectOn(major, {
      migrations: { '1_t1': tableMigration(1, ' SELECT pg_sleep(600);') },
    });
    const holder = await project.start('up');
    await untilRunning(project.database, 'pg_sleep(600)');
    const { child, ended } = await project.start('up');
    await eventually(
      'four sessions of Kat',
      async () => (await sessionsOfKat(project.database)).length === 4,
    );
    child.kill('SIGKILL');
    expect((await ended).code).toBeUndefined();
    await eventually('two sessions of Kat', async () => (await sessionsOfKat(project.database)).length === 2);
    holder.child.kill('SIGKILL');
    await untilGone(project.database);
    expect(await appliedTables(project)).toEqual([]);
    project.addMigration('1_t1', tableMigration(1));
    expectDone(await project.kat('up'));
    expect(await appliedTables(project)).toEqual(idsUpTo(1));
  });

  test('1: before BEGIN reaches the server', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(2) });
    const proxy = await startProxy(project.database);
    routeThrough(proxy, project);
    // The server has a piece of the message that never becomes whole.
    const { happened } = proxy.when('CREATE TABLE t1 ', { kind: 'cut within', bytes: 3 });
    const { child } = await project.start('up');
    await happened;
    child.kill('SIGKILL');
    await untilGone(project.database);
    expect(await appliedTables(project)).toEqual([]);
    expectDone(await project.kat('up'));
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
  });

  test('2: in the middle of a statement: rolled back, and the next run waits for the orphan', async () => {
    const project = await projectOn(major, {
      migrations: { '1_t1': tableMigration(1), '2_t2': tableMigration(2, ' SELECT pg_sleep(600);') },
    });
    const { child } = await project.start('up');
    await untilRunning(project.database, 'pg_sleep(600)');
    child.kill('SIGKILL');
    project.addMigration('2_t2', tableMigration(2));
    const run = await project.kat('up');
    expectDone(run);
    expect(run.stdout).toContain('Total: 1 migration(s) applied\n');
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
    await untilGone(project.database);
  });

  test('2: an orphan that its server does not notice is waited for by name, until the wait is over', async () => {
    const stubborn = tableMigration(
      1,
      ' SET client_connection_check_interval = 0; SET lock_timeout = 0; SELECT pg_advisory_xact_lock(4711);',
    );
    const project = await projectOn(major, { migrations: { '1_t1': stubborn } });
    const application = await holdBack(project.database);
    const { child } = await project.start('up');
    await untilRunning(project.database, 'pg_advisory_xact_lock');
    child.kill('SIGKILL');
    await eventually('one session of Kat', async () => (await sessionsOfKat(project.database)).length === 1);
    const impatient = await project.kat('up --lock-wait 500ms');
    expect(impatient.code).toBe(4);
    expect(impatient.stderr).toMatch(
      /another runner still holds the lock after 0.5 s: process \d+ \(kat up, run by [^,]+, applying 1_t1, user postgres/,
    );
    const patient = await project.start('up');
    await untilSays(patient, 'Waiting for another runner: process ');
    await application.release();
    // All of it had been sent, so the orphan completes it, with its row.
    const run = await patient.ended;
    expectDone(run);
    expect(run.stdout).toContain('No migration(s) to apply\n');
    expect(await appliedTables(project)).toEqual(idsUpTo(1));
  });

  test('3: between the SQL and COMMIT', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(1) });
    const proxy = await startProxy(project.database);
    routeThrough(proxy, project);
    // SQL, rows and COMMIT travel in one message, so the server begins none of it before it has all of it.
    const { happened } = proxy.when('CREATE TABLE t1 ', { kind: 'cut within', bytes: 600 });
    const { child } = await project.start('up');
    await happened;
    child.kill('SIGKILL');
    await untilGone(project.database);
    expect(await appliedTables(project)).toEqual([]);
    expectDone(await project.kat('up'));
    expect(await appliedTables(project)).toEqual(idsUpTo(1));
  });

  test('3: while a trigger that is deferred to COMMIT is at work on the server', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_t1': `CREATE TABLE t1 (a int);
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(600); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON t1 DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow();
INSERT INTO t1 VALUES (1);`,
      },
    });
    const { child } = await project.start('up');
    await eventually('the migration to sleep', async () => {
      const sql =
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
      return (await project.database.query(sql)).length > 0;
    });
    child.kill('SIGKILL');
    await untilGone(project.database);
    expect(await appliedTables(project)).toEqual([]);
    project.addMigration('1_t1', tableMigration(1));
    expectDone(await project.kat('up'));
  });

  test.each([
    ['a procedure', 'CALL work();', 1],
    ['a block', 'DO $$ BEGIN INSERT INTO t1 VALUES (1); COMMIT; PERFORM wait(); END $$;', 1],
    ['a function that refuses a block', 'SELECT refuse();', 0],
  ])('3: in %s that may have committed: nothing runs again unasked', async (_name, statement, committed) => {
    const project = await projectOn(major, {
      migrations: {
        '1_t1': `CREATE TABLE t1 (a int);
CREATE FUNCTION wait() RETURNS void LANGUAGE sql AS 'SELECT pg_advisory_xact_lock(4711)';
CREATE PROCEDURE work() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t1 VALUES (1); COMMIT; PERFORM wait(); END $$;
CREATE FUNCTION refuse() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  IF current_query() ~* '\\mBEGIN\\M' THEN RAISE EXCEPTION 'refuses' USING ERRCODE = '25001'; END IF;
  PERFORM wait(); END $$;`,
        '2_t2': {
          up: `SET lock_timeout = 0;\nCREATE TABLE t2 ();\n${statement}\nCREATE TABLE t3 ();`,
          parents: [1],
          noTransaction: true,
        },
      },
    });
    const { database } = project;
    const holder = await holdBack(database);
    const { child } = await project.start('up');
    const waiting = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    await eventually('the migration to wait', async () => (await database.query(waiting)).length > 0);
    child.kill('SIGKILL');
    await untilGone(database);
    const count = async () => (await database.query('SELECT FROM t1')).length;
    expect(await count()).toBe(committed);
    for (const args of ['up', 'up --dry-run', 'plan']) {
      expect(await project.kat(args), args).toMatchObject({
        code: 5,
        stderr: expect.stringContaining('run `kat repair --retry 2_t2`, then `kat up`'),
      });
    }
    expect(await count()).toBe(committed);
    expect((await project.kat('status')).stdout).toContain('stopped in statement 3 (up)');
    await holder.release();
    expectDone(await project.kat('repair --retry 2_t2 --yes'));
    expectDone(await project.kat('up'));
    expect(await count()).toBe(2 * committed);
    expect(await project.applied()).toEqual(['1_t1', '2_t2']);
    const log = await database.query('SELECT outcome FROM migrations_log WHERE statement = 3 ORDER BY id');
    expect(log.map(({ outcome }) => outcome)).toEqual([
      'statement started',
      'statement undone',
      'statement started',
      'statement finished',
    ]);
  });

  test('4: after COMMIT was sent: the next run sees it', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(3) });
    const proxy = await startProxy(project.database);
    routeThrough(proxy, project);
    const held = proxy.when('CREATE TABLE t3 ', { kind: 'hold answer' });
    const { child, ended } = await project.start('up');
    await held.happened;
    child.kill('SIGKILL');
    expect((await ended).stdout).not.toContain('applied');
    const run = await project.kat('up');
    expectDone(run);
    expect(run.stdout).toContain('No migration(s) to apply\n');
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
  });

  test.each([
    ['CREATE INDEX CONCURRENTLY i ON big (a)', 'CREATE INDEX i ON public.big USING btree (a)'],
    [
      'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON big (a)',
      'CREATE UNIQUE INDEX i ON public.big USING btree (a)',
    ],
    ['CREATE INDEX CONCURRENTLY ON big (a)', 'CREATE INDEX big_a_idx ON public.big USING btree (a)'],
  ])('5: during %s', async (statement, definition) => {
    const project = await projectOn(major, {
      migrations: {
        '1_big': 'CREATE TABLE big (a int); INSERT INTO big VALUES (1), (2);',
        '2_index': {
          up: `CREATE TABLE t2 ();\n${statement};\nCREATE TABLE t3 ();`,
          parents: [1],
          noTransaction: true,
        },
      },
    });
    // The build waits for a transaction that may still see the table without the index.
    const { release } = await holdSnapshot(project.database);
    const { child } = await project.start('up');
    await untilRunning(project.database, 'INDEX CONCURRENTLY');
    await eventually('the index', async () => (await indexesOf(project.database)).length === 1);
    child.kill('SIGKILL');
    await untilGone(project.database);
    expect(await indexesOf(project.database)).toMatchObject([{ is_valid: false }]);
    const status = await project.kat('status');
    expect(status.stdout).toMatch(/statement 2/);
    await release();
    const run = await project.kat('up');
    expectDone(run);
    expect(await indexesOf(project.database)).toEqual([{ definition, is_valid: true }]);
    expect(await project.applied()).toEqual(['1_big', '2_index']);
  });

  test('5: during REINDEX CONCURRENTLY: its broken copy goes', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_big': 'CREATE TABLE big (a int); INSERT INTO big VALUES (1); CREATE INDEX i ON big (a);',
        '2_again': { up: 'REINDEX INDEX CONCURRENTLY i;', parents: [1], noTransaction: true },
      },
    });
    const application = await holdSnapshot(project.database);
    const { child } = await project.start('up');
    await untilRunning(project.database, 'REINDEX INDEX CONCURRENTLY');
    await eventually('both indexes', async () => (await indexesOf(project.database)).length === 2);
    child.kill('SIGKILL');
    await untilGone(project.database);
    await application.release();
    expect(await indexesOf(project.database)).toHaveLength(2);
    expectDone(await project.kat('up'));
    expect(await indexesOf(project.database)).toEqual([
      { definition: 'CREATE INDEX i ON public.big USING btree (a)', is_valid: true },
    ]);
  });

  test('5: an index of that name that was there before is not taken for the work of a failed try', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_big': 'CREATE TABLE big (a int, b int); CREATE INDEX i ON big (b);',
        '2_index': { up: 'CREATE INDEX CONCURRENTLY i ON big (a);', parents: [1], noTransaction: true },
      },
    });
    for (const _try of ['first', 'second']) {
      const run = await project.kat('up');
      expect(run.code).toBe(1);
      expect(run.stderr).toContain('ERROR: relation "i" already exists (SQLSTATE 42P07)');
    }
    expect(await project.applied()).toEqual(['1_big']);
  });

  test('5: after CREATE INDEX CONCURRENTLY was done, before the journal had it', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_big': 'CREATE TABLE big (a int);',
        '2_index': { up: 'CREATE INDEX CONCURRENTLY i ON big (a);', parents: [1], noTransaction: true },
      },
    });
    const proxy = await startProxy(project.database);
    routeThrough(proxy, project);
    const held = proxy.when('CREATE INDEX CONCURRENTLY', { kind: 'hold answer' });
    const { child } = await project.start('up');
    await held.happened;
    child.kill('SIGKILL');
    await untilGone(project.database);
    const [before] = await project.database.query("SELECT 'i'::regclass::oid AS oid");
    expectDone(await project.kat('up'));
    // It is the same index, not another one.
    expect(await project.database.query("SELECT 'i'::regclass::oid AS oid")).toEqual([before]);
    expect(await project.applied()).toEqual(['1_big', '2_index']);
  });
});

async function sessionsOfKat(database: TestDatabase): Promise<unknown[]> {
  return database.query(
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'kat %'",
  );
}

async function indexesOf(database: TestDatabase) {
  return database.query(
    `SELECT pg_get_indexdef(indexrelid) AS definition, indisvalid AS is_valid FROM pg_index WHERE indrelid = to_regclass('big')`,
  );
}
