import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Notice } from '../../../src/connections/driver.js';
import { openDriver } from '../../../src/connections/open-connection.js';
import { tlsFixture } from '../../support/data-folder.js';
import {
  runOnce,
  type ServerAddress,
  sharedServer,
  startServer,
  type TestServer,
} from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { one } from '../contract.js';

let secure: TestServer;
let plain: ServerAddress;
let home: string;
beforeAll(async () => {
  const hba = [
    'hostssl all cert_user all cert',
    'hostssl all tls_user all trust',
    'host all tls_user all reject',
    'hostnossl all plain_user all trust',
    'host all plain_user all reject',
  ];
  secure = await startServer(18, { tls: true, hba });
  plain = await sharedServer(18);
  const roles = ['cert_user', 'tls_user', 'plain_user'].map((role) => `CREATE ROLE ${role} LOGIN`);
  await runOnce({ ...secure, database: 'postgres' }, roles.join(';'));
});
afterAll(() => secure.close());
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kat-home-'));
});
afterEach(() => rmSync(home, { recursive: true }));

interface Attempt {
  server?: ServerAddress;
  host?: string;
  user?: string;
}

/** Connects with these parameters, and tells whether the session uses TLS. */
async function isEncrypted(
  query: string,
  { server = secure, host = 'localhost', user = 'postgres' }: Attempt = {},
) {
  const address = `${user}:postgres@${encodeURIComponent(host)}:${server.port}`;
  const url = `postgres://${address}/postgres?${host === 'localhost' ? 'hostaddr=127.0.0.1&' : ''}${query}`;
  const driver = await openDriver({ driver: 'postgres', url }, { HOME: home });
  const session = await driver.open('kat tls');
  try {
    return (await one(session, 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')) === 't';
  } finally {
    await session.close();
  }
}

/** A way to the server that notes how each connection begins. */
async function countAsked({ port }: ServerAddress, at = 0) {
  const opened: string[] = [];
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    // An SSLRequest is eight bytes, and no startup message is that short.
    client.once('data', ({ length }) => opened.push(length === 8 ? 'TLS?' : 'plain'));
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy());
  });
  await once(server.listen(at, '127.0.0.1'), 'listening');
  const { port: own } = server.address() as AddressInfo;
  return { opened, port: own, close: () => new Promise((resolve) => server.close(resolve)) };
}

const ca = `sslrootcert=${tlsFixture('ca.crt')}`;
const otherCa = `sslrootcert=${tlsFixture('other-ca.crt')}`;

