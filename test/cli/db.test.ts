/** `kat db`: creates, drops, awaits and names the database of the configuration, and no other. */

import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { majors, ownServer, sharedServer } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { makeProject, type Project } from '../support/kat-project.js';
import type { ServerAddress } from '../support/server.js';
import { withSqlite } from '../support/sqlite.js';

const newest = majors().at(-1) as number;
const asTerminal = ['--import', 'data:text/javascript,process.stdin.isTTY = true;'];

function urlOf({ host, port, user, password }: ServerAddress, name: string): string {
  return `postgres://${user}:${password}@${host}:${port}/${encodeURIComponent(name)}`;
}

function shownOf({ host, port, user }: ServerAddress, name: string): string {
  return `postgres://${user}@${host}:${port}/${encodeURIComponent(name)}`;
}

const projectFor = (url: string): Project => makeProject({ config: `database:\n  url: "${url}"\n` });

async function connect(
  server: ServerAddress,
  database: string,
  applicationName = 'test',
): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: urlOf(server, database),
    application_name: applicationName,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function answer(project: Project, args: string, keys: string) {
  const { child, ended } = await project.start(args, { nodeArguments: asTerminal, hasInput: true });
  child.stdin?.end(keys);
  return ended;
}

describe.each(majors())('PostgreSQL %i', (major) => {
  test('creates, waits, names and drops; each a second time changes nothing', async () => {
    const server = await sharedServer(major);
    const name = `shop "${process.pid}" ${major}`;
    const shown = shownOf(server, name);
    const { kat } = projectFor(urlOf(server, name).replaceAll('"', '%22'));
    const done = (stdout: string) => ({ code: 0, stdout, stderr: '' });
    expect(await kat('db wait')).toEqual(
      done(`Ready: ${shown}. The database does not exist yet; \`kat db create\` creates it\n`),
    );
    expect(await kat('db create')).toEqual(done(`Created ${shown}\n`));
    expect(await kat('db create')).toEqual(done(`${shown} exists already\n`));
    expect(documentOf(await kat('db wait --json'))).toMatchObject({ exists: true, database: shown });
    expect(await kat('db drop --yes')).toEqual(done(`Dropped ${shown}\n`));
    expect(documentOf(await kat('db drop --yes --json'))).toMatchObject({ isDropped: false, ended: [] });
    expect(await kat('ping')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('`kat db create`'),
    });
  });

  test('a dry run changes nothing, by flag and by variable', async () => {
    const server = await sharedServer(major);
    const name = `kat_dry_${process.pid}_${major}`;
    const shown = shownOf(server, name);
    const { kat } = projectFor(urlOf(server, name));
    const dry = { env: { KAT_DRY_RUN: 'true' } };
    const done = (stdout: string) => ({ code: 0, stdout, stderr: '' });
    expect(await kat('db create', dry)).toEqual(done(`DRY RUN: Would create ${shown}\n`));
    expect(await kat('db drop --yes --dry-run')).toEqual(done(`${shown} does not exist\n`));
    expect(await kat('db create')).toEqual(done(`Created ${shown}\n`));
    for (const KAT_DRY_RUN of ['true', 'rollback'])
      expect(await kat('db drop --yes', { env: { KAT_DRY_RUN } })).toEqual(
        done(`DRY RUN: Would drop ${shown}\n`),
      );
    expect(documentOf(await kat('db drop --yes --dry-run --json'))).toMatchObject({
      isDryRun: true,
      isDropped: false,
    });
    expect(await kat('db create --dry-run')).toEqual(done(`${shown} exists already\n`));
    expect(await kat('db wait --dry-run')).toMatchObject({ code: 2 });
    expect(await kat('db drop --yes')).toEqual(done(`Dropped ${shown}\n`));
  });

  test('other sessions are named, and ended only with --force', async () => {
    const server = await sharedServer(major);
    const name = `kat_used_${process.pid}_${major}`;
    const { kat } = projectFor(urlOf(server, name));
    await kat('db create');
    const client = await connect(server, name, 'the shop');
    const refused = await kat('db drop --yes');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(
      /^Error: another session is connected to postgres:.*\n\nprocess \d+ \(the shop, user postgres, .*\n\nClose them, or end them with --force\./,
    );
    expect((await client.query('SELECT 1')).rows).toHaveLength(1);
    const forced = await kat('db drop --yes --force --json');
    expect(documentOf(forced)).toMatchObject({ isDropped: true, ended: [expect.any(Number)] });
    await expect(client.query('SELECT 1')).rejects.toThrow();
  });
});

