/** Fault 48: PgBouncer between Kat and the server, where it is installed. */

import { afterEach, describe, expect, test } from 'vitest';
import { majors } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type DatabaseProject, type MigrationSource, projectOn } from '../support/kat-project.js';
import { findPgbouncer, type Pool, startPgbouncer } from '../support/pgbouncer.js';
import {
  appliedTables,
  expectDone,
  idsUpTo,
  tableMigration,
  tableMigrations,
  untilRunning,
} from './scene.js';

const program = findPgbouncer();
const isRequired = process.env.KAT_REQUIRE_PGBOUNCER === '1';
if (!program && !isRequired) console.log('PgBouncer is not installed: its tests are left out');

const mixed: Record<string, MigrationSource> = {
  ...tableMigrations(2),
  '3_t3': {
    up: 'CREATE TABLE t3 (a int);\nCREATE INDEX CONCURRENTLY t3_a ON t3 (a);',
    parents: [2],
    noTransaction: true,
  },
  '4_t4': tableMigration(4, " SET search_path = pg_catalog; SET lock_timeout = '1h';"),
};

describe.runIf(program !== undefined || isRequired).each(majors())('PostgreSQL %i', (major) => {
  let pool: Pool | undefined;
  afterEach(async () => {
    await pool?.close();
    pool = undefined;
  });

  async function behindPool(settings: Record<string, string | number>): Promise<DatabaseProject> {
    expect(program, 'PgBouncer is required, and it is not installed').toBeDefined();
    const project = await projectOn(major, { migrations: mixed });
    pool = await startPgbouncer(program as string, project.database, settings);
    project.write('kat.conf.yaml', `database:\n  url: ${pool.urlOf(project.database)}\n`);
    return project;
  }

  /** Connections of the pool to the server stay for a while, so what they hold is looked at. */
  async function advisoryLocks({ database }: DatabaseProject): Promise<unknown[]> {
    return database.query(
      "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    );
  }

  test.each([20, 1])('transaction mode, %i connections: refused, in one sentence', async (size) => {
    const project = await behindPool({ pool_mode: 'transaction', default_pool_size: size });
    for (const command of ['up', 'down']) {
      if (command === 'down') await directly(project, 'up');
      const before = await appliedTables(project).catch(() => []);
      const run = await project.kat(command);
      expect(run.code).toBe(2);
      expect(run.stderr).toBe(`Connection failed: this connection goes through a pooler in transaction mode

Give Kat a direct connection to the server, or a pool in session mode: locks and settings must stay with one session.
`);
      expect(await appliedTables(project).catch(() => [])).toEqual(before);
      expect(await advisoryLocks(project)).toEqual([]);
    }
    expectDone(await project.kat('status'));
  });

  test('transaction mode: refused while others keep the pool busy, too', async () => {
    const project = await behindPool({ pool_mode: 'transaction', default_pool_size: 4 });
    const other = await projectOn(major, { migrations: { '1_t1': tableMigration(1) } });
    expect(other.database.name).not.toBe(project.database.name);
    const runs = await Promise.all(Array.from({ length: 4 }, () => project.kat('up')));
    expect(runs.map(({ code }) => code)).toEqual([2, 2, 2, 2]);
    expect(await advisoryLocks(project)).toEqual([]);
  });

  test('session mode: it just works', async () => {
    const project = await behindPool({ pool_mode: 'session', default_pool_size: 20 });
    expectDone(await project.kat('up'));
    expect(await appliedTables(project)).toEqual(idsUpTo(4));
    expectDone(await project.kat('down --count 1'));
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
    const runs = await Promise.all(Array.from({ length: 4 }, () => project.kat('up')));
    for (const run of runs) expectDone(run);
    expect(await appliedTables(project)).toEqual(idsUpTo(4));
    // The pooler gives a session back a moment after its client has gone.
    await eventually('no lock', async () => (await advisoryLocks(project)).length === 0);
  });

  test.each([1, 2])(
    'session mode with %i connections: it works with what it gets, and says so',
    async (size) => {
      const project = await behindPool({ pool_mode: 'session', default_pool_size: size });
      const run = await project.kat('up');
      expectDone(run);
      expect(run.stderr.includes('the pooler gives Kat no second connection')).toBe(size === 1);
      expect(await appliedTables(project)).toEqual(idsUpTo(4));
      expectDone(await project.kat('redo --yes'));
      expect(await appliedTables(project)).toEqual(idsUpTo(4));
    },
  );

  test('session mode: a runner waits for another, and a killed one leaves no lock', async () => {
    const project = await behindPool({ pool_mode: 'session', default_pool_size: 20 });
    project.addMigration('1_t1', tableMigration(1, ' SELECT pg_sleep(600);'));
    const { child } = await project.start('up');
    await untilRunning(project.database, 'pg_sleep(600)');
    const second = await project.kat('up --lock-wait 300ms');
    expect(second.code).toBe(4);
    child.kill('SIGKILL');
    project.addMigration('1_t1', tableMigration(1));
    expectDone(await project.kat('up'));
    expect(await appliedTables(project)).toEqual(idsUpTo(4));
  });
});
/** Without the pool. */
async function directly(project: DatabaseProject, command: string): Promise<void> {
  expectDone(await project.kat(command, { env: { KAT_MIGRATION_DATABASE_URL: project.database.url } }));
}
