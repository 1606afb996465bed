/** Faults 9, 10, 11 and 42: answers, messages and whole connections that are lost around COMMIT. */

import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';
import { startProxy, type TestProxy } from '../support/proxy.js';
import {
  appliedTables,
  expectDone,
  idsUpTo,
  routeThrough,
  tableMigration,
  tableMigrations,
  untilGone,
  untilRunning,
} from './scene.js';

interface Scene {
  proxy: TestProxy;
  project: DatabaseProject;
}

async function setTheScene(major: number, count: number, databaseLines = ''): Promise<Scene> {
  const project = await projectOn(major, { migrations: tableMigrations(count) });
  const proxy = await startProxy(project.database);
  routeThrough(proxy, project, databaseLines);
  return { proxy, project };
}

/** What is left after a fault can be done, and nothing twice. */
async function expectRest({ project }: Scene, count: number): Promise<void> {
  expectDone(await project.kat('up'));
  expect(await appliedTables(project)).toEqual(idsUpTo(count));
  await untilGone(project.database);
}

/** Which of several was under way depends on how many answers had come before. */
const settled =
  /^Warning: the connection was lost during \d+_t\d+; the tracking table shows that it is done\n$/;

describe.concurrent.each(commandMajors())('PostgreSQL %i', (major) => {
  test('9: the answer to the last COMMIT is lost', async () => {
    const { proxy, project } = await setTheScene(major, 12);
    const { happened } = proxy.when('CREATE TABLE t12 ', { kind: 'lose answer' });
    const run = await project.kat('up');
    await happened;
    expectDone(run);
    expect(run.stderr).toMatch(settled);
    expect(run.stdout).toContain('Total: 12 migration(s) applied\n');
    expect(await appliedTables(project)).toEqual(idsUpTo(12));
  });

  test('9: the answer is lost, and then the connection that finds out', async () => {
    const { proxy, project } = await setTheScene(major, 3);
    const { happened } = proxy.when('CREATE TABLE t3 ', { kind: 'lose answer' });
    const ending = project.kat('up');
    await happened;
    const again = proxy.when('pg_try_advisory_lock', { kind: 'lose message' });
    const run = await ending;
    await again.happened;
    expectDone(run);
    expect(run.stderr).toMatch(settled);
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
  });

  test('9: the answer to a COMMIT in the middle is lost: the server may or may not have what was sent behind it', async () => {
    const context = await setTheScene(major, 12);
    const { proxy, project } = context;
    proxy.when('CREATE TABLE t5 ', { kind: 'lose answer' });
    const run = await project.kat('up');
    const applied = await appliedTables(project);
    expect(applied).toEqual(idsUpTo(Math.max(applied.length, 5)));
    expect(run.stdout).toContain(`Total: ${applied.length} migration(s) applied\n`);
    if (run.code === 0) expect(run.stderr).toMatch(settled);
    else expect(run.stderr).toContain(`Migration failed: ${idsUpTo(12)[applied.length]}\n`);
    expect(run.code).toBe(applied.length === 12 ? 0 : 1);
    await expectRest(context, 12);
  });

  test('9: the answer to the COMMIT of a rollback is lost', async () => {
    const { proxy, project } = await setTheScene(major, 3);
    expectDone(await project.kat('up'));
    proxy.when('DROP TABLE t2', { kind: 'lose answer' });
    const run = await project.kat('down --count 2');
    expectDone(run);
    expect(run.stderr).toMatch(settled);
    expect(await appliedTables(project)).toEqual(idsUpTo(1));
  });

  test('9: the answer to the only COMMIT of --single-transaction is lost', async () => {
    const { proxy, project } = await setTheScene(major, 3);
    proxy.when('CREATE TABLE t3 ', { kind: 'lose answer' });
    const run = await project.kat('up --single-transaction');
    expectDone(run);
    expect(run.stdout).toContain('Total: 3 migration(s) applied\n');
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
  });

  test.each([
    ['all of it', { kind: 'lose message' }],
    ['its second half', { kind: 'cut within', bytes: 300 }],
  ] as const)('10: the message with the COMMIT is lost: %s', async (_what, fault) => {
    const context = await setTheScene(major, 12);
    const { proxy, project } = context;
    const { happened } = proxy.when('CREATE TABLE t7 ', fault);
    const run = await project.kat('up');
    await happened;
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(
      /^Migration failed: 7_t7\nError details: the connection to the server was lost: /,
    );
    expect(run.stderr).toContain('run `kat up` again; this migration was rolled back.\n');
    expect(run.stdout).toContain('Total: 6 migration(s) applied\n');
    expect(await appliedTables(project)).toEqual(idsUpTo(6));
    await expectRest(context, 12);
  });

  test('10: all or nothing, and a message in the middle is lost', async () => {
    const context = await setTheScene(major, 3);
    const { proxy, project } = context;
    proxy.when('CREATE TABLE t2 ', { kind: 'lose message' });
    const run = await project.kat('up --single-transaction');
    expect(run.code).toBe(1);
    expect(await appliedTables(project)).toEqual([]);
    await expectRest(context, 3);
  });

  test('the connection is cut behind the last message, and the server carries it out', async () => {
    const { proxy, project } = await setTheScene(major, 5);
    proxy.when('CREATE TABLE t5 ', { kind: 'cut behind' });
    const run = await project.kat('up');
    expectDone(run);
    expect(run.stderr).toMatch(settled);
    expect(await appliedTables(project)).toEqual(idsUpTo(5));
  });

  test('the connection is cut during a long statement: the server notices and rolls back', async () => {
    const context = await setTheScene(major, 2);
    const { proxy, project } = context;
    project.addMigration('3_t3', tableMigration(3, ' SELECT pg_sleep(600);'));
    const running = await project.start('up');
    await untilRunning(project.database, 'pg_sleep(600)');
    proxy.cutAll();
    const run = await running.ended;
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('Migration failed: 3_t3\n');
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
    project.addMigration('3_t3', tableMigration(3));
    await expectRest(context, 3);
  });

  test('11: one connection goes silent: found out from the other, and resolved', async () => {
    const { proxy, project } = await setTheScene(major, 5, '  connect_timeout: 4s\n');
    proxy.when('CREATE TABLE t5 ', { kind: 'go silent', everywhere: false });
    const run = await project.kat('up');
    expectDone(run);
    expect(run.stderr).toMatch(settled);
    expect(await appliedTables(project)).toEqual(idsUpTo(5));
    await untilGone(project.database);
  });

  test.each(['on', 'off'])(
    '11: a connection that is silent because the server works is left alone, with track_activities %s',
    async (tracking) => {
      const { project } = await setTheScene(major, 1, '  connect_timeout: 3s\n');
      const { database } = project;
      await database.query(`ALTER DATABASE ${database.name} SET track_activities = ${tracking}`);
      project.addMigration('2_t2', tableMigration(2, ' SELECT pg_sleep(7);'));
      const run = await project.kat('up');
      expectDone(run);
      expect(run.stderr).toBe('');
    },
  );

  test('11: everything goes silent: 5, and what is true is found out later', async () => {
    const context = await setTheScene(major, 5, '  connect_timeout: 2s\n');
    const { proxy, project } = context;
    proxy.when('CREATE TABLE t3 ', { kind: 'go silent', everywhere: true });
    const run = await project.kat('up', { timeoutMs: 55_000 });
    expect(run.code).toBe(5);
    expect(run.stderr).toMatch(
      /Error: the outcome of \d_t\d \(up\) is unknown: the connection to the server was lost: no sign of life for 2 s\n/,
    );
    expect(run.stderr).toContain('Run `kat status` when the database can be reached again');
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
    // The server does not know yet that nobody is there any more.
    project.write('kat.conf.yaml', `database:\n  url: ${project.database.url}\n`);
    const refused = await project.kat('up --lock-wait 0s');
    expect(refused.code).toBe(4);
    expect(refused.stderr).toMatch(
      /another runner still holds the lock .* process \d+ \(kat \(lock\), run by [^,]+, applying 3_t3, user postgres/,
    );
    expectDone(await project.kat('unlock --yes'));
    await expectRest(context, 5);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('42: %s while the answer to a COMMIT is awaited', async (signal, code) => {
    const context = await setTheScene(major, 3);
    const { proxy, project } = context;
    const held = proxy.when('CREATE TABLE t3 ', { kind: 'hold answer' });
    const { child, ended } = await project.start('up');
    await held.happened;
    child.kill(signal);
    await eventually('requests to cancel', () => proxy.cancelRequests > 1);
    expect(child.exitCode).toBeNull();
    held.release();
    const run = await ended;
    expect(run.code).toBe(code);
    expect(run.stderr).toContain(`${signal}: cancelling; a second signal stops Kat at once\n`);
    expect(run.stdout).toContain('Total: 3 migration(s) applied\n');
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
    await expectRest(context, 3);
  });

  test('42: SIGTERM while a trigger that is deferred to COMMIT is at work: the migration fails as a whole', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_t1': {
          up: `CREATE TABLE t1 ();
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(600); RETURN NULL; END';
ALTER TABLE t1 ADD COLUMN a int;
CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON t1 DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow();
INSERT INTO t1 VALUES (1);`,
        },
        '2_t2': tableMigration(2),
      },
    });
    const { child, ended } = await project.start('up');
    await untilRunning(project.database, 'AFTER INSERT');
    child.kill('SIGTERM');
    const run = await ended;
    expect(run.code).toBe(143);
    expect(run.stderr).toContain('canceling statement due to user request (SQLSTATE 57014)');
    expect(await appliedTables(project)).toEqual([]);
  });
});