test('of two that create it at once, one has created it', async () => {
  const server = await sharedServer(newest);
  const { kat } = projectFor(urlOf(server, `kat_twice_${process.pid}`));
  const both = await Promise.all([kat('db create --json'), kat('db create --json')]);
  expect(both.map((run) => documentOf(run).isCreated).sort()).toEqual([false, true]);
  expect(await kat('db drop --yes')).toMatchObject({ code: 0 });
});

test.each([
  ['pglite', 'db'],
  ['sqlite', 'db.sqlite'],
])('a dry run leaves the files of %s', async (driver, path) => {
  const project = makeProject({ config: `database: { driver: ${driver}, path: ${path} }\n` });
  const { kat } = project;
  expect((await kat('db create --dry-run')).stdout).toMatch(/^DRY RUN: Would create /);
  expect(existsSync(join(project.folder, path))).toBe(false);
  expect(await kat('db create')).toMatchObject({ code: 0 });
  const drop = await kat('db drop --yes', { env: { KAT_DRY_RUN: 'true' } });
  expect(drop.stdout).toMatch(/^DRY RUN: Would drop /);
  expect(existsSync(join(project.folder, path))).toBe(true);
});

test('the name of the database must be typed', async () => {
  const server = await sharedServer(newest);
  const name = `kat_typed_${process.pid}`;
  const project = projectFor(urlOf(server, name));
  await project.kat('db create');
  expect(await project.kat('db drop')).toMatchObject({
    code: 2,
    stderr: `Error: dropping ${shownOf(server, name)} needs confirmation, but there is no terminal\n\nAdd --yes to proceed.\n`,
  });
  for (const keys of ['y\n', 'yes\n', ''])
    expect(await answer(project, 'db drop', keys), keys).toMatchObject({
      code: 130,
      stderr: expect.stringContaining(`dropping ${shownOf(server, name)} was not confirmed`),
    });
  expect(documentOf(await project.kat('db wait --json'))).toMatchObject({ exists: true });
  expect(await answer(project, 'db drop', `${name}\n`)).toMatchObject({ code: 0 });
  expect(documentOf(await project.kat('db wait --json'))).toMatchObject({ exists: false });
});

test('a protected environment asks for its own name as well', async () => {
  const server = await sharedServer(newest);
  const name = `kat_protected_${process.pid}`;
  const section = `{ protected: true, database: { url: '${urlOf(server, name)}' } }`;
  const { kat } = makeProject({ config: `environments:\n  production: ${section}\n` });
  const refused = { code: 2, stderr: expect.stringContaining('the protected environment production') };
  expect(await kat('db create --yes', { env: { KAT_ENV: 'production' } })).toMatchObject(refused);
  expect(await kat('db create --yes --env production')).toMatchObject({ code: 0 });
  expect(await kat('db drop --yes', { env: { KAT_ENV: 'production' } })).toMatchObject(refused);
  expect(await kat('db wait --env production')).toMatchObject({
    stdout: `Ready: ${shownOf(server, name)}\n`,
  });
  expect(await kat('db drop --yes --env production')).toMatchObject({ code: 0 });
});

test("the server's own databases stay", async () => {
  const server = await sharedServer(newest);
  for (const name of ['postgres', 'template1', 'template0'])
    expect(await projectFor(urlOf(server, name)).kat('db drop --yes --force'), name).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`the database ${name} is part of the server`),
    });
});

test('a role that may not, and a server without the database postgres', async () => {
  const server = await ownServer(newest);
  const admin = await connect(server, 'template1');
  await admin.query(`DROP DATABASE postgres`);
  await admin.query("CREATE ROLE app LOGIN PASSWORD 'postgres'");
  await admin.end();
  const refused = await projectFor(urlOf({ ...server, user: 'app' }, 'shop')).kat('db create');
  expect(refused).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('this role may not create databases'),
  });
  const { kat } = projectFor(urlOf(server, 'shop'));
  expect(await kat('db create')).toMatchObject({ code: 0 });
  expect(await kat('db drop --yes')).toMatchObject({ code: 0 });
});

