/** The network that the other tests break, itself: it must break what it is asked to, and nothing else. */

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Driver, Session } from '../../src/connections/driver.js';
import { openDriver } from '../../src/connections/open-connection.js';
import { freshDatabase, majors, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type Frame, readQuery, splitClient, splitServer } from '../support/frames.js';
import { startProxy, type TestProxy } from '../support/proxy.js';

describe('the messages of a stream', () => {
  const query = (sql: string) => {
    const text = Buffer.from(`${sql}\0`);
    const head = Buffer.from([0x51, 0, 0, 0, 0]);
    head.writeInt32BE(text.length + 4, 1);
    return Buffer.concat([head, text]);
  };
  const packet = (code: number, payload = '') => {
    const bytes = Buffer.alloc(8 + payload.length, payload);
    bytes.writeInt32BE(bytes.length, 0);
    bytes.writeInt32BE(code, 4);
    if (payload) bytes.write(payload, 8);
    return bytes;
  };

  test('are the same however the bytes arrive', () => {
    const stream = Buffer.concat([
      packet(80877103),
      packet(196608, 'user\0kat\0\0'),
      query('SELECT 1'),
      query(''),
      query("SELECT 'ü'"),
    ]);
    const types = ['start', 'start', 'Q', 'Q', 'Q'];
    fc.assert(
      fc.property(fc.array(fc.nat({ max: stream.length })), (cuts) => {
        const split = splitClient();
        const places = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const frames = places.slice(1).flatMap((end, index) => split(stream.subarray(places[index], end)));
        expect(frames.map(({ type }) => type)).toEqual(types);
        expect(Buffer.concat(frames.map(({ bytes }) => bytes))).toEqual(stream);
        expect(frames.slice(2).map(readQuery)).toEqual(['SELECT 1', '', "SELECT 'ü'"]);
      }),
    );
  });

  test('of a server may begin with its answer to a request for encryption', () => {
    const { split, expectByte } = splitServer();
    expectByte();
    const ready = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
    const frames: Frame[] = split(Buffer.concat([Buffer.from('N'), ready]));
    expect(frames).toEqual([
      { type: 'byte', bytes: Buffer.from('N') },
      { type: 'Z', bytes: ready },
    ]);
  });
});

