/** Commits that the server writes to disk later than it answers them: a crash takes them back, and Kat says so. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { majors, runOnce, startServer, type TestServer } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { projectOn } from '../support/kat-project.js';
import {
  appliedTables,
  expectDone,
  idsUpTo,
  tableMigration,
  tableMigrations,
  untilRunning,
} from './scene.js';

const sleeping = { ...tableMigrations(3), '4_t4': tableMigration(4, ' SELECT pg_sleep(600);') };

describe.each(majors())('PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major, {
      durable: true,
      settings: { autovacuum: 'off', wal_writer_delay: '10s' },
    });
  });
  afterAll(() => server.close());

  test('a crash takes back what was answered: 1, and what is gone does not count as applied', async () => {
    const project = await projectOn(server, { migrations: sleeping });
    // It would write the commits to disk by itself after a fifth of a second.
    const writers = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'";
    const [writer] = await project.database.query(writers);
    process.kill(Number(writer?.pid), 'SIGSTOP');
    const { ended } = await project.start('up --json');
    process.kill(await untilRunning(project.database, 'pg_sleep(600)'), 'SIGKILL');
    const run = await ended;
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('so they are not applied: 1_t1, 2_t2 and 3_t3');
    const { migrations, error } = JSON.parse(run.stdout) as {
      migrations: { id: string }[];
      error: { migration: string };
    };
    expect(migrations).toEqual([]);
    expect(error.migration).toBe('1_t1');
    expect(await appliedTables(project)).toEqual([]);
    project.addMigration('4_t4', tableMigration(4));
    expectDone(await project.kat('up'));
    expect(await appliedTables(project)).toEqual(idsUpTo(4));
  });

  test('a run that has ended is on disk, and so is what came before a failure', async () => {
    const project = await projectOn(server, { migrations: tableMigrations(3) });
    expectDone(await project.kat('up'));
    await crash();
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
    project.addMigration('4_t4', tableMigration(4));
    project.addMigration('5_t5', tableMigration(5, ' SELECT 1 / 0;'));
    expect((await project.kat('up')).code).toBe(1);
    await crash();
    expect(await appliedTables(project)).toEqual(idsUpTo(4));
  });

  test.each([
    'SET synchronous_commit = off;',
    'SET LOCAL synchronous_commit TO off;',
    "DO $$ BEGIN PERFORM set_config('synchronous_commit', 'off', false); END $$;",
  ])('so it is where the last migration turns that off: %s', async (sql) => {
    const migrations = { ...tableMigrations(3), '4_t4': tableMigration(4, sql) };
    const project = await projectOn(server, { migrations });
    expectDone(await project.kat('up'));
    await crash();
    expect(await appliedTables(project)).toEqual(idsUpTo(4));
  });

  test('what came before a cancelled migration is on disk', async () => {
    const project = await projectOn(server, { migrations: sleeping });
    const { ended, child } = await project.start('up');
    await untilRunning(project.database, 'pg_sleep(600)');
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    await crash();
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
  });

  test.each(['on', 'local'])(
    'with synchronous_commit = %s by name, each commit is on disk at once',
    async (value) => {
      await eventually('the server has recovered from the test before', isAnswering);
      const project = await projectOn(server, { migrations: sleeping });
      await project.database.query(
        `ALTER DATABASE ${project.database.name} SET synchronous_commit = ${value}`,
      );
      const { ended } = await project.start('up');
      process.kill(await untilRunning(project.database, 'pg_sleep(600)'), 'SIGKILL');
      expect((await ended).stderr).toContain('Migration failed: 4_t4\n');
      expect(await appliedTables(project)).toEqual(idsUpTo(3));
    },
  );

  function isAnswering(): Promise<boolean> {
    return runOnce({ ...server, database: 'postgres' }, 'SELECT 1').then(
      () => true,
      () => false,
    );
  }

  /** Nothing that is in memory alone outlives this. */
  async function crash(): Promise<void> {
    await server.stop('immediate');
    await server.start();
  }
});