test('waits for a server that starts, and gives up in time', async () => {
  const server = await ownServer(newest);
  const project = projectFor(urlOf(server, 'shop'));
  await server.stop();
  expect(await project.kat('db wait --timeout 100ms')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining(`could not connect to 127.0.0.1:${server.port}`),
  });
  const { child, ended } = await project.start('db wait --timeout 25s');
  await new Promise((resolve) => child.stderr?.once('data', resolve));
  await server.start();
  expect(await ended).toMatchObject({ code: 0, stdout: expect.stringContaining('Ready: ') });
  const wrong = await project.kat('db wait', { env: { KAT_DB_PASSWORD: 'wrong' } });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('password authentication failed') });
});

test('the URL hides passwords unless they are asked for, and connects', async () => {
  const server = await sharedServer(newest);
  const url = `${urlOf(server, 'postgres')}?sslmode=disable&search_path=a,b`;
  const project = projectFor(url);
  expect(await project.kat('db url')).toEqual({
    code: 0,
    stdout: `postgres://postgres:***@${server.host}:${server.port}/postgres?sslmode=disable&options=-c%20search_path%3Da%2Cb\n`,
    stderr: '',
  });
  const { stdout } = await project.kat('db url --show-password');
  const client = new pg.Client({ connectionString: stdout.trim() });
  await client.connect();
  expect((await client.query('SHOW search_path')).rows).toEqual([{ search_path: 'a,b' }]);
  await client.end();
  const other = { env: { KAT_DB_PASSWORD: 'p@ss/w:rd', KAT_DB_HOST: '::1', KAT_DB_NAME: 'a b' } };
  expect((await project.kat('db url --show-password', other)).stdout).toContain(
    `postgres://postgres:p%40ss%2Fw%3Ard@[::1]:${server.port}/a%20b?`,
  );
  const json = await project.kat('db url --json', other);
  expect(json.stdout).not.toContain('p%40ss');
  const socket = { env: { PGHOST: '/run/pg', PGUSER: 'app', PGDATABASE: 'shop', PGPASSWORD: 'secret1' } };
  const byVariables = makeProject({ config: 'database: { driver: postgres, name: shop }\n' });
  expect((await byVariables.kat('db url', socket)).stdout).toBe(
    'postgres://app:***@/shop?host=%2Frun%2Fpg&port=5432\n',
  );
});

describe('PGlite', () => {
  const config = 'database: { driver: pglite, path: data/shop.pglite }\n';

  test('the folder is created and deleted', async () => {
    const { kat, folder } = makeProject({ config });
    const path = join(folder, 'data/shop.pglite');
    expect(await kat('db url')).toMatchObject({ stdout: `file://${path}\n` });
    expect(await kat('db wait')).toMatchObject({ stdout: expect.stringContaining('does not exist yet') });
    expect(existsSync(path)).toBe(false);
    expect(await kat('db create')).toMatchObject({ code: 0, stdout: `Created pglite ${path}\n` });
    expect(existsSync(join(path, 'PG_VERSION'))).toBe(true);
    expect(await kat('db create')).toMatchObject({ stdout: `pglite ${path} exists already\n` });
    expect(await kat('db drop')).toMatchObject({ code: 2 });
    expect(await kat('db drop --yes')).toMatchObject({ code: 0, stdout: `Dropped pglite ${path}\n` });
    expect(readdirSync(join(folder, 'data'))).toEqual([]);
    expect(await kat('db drop --yes')).toMatchObject({ code: 0, stdout: `pglite ${path} does not exist\n` });
  });

  test('what is no PGlite database, holds more, or is open elsewhere stays', async () => {
    const project = makeProject({ config, files: { 'data/shop.pglite/notes.txt': 'mine' } });
    const { kat, write, snapshot } = project;
    const before = snapshot();
    for (const command of ['db create', 'db drop --yes'])
      expect(await kat(command)).toMatchObject({ code: 2, stderr: expect.stringContaining('other files') });
    write('data/shop.pglite/PG_VERSION', '18\n');
    expect(await kat('db drop --yes')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('such as notes.txt'),
    });
    expect(Object.keys(snapshot())).toHaveLength(Object.keys(before).length + 1);
    const damaged = makeProject({ config, files: { 'data/shop.pglite/PG_VERSION': '18\n' } });
    expect(await damaged.kat('db drop --yes')).toMatchObject({ code: 2 });
    expect(damaged.read('data/shop.pglite/PG_VERSION')).toBe('18\n');
    const open = makeProject({ config });
    await open.kat('db create');
    const database = await PGlite.create(join(open.folder, 'data/shop.pglite'));
    expect(await open.kat('db drop --yes')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is open in'),
    });
    await database.close();
    expect(await open.kat('db drop --yes')).toMatchObject({ code: 0 });
  });

  test("a server's data folder stays", async () => {
    const server = await ownServer(newest);
    const { kat } = makeProject({
      config: `database: { driver: pglite, path: '${server.data}' }\n`,
    });
    await server.stop();
    expect(await kat('db drop --yes')).toMatchObject({ code: 2 });
    expect(existsSync(join(server.data, 'PG_VERSION'))).toBe(true);
  });
});

