/** Faults 12 to 14: several runs started together, on an empty database, with indexes that are built concurrently. */

import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import type { KatRun } from '../support/kat-command.js';
import { type DatabaseProject, type MigrationSource, projectOn } from '../support/kat-project.js';
import {
  appliedTables,
  expectDone,
  holdBack,
  idsUpTo,
  tableMigration,
  tableMigrations,
  untilGone,
  untilRunning,
  untilSays,
  waitingMigration,
} from './scene.js';

/** Tables, rows, and indexes built concurrently on them. */
const withConcurrentIndexes: Record<string, MigrationSource> = {
  '1_t1': {
    up: 'CREATE TABLE t1 (a int, b int); INSERT INTO t1 SELECT g, g FROM generate_series(1, 5000) g;',
  },
  '2_a': { up: 'CREATE INDEX CONCURRENTLY t1_a ON t1 (a);', parents: [1], noTransaction: true },
  '3_t3': { up: 'CREATE TABLE t3 (a int); INSERT INTO t1 VALUES (0, 0);', parents: [2] },
  '4_b': {
    up: 'CREATE INDEX CONCURRENTLY t1_b ON t1 (b);\nCREATE UNIQUE INDEX CONCURRENTLY t3_a ON t3 (a);',
    parents: [3],
    noTransaction: true,
  },
  '5_t5': { up: 'CREATE TABLE t5 (); INSERT INTO t3 VALUES (1);', parents: [4] },
};

async function runTogether(project: DatabaseProject, count: number): Promise<KatRun[]> {
  const runs = await Promise.all(
    Array.from({ length: count }, () => project.start('up --lock-wait 2m', { timeoutMs: 150_000 })),
  );
  return Promise.all(runs.map(({ ended }) => ended));
}

function appliedBy({ stdout }: KatRun): number {
  return Number(/Total: (\d+) migration/.exec(stdout)?.[1] ?? 0);
}

/** All ended well, and between them they applied each migration once. */
async function expectOnce(project: DatabaseProject, runs: readonly KatRun[], ids: readonly string[]) {
  for (const run of runs) {
    expectDone(run);
    expect(run.stderr).not.toMatch(/deadlock|duplicate|already exists|40P01|23505|42P07/);
  }
  expect(await project.applied()).toEqual(ids);
  expect(runs.map(appliedBy).reduce((sum, count) => sum + count)).toBe(ids.length);
  const successes = await project.database.query(
    "SELECT migration FROM migrations_log WHERE outcome = 'succeeded' ORDER BY id",
  );
  expect(successes.map(({ migration }) => migration)).toEqual(ids);
  expect(await project.database.query('SELECT 1 FROM pg_index WHERE NOT indisvalid')).toEqual([]);
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('12: the second waits, says for whom, and then has nothing to do', async () => {
    const project = await projectOn(major, {
      migrations: {
        ...tableMigrations(2),
        '3_t3': waitingMigration(3),
      },
    });
    const application = await holdBack(project.database);
    const first = await project.start('up');
    const processId = await untilRunning(project.database, 'pg_advisory_xact_lock');
    const second = await project.start('up');
    await untilSays(second, 'Waiting for another runner: process ');
    await application.release();
    const runs = [await first.ended, await second.ended] as const;
    for (const run of runs) expectDone(run);
    expect(runs[0].stdout).toContain('Total: 3 migration(s) applied\n');
    expect(runs[1].stdout).toContain('No migration(s) to apply\n');
    expect(runs[1].stderr).toMatch(
      /^Waiting for another runner: process \d+ \(kat \(lock\), run by \S+@\S+, .*user postgres, from 127\.0\.0\.1, .*in a transaction since \d{4}-/,
    );
    expect(runs[1].stderr).not.toContain(`process ${processId} `);
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
  });

  test('12: the second gives up after --lock-wait, with 4, and has changed nothing', async () => {
    const project = await projectOn(major, {
      migrations: { '1_t1': tableMigration(1, ' SELECT pg_sleep(600);') },
    });
    const first = await project.start('up');
    await untilRunning(project.database, 'pg_sleep(600)');
    const second = await project.kat('up --lock-wait 200ms');
    expect(second.code).toBe(4);
    expect(second.stderr).toContain('another runner still holds the lock after 0.2 s: process ');
    expect(second.stderr).toContain('`kat unlock` terminates the other run');
    first.child.kill('SIGINT');
    expect((await first.ended).code).toBe(130);
    await untilGone(project.database);
    expect(await appliedTables(project)).toEqual([]);
  });

  test('up and down together: one after the other, and none goes back that a down did not see', async () => {
    const project = await projectOn(major, { migrations: tableMigrations(6) });
    expectDone(await project.kat('up --count 3'));
    const runs = await Promise.all(['up', 'down --count 2', 'up', 'down'].map((args) => project.kat(args)));
    for (const run of runs.filter(({ code }) => code !== 130)) expectDone(run);
    for (const { stderr } of runs.filter(({ code }) => code === 130))
      expect(stderr).toContain('another runner changed the plan');
    await appliedTables(project);
    expectDone(await project.kat('up'));
    expect((await appliedTables(project)).sort()).toEqual(idsUpTo(6));
  });

  test('13: ten with CREATE INDEX CONCURRENTLY', { timeout: 180_000 }, async () => {
    const project = await projectOn(major, { migrations: withConcurrentIndexes });
    await expectOnce(project, await runTogether(project, 10), Object.keys(withConcurrentIndexes));
  });

  test('14: ten first runs on an empty database', { timeout: 180_000 }, async () => {
    const project = await projectOn(major, { migrations: tableMigrations(3) });
    await expectOnce(project, await runTogether(project, 10), idsUpTo(3));
  });
});

/** `KAT_TOGETHER_ROUNDS` repeats it. */
const rounds = Array.from({ length: Number(process.env.KAT_TOGETHER_ROUNDS ?? 1) }, (_, index) => index + 1);

test.each(rounds)(
  'twenty on an empty database, with CREATE INDEX CONCURRENTLY (%i)',
  { timeout: 300_000 },
  async () => {
    const project = await projectOn(commandMajors()[0] as number, { migrations: withConcurrentIndexes });
    await expectOnce(project, await runTogether(project, 20), Object.keys(withConcurrentIndexes));
  },
);
