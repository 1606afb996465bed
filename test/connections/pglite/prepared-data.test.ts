/** The empty database that is kept in the user's cache, and what happens when it cannot be kept or used. */

import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDriver } from '../../../src/connections/open-connection.js';
import { unpackDatabase } from '../../../src/connections/pglite/new-database.js';
import { userCacheFolder } from '../../../src/connections/user-cache.js';
import { emptyPglite } from '../../support/pglite.js';

const root = mkdtempSync(join(tmpdir(), 'kat-cache-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Environment = Readonly<Record<string, string | undefined>>;

/** @returns the names of the tables that a new database has. */
async function tablesOfNew(env: Environment, path?: string): Promise<(string | null | undefined)[]> {
  const driver = await openDriver({ driver: 'pglite', ...(path === undefined ? {} : { path }) }, env);
  try {
    const session = await driver.open('test');
    const [tables] = await session.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    await session.close();
    return tables?.rows.map(({ tablename }) => tablename) ?? [];
  } finally {
    await driver.close();
  }
}

/** A database with a table in it, which only one who unpacks it can have. */
let marked: Uint8Array;
/** As the cache of this test run calls its file. */
let name: string;

beforeAll(async () => {
  const database = await emptyPglite();
  await database.exec('CREATE TABLE from_the_cache (); CHECKPOINT');
  marked = new Uint8Array(await (await database.dumpDataDir('gzip')).arrayBuffer());
  await database.close();
  [name = ''] = readdirSync(join(process.env.XDG_CACHE_HOME ?? '', 'kat-migrate'));
});

function makeCache(files: Readonly<Record<string, Uint8Array>>): string {
  const folder = join(mkdtempSync(join(root, 'cache-')), 'kat-migrate');
  mkdirSync(folder);
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
  return join(folder, '..');
}

test('a new database is what the cache has, in memory and in a folder', async () => {
  const env = { XDG_CACHE_HOME: makeCache({ [name]: marked }) };
  const path = join(root, 'new');
  expect(await tablesOfNew(env)).toEqual(['from_the_cache']);
  expect(await tablesOfNew(env, path)).toEqual(['from_the_cache']);
  // A database that is there stays what it is.
  expect(await tablesOfNew({ XDG_CACHE_HOME: makeCache({}) }, path)).toEqual(['from_the_cache']);
});

test('files that cannot be written leave no half of a database', async () => {
  const broken = Buffer.alloc(512);
  broken.write('/nowhere/file');
  broken.write('0000600', 100);
  broken.write('00000000000', 124);
  const whole = gunzipSync(marked);
  const folder = join(root, 'half');
  expect(() => unpackDatabase(folder, Buffer.concat([broken, whole]))).toThrow('ENOENT');
  expect(readdirSync(folder)).toEqual([]);
  unpackDatabase(folder, whole);
  expect(statSync(join(folder, 'PG_VERSION')).mode & 0o077).toBe(0o040);
  expect(await tablesOfNew({}, folder)).toEqual(['from_the_cache']);
});

test('what is damaged, of another version or was not finished is replaced, for this user alone', async () => {
  const empty = new Uint8Array();
  const cache = makeCache({
    [name]: marked.subarray(0, marked.length / 2),
    ...{ 'pglite-0.0.1.tar.gz': empty, [`${name}.4711`]: empty, 'of-another-program': empty },
  });
  expect(await tablesOfNew({ XDG_CACHE_HOME: cache })).toEqual([]);
  const folder = join(cache, 'kat-migrate');
  expect(readdirSync(folder)).toEqual(['of-another-program', name]);
  expect(name).toMatch(/^pglite-\d+\.\d+\.\d+\.tar\.gz$/);
  expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
  expect(gunzipSync(readFileSync(join(folder, name))).length).toBeGreaterThan(1_000_000);
});

test('without a place for it, PGlite makes the database', async () => {
  const file = join(root, 'file');
  writeFileSync(file, '');
  expect(await tablesOfNew({ XDG_CACHE_HOME: file })).toEqual([]);
  expect(readFileSync(file, 'utf8')).toBe('');
});

test('it is below the home folder where no variable names the folder for caches', async () => {
  const home = mkdtempSync(join(root, 'home-'));
  const parent = join(home, ...(process.platform === 'darwin' ? ['Library', 'Caches'] : ['.cache']));
  mkdirSync(parent, { recursive: true });
  renameSync(join(makeCache({ [name]: marked }), 'kat-migrate'), join(parent, 'kat-migrate'));
  expect(await tablesOfNew({ HOME: home })).toEqual(['from_the_cache']);
});

test('a relative path in XDG_CACHE_HOME is ignored', () => {
  const env = { HOME: root, XDG_CACHE_HOME: 'cache', LOCALAPPDATA: 'cache' };
  expect(userCacheFolder(env)).toBe(userCacheFolder({ HOME: root }));
  expect(userCacheFolder(env)?.startsWith(root)).toBe(true);
});