describe('SQLite', () => {
  const config = 'database: { driver: sqlite, path: data/shop.db }\n';
  const migrations = { '1_users': { up: 'CREATE TABLE users (id INTEGER);', down: 'DROP TABLE users;' } };

  test('the file is created and deleted, with what is beside it', async () => {
    const { kat, folder } = makeProject({ config, migrations });
    const path = join(folder, 'data/shop.db');
    expect(await kat('db url')).toMatchObject({ stdout: `file://${path}\n` });
    expect(await kat('db create')).toMatchObject({ code: 0, stdout: `Created sqlite ${path}\n` });
    expect(await kat('db create')).toMatchObject({ stdout: `sqlite ${path} exists already\n` });
    expect(await kat('db wait')).toMatchObject({ stdout: `Ready: sqlite ${path}\n` });
    expect(await kat('up')).toMatchObject({ code: 0 });
    await withSqlite(path, (session) => session.execute('PRAGMA journal_mode = WAL'));
    expect(await kat('db drop --yes')).toMatchObject({ code: 0, stdout: `Dropped sqlite ${path}\n` });
    expect(readdirSync(join(folder, 'data'))).toEqual([]);
    expect(await kat('db drop --yes')).toMatchObject({ stdout: `sqlite ${path} does not exist\n` });
  });

  test('another file, and one in use, stay; of a link only the file is deleted', async () => {
    const other = makeProject({ config, files: { 'data/shop.db': 'SQLite is what I like' } });
    expect(await other.kat('db create')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('file is not a database'),
    });
    expect(await other.kat('db drop --yes')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no SQLite'),
    });
    expect(other.read('data/shop.db')).toBe('SQLite is what I like');
    const folderInstead = makeProject({ config });
    mkdirSync(join(folderInstead.folder, 'data/shop.db'), { recursive: true });
    writeFileSync(join(folderInstead.folder, 'data/shop.db/a'), 'a');
    expect(await folderInstead.kat('db drop --yes')).toMatchObject({ code: 2 });
    expect(folderInstead.read('data/shop.db/a')).toBe('a');

    const { kat, folder } = makeProject({ config });
    await kat('db create');
    const path = join(folder, 'data/shop.db');
    await withSqlite(path, async (session) => {
      await session.execute('BEGIN IMMEDIATE');
      expect(await kat('db drop --yes')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('in use'),
      });
    });
    symlinkSync(path, join(folder, 'link.db'));
    writeFileSync(join(folder, 'link.yaml'), 'database: { driver: sqlite, path: link.db }\n');
    expect(await kat('db drop --yes --config link.yaml')).toMatchObject({ code: 0 });
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(folder)).toContain('link.db');
  });
});

test('in memory there is nothing to create or drop', async () => {
  for (const driver of ['pglite', 'sqlite']) {
    const { kat } = makeProject({ config: `database: { driver: ${driver} }\n` });
    expect(await kat('db create')).toMatchObject({ code: 2, stderr: expect.stringContaining('in memory') });
    expect(await kat('db drop --yes')).toMatchObject({ code: 2 });
    expect(await kat('db url')).toMatchObject({ stdout: driver === 'pglite' ? 'memory://\n' : ':memory:\n' });
  }
});

test('flags and words that belong elsewhere', async () => {
  const { kat } = makeProject({ config: 'database: { driver: sqlite }\n' });
  expect(await kat('db remove')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /there is no `kat db remove`\n\nWrite one of create, drop, wait, url\. Run `kat db --help`/,
    ),
  });
  expect(await kat('db url --force')).toMatchObject({
    stderr: expect.stringContaining(
      '--force cannot be used with `kat db url`\n\nIt belongs to `kat db drop`.',
    ),
  });
  expect(await kat('drop')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('In Kat this is `kat db`.'),
  });
  expect((await kat(['completion', 'bash', '--', 'db', ''])).stdout).toBe('create\ndrop\nwait\nurl\n');
});
