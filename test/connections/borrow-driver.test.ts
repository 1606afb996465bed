import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { borrowDriver } from '../../src/connections/open-connection.js';
import { freshDatabase, majors, type TestDatabase } from '../support/database.js';
import { emptyPglite } from '../support/pglite.js';
import { one } from './contract.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await freshDatabase(majors().at(-1) as number);
});
afterEach(() => database.drop());

describe('a client', () => {
  test('that is not connected is refused', async () => {
    const driver = borrowDriver(new pg.Client(database.url));
    await expect(driver.open('kat')).rejects.toMatchObject({
      ...{ message: 'the client is not connected', help: 'Call its connect() first.' },
    });
  });

  test('that pipelines is refused, and still works', async () => {
    const client = new pg.Client({ connectionString: database.url, pipeline: true });
    await client.connect();
    await expect(borrowDriver(client).open('kat')).rejects.toThrow('pipeline: true');
    expect((await client.query('SELECT 1 AS a')).rows).toEqual([{ a: 1 }]);
    await client.end();
  });

  test('keeps the transaction that its owner began', async () => {
    const client = new pg.Client(database.url);
    await client.connect();
    await client.query('BEGIN');
    const session = await borrowDriver(client).open('kat');
    await session.execute('CREATE TABLE inside (x int)');
    await session.close();
    expect(client.getTransactionStatus()).toBe('T');
    await client.end();
  });

  test('may be used by its owner between messages and at once, with no listener left behind', async () => {
    const client = new pg.Client(database.url);
    await client.connect();
    const before = countListeners(client);
    const session = await borrowDriver(client).open('kat');
    const [own, ours] = await Promise.all([client.query('SELECT 1 AS a'), session.execute('SELECT 2 AS a')]);
    expect([own.rows, ours[0]?.rows]).toEqual([[{ a: 1 }], [{ a: '2' }]]);
    await session.close();
    expect(countListeners(client)).toEqual(before);
    await client.end();
  });

  test('of a pool is given back by its owner', async () => {
    const pool = new pg.Pool({ connectionString: database.url });
    const client = await pool.connect();
    const driver = borrowDriver(client);
    expect(driver.hasManySessions).toBe(false);
    const session = await driver.open('kat');
    await session.close();
    client.release();
    await pool.end();
  });
});

describe('a pool', () => {
  test('that cannot connect says so without the password', async () => {
    const pool = new pg.Pool({ connectionString: database.url.replace(':postgres@', ':hunter2Zq8@') });
    const error = await borrowDriver(pool)
      .open('kat')
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'CONNECTION_FAILED', sqlstate: '28P01' });
    expect(String(error)).not.toContain('hunter2Zq8');
    await pool.end();
  });

  test('gets its clients back', async () => {
    const pool = new pg.Pool({ connectionString: database.url });
    const session = await borrowDriver(pool).open('kat');
    expect([pool.totalCount, pool.idleCount]).toEqual([1, 0]);
    await session.close();
    expect([pool.totalCount, pool.idleCount]).toEqual([1, 1]);
    await pool.end();
  });
});

describe('PGlite', () => {
  test('keeps the transaction that its owner began, and is refused when closed', async () => {
    const embedded = await emptyPglite();
    await embedded.exec('BEGIN');
    const driver = borrowDriver(embedded);
    const session = await driver.open('kat');
    expect(await one(session, 'SELECT 1')).toBe('1');
    await session.close();
    expect(embedded.isInTransaction()).toBe(true);
    await embedded.close();
    await expect(driver.open('kat')).rejects.toThrow('is closed');
  });

  test('closed under a session is reported as lost', async () => {
    const embedded = await emptyPglite();
    const session = await borrowDriver(embedded).open('kat');
    await embedded.close();
    await expect(session.execute('SELECT 1')).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
    await session.close();
  });
});

test('anything else is refused', () => {
  const stranger = { query: () => undefined, connect: () => undefined, on: () => undefined };
  expect(() => borrowDriver(stranger)).toThrow('Kat does not support this kind of connection');
});

function countListeners(client: pg.Client): number[] {
  return [
    ...['error', 'end', 'notice'].map((event) => client.listenerCount(event)),
    client.connection.listenerCount('readyForQuery'),
  ];
}
