// Rows 20 to 23 and 45 of the table of faults, as the driver reports them.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../../src/connections/driver.js';
import { openDriver } from '../../../src/connections/open-connection.js';
import { ConnectionError } from '../../../src/errors.js';
import { freshDatabase, majors, runOnce, startServer, type TestDatabase } from '../../support/database.js';
import { one } from '../contract.js';

const secret = 'hunter2Zq8';

/** The error that opening a session on this URL must end with; none of its texts may show the password. */
async function refusal(url: string, connectTimeoutMs?: number): Promise<ConnectionError> {
  const timeout = connectTimeoutMs === undefined ? {} : { connectTimeoutMs };
  const driver = await openDriver({ driver: 'postgres', url, ...timeout }, { HOME: '/nonexistent' });
  const error = await driver.open('kat faults').then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConnectionError);
  const { message, help, stack, cause } = error as ConnectionError;
  expect(`${driver.description} ${message} ${help} ${stack} ${JSON.stringify(cause)} ${cause}`).not.toContain(
    secret,
  );
  expect(help).toMatch(/\.$/);
  return error as ConnectionError;
}

describe.each(majors())('PostgreSQL %i', (major) => {
  let database: TestDatabase;
  let address: string;
  beforeAll(async () => {
    database = await freshDatabase(major);
    address = `127.0.0.1:${database.port}`;
  });
  afterAll(() => database.drop());

  test.each(['disable', 'prefer'])('20: wrong password (sslmode=%s)', async (sslmode) => {
    expect(
      await refusal(`postgres://postgres:${secret}@${address}/${database.name}?sslmode=${sslmode}`),
    ).toMatchObject({
      message: `could not connect to ${address}: password authentication failed for user "postgres"`,
      ...{ sqlstate: '28P01', isTransient: false },
    });
  });

  test('20: unknown role', async () => {
    expect(await refusal(`postgres://nobody_here:${secret}@${address}/${database.name}`)).toMatchObject({
      ...{ sqlstate: '28P01', isTransient: false },
      message: expect.stringContaining('"nobody_here"'),
    });
  });

  test('20: no password at all', async () => {
    expect(await refusal(`postgres://postgres@${address}/${database.name}`)).toMatchObject({
      message: `could not connect to ${address}: the server asks for a password`,
      ...{ help: expect.stringContaining('PGPASSWORD'), isTransient: false },
    });
  });

  test('21: the database is missing', async () => {
    expect(await refusal(`postgres://postgres:postgres@${address}/not_there`)).toMatchObject({
      message: `could not connect to ${address}: database "not_there" does not exist`,
      ...{ sqlstate: '3D000', isTransient: false },
      help: 'Create it with `kat db create` or with CREATE DATABASE "not_there", or correct the name.',
    });
    const { help } = await refusal(`postgres://postgres:postgres@${address}/it's "here"`);
    expect(help).toContain(`CREATE DATABASE "it's ""here"""`);
  });

  test('settings of the URL reach the session, and the name of Kat wins', async () => {
    const url = `${database.url}?search_path=a,%20b&application_name=other&statement_timeout=5s`;
    const driver = await openDriver({ driver: 'postgres', url }, { PGOPTIONS: '-c lock_timeout=7s' });
    const session = await driver.open('kat');
    expect(await one(session, 'SHOW search_path')).toBe('a, b');
    expect(await one(session, 'SHOW statement_timeout')).toBe('5s');
    expect(await one(session, 'SHOW lock_timeout')).toBe('7s');
    expect(await one(session, 'SHOW application_name')).toBe('kat');
    await session.close();
  });

  test.runIf(process.platform !== 'win32')('a Unix socket', async () => {
    const settings = {
      host: database.socketDir,
      port: database.port,
      user: 'postgres',
      password: 'postgres',
    };
    const driver = await openDriver({ driver: 'postgres', ...settings, name: database.name }, {});
    const session = await driver.open('kat');
    expect(await one(session, 'SELECT inet_server_addr()')).toBeNull();
    await session.close();
    const error = await refusal(`postgres://${encodeURIComponent(`${database.socketDir}/none`)}/app`);
    expect(error).toMatchObject({
      isTransient: true,
      message: expect.stringContaining('there is no such socket'),
    });
  });
});

test('22: refused', async () => {
  const port = await closedPort();
  expect(await refusal(`postgres://ann:${secret}@127.0.0.1:${port}/app`)).toMatchObject({
    message: `could not connect to 127.0.0.1:${port}: connection refused`,
    ...{ sqlstate: undefined, isTransient: true },
  });
  expect((await refusal(`postgres://ann:${secret}@localhost:${port}/app`)).message).toBe(
    `could not connect to localhost:${port}: connection refused`,
  );
});

test('22: no such host', async () => {
  expect((await refusal(`postgres://ann:${secret}@kat.invalid/app`)).message).toMatch(
    /^could not connect to kat\.invalid:5432: (no host has this name|the name of the host could not be looked up)$/,
  );
});

test('22: nobody answers', async () => {
  const silent = await listen(() => {});
  expect(await refusal(`postgres://ann:${secret}@127.0.0.1:${silent.port}/app`, 100)).toMatchObject({
    message: `could not connect to 127.0.0.1:${silent.port}: no answer in time`,
    isTransient: true,
  });
  await silent.close();
});

test('22: something hangs up', async () => {
  const rude = await listen((socket) => socket.once('data', () => socket.destroy()));
  expect(await refusal(`postgres://ann:${secret}@127.0.0.1:${rude.port}/app?sslmode=disable`)).toMatchObject({
    message: `could not connect to 127.0.0.1:${rude.port}: the server closed the connection`,
    isTransient: true,
  });
  await rude.close();
});

test('23: too many connections, worth another try', async () => {
  const server = await startServer(18, {
    settings: { max_connections: '4', superuser_reserved_connections: '1', max_wal_senders: '0' },
  });
  try {
    await runOnce({ ...server, database: 'postgres' }, `CREATE ROLE app LOGIN PASSWORD 'postgres'`);
    const url = `postgres://app:postgres@127.0.0.1:${server.port}/postgres`;
    const driver = await openDriver({ driver: 'postgres', url }, {});
    const sessions: Session[] = [];
    let error: unknown;
    while (!error && sessions.length < 10) {
      await driver.open('kat').then(
        (session) => sessions.push(session),
        (reason: unknown) => {
          error = reason;
        },
      );
    }
    expect(error).toMatchObject({ sqlstate: '53300', isTransient: true });
    for (const session of sessions) await session.close();
  } finally {
    await server.close();
  }
});

async function listen(onConnection: (socket: Socket) => void) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { port, close };
}

async function closedPort(): Promise<number> {
  const { port, close } = await listen(() => {});
  await close();
  return port;
}
