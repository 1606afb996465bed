/** Faults that a SQLite file meets: other processes, `kill -9`, locks, files that cannot be written, and a full disk. */

import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/connections/driver.js';
import { eventually } from '../support/eventually.js';
import { katCommand, type RunningKat } from '../support/kat-command.js';
import { runAsOrdinaryUser } from '../support/ordinary-user.js';
import { makeSqliteProject, type SqliteProject, withSqlite } from '../support/sqlite.js';

/** Runs until it is killed: SQLite counts, and holds the lock of its transaction. */
const endless = `CREATE TABLE counted (x); INSERT INTO counted VALUES (1);
WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n;`;

const table = (number: number) => ({ up: `CREATE TABLE t${number} (x);`, down: `DROP TABLE t${number};` });

const twoTables = { '1_t': table(1), '2_t': { ...table(2), parents: [1] } };

/** Whether the run has told others that it works on this migration. */
const isAt = (project: SqliteProject, id: string) => async () => {
  const { runners } = JSON.parse((await project.kat('status --json')).stdout);
  return runners[0]?.work?.migration === id;
};

/** Runs that wait for each other take long on a busy machine. */
const timeoutMs = 55_000;

test('12, 14: ten first runs at once apply each migration once', async () => {
  const migrations = Object.fromEntries([1, 2, 3].map((number) => [`${number}_t`, table(number)]));
  const project = makeSqliteProject({ migrations });
  const runs = await Promise.all(
    Array.from({ length: 10 }, () => project.kat('up', { isProcess: true, timeoutMs })),
  );
  expect(runs.map(({ code }) => code)).toEqual(runs.map(() => 0));
  expect(await project.applied()).toEqual(['1_t', '2_t', '3_t']);
});

/** A run that waits for a file that this session keeps locked. */
async function startBehind(session: Session, project: SqliteProject) {
  await session.execute('BEGIN IMMEDIATE');
  const run = await project.start('up --lock-timeout 50s', { timeoutMs });
  await eventually('the lock of the run', () => existsSync(`${project.database}-kat-runner`));
  return run;
}

test('1: kill -9 before BEGIN, while the file is waited for: nothing has changed', async () => {
  const project = makeSqliteProject({ migrations: twoTables });
  expect((await project.kat('up --to 1_t')).code).toBe(0);
  await withSqlite(project.database, async (session) => {
    const { child, ended } = await startBehind(session, project);
    child.kill('SIGKILL');
    await ended;
    await session.execute('ROLLBACK');
  });
  expect(await project.applied()).toEqual(['1_t']);
  expect((await project.kat('up')).code).toBe(0);
  expect(await project.applied()).toEqual(['1_t', '2_t']);
});

describe('while a reader keeps COMMIT waiting', () => {
  const slow = `CREATE TABLE t2 (x);
WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 4000000) SELECT count(*) FROM n;`;
  const makeSlowProject = () =>
    makeSqliteProject({ migrations: { '1_t': table(1), '2_t': { up: slow, parents: [1] } } });

  /** Starts a run of the second migration, which does all but COMMIT until the reader is done. */
  async function withWaiting(
    project: SqliteProject,
    work: (run: RunningKat, reader: Session) => Promise<void>,
  ): Promise<void> {
    expect((await project.kat('up --to 1_t')).code).toBe(0);
    await withSqlite(project.database, async (reader) => {
      const run = await project.start('up --lock-timeout 50s', { timeoutMs });
      await eventually('the second migration', isWritten(`${project.database}-kat-runner`, '2_t'));
      await reader.execute('BEGIN; SELECT * FROM t1');
      await eventually('COMMIT', () => refusesReaders(project.database));
      await work(run, reader);
    });
  }

  const isWritten = (file: string, words: string) => () =>
    existsSync(file) && readFileSync(file, 'utf8').includes(words);

  /** From COMMIT on, SQLite lets no other process begin to read. */
  const refusesReaders = (file: string) => {
    const read = `new (require('libsql'))(process.argv[1], { timeout: 1 }).prepare('SELECT 1 FROM sqlite_master').all()`;
    return spawnSync(process.execPath, ['-e', read, file]).status !== 0;
  };

  test('3: kill -9 between the SQL and COMMIT: rolled back', async () => {
    const project = makeSlowProject();
    await withWaiting(project, async ({ child, ended }) => {
      child.kill('SIGKILL');
      await ended;
    });
    expect(await project.query("SELECT name FROM sqlite_master WHERE name = 't2'")).toEqual([]);
    expect(await project.applied()).toEqual(['1_t']);
    expect((await project.kat('up')).code).toBe(0);
    expect(await project.applied()).toEqual(['1_t', '2_t']);
  });

  test('17: a reader that wants to write, too, fails at once, and the run goes on when it is done', async () => {
    const project = makeSlowProject();
    await withWaiting(project, async ({ ended }, reader) => {
      (reader.sqlite as { busyMs: number }).busyMs = 1;
      // Rows that nobody wants: `libsql` would keep the failed statement open, and with it the reader's lock.
      await expect(reader.execute('INSERT INTO t1 VALUES (1)', undefined, 0)).rejects.toMatchObject({
        report: { sqlstate: 'SQLITE_BUSY' },
      });
      await reader.execute('ROLLBACK');
      expect(await ended).toMatchObject({ code: 0, stderr: '' });
    });
    expect(await project.applied()).toEqual(['1_t', '2_t']);
  });

  test('42: SIGTERM: the wait ends, and the migration is rolled back', async () => {
    const project = makeSlowProject();
    await withWaiting(project, async ({ child, ended }) => {
      child.kill('SIGTERM');
      const { code, stderr } = await ended;
      expect([code, stderr]).toEqual([143, expect.stringContaining('this migration was rolled back')]);
    });
    expect(await project.applied()).toEqual(['1_t']);
    expect((await project.kat('up')).code).toBe(0);
  });
});

