import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Driver, Session } from '../../../src/connections/driver.js';
import { borrowDriver, openDriver } from '../../../src/connections/open-connection.js';
import { type ConnectionError, SqlError } from '../../../src/errors.js';
import { commandMajors, freshDatabase, startServer, type TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { failure, one } from '../contract.js';

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  let database: TestDatabase;
  let driver: Driver;
  let session: Session;
  beforeEach(async () => {
    database = await freshDatabase(major);
    driver = await openDriver({ driver: 'postgres', url: database.url });
    session = await driver.open('kat');
  });
  afterEach(async () => {
    await session.close();
    await database.drop();
  });

  async function terminate(): Promise<void> {
    await database.query(`SELECT pg_terminate_backend(${session.processId})`);
  }

  async function untilActive(): Promise<void> {
    const sql = `SELECT 1 FROM pg_stat_activity WHERE pid = ${session.processId} AND wait_event = 'PgSleep'`;
    await eventually('the session to sleep', async () => (await database.query(sql)).length > 0);
  }

  test('terminated at work: the words of the server, and what had finished', async () => {
    const working = failure(session, 'BEGIN; SELECT 1; SELECT pg_sleep(60)');
    await untilActive();
    await terminate();
    const error = await working;
    expect(error).toMatchObject({ isSessionLost: true, completedStatements: 2 });
    expect(error.report).toMatchObject({ severity: 'FATAL', sqlstate: '57P01' });
    await expect(session.execute('SELECT 1')).rejects.toMatchObject({
      ...{ code: 'CONNECTION_FAILED', sqlstate: '57P01', isTransient: true },
      message: 'the connection to the server was lost: terminating connection due to administrator command',
    });
    await session.cancel();
  });

  test('terminated at work: messages that were sent ahead are lost with it', async () => {
    const working = failure(session, 'SELECT pg_sleep(60)');
    const ahead = expect(session.execute('SELECT 1')).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
      sqlstate: '57P01',
    });
    await untilActive();
    await terminate();
    expect((await working).isSessionLost).toBe(true);
    await ahead;
  });

  test('terminated while idle: told at the next message, and the process lives on', async () => {
    await terminate();
    expect(sqlstateOf(await failureOf(() => session.execute('SELECT 1')))).toBe('57P01');
    await session.close();
  });

  test('an idle time-out is told in the words of the server', async () => {
    await session.execute(`SET idle_in_transaction_session_timeout = '1ms'; BEGIN`);
    const error = await failureOf(() => session.execute('SELECT 1'));
    expect(sqlstateOf(error)).toBe('25P03');
    expect(String(error)).toContain('idle-in-transaction timeout');
  });

  test('a statement that another session cancels is refused, not lost', async () => {
    const working = failure(session, 'SELECT pg_sleep(60)');
    await untilActive();
    await database.query(`SELECT pg_cancel_backend(${session.processId})`);
    expect(await working).toMatchObject({ isSessionLost: false, report: { sqlstate: '57014' } });
    expect(await one(session, 'SELECT 1')).toBe('1');
  });

  test('a pool throws away the client of a lost session and one that is busy', async () => {
    const pool = new pg.Pool({ connectionString: database.url, max: 2 });
    const lent = borrowDriver(pool);
    session = await lent.open('kat');
    await terminate();
    expect(sqlstateOf(await failureOf(() => session.execute('SELECT 1')))).toBe('57P01');
    await session.close();
    expect(pool.totalCount).toBe(0);
    session = await lent.open('kat');
    await session.execute('BEGIN');
    await session.close();
    expect(pool.totalCount).toBe(0);
    session = await lent.open('kat');
    await session.close();
    expect(pool.totalCount).toBe(1);
    await pool.end();
  });
});

const outcomes = {
  fast: { code: 'SQL_ERROR', isSessionLost: true, report: { sqlstate: '57P01' } },
  immediate: {
    code: 'CONNECTION_FAILED',
    isTransient: true,
    message: expect.stringContaining('immediate shutdown'),
  },
  kill: { code: 'CONNECTION_FAILED', isTransient: true },
};

test.each(['fast', 'immediate', 'kill'] as const)('the server is stopped at work (%s)', async (mode) => {
  const server = await startServer(18);
  try {
    const url = `postgres://postgres:postgres@127.0.0.1:${server.port}/postgres`;
    const driver = await openDriver({ driver: 'postgres', url }, {});
    const session = await driver.open('kat');
    const witness = await driver.open('kat');
    const working = session.execute('SELECT pg_sleep(60)').catch((error: unknown) => error);
    const isSleeping = `SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'`;
    await eventually('the session to sleep', async () => (await one(witness, isSleeping)) === '1');
    // After SIGKILL of the postmaster its sessions live on until they notice; this one notices at the end of its statement.
    const stopped = server.stop(mode);
    if (mode === 'kill') process.kill(session.processId as number, 'SIGKILL');
    await stopped;
    expect(await working).toMatchObject(outcomes[mode]);
    await expect(driver.open('kat')).rejects.toMatchObject({ isTransient: true });
    await session.close();
    await witness.close();
  } finally {
    await server.close();
  }
});

test('a value that is too long for Node.js ends the session and not the program', async () => {
  const database = await freshDatabase(18);
  const driver = await openDriver({ driver: 'postgres', url: database.url, sslmode: 'disable' });
  const session = await driver.open('kat');
  await expect(session.execute("SELECT repeat('x', 600000000)")).rejects.toThrow('512 MB or longer');
  await expect(session.execute('SELECT 1')).rejects.toThrow('the connection to the server was lost');
  await session.close();
  await database.drop();
});

/** The server's parting words may arrive before the next message is sent or after it. */
function sqlstateOf(error: unknown): string | undefined {
  if (error instanceof SqlError) expect(error.isSessionLost).toBe(true);
  return error instanceof SqlError ? error.report.sqlstate : (error as ConnectionError).sqlstate;
}

/** Repeats until it fails: a session learns of its end only when the network tells. */
function failureOf(action: () => Promise<unknown>): Promise<unknown> {
  return eventually('the session to fail', () =>
    action().then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
}
