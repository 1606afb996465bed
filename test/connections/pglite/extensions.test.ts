/** Which extensions a PGlite database of Kat's has, and that the folder's configuration stays as it was. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { citext } from '@electric-sql/pglite/contrib/citext';
import { pg_stat_statements } from '@electric-sql/pglite/contrib/pg_stat_statements';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDriver } from '../../../src/connections/open-connection.js';
import { readBundle } from '../../../src/connections/pglite/extension-bundle.js';
import {
  createsPreloadedExtension,
  findModule,
  findNamedExtensions,
} from '../../../src/connections/pglite/extension-names.js';
import { emptyPglite } from '../../support/pglite.js';
import { one } from '../contract.js';

let parent: string;
let path: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'kat-extensions-'));
  path = join(parent, 'db');
});
afterEach(() => rmSync(parent, { recursive: true }));

const createStatements = 'CREATE EXTENSION pg_stat_statements';

test('extensions that SQL names can be created, and are there again when the folder is opened again', async () => {
  const create = 'CREATE EXTENSION citext; CREATE EXTENSION pg_trgm; CREATE EXTENSION "uuid-ossp"';
  await run(`${create}; CREATE TABLE kept AS SELECT 'A'::citext AS x`);
  const driver = await openDriver({ driver: 'pglite', path });
  const session = await driver.open('kat');
  expect(await one(session, "SELECT count(*) FROM kept WHERE x = 'a'")).toBe('1');
  expect(await one(session, "SELECT similarity('kat', 'kat')")).toBe('1');
  await driver.close();
});

test.each([
  [
    'with the one that it requires',
    'CREATE EXTENSION earthdistance CASCADE',
    'SELECT earth()::int',
    '6378168',
  ],
  [
    'by a name that a block puts together',
    `DO $$ BEGIN EXECUTE format('CREATE EXTENSION %I', 'hstore'); END $$`,
    `SELECT 'a=>1'::hstore -> 'a'`,
    '1',
  ],
  [
    'one of several in a module',
    'CREATE EXTENSION refint',
    `SELECT count(*) FROM pg_proc WHERE proname = 'check_primary_key'`,
    '1',
  ],
  ['a library without an extension', `LOAD 'auto_explain'`, 'SHOW auto_explain.log_analyze', 'off'],
])('an extension is created %s', async (_title, create, question, answer) => {
  const driver = await openDriver({ driver: 'pglite' });
  const session = await driver.open('kat');
  await session.execute(create);
  expect(await one(session, question)).toBe(answer);
  await driver.close();
});

test("an application's own extension works in a folder whose SQL never names it", async () => {
  const application = await emptyPglite({ dataDir: path, extensions: { citext } });
  await application.exec(
    `CREATE EXTENSION citext; CREATE TABLE names (name citext); INSERT INTO names VALUES ('Ada')`,
  );
  await application.close();
  const driver = await openDriver({ driver: 'pglite', path });
  expect(await one(await driver.open('kat'), "SELECT count(*) FROM names WHERE name = 'ADA'")).toBe('1');
  await driver.close();
});

describe('the configuration of a folder', () => {
  test.each([
    ['that Kat only opened', []],
    ['whose SQL creates an extension that must be preloaded', [createStatements]],
  ])('%s is that of PGlite, which opens it without Kat', async (_title, sql) => {
    await (await emptyPglite({ dataDir: path })).close();
    const before = readConfiguration();
    await run('SELECT 1', sql);
    expect(readConfiguration()).toEqual(before);
    const database = await PGlite.create(path);
    expect((await database.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }]);
    await database.close();
  });

  test('is kept where an application preloads a library', async () => {
    const application = await emptyPglite({ dataDir: path, extensions: { pg_stat_statements } });
    await application.exec(createStatements);
    await application.close();
    const before = readConfiguration();
    const driver = await openDriver({ driver: 'pglite', path });
    expect(await one(await driver.open('kat'), 'SELECT count(*) > 0 FROM pg_stat_statements')).toBe('t');
    await driver.close();
    expect(readConfiguration()).toEqual(before);
  });

  test('that loads a library which Kat does not have is named', async () => {
    await (await emptyPglite({ dataDir: path })).close();
    const file = join(path, 'postgresql.conf');
    writeFileSync(
      file,
      `${readFileSync(file, 'utf8')}\nshared_preload_libraries = '$libdir/their_own' # theirs\n`,
    );
    const driver = await openDriver({ driver: 'pglite', path });
    await expect(driver.open('kat')).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
      message: expect.stringContaining('its configuration loads their_own'),
    });
  });
});

test('a migration that creates an extension which must be preloaded can read from it', async () => {
  await run(`${createStatements}; SELECT count(*) FROM pg_stat_statements`, [createStatements]);
});

test('names are found as words, in any case, in every part of a text', () => {
  const sql = ['CREATE EXTENSION CiText; SELECT cubes, "uuid-ossp"', ' -- hstore'];
  expect(findNamedExtensions(sql)).toEqual(['citext', 'uuid-ossp', 'hstore']);
  expect(createsPreloadedExtension('create  extension IF NOT EXISTS "pg_stat_statements"')).toBe(true);
  expect(createsPreloadedExtension('-- pg_stat_statements\nCREATE EXTENSION citext;')).toBe(false);
});

test('each extension of the modules of PGlite is known, and only one of them asks to be preloaded', async () => {
  const modules = join(dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite')), 'contrib');
  const preloaded: string[] = [];
  for (const file of readdirSync(modules).filter((name) => name.endsWith('.js'))) {
    const name = file.slice(0, -3);
    const loaded = await import(pathToFileURL(join(modules, file)).href);
    const { bundlePath, sharedPreloadLibraries } = await loaded[name].setup();
    if (sharedPreloadLibraries) preloaded.push(name);
    const controls = readBundle(bundlePath).flatMap(({ path }) => /([^/]+)\.control$/.exec(path)?.[1] ?? []);
    expect([name, ...controls.map(findModule)]).toEqual([name, ...controls.map(() => name)]);
  }
  expect(preloaded).toEqual(['pg_stat_statements']);
});

/** Runs SQL in a database folder that Kat opens and closes again. */
async function run(sql: string, migrations: readonly string[] = []): Promise<void> {
  const driver = await openDriver({ driver: 'pglite', path }, {}, () => migrations);
  try {
    await (await driver.open('kat')).execute(sql);
  } finally {
    await driver.close();
  }
}

function readConfiguration(): Record<string, string> {
  const names = readdirSync(path).filter((name) => name.endsWith('.conf'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(path, name), 'utf8')]));
}
