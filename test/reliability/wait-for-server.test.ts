/** `--wait`: a server that is about to start is waited for, and nothing else. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandMajors, startServer, type TestServer } from '../support/database.js';
import { type DatabaseProject, makeProject, projectOn } from '../support/kat-project.js';
import { appliedTables, expectDone, idsUpTo, tableMigrations, untilSays } from './scene.js';

const waiting = 'connection refused; waiting for the server, for up to ';

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
  });
  afterAll(() => server.close());

  const stopped = async (): Promise<DatabaseProject> => {
    const project = await projectOn(server, { migrations: tableMigrations(2) });
    await server.stop();
    return project;
  };

  test('up begins when the server has started, and says once what it waits for', async () => {
    const project = await stopped();
    const running = await project.start('up --wait');
    await untilSays(running, waiting);
    await server.start();
    const run = await running.ended;
    expectDone(run);
    expect(run.stderr.split(waiting)).toHaveLength(2);
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
  });

  test('ping as well, beyond the number of its tries', async () => {
    const project = await stopped();
    const running = await project.start('ping --wait=5m --retry-count 0 --json');
    await untilSays(running, waiting);
    await server.start();
    const run = await running.ended;
    expectDone(run);
    expect(JSON.parse(run.stdout)).toMatchObject({ server: { versionNumber: expect.any(Number) } });
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends the waiting with %i', async (signal, code) => {
    const project = await stopped();
    const running = await project.start('up --wait=1h');
    await untilSays(running, waiting);
    running.child.kill(signal);
    expect(await running.ended).toMatchObject({ code });
    await server.start();
    expect(await appliedTables(project)).toEqual([]);
  });

  test('a server that has no connection to give is waited for', async () => {
    const project = await projectOn(server, { migrations: tableMigrations(2) });
    const { name } = project.database;
    await project.database.query(`CREATE ROLE app_${name} LOGIN PASSWORD 'app' CONNECTION LIMIT 0;
      GRANT CREATE, USAGE ON SCHEMA public TO app_${name}`);
    const env = { KAT_DB_USER: `app_${name}`, KAT_DB_PASSWORD: 'app' };
    const running = await project.start('up --wait', { env });
    await untilSays(running, 'too many connections');
    await project.database.query(`ALTER ROLE app_${name} CONNECTION LIMIT 5`);
    expectDone(await running.ended);
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
  });

  test('a wrong password and a missing database end it at once', async () => {
    const project = await projectOn(server, { migrations: tableMigrations(1) });
    for (const env of [{ KAT_DB_PASSWORD: 'wrong' }, { KAT_DB_NAME: 'nowhere' }]) {
      for (const command of ['up --wait=1h', 'ping --wait=1h']) {
        const run = await project.kat(command, { env });
        expect(run.code).toBe(2);
        expect(run.stderr).not.toContain('waiting for');
      }
    }
  });
});

const on = (host: string, port: number) =>
  makeProject({
    config: `database:\n  host: ${host}\n  port: ${port}\n`,
    migrations: { '1_t1': 'SELECT 1;' },
  });

test('when the time is over, the last reason is the error', async () => {
  const run = await on('127.0.0.1', 1).kat('up --wait=300ms');
  expect(run.code).toBe(2);
  expect(run.stderr).toContain(
    'could not connect to 127.0.0.1:1: connection refused; waiting for the server, for up to ',
  );
  expect(run.stderr).toContain('could not connect to 127.0.0.1:1: connection refused, after a wait of 0.3 s');
});

test('a name that nobody knows yet is waited for', async () => {
  const run = await on('kat.invalid', 5432).kat('ping --wait=300ms');
  expect(run.code).toBe(2);
  expect(run.stderr).toMatch(
    /(no host has this name|could not be looked up); waiting for the server, for up to [\s\S]*, after a wait of 0.3 s/,
  );
});

test('a server that takes connections and says nothing does not hold it beyond the time', async () => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const { port } = silent.address() as AddressInfo;
  const run = await on('127.0.0.1', port).kat('up --wait=1s');
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('no answer within 1 s');
  for (const socket of sockets) socket.destroy();
  silent.close();
});

test.each(['up', 'ping'])('%s refuses what is no duration', async (command) => {
  const run = await on('127.0.0.1', 1).kat(`${command} --wait=soon`);
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain('Give a number with a unit');
});
