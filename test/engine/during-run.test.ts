/** A migration that a run is at work on has the journal of one that stopped: no command calls it so. */

import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { holdBack, untilRunning } from '../reliability/scene.js';
import { commandMajors, ownServer, type TestServer } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type Project, projectOn } from '../support/kat-project.js';
import { makeSqliteProject } from '../support/sqlite.js';

const seen = {
  up: `CREATE TABLE seen (x int);
CREATE PROCEDURE work() LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO seen VALUES (2); COMMIT; PERFORM pg_advisory_xact_lock(4711); END $$;`,
  down: 'DROP PROCEDURE work();\nDROP TABLE seen;',
};
const statements = (second: string) => ({
  up: `INSERT INTO seen VALUES (1);\n${second};`,
  down: 'DELETE FROM seen;',
  noTransaction: true,
  parents: [1],
});

/** That one look is enough tells the code: nothing waits for the lock. */
const looking = [
  'plan down 1_seen',
  'down 1_seen --dry-run',
  'redo 1_seen --dry-run',
  'stamp heads --yes',
  'repair',
  'repair --undone 2_fill --yes',
  'repair --done 2_fill --dry-run',
];

async function expectNotStopped(project: Project, commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    const run = await project.kat(command);
    expect(run.code, command).toBe(4);
    expect(run.stderr, command).toMatch(/a run is in progress: process \d+ \(.*2_fill/);
    expect(run.stdout + run.stderr, command).not.toMatch(/stopped|interrupted|--undone/);
  }
}

describe.concurrent.each(commandMajors())('PostgreSQL %i', (major) => {
  test.each([
    ['pg_advisory_xact_lock', 'SELECT pg_advisory_xact_lock(4711)', looking],
    ['CALL', 'CALL work()', [...looking, 'plan', 'up --dry-run', 'plan --sql', 'sync --dry-run']],
  ])('a statement with %s', async (word, statement, commands) => {
    const second = `SET lock_timeout = 0;\n${statement}`;
    const project = await projectOn(major, { migrations: { '1_seen': seen, '2_fill': statements(second) } });
    const application = await holdBack(project.database);
    const { ended } = await project.start('up');
    await untilRunning(project.database, word);
    await expectNotStopped(project, commands);
    await application.release();
    expect((await ended).code).toBe(0);
    expect((await project.kat('repair')).code).toBe(0);
  });

  test('a second run does not call a rollback that is under way half rolled back', async () => {
    const wait = 'SET lock_timeout = 0;\nSELECT pg_advisory_xact_lock(4711);\nDELETE FROM seen;';
    const migrations = {
      '1_seen': seen,
      '2_fill': { ...statements('SELECT 1'), down: `SELECT 1;\n${wait}` },
    };
    const project = await projectOn(major, { migrations });
    expect((await project.kat('up')).code).toBe(0);
    const application = await holdBack(project.database);
    const { ended } = await project.start('down --yes');
    await untilRunning(project.database, 'pg_advisory_xact_lock');
    await expectNotStopped(project, ['up', 'sync']);
    await application.release();
    expect((await ended).code).toBe(0);
  });

  test('a standby does not show runs, and nothing is said of them there', async () => {
    const server = await ownServer(major);
    const migrations = { '1_seen': seen, '2_fill': statements('SELECT pg_sleep(600)') };
    const project = await projectOn(server, { migrations });
    const run = await project.start('up');
    await untilRunning(project.database, 'pg_sleep(600)');
    run.child.kill('SIGKILL');
    await run.ended;
    await makeStandby(server);
    const status = await project.kat('status');
    expect(status.stdout).toMatch(/2_fill {2}ready, stopped in statement 2 \(up\) or running now, started /);
    const validated = await project.kat('validate');
    expect(validated.stdout).toContain('2_fill stopped after 1 statement of its up.sql, or is running now.');
    expect(validated.stdout).toContain('If a run is in progress, wait for it. Otherwise run `kat up`');
    expect((await project.kat('doctor')).stdout).toMatch(/skipped +lock +a standby does not show it/);
    for (const command of ['unlock', 'watch', 'repair', 'plan down 1_seen', 'stamp heads --yes', 'drift']) {
      const refused = await project.kat(command);
      expect(refused.code, command).toBe(2);
      expect(refused.stderr, command).toContain(
        'this server is a standby, which does not show whether a run is in progress',
      );
    }
  });
});

/** As a replica that has lost its primary. */
async function makeStandby(server: TestServer): Promise<void> {
  await server.stop();
  const signal = join(server.data, 'standby.signal');
  writeFileSync(signal, '');
  chmodSync(signal, 0o666);
  await server.start();
}

test('SQLite', async () => {
  const slow = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000000)
INSERT INTO seen SELECT max(i) FROM n`;
  const project = makeSqliteProject({
    migrations: { '1_seen': 'CREATE TABLE seen (x int);', '2_fill': statements(slow) },
  });
  const { ended } = await project.start('up');
  await eventually('the first statement is done', async () => {
    const { stdout } = await project.kat('status');
    return stdout.includes('2_fill  running');
  });
  await expectNotStopped(project, ['plan down 1_seen', 'repair']);
  expect((await ended).code).toBe(0);
});