describe('a server with TLS', () => {
  test.each([
    ['sslmode=disable', false],
    ['sslmode=allow', false],
    ['sslmode=prefer', true],
    ['', true],
    ['sslmode=require', true],
    [`sslmode=verify-ca&${ca}`, true],
    [`sslmode=verify-full&${ca}`, true],
  ])('"%s": encrypted is %s', async (query, expected) => {
    expect(await isEncrypted(query)).toBe(expected);
  });

  test.each([`sslmode=require&${otherCa}`, `sslmode=verify-ca&${otherCa}`, `sslmode=verify-full&${otherCa}`])(
    '%s: an unknown authority is refused',
    async (query) => {
      await expect(isEncrypted(query)).rejects.toMatchObject({
        ...{ code: 'CONNECTION_FAILED', isTransient: false },
        message: `could not connect to 127.0.0.1:${secure.port}: the server's certificate is not signed by a trusted authority`,
      });
    },
  );

  test('verify-ca takes any host name, verify-full only that of the certificate', async () => {
    expect(await isEncrypted(`sslmode=verify-ca&${ca}`, { host: '127.0.0.1' })).toBe(true);
    await expect(isEncrypted(`sslmode=verify-full&${ca}`, { host: '127.0.0.1' })).rejects.toMatchObject({
      ...{ code: 'CONNECTION_FAILED', isTransient: false },
      message: expect.stringContaining("the server's certificate is for another host"),
    });
  });

  test('require verifies when ~/.postgresql/root.crt is there', async () => {
    await mkdir(join(home, '.postgresql'));
    await copyFile(tlsFixture('other-ca.crt'), join(home, '.postgresql', 'root.crt'));
    await expect(isEncrypted('sslmode=require')).rejects.toThrow('not signed by a trusted authority');
    expect(await isEncrypted('sslmode=prefer')).toBe(true);
    await copyFile(tlsFixture('ca.crt'), join(home, '.postgresql', 'root.crt'));
    expect(await isEncrypted('sslmode=verify-full')).toBe(true);
  });

  test('verify modes need a root certificate', async () => {
    await expect(isEncrypted('sslmode=verify-full')).rejects.toMatchObject({
      ...{ code: 'CONFIG_INVALID', help: expect.stringContaining('sslrootcert=system') },
      message: expect.stringContaining(join(home, '.postgresql', 'root.crt')),
    });
    await expect(isEncrypted('sslrootcert=system')).rejects.toThrow('not signed by a trusted authority');
  });

  test('client certificates, given or in the home folder', async () => {
    const given = `sslcert=${tlsFixture('client.crt')}&sslkey=${tlsFixture('client.key')}`;
    expect(await isEncrypted(`sslmode=require&${given}`, { user: 'cert_user' })).toBe(true);
    await expect(isEncrypted('sslmode=require', { user: 'cert_user' })).rejects.toMatchObject({
      sqlstate: '28000',
    });
    await mkdir(join(home, '.postgresql'));
    await copyFile(tlsFixture('client.crt'), join(home, '.postgresql', 'postgresql.crt'));
    await copyFile(tlsFixture('client.key'), join(home, '.postgresql', 'postgresql.key'));
    expect(await isEncrypted('sslmode=prefer', { user: 'cert_user' })).toBe(true);
    await expect(isEncrypted('sslcert=/nowhere.crt')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  test('allow and prefer try the other way when pg_hba.conf asks for it', async () => {
    expect(await isEncrypted('sslmode=allow', { user: 'tls_user' })).toBe(true);
    expect(await isEncrypted('sslmode=prefer', { user: 'plain_user' })).toBe(false);
    await expect(isEncrypted('sslmode=disable', { user: 'tls_user' })).rejects.toMatchObject({
      sqlstate: '28000',
    });
    await expect(isEncrypted('sslmode=require', { user: 'plain_user' })).rejects.toMatchObject({
      sqlstate: '28000',
    });
  });

  test('cancels over TLS', async () => {
    const url = `postgres://postgres:postgres@localhost:${secure.port}/postgres?hostaddr=127.0.0.1&sslmode=verify-full&${ca}`;
    const driver = await openDriver({ driver: 'postgres', url }, { HOME: home });
    const session = await driver.open('kat tls');
    const sleeping = expect(session.execute('SELECT pg_sleep(60)')).rejects.toMatchObject({
      report: expect.objectContaining({ sqlstate: '57014' }),
    });
    const isDone = sleeping.then(() => true);
    while (!(await Promise.race([isDone, session.cancel().then(() => false)])));
    await sleeping;
    await session.close();
  });

  test('channel binding', async () => {
    expect(await isEncrypted('sslmode=require&channel_binding=require')).toBe(true);
    const refusal = 'the server does not offer channel binding';
    await expect(isEncrypted('sslmode=disable&channel_binding=require')).rejects.toThrow(refusal);
    await expect(
      isEncrypted('sslmode=require&channel_binding=require', { user: 'tls_user' }),
    ).rejects.toThrow(refusal);
  });
});

describe('a server without TLS', () => {
  test.each(['disable', 'allow', 'prefer'])('%s: plain text', async (mode) => {
    expect(await isEncrypted(`sslmode=${mode}`, { server: plain })).toBe(false);
  });

  test.each(['sslmode=require', `sslmode=verify-ca&${ca}`, `sslmode=verify-full&${ca}`])(
    '%s: refused',
    async (query) => {
      await expect(isEncrypted(query, { server: plain })).rejects.toMatchObject({
        ...{ code: 'CONNECTION_FAILED', isTransient: false },
        message: `could not connect to 127.0.0.1:${plain.port}: the server does not offer TLS`,
      });
    },
  );

  test('is asked again after a failed connection, and after a while', async () => {
    const asked = await countAsked(plain);
    const url = `postgres://postgres:postgres@127.0.0.1:${asked.port}/postgres`;
    const driver = await openDriver({ driver: 'postgres', url }, { HOME: home });
    await (await driver.open('kat first')).close();
    await asked.close();
    await expect(driver.open('kat without server')).rejects.toThrow('could not connect');
    const again = await countAsked(plain, asked.port);
    await (await driver.open('kat second')).close();
    const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 31_000);
    await (await driver.open('kat third')).close();
    now.mockRestore();
    await again.close();
    expect(asked.opened).toEqual(['TLS?', 'plain']);
    expect(again.opened).toEqual(['TLS?', 'plain', 'TLS?', 'plain']);
  });

  test('that had TLS before: a connection without it is made, and a warning says so', async () => {
    const server = await startServer(18, { tls: true });
    const { user, password, port } = server;
    const sets = async (ssl: 'on' | 'off') => {
      await runOnce({ ...server, database: 'postgres' }, `ALTER SYSTEM SET ssl = ${ssl}`);
      await runOnce({ ...server, database: 'postgres' }, 'SELECT pg_reload_conf()');
      await eventually(`ssl ${ssl}`, async () => {
        const [row] = await runOnce({ ...server, database: 'postgres' }, 'SHOW ssl');
        return row?.ssl === ssl;
      });
    };
    try {
      const url = `postgres://${user}:${password}@127.0.0.1:${port}/postgres`;
      const driver = await openDriver({ driver: 'postgres', url }, { HOME: home });
      const open = async (mode: boolean) => {
        const session = await driver.open('kat tls');
        const notices: Notice[] = [];
        session.onNotice((notice) => notices.push(notice));
        const ssl = await one(session, 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
        await session.close();
        expect(ssl).toBe(mode ? 't' : 'f');
        return notices.map(({ message }) => message);
      };
      expect(await open(true)).toEqual([]);
      await sets('off');
      // Nobody listens to its warnings.
      await (await driver.open('kat silent')).close();
      expect(await open(false)).toEqual([
        `the connection to 127.0.0.1:${port} is not encrypted any more, because it could not be made with TLS`,
      ]);
      await sets('on');
      vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 31_000);
      expect(await open(true)).toEqual([]);
    } finally {
      vi.restoreAllMocks();
      await server.close();
    }
  });

  test('is asked for it once', async () => {
    const asked = await countAsked(plain);
    const url = `postgres://postgres:postgres@127.0.0.1:${asked.port}/postgres`;
    const driver = await openDriver({ driver: 'postgres', url }, { HOME: home });
    for (const name of ['kat first', 'kat second', 'kat third']) await (await driver.open(name)).close();
    await asked.close();
    expect(asked.opened).toEqual(['TLS?', 'plain', 'plain', 'plain']);
  });

  test.runIf(process.platform !== 'win32')('Unix sockets go without TLS whatever the mode', async () => {
    expect(await isEncrypted('sslmode=verify-full', { host: secure.socketDir })).toBe(false);
  });
});

test.runIf(process.platform !== 'win32')('a password file that others may read is told about', async () => {
  await writeFile(join(home, '.pgpass'), '*:*:*:*:postgres', { mode: 0o644 });
  const settings = { driver: 'postgres', host: '127.0.0.1', port: secure.port, name: 'postgres' } as const;
  const driver = await openDriver({ ...settings, user: 'tls_user' }, { HOME: home });
  const notices: Notice[] = [];
  for (const _ of ['first', 'second']) {
    const session = await driver.open('kat tls');
    session.onNotice((notice) => notices.push(notice));
    await session.close();
  }
  expect(notices).toMatchObject([{ severity: 'WARNING', message: expect.stringContaining('.pgpass') }]);
  const refused = await openDriver({ ...settings, user: 'postgres' }, { HOME: home });
  await expect(refused.open('kat tls')).rejects.toMatchObject({ help: expect.stringContaining('chmod 600') });
});
