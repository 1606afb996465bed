/**
 * Strikes at a random moment of commands that roll back, rewrite the folder or change records; goes on as a person would, and
 * finds what an undisturbed run leaves. `KAT_CRASH_ROUNDS` and `KAT_CRASH_SEED` mean what they mean in crash.test.ts.
 */

import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { isReservation } from '../../src/project/folder/reservations.js';
import { commandMajors } from '../support/database.js';
import { fakePgDump } from '../support/fake-pg-dump.js';
import { type DatabaseProject, type MigrationSource, projectOn } from '../support/kat-project.js';
import { createRandom } from './crash-folder.js';
import { terminateSession } from './crash-sessions.js';
import { expectDone, untilGone } from './scene.js';

/** Of each command: a tenth of those that the crash test of `up` has. */
const rounds = Math.ceil(Number(process.env.KAT_CRASH_ROUNDS ?? 10) / 10);
const firstSeed = Number(process.env.KAT_CRASH_SEED ?? Math.floor(Math.random() * 1e9));

/** Killed; done after all; failed and rolled back; turned away before it began; not known to have ended. */
const codesOfStruckRuns = [undefined, 0, 1, 2, 5];

const table = (n: number) => ({
  up: `CREATE TABLE t${n} (id int);\nINSERT INTO events VALUES (${n});`,
  down: `DELETE FROM events WHERE n = ${n};\nDROP TABLE t${n};`,
  parents: [n - 1],
});
const migrations: Record<string, MigrationSource> = {
  '1_base': { up: 'CREATE TABLE events (n int);', down: 'DROP TABLE events;' },
  ...Object.fromEntries([2, 3, 4, 5].map((n) => [`${n}_t${n}`, table(n)])),
};

interface Scenario {
  command(project: DatabaseProject): string;
  /** What a person runs afterwards where not all is done; default the same command. */
  again?: string;
  /** Brings a new project to where the command begins. */
  prepare(project: DatabaseProject): Promise<void>;
  migrations?: Record<string, MigrationSource>;
}

const scenarios: Record<string, Scenario> = {
  redo: { command: () => 'redo 3_t3 --yes', again: 'up', migrations, prepare: applyAll },
  sync: { command: () => 'sync --yes', migrations, prepare: changeBranch },
  squash: { command: () => 'squash --to 4_t4 --force --yes --no-verify', migrations, prepare: applyAll },
  import: { command: () => 'import --from golang-migrate old --adopt', prepare: writeOldTool },
  baseline: {
    command: (project) => `baseline --pg-dump ${fakePgDump(project).program} --schema public`,
    prepare: async ({ database }) => {
      await database.query('CREATE TABLE users (id int)');
    },
  },
};

async function applyAll(project: DatabaseProject): Promise<void> {
  expectDone(await project.kat('up'));
}

/** One migration of the branch before is applied and has no folder; another is new. */
async function changeBranch(project: DatabaseProject): Promise<void> {
  project.addMigration('6_t6', table(6));
  await applyAll(project);
  rmSync(join(project.folder, 'migrations', '6_t6'), { recursive: true });
  project.addMigration('7_t7', { ...table(7), parents: [5] });
}

async function writeOldTool(project: DatabaseProject): Promise<void> {
  for (const n of [1, 2, 3]) {
    project.write(`old/${n}_old${n}.up.sql`, `CREATE TABLE o${n} (id int);\n`);
    project.write(`old/${n}_old${n}.down.sql`, `DROP TABLE o${n};\n`);
  }
  await project.database.query(`CREATE TABLE o1 (id int); CREATE TABLE o2 (id int); CREATE TABLE o3 (id int);
    CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL);
    INSERT INTO schema_migrations VALUES (3, false)`);
}

console.log(`crash test of other commands: ${rounds} rounds of each, KAT_CRASH_SEED=${firstSeed}`);

