/** Locks that others hold, and deadlocks: tried again for a bounded time, with the blocker named. */

import { describe, expect, test } from 'vitest';
import {
  appliedTables,
  holdTransaction,
  idsUpTo,
  tableMigration,
  untilBlocked,
  untilRunning,
} from '../reliability/scene.js';
import { majors } from '../support/database.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';
import { eventsOf, migrationFailureOf, openKat, told } from './library.js';

const needsOrders = {
  '1_t1': tableMigration(1),
  '2_t2': tableMigration(2, ' ALTER TABLE orders ADD b int;'),
};

const withSettings = `SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement`;

describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  async function withOrders(source: Parameters<typeof projectOn>[1]): Promise<DatabaseProject> {
    const project = await projectOn(major, source);
    await project.database.query('CREATE TABLE orders (id int); CREATE TABLE customers (id int)');
    return project;
  }

  test('a lock time-out is tried again, the blocker named, and the migration applied', async () => {
    const project = await withOrders({ migrations: needsOrders });
    const application = await holdTransaction(project.database, 'SELECT FROM orders');
    const { kat, events } = openKat(project, {
      lockTimeoutMs: 3_000,
      onEvent: ({ type }) => {
        if (type === 'retrying') void application.release();
      },
    });
    await kat.up();
    expect(
      told(events)
        .slice(3)
        .filter((line, index, all) => line !== all[index - 1]),
    ).toEqual([
      ...['started 1_t1', 'succeeded 1_t1'],
      ...['started 2_t2', 'blocked 2_t2', 'retrying 2_t2', 'succeeded 2_t2'],
    ]);
    expect(eventsOf(events, 'blocked')[0]?.blockers).toEqual([
      expect.objectContaining({
        ...{ processId: application.processId, applicationName: 'the application', user: 'postgres' },
        ...{ state: 'idle in transaction', statement: expect.stringContaining('SELECT FROM orders') },
      }),
    ]);
    const [retrying] = eventsOf(events, 'retrying');
    expect(retrying).toMatchObject({ attempt: 1, direction: 'up', error: { report: { sqlstate: '55P03' } } });
    expect(retrying?.retryInMs).toBeGreaterThanOrEqual(250);
    expect(retrying?.retryInMs).toBeLessThanOrEqual(500);
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
  });

  test('without time for retries it fails at the first lock time-out', async () => {
    const project = await withOrders({ migrations: needsOrders });
    const application = await holdTransaction(project.database, 'SELECT FROM orders');
    const { kat, events } = openKat(project, { lockTimeoutMs: 50, retryForMs: 0 });
    const error = await migrationFailureOf(kat.up());
    await application.release();
    expect(error).toMatchObject({
      code: 'MIGRATION_FAILED',
      migration: '2_t2',
      report: { sqlstate: '55P03' },
    });
    expect(eventsOf(events, 'retrying')).toEqual([]);
    expect(await appliedTables(project)).toEqual(idsUpTo(1));
  });

  test('the time for retries ends', async () => {
    const project = await withOrders({ migrations: needsOrders });
    const application = await holdTransaction(project.database, 'SELECT FROM orders');
    const { kat, events } = openKat(project, { lockTimeoutMs: 50, retryForMs: 700 });
    const error = await migrationFailureOf(kat.up());
    await application.release();
    expect(error).toMatchObject({ code: 'MIGRATION_FAILED', report: { sqlstate: '55P03' } });
    expect(eventsOf(events, 'retrying')).toHaveLength(1);
  });

  test('a statement of a no_transaction migration is tried again, and those before it are not', async () => {
    const project = await withOrders({
      migrations: {
        '1_t1': {
          up: 'CREATE TABLE t1 ();\nINSERT INTO customers VALUES (1);\nALTER TABLE orders ADD b int;',
          noTransaction: true,
        },
      },
    });
    const application = await holdTransaction(project.database, 'SELECT FROM orders');
    const { kat, events } = openKat(project, {
      lockTimeoutMs: 50,
      onEvent: ({ type }) => {
        if (type === 'retrying') void application.release();
      },
    });
    await kat.up();
    expect(eventsOf(events, 'retrying').length).toBeGreaterThanOrEqual(1);
    expect(await project.database.query('SELECT id FROM customers')).toEqual([{ id: 1 }]);
    expect(await appliedTables(project)).toEqual(idsUpTo(1));
  });

  test('a deadlock is tried again', async () => {
    const project = await withOrders({
      migrations: { '1_t1': tableMigration(1, ' LOCK TABLE orders; LOCK TABLE customers;') },
    });
    // It never gives up by itself, so the server's victim is Kat.
    const application = await holdTransaction(
      project.database,
      "SET deadlock_timeout = '1h'; LOCK TABLE customers",
    );
    const { kat, events } = openKat(project, { lockTimeoutMs: 30_000 });
    const running = kat.up();
    await untilRunning(project.database, 'LOCK TABLE customers');
    await untilBlocked(project.database);
    await application.query('LOCK TABLE orders');
    await application.release();
    await running;
    expect(eventsOf(events, 'retrying')[0]?.error).toMatchObject({ report: { sqlstate: '40P01' } });
    expect(await appliedTables(project)).toEqual(idsUpTo(1));
  });

  test('what the metadata says goes before the options', async () => {
    const project = await withOrders({
      migrations: {
        '1_plain': `CREATE TABLE plain AS ${withSettings};`,
        '2_own': `CREATE TABLE own AS ${withSettings};`,
        '3_apart': { up: `CREATE TABLE apart AS ${withSettings};`, noTransaction: true },
        '4_apart_own': { up: `CREATE TABLE apart_own AS ${withSettings};`, noTransaction: true },
        '5_again': `CREATE TABLE again AS ${withSettings};`,
        '6_stuck': 'ALTER TABLE orders ADD b int;',
      },
    });
    for (const id of ['2_own', '4_apart_own']) {
      const more = 'lock_timeout: 77ms\nstatement_timeout: 2m\n';
      const path = `migrations/${id}/metadata.yaml`;
      project.write(path, project.read(path) + more);
    }
    const stuck = 'migrations/6_stuck/metadata.yaml';
    project.write(stuck, `${project.read(stuck)}lock_timeout: 20ms\nretry_for: 0\n`);
    const application = await holdTransaction(project.database, 'SELECT FROM orders');
    const { kat, events } = openKat(project, { lockTimeoutMs: 3_000, statementTimeoutMs: 9_000 });
    expect(await migrationFailureOf(kat.up())).toMatchObject({
      migration: '6_stuck',
      report: { sqlstate: '55P03' },
    });
    await application.release();
    expect(eventsOf(events, 'retrying')).toEqual([]);
    const seen = await project.database.query(
      ['plain', 'own', 'apart', 'apart_own', 'again']
        .map((table) => `SELECT * FROM ${table}`)
        .join(' UNION ALL '),
    );
    const [general, own] = [
      { lock: '3s', statement: '9s' },
      { lock: '77ms', statement: '2min' },
    ];
    expect(seen).toEqual([general, own, general, own, general]);
  });
});
