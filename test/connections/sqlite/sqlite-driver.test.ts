/** What only SQLite has; the rest is in the suite of all drivers. */

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

test('a file that is none of SQLite, and one in no folder, are refused', async () => {
  const path = newFile();
  const driver = await openDriver({ driver: 'sqlite', path });
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

describe.each(['a file', 'memory'])('a renewed session in %s', (place) => {
  test('has the data, and no setting, attached database or temporary object of before', async () => {
    const path = place === 'memory' ? [] : [{ path: newFile() }];
    const driver = await openDriver({ driver: 'sqlite', ...path[0] });
    const session = await driver.open('kat test');
    await session.execute(`CREATE TABLE kept (x); INSERT INTO kept VALUES ('a'); CREATE TABLE log (x);
      PRAGMA foreign_keys = OFF; PRAGMA recursive_triggers = ON; PRAGMA case_sensitive_like = ON; PRAGMA query_only = ON;
      PRAGMA query_only = OFF; ATTACH ':memory:' AS "o""ther"; CREATE TABLE "o""ther".t (x); CREATE TEMP TABLE t (x);
      CREATE TEMP VIEW v AS SELECT 1; CREATE TEMP TRIGGER r AFTER INSERT ON kept BEGIN INSERT INTO log VALUES (1); END;
      PRAGMA ignore_check_constraints = ON; BEGIN; INSERT INTO kept VALUES ('b')`);
    await session.sqlite?.renew();
    const settings = [];
    for (const name of ['foreign_keys', 'recursive_triggers', 'query_only', 'ignore_check_constraints'])
      settings.push(await one(session, `PRAGMA ${name}`));
    expect(settings).toEqual(['1', '0', '0', '0']);
    expect(await one(session, 'SELECT group_concat(name) FROM pragma_database_list')).toBe('main');
    expect(await one(session, 'SELECT count(*) FROM sqlite_temp_master')).toBe('0');
    expect(await one(session, "INSERT INTO kept VALUES ('c'); SELECT group_concat(x) FROM kept")).toBe('a,c');
    expect(await one(session, "SELECT count(*) FROM log WHERE 'A' LIKE 'a'")).toBe('0');
    expect(await one(session, "SELECT 'A' LIKE 'a'")).toBe('1');
    await session.close();
    await driver.close();
  });
});

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

test('a statement whose rows nobody wants is not kept in memory', async () => {
  const driver = await openDriver({ driver: 'sqlite' });
  const session = await driver.open('kat test');
  const long = `SELECT length('${'x'.repeat(2_000_000)}')`;
  const before = process.memoryUsage.rss();
  for (let count = 0; count < 200; count += 1) await session.execute(long, undefined, 0);
  expect(process.memoryUsage.rss() - before).toBeLessThan(300_000_000);
  await session.close();
  await driver.close();
});