const cases = Object.entries(scenarios).flatMap(([name, scenario]) =>
  Array.from({ length: rounds }, (_, index) => ({ name, scenario, seed: firstSeed + index })),
);

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  const begin = async (scenario: Scenario): Promise<DatabaseProject> => {
    const project = await projectOn(major, { migrations: scenario.migrations ?? {} });
    // As `kat init` leaves it: an early strike must find a project.
    mkdirSync(join(project.folder, 'migrations'), { recursive: true });
    await scenario.prepare(project);
    return project;
  };

  test.each(cases)('$name, seed $seed', { timeout: 180_000 }, async ({ scenario, seed }) => {
    const random = createRandom(seed);
    const undisturbed = await begin(scenario);
    const start = performance.now();
    // As long as the process that is struck.
    expectDone(await undisturbed.kat(scenario.command(undisturbed), { isProcess: true }));
    const usualMs = performance.now() - start;
    const expected = await describeProject(undisturbed);

    const project = await begin(scenario);
    await strikeDuring(project, scenario, { isKill: random() < 0.6, momentMs: random() * usualMs });
    const repaired = await project.kat('repair --yes');
    // 3: the row of a branch's migration is left to a person, who goes on with `sync`.
    expect([0, 3], repaired.stderr).toContain(repaired.code);
    if (!isSame(await describeProject(project), expected)) {
      expectDone(await project.kat(scenario.again ?? scenario.command(project)));
    }
    expect(await describeProject(project)).toEqual(expected);
    expectDone(await project.kat('validate --git-base none'));
    expect((await project.kat('up')).stdout).toContain('No migration(s) to apply\n');
    expect(await describeProject(project)).toEqual(expected);
    for (const { database } of [undisturbed, project]) await database.drop();
  });
});

async function strikeDuring(
  project: DatabaseProject,
  scenario: Scenario,
  { isKill, momentMs }: { isKill: boolean; momentMs: number },
): Promise<void> {
  const { child, ended } = await project.start(scenario.command(project));
  await Promise.race([sleep(momentMs), ended]);
  if (isKill) child.kill('SIGKILL');
  else await terminateSession(project.database);
  const { code, stderr } = await ended;
  expect(codesOfStruckRuns, stderr).toContain(code);
  await untilGone(project.database);
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Folder, tables, rows, ledger, and what the log says last of each migration. */
async function describeProject(project: DatabaseProject): Promise<unknown> {
  const [row] = await project.database.query(`
    SELECT (SELECT json_agg(relname ORDER BY relname) FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace) AS tables,
           to_regclass('migrations') IS NOT NULL AS has_ledger, to_regclass('events') IS NOT NULL AS has_events`);
  const ledger = row?.has_ledger ? await project.applied() : [];
  const events = row?.has_events ? await project.database.query('SELECT n FROM events ORDER BY n') : [];
  const logged = row?.has_ledger ? await project.database.query(lastOfLog) : [];
  const stable = (ids: readonly string[]) => ids.map(withoutTime).sort();
  return {
    folder: stable(project.ids().filter((name) => !isEmptyReservation(project, name))),
    ledger: stable(ledger),
    logged: stable(logged.map(({ name, direction }) => `${name} ${direction}`)),
    ...{ tables: row?.tables, events },
  };
}

/** What a command leaves that is killed behind its last step; the next one that writes a migration removes it. */
function isEmptyReservation({ folder }: DatabaseProject, name: string): boolean {
  return isReservation(name) && readdirSync(join(folder, 'migrations', name)).length === 0;
}

/** A failure was rolled back, so it says nothing of what is there. */
const lastOfLog = `SELECT DISTINCT ON (migration) migration AS name, direction FROM migrations_log
  WHERE outcome IN ('succeeded', 'stamped', 'repaired') ORDER BY migration, id DESC`;

/** A baseline is named after the moment in which it is made. */
function withoutTime(id: string): string {
  return id.replace(/^\d{6,}/, 'N');
}
