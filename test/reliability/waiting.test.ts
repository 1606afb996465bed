/** Faults 16 to 19: locks, deadlocks and time-outs. */

import { describe, expect, test } from 'vitest';
import { commandMajors, majors } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { projectOn } from '../support/kat-project.js';
import {
  appliedTables,
  expectDone,
  holdBack,
  holdSnapshot,
  holdTransaction,
  idsUpTo,
  tableMigration,
  tableMigrations,
  untilBlocked,
  untilRunning,
  untilSays,
  waitingMigration,
} from './scene.js';

const blocked = {
  ...tableMigrations(2),
  '3_t3': tableMigration(3, ' ALTER TABLE orders ADD COLUMN a int;'),
  '4_t4': tableMigration(4),
};

describe.concurrent.each(commandMajors())('PostgreSQL %i', (major) => {
  async function withOrders(migrations: Parameters<typeof projectOn>[1]) {
    const project = await projectOn(major, migrations);
    await project.database.query('CREATE TABLE orders (id int); CREATE TABLE customers (id int)');
    return project;
  }

  test('16: somebody holds the table for long: tried again, the blocker named, then 1', async () => {
    const project = await withOrders({ migrations: blocked });
    const application = await holdTransaction(project.database, 'SELECT 1 AS checkout FROM orders');
    const run = await project.kat('up --lock-timeout 1500ms --retry-for 2s');
    await application.release();
    expect(run.code).toBe(1);
    const blocker = `process ${application.processId} (the application, user postgres, from 127.0.0.1, idle in transaction, in a transaction since `;
    expect(run.stderr).toContain(`  Waiting for ${blocker}`);
    expect(run.stderr).toMatch(/Waiting for process .*: BEGIN; SELECT \? AS checkout FROM orders\n/);
    expect(run.stderr).toMatch(
      /\n {2}canceling statement due to lock timeout; trying again in \d.*s \(try 1 failed\)\n/,
    );
    expect(run.stderr).toContain(`Migration failed: 3_t3
Error details: ERROR: canceling statement due to lock timeout (SQLSTATE 55P03)
  migrations/3_t3/up.sql:1:21
    1 | CREATE TABLE t3 (); ALTER TABLE orders ADD COLUMN a int;
      |                     ^
`);
    expect(run.stderr).toContain(
      'Wait until the session that holds the lock is done, or allow more time with `--lock-timeout` and `--retry-for`',
    );
    expect(run.stdout).toContain('Total: 2 migration(s) applied\n');
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
    expectDone(await project.kat('up'));
    expect(await appliedTables(project)).toEqual(idsUpTo(4));
  });

  test('16: the table becomes free between two tries', async () => {
    const project = await withOrders({ migrations: blocked });
    const application = await holdTransaction(project.database, 'SELECT FROM orders');
    const running = await project.start('up --lock-timeout 100ms');
    await untilSays(running, '(try 2 failed)');
    await application.release();
    expectDone(await running.ended);
    expect(await appliedTables(project)).toEqual(idsUpTo(4));
    expect(await project.database.query('SELECT a FROM orders')).toEqual([]);
  });

  test('16: who holds the table is named within a wait that is shorter than a second', async () => {
    const project = await withOrders({ migrations: blocked });
    const application = await holdTransaction(project.database, 'SELECT FROM orders');
    const running = await project.start('up --lock-timeout 500ms');
    await untilSays(running, `  Waiting for process ${application.processId} (the application`);
    await application.release();
    expectDone(await running.ended);
    expect(await appliedTables(project)).toEqual(idsUpTo(4));
  });

  test('16: without retries it fails at the first time-out, and the metadata of a migration goes first', async () => {
    const project = await withOrders({ migrations: blocked });
    project.write(
      'migrations/3_t3/metadata.yaml',
      'name: t3\ntimestamp: 3\nparents: [2]\nlock_timeout: 50ms\nretry_for: 0\n',
    );
    const application = await holdTransaction(project.database, 'SELECT FROM orders');
    const run = await project.kat('up --lock-timeout 1h --retry-for 1h');
    await application.release();
    expect(run.code).toBe(1);
    expect(run.stderr).not.toContain('trying again');
    expect(run.stderr).toContain('(SQLSTATE 55P03)');
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
  });

  test('16: an index that is built concurrently waits for old transactions without a time-out, and names them', async () => {
    const project = await withOrders({
      migrations: { '1_index': { up: 'CREATE INDEX CONCURRENTLY i ON orders (id);', noTransaction: true } },
    });
    const application = await holdSnapshot(project.database);
    const running = await project.start('up --lock-timeout 100ms --retry-for 0s');
    await untilSays(running, `  Waiting for process ${application.processId} (the application`);
    await application.release();
    const run = await running.ended;
    expectDone(run);
    expect(run.stderr).not.toContain('trying again');
  });

  test('16: who blocks an index is looked up beside the transaction of the lock, which the index would wait for', async () => {
    const project = await withOrders({
      migrations: { '1_index': { up: 'CREATE INDEX CONCURRENTLY i ON orders (id);', noTransaction: true } },
    });
    const application = await holdSnapshot(project.database);
    const running = await project.start('up');
    await untilSays(running, `  Waiting for process ${application.processId} (the application`);
    const lookers = await project.database.query(
      `SELECT DISTINCT application_name FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND query ~ 'pg_stat_|pg_locks|look'`,
    );
    await application.release();
    expectDone(await running.ended);
    expect(lookers).toEqual([{ application_name: 'kat (watch)' }]);
  });

  test('17: a deadlock with an application: tried again, and done', async () => {
    const project = await withOrders({
      migrations: {
        '1_t1': 'CREATE TABLE t1 (); LOCK TABLE orders; LOCK TABLE customers;',
        '2_t2': tableMigration(2),
      },
    });
    // It never gives up by itself, so the server's victim is Kat.
    const application = await holdTransaction(
      project.database,
      "SET deadlock_timeout = '1h'; LOCK TABLE customers",
    );
    const running = await project.start('up --lock-timeout 30s');
    await untilRunning(project.database, 'LOCK TABLE customers');
    await untilBlocked(project.database);
    const theirs = application.query('LOCK TABLE orders');
    await untilSays(running, '  deadlock detected; trying again in ');
    await theirs;
    await application.release();
    const run = await running.ended;
    expectDone(run);
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
  });

  test('17: a deadlock, and no time left to try again: 1', async () => {
    const project = await withOrders({
      migrations: { '1_t1': 'CREATE TABLE t1 ();\nLOCK TABLE orders;\nLOCK TABLE customers;' },
    });
    const application = await holdTransaction(
      project.database,
      "SET deadlock_timeout = '1h'; LOCK TABLE customers",
    );
    const running = await project.start('up --lock-timeout 30s --retry-for 0s');
    await untilRunning(project.database, 'LOCK TABLE customers');
    await untilBlocked(project.database);
    const theirs = application.query('LOCK TABLE orders');
    const run = await running.ended;
    await theirs;
    await application.release();
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('Error details: ERROR: deadlock detected (SQLSTATE 40P01)\n');
    expect(run.stderr).toContain('migrations/1_t1/up.sql:3:1\n');
    expect(run.stderr).toContain('  DETAIL: Process ');
    expect(await appliedTables(project)).toEqual([]);
  });

  test('18: a statement time-out is told apart from a cancel', async () => {
    const project = await projectOn(major, {
      migrations: { '1_t1': tableMigration(1), '2_t2': tableMigration(2, '\nSELECT pg_sleep(600);') },
    });
    const timedOut = await project.kat('up --statement-timeout 100ms');
    expect(timedOut.code).toBe(1);
    expect(
      timedOut.stderr,
    ).toContain(`Error details: ERROR: canceling statement due to statement timeout (SQLSTATE 57014)
  migrations/2_t2/up.sql:2:1
`);
    expect(timedOut.stderr).toContain(
      'Raise statement_timeout or split the migration and run `kat up` again',
    );
    const { ended } = await project.start('up');
    const pid = await untilRunning(project.database, 'pg_sleep(600)');
    await project.database.query(`SELECT pg_cancel_backend(${pid})`);
    const cancelled = await ended;
    expect(cancelled.code).toBe(1);
    expect(cancelled.stderr).toContain('canceling statement due to user request (SQLSTATE 57014)');
    expect(cancelled.stderr).toContain(
      'Find out what cancelled it, another session or statement_timeout, and run `kat up` again',
    );
    expect(await appliedTables(project)).toEqual(idsUpTo(1));
  });

  test('19: a session that the server ends for being idle, in its own words', async () => {
    const project = await projectOn(major, {
      migrations: { '1_t1': tableMigration(1), '2_t2': tableMigration(2, ' LOCK TABLE orders;') },
    });
    const { database } = project;
    await database.query(
      `CREATE TABLE orders (id int); ALTER DATABASE ${database.name} SET idle_session_timeout = '3s'`,
    );
    const application = await holdTransaction(
      database,
      'SET idle_in_transaction_session_timeout = 0; LOCK TABLE orders',
    );
    // Its pauses before another try become longer than the server allows; those before, when it plans, must not.
    const run = await project.kat('up --lock-timeout 10ms --retry-for 1m');
    await application.release();
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('terminating connection due to idle-session timeout');
    expect(await appliedTables(project)).toEqual(idsUpTo(1));
  });

  test('19: the lock outlives a time-out for idle transactions', async () => {
    const project = await projectOn(major, {
      migrations: { '1_t1': waitingMigration(1) },
    });
    const { database } = project;
    const application = await holdBack(database);
    await database.query(`ALTER DATABASE ${database.name} SET idle_in_transaction_session_timeout = '300ms'`);
    const { ended } = await project.start('up');
    await untilRunning(database, 'pg_advisory_xact_lock');
    const outlived = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
      AND application_name = 'kat (lock)' AND clock_timestamp() - state_change > interval '900ms'`;
    await eventually('the session of the lock to outlive the time-out', async () => {
      return (await database.query(outlived)).length > 0;
    });
    const second = await project.kat('up --lock-wait 0s');
    expect(second.code).toBe(4);
    expect(second.stderr).toContain('(kat (lock), ');
    await application.release();
    expectDone(await ended);
  });
});

const majorsWithTransactionTimeout = majors().filter((major) => major >= 17);

describe.each(majorsWithTransactionTimeout)('PostgreSQL %i', (major) => {
  test('19: a transaction time-out, in the words of the server', async () => {
    const project = await projectOn(major, {
      migrations: { '1_t1': tableMigration(1), '2_t2': tableMigration(2, ' SELECT pg_sleep(600);') },
    });
    const { database } = project;
    await database.query(`ALTER DATABASE ${database.name} SET transaction_timeout = '500ms'`);
    const run = await project.kat('up');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(
      'Error details: FATAL: terminating connection due to transaction timeout (SQLSTATE 25P04)\n',
    );
    expect(await appliedTables(project)).toEqual(idsUpTo(1));
  });
});
