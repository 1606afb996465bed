/**
 * What every driver must do, whatever database is behind it: one suite for all of them. What differs between databases is data
 * of `dialects/`; what differs between connections, such as borrowed ones, is told by the subject.
 */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Driver, Notice, Session } from '../../src/connections/driver.js';
import { ConnectionError, SqlError } from '../../src/errors.js';
import type { Dialect } from './dialects/dialect.js';

/** A statement that runs until it is cancelled. */
export interface BusyStatement {
  sql: string;
  /** Resolves when the statement runs. */
  started(): Promise<unknown>;
  /** The code of the error that a cancel ends it with. */
  code: string;
  /** Lets go of what it waits for. */
  stop(): Promise<unknown>;
}

/** What is known of a kind of connection before it is opened. */
export interface Kind {
  dialect: Dialect;
  /** How the version of its sessions begins, if it is known. */
  version?: string;
  /** Whether the caller owns the connection, which then must still work after everything was closed. */
  isBorrowed: boolean;
  /** Whether the database's server gives each session a process. */
  hasProcesses: boolean;
  /** Whether a second session can be opened beside the first. */
  opensTwo: boolean;
  /** Whether there is no database until the first session writes; `always` where nothing of it is to be seen. */
  isAbsent: boolean | 'always';
  /** Whether a statement that runs can be ended. */
  cancels: boolean;
  /** Whether the database can be taken away under a session, which another one can replace. */
  isLosable: boolean;
}

/** A driver on an empty database, and how to get rid of both. */
export interface Subject {
  driver: Driver;
  /** Of kinds that cancel: makes a statement that runs on for a session. */
  keepBusy?(session: Session): Promise<BusyStatement>;
  /** Of kinds that are losable: takes the database away under a session. */
  lose?(session: Session): Promise<unknown>;
  /** Of borrowed kinds: asks the database something behind the driver's back, after the driver was closed. */
  askAfterwards?(): Promise<unknown>;
  dispose(): Promise<void>;
}

