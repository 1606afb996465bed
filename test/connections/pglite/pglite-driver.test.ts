import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDriver } from '../../../src/connections/open-connection.js';
import { one } from '../contract.js';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'kat-pglite-'));
});
afterEach(() => rmSync(parent, { recursive: true }));

describe('a folder', () => {
  test('is made with its parents, for its owner alone, and keeps the data', async () => {
    const path = join(parent, 'a', 'b');
    const first = await openDriver({ driver: 'pglite', path });
    const session = await first.open('kat');
    await session.execute('CREATE TABLE kept (x int); INSERT INTO kept VALUES (42)');
    await first.close();
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(parent, 'a'))).toEqual(['b']);
    const second = await openDriver({ driver: 'pglite', path });
    expect(await one(await second.open('kat'), 'SELECT x FROM kept')).toBe('42');
    await second.close();
  });

  test.each([
    ['a file in its place', () => writeFileSync(join(parent, 'db'), ''), 'a file has that path'],
    [
      'a file in the place of its parent',
      () => writeFileSync(join(parent, 'db'), ''),
      'a file has that path',
    ],
    [
      'other files in it',
      () => mkdirSync(join(parent, 'db', 'photos'), { recursive: true }),
      'it contains other files',
    ],
  ])('with %s is refused', async (title, prepare, words) => {
    prepare();
    const path = title.includes('parent') ? join(parent, 'db', 'below') : join(parent, 'db');
    const driver = await openDriver({ driver: 'pglite', path });
    await expect(driver.open('kat')).rejects.toMatchObject({
      ...{ code: 'CONNECTION_FAILED', isTransient: false },
      message: expect.stringMatching(new RegExp(`^cannot open the database folder ${path}: ${words}`)),
    });
    expect(readdirSync(parent)).toEqual(['db']);
    await driver.close();
  });

  test('of another version is refused, and given back', async () => {
    mkdirSync(join(parent, 'db'));
    writeFileSync(join(parent, 'db', 'PG_VERSION'), '12\n');
    const driver = await openDriver({ driver: 'pglite', path: join(parent, 'db') });
    await expect(driver.open('kat')).rejects.toMatchObject({
      ...{ code: 'CONNECTION_FAILED', isTransient: false },
      message: expect.stringContaining(`cannot open the database ${join(parent, 'db')}`),
    });
    expect(readdirSync(parent)).toEqual(['db']);
  });
});

describe('for reading', () => {
  test.each(['missing', 'empty'])(
    'a folder that is %s stays so, and the database is empty',
    async (state) => {
      const path = join(parent, 'db');
      if (state === 'empty') mkdirSync(path);
      const driver = await openDriver({ driver: 'pglite', path });
      const session = await driver.openForReading?.('kat');
      expect(session && (await one(session, "SELECT to_regclass('kept')"))).toBeNull();
      await session?.close();
      expect(readdirSync(parent)).toEqual(state === 'empty' ? ['db'] : []);
      if (state === 'empty') expect(readdirSync(path)).toEqual([]);
      const writing = await driver.open('kat');
      await writing.execute('CREATE TABLE kept (x int)');
      await writing.close();
      const again = await driver.openForReading?.('kat');
      expect(again && (await one(again, "SELECT to_regclass('kept')"))).toBe('kept');
      await driver.close();
    },
  );
});

test('a session ends with its driver', async () => {
  const driver = await openDriver({ driver: 'pglite' });
  const session = await driver.open('kat');
  await driver.close();
  await expect(session.execute('SELECT 1')).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
});