describe.each(majors())('PostgreSQL %i', (major) => {
  let database: TestDatabase;
  let proxy: TestProxy;
  let driver: Driver;
  let session: Session;
  beforeEach(async () => {
    database = await freshDatabase(major);
    proxy = await startProxy(database);
    driver = await openDriver({ driver: 'postgres', url: proxy.urlOf(database) }, {});
    session = await driver.open('kat');
    await database.query('CREATE TABLE seen (x int)');
  });
  afterEach(async () => {
    await session.close();
    await proxy.close();
    await database.drop();
  });

  const insert = (x: number) => `INSERT INTO seen VALUES (${x})`;
  const lost = { code: 'CONNECTION_FAILED', isTransient: true };

  async function seen(): Promise<number[]> {
    const rows = await database.query('SELECT x FROM seen ORDER BY x');
    return rows.map(({ x }) => Number(x));
  }

  /** Until the server has ended the session, so that nothing more can come of it. */
  async function ended(): Promise<void> {
    const sessions = `SELECT 1 FROM pg_stat_activity WHERE pid = ${session.processId}`;
    await eventually('the sessions to end', async () => (await database.query(sessions)).length === 0);
  }

  test('passes what it is not asked to break, requests to cancel included', async () => {
    const [result] = await session.execute("SELECT repeat('x', 300000) AS long");
    expect(result?.rows[0]?.long).toHaveLength(300_000);
    const working = session.execute('SELECT pg_sleep(60)').catch((error: unknown) => error);
    await eventually('the end of the cancelled statement', async () => {
      await session.cancel();
      return (await Promise.race([working, undefined])) !== undefined;
    });
    expect(await working).toMatchObject({ report: { sqlstate: '57014' } });
    expect(proxy.cancelRequests).toBeGreaterThan(0);
    await session.close();
    await ended();
  });

  test('loses an answer: the work is done', async () => {
    const { happened } = proxy.when(insert(2), { kind: 'lose answer' });
    const answers = [insert(1), insert(2)].map((sql) => session.execute(sql));
    const outcomes = await Promise.allSettled(answers);
    await happened;
    expect(outcomes).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: lost }]);
    expect(await seen()).toEqual([1, 2]);
  });

  test('loses a message: the work is not done, nor what is behind it', async () => {
    const { happened } = proxy.when(insert(2), { kind: 'lose message' });
    const answers = [insert(1), insert(2), insert(3)].map((sql) => session.execute(sql));
    const outcomes = await Promise.allSettled(answers);
    await happened;
    expect(outcomes.slice(1)).toMatchObject([{ reason: lost }, { reason: lost }]);
    await ended();
    expect(await seen()).toEqual([1]);
  });

  test('cuts within a message', async () => {
    const { happened } = proxy.when(insert(2), { kind: 'cut within', bytes: 10 });
    const outcomes = await Promise.allSettled([1, 2].map((x) => session.execute(insert(x))));
    await happened;
    expect(outcomes[1]).toMatchObject({ reason: lost });
    await ended();
    expect(await seen()).toEqual([1]);
  });

  test('cuts behind a message', async () => {
    const { happened } = proxy.when(insert(1), { kind: 'cut behind' });
    await expect(session.execute(insert(1))).rejects.toMatchObject(lost);
    await happened;
    await ended();
    expect(await seen()).toEqual([1]);
  });

  test('holds an answer, and what is behind it, until it is released', async () => {
    const held = proxy.when(insert(1), { kind: 'hold answer' });
    const order: string[] = [];
    const answers = [1, 2].map((x) => session.execute(insert(x)).then(() => order.push(`answer ${x}`)));
    await held.happened;
    await eventually('both statements to arrive', async () => (await seen()).length === 2);
    order.push('released');
    held.release();
    await Promise.all(answers);
    expect(order).toEqual(['released', 'answer 1', 'answer 2']);
  });

  test.each([
    [false, 'a connection'],
    [true, 'all of them'],
  ])('goes silent (everywhere: %s), and closes nothing', async (everywhere) => {
    const other = await driver.open('kat');
    const { happened } = proxy.when(insert(1), { kind: 'go silent', everywhere });
    const silent = session.execute(insert(1)).then(
      () => 'answered',
      () => 'lost',
    );
    await happened;
    await eventually('the statement to arrive', async () => (await seen()).length === 1);
    const answered = other.execute('SELECT 1').then(
      () => 'answered',
      () => 'lost',
    );
    if (everywhere) {
      const newcomer = await openDriver(
        { driver: 'postgres', url: proxy.urlOf(database), connectTimeoutMs: 100 },
        {},
      );
      await expect(newcomer.open('kat')).rejects.toThrow('no answer in time');
    } else expect(await answered).toBe('answered');
    expect(await Promise.race([silent, 'still waiting'])).toBe('still waiting');
    await session.close('tired of waiting');
    expect(await silent).toBe('lost');
    proxy.cutAll();
    await other.close();
  });

  test('a cut reaches every connection', async () => {
    const other = await driver.open('kat');
    proxy.cutAll();
    await expect(session.execute('SELECT 1')).rejects.toMatchObject(lost);
    await expect(other.execute('SELECT 1')).rejects.toMatchObject(lost);
    await other.close();
  });

  test('delays each direction', async () => {
    const slow = await startProxy(database, { delayMs: 30 });
    const far = await openDriver({ driver: 'postgres', url: slow.urlOf(database) }, {});
    const distant = await far.open('kat');
    const startedAt = performance.now();
    await Promise.all([1, 2, 3].map((x) => distant.execute(insert(x))));
    // A timer may fire a millisecond early; sent ahead, three messages are under way together.
    expect(performance.now() - startedAt).toBeGreaterThan(58);
    expect(await seen()).toEqual([1, 2, 3]);
    await distant.close();
  });
});