/** Runs the suite; `create` is called once for most of it, and anew for the tests that begin or end with a database. */
export function describeDriver(title: string, kind: Kind, create: () => Promise<Subject>): void {
  const { dialect } = kind;
  describe(title, () => {
    let subject: Subject;
    let session: Session;
    const open = () => subject.driver.open('kat contract');
    const reopen = async () => {
      session = await open();
    };
    const keepBusy = () => (subject as Required<Subject>).keepBusy(session);
    beforeAll(async () => {
      subject = await create();
    });
    afterAll(() => subject.dispose());
    beforeEach(reopen);
    afterEach(() => session.close());

    describe('who it is', () => {
      test('the version of the database', () => {
        const { version, versionNumber } = session.server;
        expect(version).toMatch(dialect.version);
        expect(version.startsWith(kind.version ?? '')).toBe(true);
        expect(versionNumber).toBe(dialect.versionNumber(version));
      });

      test('whose connection it is, and its process', async () => {
        expect(session.isBorrowed).toBe(kind.isBorrowed);
        expect(session.processId !== undefined).toBe(kind.hasProcesses);
        if (kind.hasProcesses)
          expect(await one(session, 'SELECT pg_backend_pid()')).toBe(String(session.processId));
      });
    });

    describe('messages', () => {
      test('one result for each statement', async () => {
        const results = await session.execute(
          'CREATE TEMP TABLE many (x int); INSERT INTO many VALUES (1), (2); SELECT x FROM many ORDER BY x; DROP TABLE many',
        );
        expect(results).toEqual([
          { tag: dialect.tags.create, rows: [] },
          { tag: dialect.insertTag(2), rows: [] },
          { tag: dialect.selectTag(2), rows: [{ x: '1' }, { x: '2' }] },
          { tag: dialect.tags.drop, rows: [] },
        ]);
      });

      test('the rows that a change returns', async () => {
        const sql = `CREATE TEMP TABLE returning_rows (x int); INSERT INTO returning_rows VALUES (1), (2) RETURNING x + 1 AS y`;
        expect((await session.execute(sql))[1]?.rows).toEqual([{ y: '2' }, { y: '3' }]);
      });

      test('as many rows of each statement as are asked for', async () => {
        const sql = `${dialect.numbers(5000)}; SELECT 1 AS x; SELECT 2 AS x WHERE 1 = 0`;
        const results = await session.execute(sql, undefined, 1);
        expect(results).toMatchObject([
          { tag: dialect.selectTag(5000), rows: [{ x: '1' }] },
          { tag: dialect.selectTag(1), rows: [{ x: '1' }] },
          { tag: dialect.selectTag(0), rows: [] },
        ]);
        expect((await session.execute(sql))[0]?.rows).toHaveLength(5_000);
        expect((await session.execute('SELECT 1 AS x', undefined, 0))[0]?.rows).toEqual([]);
      });

      test('parts are one text', async () => {
        const results = await session.execute(["SELECT 'ä", "€' AS ", 'x; SELECT 1 AS y']);
        expect(results.map(({ rows }) => rows)).toEqual([[{ x: 'ä€' }], [{ y: '1' }]]);
      });

      test('no result where there is no statement', async () => {
        expect(await session.execute('')).toEqual([]);
        expect(await session.execute(' ; -- nothing')).toEqual([]);
      });

      test('what is a semicolon for the database only', async () => {
        const [result] = await session.execute(`SELECT '; ''; ' AS "a;b" /* ; */ -- ;\n;`);
        expect(result?.rows).toEqual([{ 'a;b': `; '; ` }]);
      });

      test('megabytes', async () => {
        const text = 'ü'.repeat(1_000_000);
        expect(await one(session, `SELECT length('${text}')`)).toBe('1000000');
      });

      test('sent at once, answered in their order', async () => {
        const settled = await Promise.allSettled([
          session.execute('SELECT 1 AS a'),
          session.execute('SELECT wrong'),
          session.execute('BEGIN; SELECT 2 AS a; SELECT 3 AS a'),
          session.execute('SELECT wrong'),
          session.execute('SELECT 4 AS a'),
          session.execute('ROLLBACK'),
        ]);
        const row = (a: string) => ({ tag: dialect.selectTag(1), rows: [{ a }] });
        const { failedTransaction: failed } = dialect;
        expect(settled.map(lastResult)).toEqual([
          row('1'),
          dialect.codes.unknownColumn,
          row('3'),
          // Within a transaction that has failed, the database may say so before it looks at the names.
          failed ? expect.stringMatching(/^(?:42703|25P02)$/) : dialect.codes.unknownColumn,
          failed ?? row('4'),
          { tag: dialect.tags.rollback, rows: [] },
        ]);
      });
    });

    describe('values', () => {
      test.each([
        ['1', '1'],
        ['-1234567890123456', '-1234567890123456'],
        ['NULL', null],
        [`''`, ''],
        [`'ünï ✓ 😀'`, 'ünï ✓ 😀'],
        [`'two\nlines\r\n'`, 'two\nlines\r\n'],
        ...dialect.values,
      ] as const)('%s as text', async (sql, text) => {
        expect((await session.execute(`SELECT ${sql} AS value`))[0]?.rows).toEqual([{ value: text }]);
      });
    });

    describe('names', () => {
      test('come back as they were written in quotes', async () => {
        const sql = `CREATE TEMP TABLE "A ""b"" ü.c" ("x y" int, "SELECT" int); INSERT INTO "A ""b"" ü.c" VALUES (1, 2); SELECT * FROM "A ""b"" ü.c"`;
        const results = await session.execute(sql);
        expect(results.at(-1)?.rows).toEqual([{ 'x y': '1', SELECT: '2' }]);
        expect(await one(session, dialect.hasTable('A "b" ü.c'))).toBe('1');
      });

      test('and without quotes as the database folds them', async () => {
        const results = await session.execute('CREATE TEMP TABLE MixedCase (x int); SELECT 1 AS MixedCase');
        expect(Object.keys(results[1]?.rows[0] ?? {})).toEqual([dialect.foldName('MixedCase')]);
        expect(await one(session, dialect.hasTable(dialect.foldName('MixedCase')))).toBe('1');
      });

      test('of two columns that are the same hold the last one', async () => {
        expect((await session.execute('SELECT 1 AS a, 2 AS a'))[0]?.rows).toEqual([{ a: '2' }]);
      });
    });

    describe('errors', () => {
      test('code, words, and how many statements had finished', async () => {
        const error = await failure(
          session,
          `CREATE TEMP TABLE t (x int CONSTRAINT positive CHECK (x > 0)); SELECT 1; INSERT INTO t VALUES (-1); SELECT 2`,
        );
        expect(error.report).toMatchObject({
          ...{ severity: 'ERROR', sqlstate: dialect.codes.check },
          ...dialect.checkReport,
        });
        expect(error.report.message).toMatch(/check constraint.*positive/i);
        expect(error).toMatchObject({
          ...{ completedStatements: 2, committedStatements: dialect.isMessageTransaction ? 0 : 2 },
          ...{ isSessionLost: false, message: error.report.message },
        });
      });

      test.each([
        ['a column', `SELECT 'ü✓😀'; SELECT wrong`, 'wrong', 'unknownColumn'],
        ['a table', `SELECT 1;\n\n  SELECT 1 FROM nowhere`, 'nowhere', 'unknownTable'],
        ['a word', `SELCT 1`, 'SELCT', 'syntax'],
        ['an open text', `SELECT 1, 'open`, `'open`, 'openText'],
      ] as const)('the place of %s, in characters of the message', async (_what, sql, wrong, kind) => {
        const error = await failure(session, sql);
        expect(error.report.sqlstate).toBe(dialect.codes[kind]);
        expect(error.report.position).toBe([...sql.slice(0, sql.indexOf(wrong))].length + 1);
        expect(await one(session, 'SELECT 1')).toBe('1');
      });

      test('a syntax error behind other statements', async () => {
        const sql = `CREATE TABLE before_an_error (x int); SELCT 1`;
        const error = await failure(session, sql);
        const finished = dialect.readsWholeMessage ? 0 : 1;
        expect(error.completedStatements).toBe(finished);
        expect(error.report.position).toBe(sql.indexOf('SELCT') + 1);
        expect(await one(session, dialect.hasTable('before_an_error'))).toBe(String(finished));
        await session.execute('DROP TABLE IF EXISTS before_an_error');
      });

      test('a table and a key that are there already', async () => {
        const table = 'CREATE TEMP TABLE twice (x int UNIQUE)';
        await session.execute(`${table}; INSERT INTO twice VALUES (1)`);
        expect((await failure(session, table)).report.sqlstate).toBe(dialect.codes.existingTable);
        const unique = await failure(session, 'INSERT INTO twice VALUES (1)');
        expect(unique.report.sqlstate).toBe(dialect.codes.unique);
      });

      test('the words of whoever raised it', async () => {
        const { setUp, sql, report, where } = dialect.raised;
        await session.execute(setUp);
        const error = await failure(session, sql);
        expect(error.report).toMatchObject(report);
        if (where !== undefined) expect(error.report.where).toContain(where);
      });
    });

    describe('transactions', () => {
      const make = (name: string) => `CREATE TABLE ${name} (x int); INSERT INTO ${name} VALUES (1)`;

      test('keep what is committed, and nothing of what is rolled back', async () => {
        expect(await tags(session, `BEGIN; ${make('kept')}; COMMIT`)).toEqual([
          ...[dialect.tags.begin, dialect.tags.create, dialect.insertTag(1), dialect.tags.commit],
        ]);
        await session.execute(`BEGIN; ${make('undone')}; DROP TABLE kept; ROLLBACK`);
        await session.close();
        await reopen();
        expect(await one(session, 'SELECT x FROM kept')).toBe('1');
        expect(await one(session, dialect.hasTable('undone'))).toBe('0');
        await session.execute('DROP TABLE kept');
      });

      test('go back to a savepoint', async () => {
        await session.execute(
          `BEGIN; CREATE TABLE outside (x int); SAVEPOINT here; CREATE TABLE within (x int)`,
        );
        await failure(session, 'SELECT wrong');
        await session.execute('ROLLBACK TO SAVEPOINT here; RELEASE SAVEPOINT here; COMMIT');
        expect(await one(session, dialect.hasTable('outside'))).toBe('1');
        expect(await one(session, dialect.hasTable('within'))).toBe('0');
        await session.execute('DROP TABLE outside');
      });

      test('end with a failure, or go on, as the database has it', async () => {
        await session.execute(`BEGIN; CREATE TABLE half (x int)`);
        await failure(session, 'SELECT wrong');
        const next = await session.execute('SELECT 1').catch((error: SqlError) => error.report.sqlstate);
        expect(next).toEqual(
          dialect.failedTransaction ?? [expect.objectContaining({ tag: dialect.selectTag(1) })],
        );
        const isLost = dialect.failedTransaction !== undefined;
        expect(await tags(session, 'COMMIT')).toEqual([dialect.tags[isLost ? 'rollback' : 'commit']]);
        expect(await one(session, dialect.hasTable('half'))).toBe(isLost ? '0' : '1');
        await session.execute('DROP TABLE IF EXISTS half');
      });

      test('usable after an error and ROLLBACK', async () => {
        await failure(session, 'BEGIN; SELECT wrong');
        expect(await tags(session, 'ROLLBACK; SELECT 1')).toEqual([
          ...[dialect.tags.rollback, dialect.selectTag(1)],
        ]);
      });

      test('a message without one', async () => {
        await failure(session, `${make('alone')}; SELECT 1 FROM nowhere`);
        expect(await one(session, dialect.hasTable('alone'))).toBe(dialect.isMessageTransaction ? '0' : '1');
        await session.execute('DROP TABLE IF EXISTS alone');
      });

      test('an error tells how many statements of the message stay', async () => {
        const error = await failure(
          session,
          `BEGIN; ${make('stays')}; COMMIT; BEGIN; INSERT INTO stays VALUES (2); SELECT 1 FROM nowhere`,
        );
        expect([error.completedStatements, error.committedStatements]).toEqual([6, 4]);
        await session.execute('ROLLBACK');
        expect(await one(session, 'SELECT count(*) FROM stays')).toBe('1');
        await session.execute('DROP TABLE stays');
      });

      test('none is left behind by a session that is closed', async () => {
        await session.execute('BEGIN; CREATE TABLE left_behind (x int)');
        await session.close();
        await reopen();
        expect(await one(session, dialect.hasTable('left_behind'))).toBe('0');
        await session.execute('BEGIN; ROLLBACK');
      });
    });

    describe('sessions', () => {
      if (kind.opensTwo) describeTwo(dialect, open, () => session);
      else
        test('no second one beside the first', async () => {
          expect(subject.driver.hasManySessions).toBe(false);
          await expect(open()).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
        });

      test('settings and temporary tables end with a session of our own', async () => {
        const { read, change } = dialect.setting;
        expect(await one(session, read)).toBe('1');
        await session.execute(`${change}; CREATE TEMP TABLE of_one_session (x int)`);
        expect(await one(session, read)).not.toBe('1');
        await session.close();
        await reopen();
        const isKept = kind.isBorrowed;
        expect((await one(session, read)) !== '1').toBe(isKept);
        expect(await one(session, dialect.hasTable('of_one_session'))).toBe(isKept ? '1' : '0');
        if (isKept) await session.execute('RESET ALL; DROP TABLE of_one_session');
      });

      test('closed twice without an error, and refuses messages then', async () => {
        await session.close();
        await session.close();
        await expect(session.execute('SELECT 1')).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
        await expect(session.cancel()).resolves.toBeUndefined();
      });

      if (kind.isLosable)
        test('that lost its database fails, commits nothing, and another one can be opened', async () => {
          await session.execute('BEGIN; CREATE TABLE lost_with_its_session (x int)');
          await (subject as Required<Subject>).lose(session);
          const error = await session.execute('COMMIT').catch((reason: unknown) => reason);
          expect(error instanceof SqlError || error instanceof ConnectionError).toBe(true);
          await session.cancel();
          await session.close();
          await reopen();
          expect(await one(session, dialect.hasTable('lost_with_its_session'))).toBe('0');
        });
    });

    describe('cancel', () => {
      test('has no effect on what comes later', async () => {
        await session.cancel();
        expect(await tags(session, 'SELECT 1')).toEqual([dialect.selectTag(1)]);
      });

      if (kind.cancels)
        test('ends what runs, and nothing else', async () => {
          const busy = await keepBusy();
          const running = failure(session, busy.sql);
          const next = session.execute('SELECT 1 AS x');
          await busy.started();
          await session.cancel();
          const { report, isSessionLost } = await running;
          expect([report.sqlstate, isSessionLost]).toEqual([busy.code, false]);
          expect((await next)[0]?.rows).toEqual([{ x: '1' }]);
          await busy.stop();
        });

      if (kind.cancels)
        test('closing gives up what runs and what waits behind it', async () => {
          const busy = await keepBusy();
          const given = Promise.all(
            [busy.sql, 'SELECT 1'].map((sql) => session.execute(sql).catch((error: unknown) => error)),
          );
          await busy.started();
          await session.close('the answer is not awaited any more');
          for (const error of await given) {
            expect(error).toBeInstanceOf(ConnectionError);
            expect(String(error)).toContain('the answer is not awaited any more');
          }
          await busy.stop();
        });
    });

    describe('notices', () => {
      test('reach one listener', async () => {
        const notices: Notice[] = [];
        session.onNotice((notice) => notices.push(notice));
        await session.execute(dialect.notices?.sql ?? 'DROP TABLE IF EXISTS none');
        session.onNotice(undefined);
        if (dialect.notices) await session.execute(dialect.notices.one('four'));
        expect(notices).toEqual(dialect.notices?.expected ?? []);
      });

      test('of a message reach the listener of that message', async () => {
        const { notices } = dialect;
        const told: string[] = [];
        const tell = (who: string) => (notice: Notice) => told.push(`${who}: ${notice.message}`);
        const raise = notices?.one ?? ((text: string) => `SELECT '${text}'`);
        session.onNotice(tell('session'));
        await Promise.all([
          session.execute(raise('one'), tell('first')),
          session.execute(raise('two'), tell('second')),
          session.execute(raise('three')),
        ]);
        expect(told).toEqual(notices ? ['first: one', 'second: two', 'session: three'] : []);
      });
    });

    if (dialect.copy) describeCopy(dialect, dialect.copy, () => session);
  });

  test(`${title}: a database is made by the first session that writes, and not by looking`, async () => {
    const subject = await create();
    const { driver } = subject;
    const look = async () => {
      const session = await (driver.openForReading ?? driver.open)('kat contract');
      const found = await one(session, dialect.hasTable('first_table'));
      await session.close();
      return [driver.isAbsent?.() ?? false, found];
    };
    expect(await look()).toEqual([kind.isAbsent !== false, '0']);
    const session = await driver.open('kat contract');
    await session.execute('CREATE TABLE first_table (x int)');
    await session.close();
    expect(await look()).toEqual([kind.isAbsent === 'always', '1']);
    await driver.close();
    await subject.dispose();
  });

  test(`${title}: closing the driver ends what is its own, and nothing else`, async () => {
    const subject = await create();
    const session = await subject.driver.open('kat contract');
    await session.execute('SELECT 1');
    await session.close();
    await subject.driver.close();
    await subject.driver.close();
    if (kind.isBorrowed) expect(await (subject as Required<Subject>).askAfterwards()).toBe('still here');
    await subject.dispose();
  });
}

