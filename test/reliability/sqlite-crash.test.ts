/**
 * Kills Kat at random moments of a run on a SQLite file, runs it again until it is done, and finds what an undisturbed run
 * leaves. `KAT_CRASH_ROUNDS` says how many rounds, and `KAT_CRASH_SEED` repeats those of an earlier run.
 */

import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { MigrationSource } from '../support/kat-project.js';
import { makeSqliteProject, type SqliteProject } from '../support/sqlite.js';
import { createRandom } from './crash-folder.js';

const rounds = Number(process.env.KAT_CRASH_ROUNDS ?? 4);
const firstSeed = Number(process.env.KAT_CRASH_SEED ?? Math.floor(Math.random() * 1e9));
const maxTries = 40;
/** Runs of the command are killed up to this long after their start, which takes a third of it. */
const longestMs = 900;

let kills = 0;

console.log(`crash test on SQLite: ${rounds} rounds, KAT_CRASH_SEED=${firstSeed}`);

const fill = (table: string, rows: number) =>
  `WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < ${rows}) INSERT INTO ${table} SELECT x, x % 7 FROM n;`;

/** What they add must happen exactly once: rows of `events` are counted. */
const kinds: readonly ((n: number) => MigrationSource)[] = [
  (n) => ({
    up: `CREATE TABLE t${n} (id, a);\n${fill(`t${n}`, 30_000)}\nCREATE INDEX i${n} ON t${n} (a);\nINSERT INTO events VALUES (${n});`,
  }),
  (n) => ({
    noTransaction: true,
    up: `CREATE TABLE t${n} (id, a);\n${fill(`t${n}`, 30_000)}\nVACUUM;\nINSERT INTO events VALUES (${n});\nCREATE INDEX i${n} ON t${n} (a);\nVACUUM;\nINSERT INTO events VALUES (${n});`,
  }),
  // The rebuild of a table whose children a cascade would empty.
  (n) => ({
    up: `CREATE TABLE parents_new (id INTEGER PRIMARY KEY, a INT, b${n} INT);
INSERT INTO parents_new (id, a) SELECT id, a FROM parents;
DROP TABLE parents;
ALTER TABLE parents_new RENAME TO parents;
INSERT INTO events VALUES (${n});`,
  }),
];

const base: MigrationSource = {
  up: `CREATE TABLE events (n INT);
CREATE TABLE parents (id INTEGER PRIMARY KEY, a INT);
CREATE TABLE children (id INTEGER PRIMARY KEY, parent INT REFERENCES parents ON DELETE CASCADE);
${fill('parents', 5_000)}
${fill('children', 1)}
DELETE FROM children;
INSERT INTO children (parent) SELECT id FROM parents;`,
};

function makeCrashProject(seed: number): SqliteProject {
  const random = createRandom(seed);
  const migrations: Record<string, MigrationSource> = { '1_base': base };
  for (let number = 2; number <= 7; number += 1) {
    const kind = kinds[Math.floor(random() * kinds.length)] as (n: number) => MigrationSource;
    migrations[`${number}_m`] = { ...kind(number), parents: [number - 1] };
  }
  return makeSqliteProject({ migrations });
}

/** Everything that a run leaves, but times. */
async function describeFile(project: SqliteProject): Promise<unknown> {
  const tables = await project.query(
    "SELECT name FROM sqlite_master WHERE name LIKE 't%' AND type = 'table'",
  );
  const counts = await Promise.all(
    [...tables.map(([name]) => String(name)), 'parents', 'children'].map(async (name) => [
      name,
      await project.query(`SELECT count(*) FROM ${name}`),
    ]),
  );
  return {
    counts,
    applied: await project.applied(),
    schema: await project.query('SELECT type, name, sql FROM sqlite_master ORDER BY type, name'),
    events: await project.query('SELECT n, count(*) FROM events GROUP BY n ORDER BY n'),
    integrity: await project.query('PRAGMA integrity_check'),
  };
}

test.each(
  Array.from({ length: rounds }, (_, index) => ({
    seed: firstSeed + index,
    mode: index % 2 === 0 ? 'DELETE' : 'WAL',
  })),
)('seed $seed, journal mode $mode', { timeout: 180_000 }, async ({ seed, mode }) => {
  const undisturbed = makeCrashProject(seed);
  expect((await undisturbed.kat('up')).code).toBe(0);
  const project = makeCrashProject(seed);
  await project.query(`PRAGMA journal_mode = ${mode}`);
  const random = createRandom(seed);
  for (let attempt = 1; ; attempt += 1) {
    expect(attempt).toBeLessThan(maxTries);
    const { child, ended } = await project.start('up');
    // The first one is struck as soon as it works, however fast it is.
    if (attempt === 1)
      await eventually(
        'the lock of the run',
        () => existsSync(`${project.database}-kat-runner`) || child.exitCode !== null,
      );
    const patienceMs = attempt > maxTries / 2 ? 60_000 : (attempt === 1 ? 50 : longestMs) * random();
    if ((await Promise.race([ended, sleep(patienceMs)])) === undefined) {
      kills += 1;
      child.kill('SIGKILL');
    }
    const { code, stderr } = await ended;
    if (code === 0) break;
    expect([code, stderr]).toEqual([undefined, expect.anything()]);
  }
  expect(await describeFile(project)).toEqual(await describeFile(undisturbed));
});

afterAll(() => expect(kills).toBeGreaterThan(0));
