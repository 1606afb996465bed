/** Faults 6 to 8: a session that is ended, a server that crashes, a server that is restarted. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { majors, startServer, type TestServer } from '../support/database.js';
import { projectOn } from '../support/kat-project.js';
import {
  appliedTables,
  expectDone,
  holdBack,
  holdSnapshot,
  idsUpTo,
  tableMigration,
  tableMigrations,
  untilGone,
  untilRunning,
  untilSays,
  waitingMigration,
} from './scene.js';

const sleeping = { ...tableMigrations(2), '3_t3': tableMigration(3, ' SELECT pg_sleep(600);') };

describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  test('6: the session is terminated: 1, in the words of the server', async () => {
    const project = await projectOn(major, { migrations: sleeping });
    const { ended } = await project.start('up');
    const pid = await untilRunning(project.database, 'pg_sleep(600)');
    await project.database.query(`SELECT pg_terminate_backend(${pid})`);
    const run = await ended;
    expect(run.code).toBe(1);
    expect(run.stderr).toBe(`Migration failed: 3_t3
Error details: FATAL: terminating connection due to administrator command (SQLSTATE 57P01)
Migration process stopped to preserve database integrity

Find out why the server ended the connection, then run \`kat up\` again; this migration was rolled back.
`);
    expect(run.stdout).toContain('Total: 2 migration(s) applied\n');
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
    const [entry] = await project.database.query(
      "SELECT migration, sqlstate FROM migrations_log WHERE outcome = 'failed'",
    );
    expect(entry).toEqual({ migration: '3_t3', sqlstate: '57P01' });
    project.addMigration('3_t3', tableMigration(3));
    expectDone(await project.kat('up'));
  });

  test('6: the session that holds the lock is terminated: the work goes on, and is still protected', async () => {
    const project = await projectOn(major, {
      migrations: { '1_t1': tableMigration(1), '2_t2': waitingMigration(2) },
    });
    const application = await holdBack(project.database);
    const { ended } = await project.start('up');
    await untilRunning(project.database, 'pg_advisory_xact_lock');
    await project.database.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'kat (lock)'",
    );
    const second = await project.kat('up --lock-wait 0s');
    expect(second.code).toBe(4);
    expect(second.stderr).toMatch(/process \d+ \(kat up, /);
    await application.release();
    expectDone(await ended);
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
  });

  test('6: the session is terminated during CREATE INDEX CONCURRENTLY', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_t1': 'CREATE TABLE t1 (a int);',
        '2_index': {
          up: 'CREATE INDEX CONCURRENTLY t1_a ON t1 (a);',
          parents: [1],
          noTransaction: true,
        },
      },
    });
    const application = await holdSnapshot(project.database);
    const { ended } = await project.start('up');
    const pid = await untilRunning(project.database, 'CREATE INDEX CONCURRENTLY');
    await project.database.query(`SELECT pg_terminate_backend(${pid})`);
    const run = await ended;
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(
      'FATAL: terminating connection due to administrator command (SQLSTATE 57P01)',
    );
    await application.release();
    expectDone(await project.kat('up'));
    expect(
      await project.database.query("SELECT indisvalid FROM pg_index WHERE indrelid = 't1'::regclass"),
    ).toEqual([{ indisvalid: true }]);
    await untilGone(project.database);
  });
});

/** What one test breaks, the next one needs whole; the servers of different majors do not know of each other. */
describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  describe.sequential('a server of its own', () => {
    let server: TestServer;
    beforeAll(async () => {
      // What was committed stays committed, as on a server that anybody would use.
      server = await startServer(major, { settings: { synchronous_commit: 'on' } });
    });
    afterAll(() => server.close());

    test('Kat is not in its own way when a migration locks every catalogue', async () => {
      const project = await projectOn(server, {
        // Long enough for Kat to look at the other sessions, which reads catalogues.
        migrations: { '1_vacuum': { up: 'SELECT pg_sleep(1.5);\nVACUUM FULL;', noTransaction: true } },
      });
      // Linting would say what such a migration does to others.
      const env = { KAT_LINT_ON_UP: 'off' };
      const run = await project.kat('up --lock-timeout 2s --retry-for 0s', { env });
      expectDone(run);
      expect(run.stderr).toBe('');
      await project.database.drop();
    });

    test('7: a backend is killed and takes all sessions with it', async () => {
      const project = await projectOn(server, { migrations: sleeping });
      const { ended } = await project.start('up');
      const pid = await untilRunning(project.database, 'pg_sleep(600)');
      process.kill(pid, 'SIGKILL');
      const run = await ended;
      expect(run.code).toBe(1);
      expect(run.stderr).toContain('Migration failed: 3_t3\n');
      expect(run.stderr).toContain('this migration was rolled back');
      expect(await appliedTables(project)).toEqual(idsUpTo(2));
      project.addMigration('3_t3', tableMigration(3));
      expectDone(await project.kat('up'));
      expect(await appliedTables(project)).toEqual(idsUpTo(3));
    });

    test.each(['fast', 'immediate'] as const)('8: the server is restarted (%s)', async (mode) => {
      const project = await projectOn(server, { migrations: sleeping });
      const running = await project.start('up');
      await untilRunning(project.database, 'pg_sleep(600)');
      const retried = untilSays(running, 'connection refused; trying again in');
      await server.stop(mode);
      await retried;
      await server.start();
      const run = await running.ended;
      expect(run.code).toBe(1);
      expect(run.stderr).toContain('Migration failed: 3_t3\n');
      expect(run.stderr).toContain(`connection refused; trying again in`);
      expect(await appliedTables(project)).toEqual(idsUpTo(2));
      project.addMigration('3_t3', tableMigration(3));
      expectDone(await project.kat('up'));
    });

    test('8: the server does not come back: 5, because nobody can tell', { timeout: 90_000 }, async () => {
      const project = await projectOn(server, { migrations: sleeping });
      const { ended } = await project.start('up', { timeoutMs: 80_000 });
      await untilRunning(project.database, 'pg_sleep(600)');
      await server.stop('immediate');
      const run = await ended;
      await server.start();
      expect(run.code).toBe(5);
      expect(run.stderr).toContain('Error: the outcome of 3_t3 (up) is unknown: ');
      expect(run.stderr).toContain('connection refused\n');
      expect(await appliedTables(project)).toEqual(idsUpTo(2));
    });
  });
});
