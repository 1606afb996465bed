/** What the driver contract says, in SQLite's words: the suite of the other drivers is written in PostgreSQL's. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Session } from '../../../src/connections/driver.js';
import { openDriver } from '../../../src/connections/open-connection.js';
import { isFileLocked, readHolder, tryFileLock } from '../../../src/connections/sqlite/runner-lock.js';
import { atEndOfFile } from '../../support/end-of-file.js';
import { failure, one } from '../contract.js';

const folder = mkdtempSync(join(tmpdir(), 'kat-sqlite-'));
atEndOfFile(() => rmSync(folder, { recursive: true }));

let files = 0;
const newFile = () => {
  files += 1;
  return join(folder, `${files}.db`);
};

/** Opens two sessions on one file, and closes them. */
async function withTwo(work: (first: Session, second: Session) => Promise<void>): Promise<void> {
  const driver = await openDriver({ driver: 'sqlite', path: newFile() });
  const [first, second] = [await driver.open('one'), await driver.open('two')];
  try {
    await work(first, second);
  } finally {
    await first.close();
    await second.close();
    await driver.close();
  }
}

describe.each(['a file', 'memory'])('SQLite in %s', (place) => {
  const open = async () => {
    const driver = await openDriver(
      place === 'memory' ? { driver: 'sqlite' } : { driver: 'sqlite', path: newFile() },
    );
    return { driver, session: await driver.open('kat test') };
  };

  test('returns one result for each statement, with values as text', async () => {
    const { driver, session } = await open();
    const results = await session.execute(
      `CREATE TABLE t (x); INSERT INTO t VALUES (1), (2) RETURNING x; SELECT 12345678901234567 AS big, 1.5 AS r, NULL AS n, 'ü;' AS s, x'00ff' AS b`,
    );
    expect(results.map(({ tag }) => tag)).toEqual(['CREATE', 'INSERT', 'SELECT']);
    expect(results[1]?.rows).toEqual([{ x: '1' }, { x: '2' }]);
    expect(results[2]?.rows).toEqual([
      { big: '12345678901234567', r: '1.5', n: null, s: 'ü;', b: "x'00ff'" },
    ]);
    expect((await session.execute('SELECT x FROM t', undefined, 1))[0]?.rows).toHaveLength(1);
    expect(session.server.version).toMatch(/^3\.\d+\.\d+$/);
    expect(session.server.versionNumber).toBeGreaterThan(3_040_000);
    await session.close();
    await driver.close();
  });

  test('reports code, place and how many statements had finished, and stays usable', async () => {
    const { driver, session } = await open();
    const sql = `SELECT 'ü✓'; SELECT wrong`;
    const error = await failure(session, sql);
    expect(error.report).toMatchObject({ sqlstate: 'SQLITE_ERROR', position: sql.indexOf('wrong') + 1 });
    expect(error.completedStatements).toBe(1);
    await session.execute('CREATE TABLE t (x UNIQUE CHECK (x > 0)); INSERT INTO t VALUES (1)');
    const codes = [];
    for (const value of ['1', '0'])
      codes.push((await failure(session, `INSERT INTO t VALUES (${value})`)).report.sqlstate);
    expect(codes).toEqual(['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_CHECK']);
    await session.close();
    await driver.close();
  });

  test('has foreign keys on, and leaves no transaction behind when it is closed in one', async () => {
    const { driver, session } = await open();
    expect(await one(session, 'PRAGMA foreign_keys')).toBe('1');
    await session.execute('BEGIN; CREATE TABLE left_behind (x)');
    await session.close();
    await session.close();
    await expect(session.execute('SELECT 1')).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
    const next = await driver.open('kat test');
    expect(await one(next, 'SELECT count(*) FROM sqlite_master')).toBe('0');
    await next.close();
    await driver.close();
  });
});

test('reading creates no file, and a file that is none of SQLite is refused', async () => {
  const path = newFile();
  const driver = await openDriver({ driver: 'sqlite', path });
  expect(driver.isAbsent?.()).toBe(true);
  const session = await driver.openForReading?.('kat test');
  expect(session && (await one(session, 'SELECT 1'))).toBe('1');
  await session?.close();
  expect(driver.isAbsent?.()).toBe(true);
  writeFileSync(path, 'This is a text.\n'.repeat(100));
  await expect(driver.open('kat test')).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
    message: expect.stringContaining('file is not a database (SQLITE_NOTADB)'),
  });
  await driver.close();
  const lost = await openDriver({ driver: 'sqlite', path: join(folder, 'none', 'x.db') });
  await expect(lost.open('kat test')).rejects.toMatchObject({
    help: expect.stringContaining('does not exist'),
  });
});

test('waits for the lock of another connection as long as it is told, and no longer once it is cancelled', () =>
  withTwo(async (first, second) => {
    await first.execute('CREATE TABLE t (x); BEGIN IMMEDIATE');
    (second.sqlite as { busyMs: number }).busyMs = 20;
    expect((await failure(second, 'BEGIN IMMEDIATE')).report.sqlstate).toBe('SQLITE_BUSY');
    (second.sqlite as { busyMs: number }).busyMs = 0;
    const waiting = failure(second, 'BEGIN IMMEDIATE');
    await new Promise(setImmediate);
    await second.cancel();
    expect((await waiting).report.sqlstate).toBe('SQLITE_INTERRUPT');
    const waitsOn = second.execute('BEGIN IMMEDIATE');
    await first.execute('COMMIT');
    await waitsOn;
  }));

test('a read that failed at a lock leaves nothing open once it was tried again', () =>
  withTwo(async (first, second) => {
    const read = 'SELECT x FROM t';
    await first.execute('CREATE TABLE t (x); CREATE TABLE u (x)');
    await second.execute(read);
    await first.execute('BEGIN EXCLUSIVE');
    (second.sqlite as { busyMs: number }).busyMs = 20;
    expect((await failure(second, read)).report.sqlstate).toBe('SQLITE_BUSY');
    await first.execute('COMMIT');
    await second.execute(read);
    await second.execute('DROP TABLE u');
  }));

test('a renewed session has no settings, attached databases or temporary tables of before', () =>
  withTwo(async (session) => {
    await session.execute("PRAGMA foreign_keys = OFF; ATTACH ':memory:' AS other; CREATE TEMP TABLE t (x)");
    await session.sqlite?.renew();
    expect(await one(session, 'PRAGMA foreign_keys')).toBe('1');
    expect(await one(session, 'SELECT count(*) FROM pragma_database_list')).toBe('1');
  }));

test('one lock at a time, whose holder others can read, and looking takes nothing', async () => {
  const file = newFile();
  expect(await isFileLocked(file)).toBe(false);
  const lock = await tryFileLock(file);
  lock?.describe({ who: 'first' });
  expect(await tryFileLock(file)).toBeUndefined();
  expect(await isFileLocked(file)).toBe(true);
  expect(readHolder(file)).toEqual({ who: 'first' });
  lock?.release();
  expect(await Promise.all([isFileLocked(file), isFileLocked(file)])).toEqual([false, false]);
  expect(readHolder(file)).toBeUndefined();
  (await tryFileLock(file))?.release();
});

test('a session is renewed as soon as another connection has released the file', () =>
  withTwo(async (first, second) => {
    await first.execute('CREATE TABLE t (x); BEGIN EXCLUSIVE');
    const renewed = second.sqlite?.renew();
    await first.execute('COMMIT');
    await renewed;
    expect(await one(second, 'SELECT count(*) FROM t')).toBe('0');
  }));
