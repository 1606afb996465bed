/** Faults 41 and 43: Ctrl-C during a statement, and readers of the output that go away. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { commandMajors, runOnce } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { katCommand } from '../support/kat-command.js';
import { contentOf, type DatabaseProject, makeProject, projectOn } from '../support/kat-project.js';

const lockWaiters =
  "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
const sleepers =
  "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid() AND state = 'active'";

/** Starts `up` and waits until the server has begun to sleep. */
async function startSleeping(project: DatabaseProject) {
  const running = await project.start('up');
  await eventually('the server to sleep', async () => (await project.database.query(sleepers)).length > 0);
  return running;
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s cancels the statement on the server, rolls back and ends with %i', async (signal, code) => {
    const project = await projectOn(major, {
      migrations: {
        '1_first': 'CREATE TABLE first ();',
        '2_slow': 'CREATE TABLE slow (); SELECT pg_sleep(30);',
      },
    });
    await project.kat('up --count 1');
    const before = await contentOf(project.database);
    const { child, ended } = await startSleeping(project);
    child.kill(signal);
    const run = await ended;
    expect(run.code).toBe(code);
    expect(run.stderr).toContain(
      'Migration failed: 2_slow\nError details: ERROR: canceling statement due to user request (SQLSTATE 57014)\n',
    );
    expect(run.stderr).toContain('this migration was rolled back');
    expect(await project.database.query(sleepers)).toEqual([]);
    expect(await contentOf(project.database)).toEqual(before);
    expect(await project.applied()).toEqual(['1_first']);

    project.write('migrations/2_slow/up.sql', 'CREATE TABLE slow ();\n');
    expect((await project.kat('up')).code).toBe(0);
  });

  test.each([
    ['drift', 'drift', 'while the schema was built in a throwaway database'],
    ['diff', 'diff 1_first 2_slow', 'while the schema was built in a throwaway database'],
    ['schema', 'schema', 'while the schema was built in a throwaway database'],
    ['verify', 'verify', 'while migrations were tried on a throwaway database'],
  ])('Ctrl-C in %s says that nothing was changed', async (name, command, when) => {
    const project = await projectOn(major, {
      migrations: {
        '1_first': 'CREATE TABLE first ();',
        '2_slow': { up: `SELECT pg_sleep(60) AS ${name}_slow;`, down: 'SELECT 1;', parents: [1] },
      },
    });
    await project.kat('stamp 2_slow --yes');
    const slow = `SELECT FROM pg_stat_activity WHERE query LIKE '%AS ${name}_slow%' AND state = 'active' AND pid <> pg_backend_pid()`;
    const { child, ended } = await project.start(`${command} --on ${project.database.url}`);
    await eventually('the server to sleep', async () => (await project.database.query(slow)).length > 0);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(stderr).toContain(`Error: cancelled ${when}`);
    expect(stderr).toContain('Nothing was changed.');
    expect(stderr).not.toContain('Migration failed');
    expect(code).toBe(130);
    expect(await project.database.query(slow)).toEqual([]);
  });

  test('Ctrl-C cancels all sessions of a run, and says what did not start', async () => {
    const project = await projectOn(major, {
      migrations: { '1_slow': 'SELECT pg_sleep(30);', '2_slow': 'SELECT pg_sleep(30);', '3_slow': 'SELECT;' },
    });
    const { child, ended } = await project.start('up --jobs 2');
    await eventually('both', async () => (await project.database.query(sleepers)).length === 2);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    for (const line of ['Cancelled: 1_slow\n', 'Cancelled: 2_slow\n', 'Held back: 3_slow\n'])
      expect(stderr).toContain(line);
    expect(await project.database.query(sleepers)).toEqual([]);
  });

  test('a second Ctrl-C does not wait for the server', async () => {
    // Kat asks the server to cancel again and again, so it must be stubborn each time.
    const stubborn = `DO $$ BEGIN
  FOR turn IN 1..50 LOOP
    BEGIN
      PERFORM pg_sleep(30);
    EXCEPTION WHEN query_canceled THEN
      RAISE WARNING 'no';
    END;
  END LOOP;
END $$;`;
    const project = await projectOn(major, { migrations: { '1_stubborn': stubborn } });
    const { child, ended } = await startSleeping(project);
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    child.kill('SIGINT');
    await eventually('the words of the first signal', () =>
      said.includes('SIGINT: cancelling; a second signal stops Kat at once\n'),
    );
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(await project.database.query(sleepers)).toHaveLength(1);
  });

  test('Ctrl-C while waiting to try again', async () => {
    const project = await projectOn(major);
    const { child, ended } = await project.start('ping -r 7 -rd 3000', { env: { KAT_DB_PORT: '1' } });
    await once(child.stderr as NodeJS.ReadableStream, 'data');
    child.kill('SIGINT');
    const run = await ended;
    expect(run.code).toBe(130);
    expect(run.stderr).not.toContain('(2 of 8)');
  });

  test.each(['up', 'status', 'down'])(
    'Ctrl-C while %s waits for a table that somebody else holds',
    async (command) => {
      const project = await projectOn(major, { migrations: { '1_one': 'SELECT 1;' } });
      await project.kat('up');
      await project.database.query('BEGIN; LOCK TABLE migrations');
      const { child, ended } = await project.start(command);
      // Inside a transaction, pg_stat_activity stays as it was when it was first read.
      const look = () => runOnce({ ...project.database, database: project.database.name }, lockWaiters);
      await eventually('the session', async () => (await look()).length > 0);
      child.kill('SIGINT');
      expect((await ended).code).toBe(130);
      expect(await look()).toEqual([]);
    },
  );

  test('up goes on when nobody reads its output any more', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_one': 'CREATE TABLE one ();',
        '2_two': 'SELECT pg_sleep(0.3);',
        '3_three': 'CREATE TABLE three ();',
      },
    });
    expect(await runUnread(project, ['up'])).toBe('exit code 0\n');
    expect(await project.applied()).toEqual(['1_one', '2_two', '3_three']);
  });

  test('status ends without a stack trace when its output is closed', async () => {
    const migrations = Object.fromEntries(
      Array.from({ length: 2000 }, (_, index) => [
        `${1679012345 + index}_a_name_that_fills_the_pipe`,
        'SELECT 1;',
      ]),
    );
    const project = await projectOn(major, { migrations });
    expect(await runUnread(project, ['status'])).toBe('exit code 0\n');
    expect(await runUnread(project, ['status', '--json'])).toBe('exit code 0\n');
  });
});

test.each(['ping', 'up', 'status'])(
  'Ctrl-C while %s waits for a server that says nothing',
  async (command) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const project = makeProject({
        config: `database:\n  host: 127.0.0.1\n  port: ${port}\n  connect_timeout: 10m\n`,
        migrations: { '1_one': 'SELECT 1;' },
      });
      const { child, ended } = await project.start(command);
      const [socket] = (await once(server, 'connection')) as [Socket];
      socket.on('error', () => undefined);
      child.kill('SIGINT');
      expect((await ended).code).toBe(130);
      socket.destroy();
    } finally {
      server.close();
    }
  },
);

/** `kat … | true`, whose reader ends before anything is written. */
async function runUnread({ folder, home }: DatabaseProject, args: string[]): Promise<string> {
  const command = [process.execPath, await katCommand(), ...args];
  const { stderr } = await promisify(execFile)(
    'sh',
    ['-c', '{ "$@"; echo "exit code $?" >&2; } | true', 'sh', ...command],
    { cwd: folder, env: { PATH: process.env.PATH, HOME: home } },
  );
  return stderr;
}