describe.each(['DELETE', 'WAL'])('journal mode %s', (mode) => {
  test('2, 4: kill -9 in a statement: rolled back, and the next run needs nothing but itself', async () => {
    const project = makeSqliteProject({
      migrations: { '1_t': table(1), '2_endless': { up: endless, parents: [1] } },
    });
    await project.query(`PRAGMA journal_mode = ${mode}`);
    const { child, ended } = await project.start('up');
    await eventually('the second migration', isAt(project, '2_endless'));
    const status = await project.kat('status');
    expect(status.stdout).toContain('2_endless  running since');
    symlinkSync(project.database, join(project.folder, 'link.db'));
    project.write('link.yaml', 'database:\n  driver: sqlite\n  path: link.db\n');
    for (const config of ['kat.conf.yaml', 'link.yaml']) {
      const other = await project.kat(`up --lock-wait 0 --config ${config}`);
      expect(other.code).toBe(4);
      expect(other.stderr).toContain(`process ${child.pid}`);
    }
    const unlock = await project.kat('unlock --yes');
    expect(unlock.code).toBe(2);
    expect(unlock.stderr).toContain(`kill ${child.pid}`);
    child.kill('SIGKILL');
    await ended;
    expect(JSON.parse((await project.kat('status --json')).stdout)).toMatchObject({
      runners: [],
      counts: { applied: 1 },
    });
    expect(await project.query("SELECT name FROM sqlite_master WHERE name = 'counted'")).toEqual([]);
    project.addMigration('2_endless', { ...table(2), parents: [1] });
    expect((await project.kat('up')).code).toBe(0);
    expect(await project.applied()).toEqual(['1_t', '2_endless']);
    expect(readdirSync(project.folder).filter((name) => name.includes('runner'))).toEqual([]);
  });

  test('5: kill -9 within a no_transaction migration: it goes on behind what is done', async () => {
    const up = `CREATE TABLE once (x); VACUUM; ${endless}`;
    const project = makeSqliteProject({ migrations: { '1_half': { up, noTransaction: true } } });
    await project.query(`PRAGMA journal_mode = ${mode}`);
    const { child, ended } = await project.start('up');
    await eventually('the fifth statement', async () => {
      const { runners } = JSON.parse((await project.kat('status --json')).stdout);
      return runners[0]?.work?.statement === 5;
    });
    child.kill('SIGKILL');
    await ended;
    expect((await project.kat('status')).stdout).toContain('stopped in statement 5 (up)');
    project.addMigration('1_half', { up: up.replace(/WITH RECURSIVE.*/, 'SELECT 1;'), noTransaction: true });
    expect((await project.kat('up')).code).toBe(0);
    expect(await project.query('SELECT count(*) FROM counted')).toEqual([['1']]);
  });
});

