/**
 * Kills Kat, its session or the whole server at random moments of a run, runs it again until it is done, and finds what
 * an undisturbed run leaves: the same schema, and one row for each migration.
 * `KAT_CRASH_ROUNDS` says how many rounds, `KAT_CRASH_JOBS` with how many sessions (`1,4`), and `KAT_CRASH_SEED` repeats those of an
 * earlier run.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { majors, startServer, type TestServer } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';
import { createRandom, describeDatabase, mixedFolder } from './crash-folder.js';
import { findSession, terminateSession } from './crash-sessions.js';

const rounds = Number(process.env.KAT_CRASH_ROUNDS ?? 6);
const firstSeed = Number(process.env.KAT_CRASH_SEED ?? Math.floor(Math.random() * 1e9));
/** Sessions of the runs: with one, migrations go in a row; with more, they are a tree. */
const jobCounts = process.env.KAT_CRASH_JOBS?.split(',').map(Number) ?? [1, 4];
const migrationCount = 9;
const maxTries = 25;
/** Done after all; failed and rolled back; turned away before it began; half done, to be gone on with. */
const codesOfStruckRuns = [0, 1, 2, 5];

type Folder = ReturnType<typeof mixedFolder>;
type Weapon = 'kill kat' | 'terminate session' | 'kill backend';
const weapons: readonly Weapon[] = ['kill kat', 'kill kat', 'terminate session', 'kill backend'];

const strikes: Record<Weapon, number> = { 'kill kat': 0, 'terminate session': 0, 'kill backend': 0 };

console.log(`crash test: ${rounds} rounds, KAT_CRASH_SEED=${firstSeed}`);

describe.each(majors())('PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    // As anybody's server, which writes to disk. Nobody has chosen `synchronous_commit`, so a crash takes back Kat's last commits.
    server = await startServer(major, { durable: true, settings: { autovacuum: 'off' } });
  });
  afterAll(() => server.close());

  const own = Math.ceil(rounds / majors().length);
  const cases = Array.from({ length: own }, (_, index) => ({
    seed: firstSeed + index,
    jobs: jobCounts[index % jobCounts.length] as number,
  }));

  test.each(cases)('seed $seed, $jobs session(s)', { timeout: 180_000 }, async ({ seed, jobs }) => {
    const random = createRandom(seed);
    const migrations = mixedFolder(random, { count: migrationCount, jobs });
    const expected = await undisturbed(server, migrations, jobs);
    const project = await projectOn(server, { migrations });
    let tries = 0;
    let isDone = false;
    while (!isDone) {
      tries += 1;
      expect(tries, 'it ends at some time').toBeLessThan(maxTries);
      // Later tries get longer, so that one of them comes through; several sessions read all SQL first.
      isDone = await disturbedRun(project, { random, jobs, patienceMs: tries * 100 * Math.min(jobs, 2) });
    }
    expect(JSON.parse(await answered(() => describeDatabase(project.database, jobs)))).toEqual(
      JSON.parse(expected),
    );
    expect(await project.database.query(youngerParents)).toEqual([]);
    expect((await project.kat('up')).stdout).toContain('No migration(s) to apply\n');
    await project.database.drop();
  });
});

/** Rows of the tracking table that are older than that of a parent. */
const youngerParents = `SELECT child.name FROM migrations child
  JOIN migrations_log l ON l.migration = child.name AND l.outcome = 'succeeded'
  JOIN migrations parent ON parent.name = ANY (l.parents)
  WHERE parent.id > child.id`;

test('the strikes have hit', () => {
  console.log('crash test: strikes', JSON.stringify(strikes));
  expect(Math.max(...Object.values(strikes))).toBeGreaterThan(0);
});

async function undisturbed(server: TestServer, migrations: Folder, jobs: number): Promise<string> {
  const project = await projectOn(server, { migrations });
  const run = await project.kat('up');
  expect(run.code, run.stderr).toBe(0);
  const description = await describeDatabase(project.database, jobs);
  await project.database.drop();
  return description;
}

/** @returns whether everything is applied. */
async function disturbedRun(
  project: DatabaseProject,
  { random, jobs, patienceMs }: { random: () => number; jobs: number; patienceMs: number },
): Promise<boolean> {
  const weapon = weapons[Math.floor(random() * weapons.length)] as Weapon;
  const momentMs = random() * patienceMs;
  await answered(() => project.database.query('SELECT 1'));
  const { child, ended } = await project.start(`up --lock-wait 25s --jobs ${jobs}`);
  // Most strikes shall come while there is a session, whatever the time that a process takes to start.
  if (random() < 0.8) await Promise.race([untilConnected(project), ended]);
  const first = await Promise.race([sleep(momentMs, undefined), ended]);
  const isStruck =
    first === undefined && (weapon === 'kill kat' ? child.kill('SIGKILL') : await strike(project, weapon));
  if (isStruck) strikes[weapon] += 1;
  const run = await ended;
  if (!isStruck) expect(run.code, run.stderr).toBe(0);
  if (run.code !== undefined) expect(codesOfStruckRuns, run.stderr).toContain(run.code);
  return run.code === 0;
}

async function untilConnected({ database }: DatabaseProject): Promise<void> {
  await eventually('a session of Kat', () => findSession(database));
}

/**
 * Ends one of Kat's sessions, as an administrator would or as a crash does, which takes the whole server with it.
 * @returns whether there was one.
 */
async function strike({ database }: DatabaseProject, weapon: Weapon): Promise<boolean> {
  if (weapon === 'terminate session') return terminateSession(database);
  const pid = await findSession(database);
  if (pid === undefined) return false;
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
    return false;
  }
}

/** Asks until the server is up again. */
function answered<T>(ask: () => Promise<T>): Promise<T> {
  return eventually('an answer of the server', async () => ask().catch(() => undefined)) as Promise<T>;
}
