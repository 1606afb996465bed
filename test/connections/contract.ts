/** What every driver must do, whatever database is behind it: one suite that each of them runs. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Driver, Notice, Session } from '../../src/connections/driver.js';
import { SqlError } from '../../src/errors.js';

/** A driver on an empty database, and how to get rid of both. */
export interface Subject {
  driver: Driver;
  /** The major that its sessions should report. */
  major: number;
  /** Waits until a query on another connection answers `value`; undefined where a statement cannot be cancelled. */
  waitUntil: ((sql: string, value: string) => Promise<unknown>) | undefined;
  /** Whether the caller owns the connection, which then must still work after everything was closed. */
  isBorrowed: boolean;
  /** Asks the database something behind the driver's back, after the driver was closed. */
  askAfterwards?: () => Promise<unknown>;
  dispose(): Promise<void>;
}

/** Runs the suite; `create` is called once for all of it. */
export function describeDriver(title: string, create: () => Promise<Subject>): void {
  describe(title, () => {
    let subject: Subject;
    let session: Session;
    beforeAll(async () => {
      subject = await create();
    });
    afterAll(() => subject.dispose());
    beforeEach(async () => {
      session = await subject.driver.open('kat contract');
    });
    afterEach(() => session.close());

    test('tells the version of the server', () => {
      expect(Math.floor(session.server.versionNumber / 10_000)).toBe(subject.major);
      expect(session.server.version).toMatch(new RegExp(`^${subject.major}(\\.\\d+)+$`));
    });

    test('says whose connection it is', async () => {
      expect(session.isBorrowed).toBe(subject.isBorrowed);
      if (session.processId === undefined) expect(subject.driver.name).toBe('pglite');
      else expect(await one(session, 'SELECT pg_backend_pid()')).toBe(String(session.processId));
    });

    test('returns one result for each statement of a message', async () => {
      const results = await session.execute(
        'CREATE TEMP TABLE many (x int); INSERT INTO many VALUES (1), (2); SELECT x FROM many ORDER BY x; DROP TABLE many',
      );
      expect(results).toEqual([
        { tag: 'CREATE TABLE', rows: [] },
        { tag: 'INSERT 0 2', rows: [] },
        { tag: 'SELECT 2', rows: [{ x: '1' }, { x: '2' }] },
        { tag: 'DROP TABLE', rows: [] },
      ]);
    });

    test('keeps as many rows of each statement as are asked for', async () => {
      const sql = 'SELECT x FROM generate_series(1, 5000) AS t (x); SELECT 1 AS x; SELECT 2 AS x WHERE false';
      const results = await session.execute(sql, undefined, 1);
      expect(results.map(({ tag, rows }) => [tag, rows])).toEqual([
        ['SELECT 5000', [{ x: '1' }]],
        ['SELECT 1', [{ x: '1' }]],
        ['SELECT 0', []],
      ]);
      expect((await session.execute(sql))[0]?.rows).toHaveLength(5_000);
    });

    test('takes the parts of a message for one text', async () => {
      const results = await session.execute(["SELECT 'ä", "€' AS ", 'x; SELECT 1 AS y']);
      expect(results.map(({ rows }) => rows)).toEqual([[{ x: 'ä€' }], [{ y: '1' }]]);
    });

    test('returns no result where there is no statement', async () => {
      expect(await session.execute('')).toEqual([]);
      expect(await session.execute(' ; -- nothing')).toEqual([]);
    });

    test('returns values as the text that the server sent, and null', async () => {
      const [result] = await session.execute(
        `SELECT 1 AS i, true AS b, null AS n, '' AS e, '2020-02-03'::date AS d, '{"a": 1}'::json AS j, 'ünï ✓' AS "ö", '12345678901234567890.10'::numeric AS big`,
      );
      expect(result?.rows).toEqual([
        {
          ...{ i: '1', b: 't', n: null, e: '', d: '2020-02-03', j: '{"a": 1}', ö: 'ünï ✓' },
          big: '12345678901234567890.10',
        },
      ]);
    });

    test('reports every field of an error, and how many statements had finished', async () => {
      const error = await failure(
        session,
        `CREATE TEMP TABLE t (x int CONSTRAINT positive CHECK (x > 0)); SELECT 1; INSERT INTO t VALUES (-1); SELECT 2`,
      );
      expect(error.report).toMatchObject({
        severity: 'ERROR',
        sqlstate: '23514',
        table: 't',
        constraint: 'positive',
      });
      expect(error.report.message).toContain('violates check constraint');
      expect(error.report.detail).toContain('-1');
      expect(error.completedStatements).toBe(2);
      expect(error.isSessionLost).toBe(false);
      expect(error.message).toBe(error.report.message);
    });

    test('reports positions in characters of the message', async () => {
      const sql = `SELECT 'ü✓'; SELECT wrong`;
      const error = await failure(session, sql);
      expect(error.report.sqlstate).toBe('42703');
      expect(error.report.position).toBe(sql.indexOf('wrong') + 1);
    });

    test('reports the hint and the stack of the server', async () => {
      const error = await failure(
        session,
        `DO $$ BEGIN RAISE EXCEPTION 'no' USING HINT = 'do not', ERRCODE = 'KA001'; END $$`,
      );
      expect(error.report).toMatchObject({ message: 'no', hint: 'do not', sqlstate: 'KA001' });
      expect(error.report.where).toContain('PL/pgSQL');
    });

    test('leaves a usable session after an error and ROLLBACK', async () => {
      await failure(session, 'BEGIN; SELECT 1/0');
      expect((await failure(session, 'SELECT 1')).report.sqlstate).toBe('25P02');
      expect(await tags(session, 'ROLLBACK; SELECT 1')).toEqual(['ROLLBACK', 'SELECT 1']);
    });

    test('answers ROLLBACK to the COMMIT of a failed transaction', async () => {
      await failure(session, 'BEGIN; SELECT 1/0');
      expect(await tags(session, 'COMMIT')).toEqual(['ROLLBACK']);
    });

    test('refuses COPY FROM STDIN instead of waiting for data', async () => {
      await session.execute('CREATE TEMP TABLE copied (x int)');
      const error = await failure(session, 'SELECT 1; COPY copied FROM STDIN; SELECT 2');
      expect(error.report.sqlstate).toBe('57014');
      expect(error.completedStatements).toBe(1);
      expect(await tags(session, 'SELECT 1')).toEqual(['SELECT 1']);
    });

    test('drops the data of COPY TO STDOUT', async () => {
      const results = await session.execute(`COPY (SELECT generate_series(1, 3)) TO STDOUT; SELECT 1 AS a`);
      expect(results).toEqual([
        { tag: 'COPY 3', rows: [] },
        { tag: 'SELECT 1', rows: [{ a: '1' }] },
      ]);
    });

    test('hands notices to one listener', async () => {
      const notices: Notice[] = [];
      session.onNotice((notice) => notices.push(notice));
      await session.execute(
        `DO $$ BEGIN RAISE NOTICE 'one'; RAISE WARNING 'two' USING HINT = 'three'; DROP TABLE IF EXISTS none; END $$`,
      );
      session.onNotice(undefined);
      await session.execute(`DO $$ BEGIN RAISE NOTICE 'four'; END $$`);
      expect(notices).toEqual([
        { severity: 'NOTICE', sqlstate: '00000', message: 'one', isRaised: true },
        { severity: 'WARNING', sqlstate: '01000', message: 'two', hint: 'three', isRaised: true },
        {
          ...{ severity: 'NOTICE', sqlstate: '00000', isRaised: false },
          message: 'table "none" does not exist, skipping',
        },
      ]);
    });

    test('hands the notices of a message to the listener of that message', async () => {
      const told: string[] = [];
      const tell = (who: string) => (notice: Notice) => told.push(`${who}: ${notice.message}`);
      const raise = (text: string) => `DO $$ BEGIN RAISE NOTICE '${text}'; END $$`;
      session.onNotice(tell('session'));
      await Promise.all([
        session.execute(raise('one'), tell('first')),
        session.execute(raise('two'), tell('second')),
        session.execute(raise('three')),
      ]);
      expect(told).toEqual(['first: one', 'second: two', 'session: three']);
    });

    test('answers messages that are sent at once in their order', async () => {
      const settled = await Promise.allSettled([
        session.execute('SELECT 1 AS a'),
        session.execute('SELECT 1/0'),
        session.execute('BEGIN; SELECT 2 AS a; SELECT 3 AS a'),
        session.execute('SELECT 1/0'),
        session.execute('SELECT 4 AS a'),
        session.execute('ROLLBACK'),
      ]);
      expect(
        settled.map((one) =>
          one.status === 'fulfilled' ? one.value.at(-1) : (one.reason as SqlError).report.sqlstate,
        ),
      ).toEqual([
        { tag: 'SELECT 1', rows: [{ a: '1' }] },
        '22012',
        { tag: 'SELECT 1', rows: [{ a: '3' }] },
        '22012',
        '25P02',
        { tag: 'ROLLBACK', rows: [] },
      ]);
    });

    test('carries a message of megabytes', async () => {
      const text = 'ü'.repeat(1_000_000);
      expect(await one(session, `SELECT length('${text}')`)).toBe('1000000');
    });

    test('has as many sessions as it says', async () => {
      const opening = subject.driver.open('kat contract 2');
      if (!subject.driver.hasManySessions)
        return expect(opening).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
      const second = await opening;
      expect(await one(session, 'SELECT pg_try_advisory_lock(7)')).toBe('t');
      expect(await one(second, 'SELECT pg_try_advisory_lock(7)')).toBe('f');
      await session.execute('SELECT pg_advisory_unlock(7)');
      await second.close();
    });

    test('cancels what runs, and nothing else', async () => {
      if (!subject.waitUntil) return expect(session.cancel()).resolves.toBeUndefined();
      await session.cancel();
      const sleeping = session.execute('SELECT pg_sleep(60)').catch((error: unknown) => error);
      const isRunning = `SELECT count(*) FROM pg_stat_activity WHERE pid = ${session.processId} AND wait_event = 'PgSleep'`;
      await subject.waitUntil(isRunning, '1');
      await session.cancel();
      const error = await sleeping;
      expect(error).toBeInstanceOf(SqlError);
      expect((error as SqlError).report.sqlstate).toBe('57014');
      expect(await tags(session, 'SELECT 1')).toEqual(['SELECT 1']);
    });

    test('closes twice without an error, and refuses messages then', async () => {
      await session.close();
      await session.close();
      await expect(session.execute('SELECT 1')).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
      await expect(session.cancel()).resolves.toBeUndefined();
    });

    test('leaves no transaction behind when it is closed in one', async () => {
      await session.execute('BEGIN; CREATE TABLE left_behind (x int)');
      await session.close();
      session = await subject.driver.open('kat contract');
      expect(await one(session, `SELECT to_regclass('left_behind')`)).toBeNull();
    });
  });

  test(`${title}: closing the driver ends what is its own, and nothing else`, async () => {
    const subject = await create();
    const session = await subject.driver.open('kat contract');
    await session.execute('SELECT 1');
    await session.close();
    await subject.driver.close();
    await subject.driver.close();
    if (subject.askAfterwards) expect(await subject.askAfterwards()).toBe('still here');
    else expect(subject.isBorrowed).toBe(false);
    await subject.dispose();
  });
}

/** The first column of the first row of the last statement. */
export async function one(session: Session, sql: string): Promise<string | null | undefined> {
  const results = await session.execute(sql);
  return Object.values(results.at(-1)?.rows[0] ?? {})[0];
}

async function tags(session: Session, sql: string): Promise<string[]> {
  return (await session.execute(sql)).map(({ tag }) => tag);
}

/** The error that `sql` must end with. */
export async function failure(session: Session, sql: string): Promise<SqlError> {
  const error = await session.execute(sql).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SqlError);
  return error as SqlError;
}