function describeTwo(dialect: Dialect, open: () => Promise<Session>, current: () => Session): void {
  let second: Session;
  beforeEach(async () => {
    second = await open();
  });
  afterEach(() => second.close());

  test('a second one sees what the first has committed', async () => {
    const first = current();
    await first.execute('CREATE TABLE shared (x int); INSERT INTO shared VALUES (1)');
    await first.execute('BEGIN; UPDATE shared SET x = x + 1');
    expect(await one(second, 'SELECT x FROM shared')).toBe('1');
    await first.execute('COMMIT');
    expect(await one(second, 'SELECT x FROM shared')).toBe('2');
    await first.execute('DROP TABLE shared');
  });

  test('a second one waits for the lock of the first, as long as it is told', async () => {
    const first = current();
    const write = 'UPDATE locked SET x = x + 1';
    await first.execute('CREATE TABLE locked (x int); INSERT INTO locked VALUES (1)');
    await first.execute(`BEGIN; ${write}`);
    await dialect.limitWait(second, 50);
    const { report, isSessionLost } = await failure(second, write);
    expect([report.sqlstate, isSessionLost]).toEqual([dialect.codes.locked, false]);
    await dialect.limitWait(second, 30_000);
    const waiting = second.execute(write);
    await first.execute('COMMIT');
    await waiting;
    expect(await one(first, 'SELECT x FROM locked')).toBe('3');
    await first.execute('DROP TABLE locked');
  });
}

function describeCopy(
  { selectTag }: Dialect,
  { from, to, toTag, refused }: NonNullable<Dialect['copy']>,
  current: () => Session,
): void {
  describe('COPY', () => {
    test('from the client is refused instead of waited for', async () => {
      await current().execute('CREATE TEMP TABLE copied (x int)');
      const error = await failure(current(), `SELECT 1; ${from}; SELECT 2`);
      expect([error.report.sqlstate, error.completedStatements]).toEqual([refused, 1]);
      expect(await tags(current(), 'SELECT 1')).toEqual([selectTag(1)]);
    });

    test('to the client is dropped', async () => {
      expect(await current().execute(`${to}; SELECT 1 AS a`)).toEqual([
        { tag: toTag, rows: [] },
        { tag: selectTag(1), rows: [{ a: '1' }] },
      ]);
    });
  });
}

function lastResult(settled: PromiseSettledResult<unknown[]>): unknown {
  return settled.status === 'fulfilled' ? settled.value.at(-1) : (settled.reason as SqlError).report.sqlstate;
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