test('16: a file that another program keeps locked is waited for, and nothing is tried', async () => {
  const project = makeSqliteProject({ migrations: twoTables });
  expect((await project.kat('up --to 1_t')).code).toBe(0);
  await withSqlite(project.database, async (session) => {
    await session.execute('BEGIN IMMEDIATE');
    for (const waits of ['--lock-timeout 50ms --retry-for 0', '--lock-timeout 50ms --retry-for 50ms']) {
      const run = await project.kat(`up ${waits}`);
      expect([run.code, run.stderr]).toEqual([
        2,
        expect.stringContaining('database is locked (SQLITE_BUSY)'),
      ]);
      expect(run.stderr.includes('locked: waiting for it')).toBe(waits.endsWith('50ms'));
    }
    const waiting = project.kat('up --lock-timeout 1ms', { isProcess: true, timeoutMs });
    await eventually('the lock of the run', () => existsSync(`${project.database}-kat-runner`));
    await session.execute('COMMIT');
    expect(await waiting).toMatchObject({ code: 0 });
  });
  expect(await project.applied()).toEqual(['1_t', '2_t']);
});

test('16: Ctrl-C ends the wait', async () => {
  const project = makeSqliteProject({ migrations: twoTables });
  expect((await project.kat('up --to 1_t')).code).toBe(0);
  await withSqlite(project.database, async (session) => {
    const { child, ended } = await startBehind(session, project);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([130, expect.stringContaining('Nothing was changed')]);
  });
});

/** The command is copied to where it finds no package, so SQLite's is copied as well. */
function bringLibsql(project: SqliteProject): void {
  for (const name of ['libsql', '@libsql', '@neon-rs', 'detect-libc'])
    cpSync(resolve('node_modules', name), join(project.home, 'node_modules', name), { recursive: true });
}

test('24: a file, or a folder, that this user may not write is refused before anything is tried', async () => {
  const project = makeSqliteProject({ migrations: twoTables });
  expect((await project.kat('up --to 1_t')).code).toBe(0);
  bringLibsql(project);
  chmodSync(project.database, 0o444);
  const run = await runAsOrdinaryUser(project, 'up');
  expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('Nothing was changed.')]);
  expect((await runAsOrdinaryUser(project, 'status')).stdout).toContain('1 applied, 1 pending');
  expect(await project.applied()).toEqual(['1_t']);
});

test('15: no room for the file to grow: 1, rolled back', async () => {
  const up = `CREATE TABLE big (x);
WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 20000) INSERT INTO big SELECT randomblob(1000) FROM n;`;
  const project = makeSqliteProject({ migrations: { '1_t': table(1), '2_big': { up, parents: [1] } } });
  const command = await katCommand();
  // The limit of a process stands for a disk that is full: SQLite cannot write what it must.
  const child = spawn('sh', ['-c', 'ulimit -f 4096; exec "$0" "$@"', process.execPath, command, 'up'], {
    cwd: project.folder,
    env: { PATH: process.env.PATH, HOME: project.home },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stderr = await text(child.stderr);
  expect(stderr).toMatch(/\(SQLITE_(?:FULL|IOERR)\w*\)/);
  expect(stderr).toContain('this migration was rolled back');
  expect(await project.applied()).toEqual(['1_t']);
  expect(await project.query("SELECT name FROM sqlite_master WHERE name = 'big'")).toEqual([]);
  expect(await project.query('PRAGMA integrity_check')).toEqual([['ok']]);
});

test('41: Ctrl-C ends the run between two statements, and takes the migration back', async () => {
  const slow =
    'WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100000) SELECT count(*) FROM n;';
  const up = `CREATE TABLE t1 (x);\n${`${slow}\n`.repeat(10_000)}`;
  const project = makeSqliteProject({ migrations: { '1_slow': up } });
  const { child, ended } = await project.start('up');
  await eventually('the migration', isAt(project, '1_slow'));
  child.kill('SIGINT');
  const { code, stderr } = await ended;
  expect([code, stderr]).toEqual([130, expect.stringContaining('this migration was rolled back')]);
  expect(await project.applied()).toEqual([]);
  project.addMigration('1_slow', table(1));
  expect((await project.kat('up')).code).toBe(0);
});

test('21: a file that is not there is made, but not its folder', async () => {
  const project = makeSqliteProject({ migrations: twoTables });
  expect((await project.kat('status')).stdout).toContain('0 applied, 2 pending');
  expect(existsSync(project.database)).toBe(false);
  project.write('other.yaml', 'database:\n  driver: sqlite\n  path: none/app.db\n');
  for (const command of ['up', 'ping']) {
    const run = await project.kat(`${command} --config other.yaml`);
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('does not exist. Create it')]);
  }
  expect(existsSync(join(project.folder, 'none'))).toBe(false);
  expect((await project.kat('up')).code).toBe(0);
  expect(existsSync(project.database)).toBe(true);
});
