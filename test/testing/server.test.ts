/** Test databases on a server: templates are built once, clones are dropped, and those of failed tests are kept. */

import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type KatError, MigrationError } from '../../src/errors.js';
import { createTestDatabases } from '../../src/testing/create-test-databases.js';
import type { TestDatabasesOptions } from '../../src/testing/options.js';
import type { TestDatabases } from '../../src/testing/test-database.js';
import { commandMajors, freshDatabase, ownServer, runOnce, type ServerAddress } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { katCommand } from '../support/kat-command.js';
import { makeProject, type Project } from '../support/kat-project.js';

const migrations = {
  '1_users': 'CREATE TABLE users (id int PRIMARY KEY, name text);',
  '2_names': {
    up: 'ALTER TABLE users ADD COLUMN first text; UPDATE users SET first = split_part(name, chr(32), 1);',
    parents: [1],
  },
};
const seed = "INSERT INTO users VALUES (1, 'Ada Lovelace')";

let server: ServerAddress;
let project: Project;
const opened: TestDatabases[] = [];

beforeAll(async () => {
  server = await ownServer(commandMajors()[0] as number);
  project = makeProject({ migrations });
});

afterEach(async () => {
  vi.restoreAllMocks();
  for (const databases of opened.splice(0)) await databases.close();
});

function create(options: Partial<TestDatabasesOptions> = {}): TestDatabases {
  const { user, password, host, port } = server;
  const databases = createTestDatabases({
    ...{ migrations: folderOf(project), on: `postgres://${user}:${password}@${host}:${port}/postgres`, seed },
    ...options,
  });
  opened.push(databases);
  return databases;
}

function folderOf({ folder }: Project): string {
  return join(folder, 'migrations');
}

async function run(sql: string) {
  return runOnce({ ...server, database: 'postgres' }, sql);
}

/** Of everything that the testing kit makes. */
async function databaseNames(pattern = '^kat_(test|template)_'): Promise<string[]> {
  const rows = await run(`SELECT datname FROM pg_database WHERE datname ~ '${pattern}' ORDER BY datname`);
  return rows.map(({ datname }) => String(datname));
}

async function caught(action: Promise<unknown>): Promise<KatError> {
  return action.then(
    () => expect.fail('it did not fail'),
    (error: KatError) => error,
  );
}

test('closed twice at once, it is closed once, and can begin anew', async () => {
  const databases = create();
  await databases.database();
  await Promise.all([databases.close(), databases.close(), databases.close()]);
  expect(await databaseNames('^kat_test_')).toEqual([]);
  const again = await databases.database();
  expect(await again.query('SELECT name FROM users')).toEqual([{ name: 'Ada Lovelace' }]);
  await databases.close();
  expect(await databaseNames('^kat_test_')).toEqual([]);
});

test('settings of the URL decide what migrations do: each has a template of its own', async () => {
  const zones = makeProject({
    migrations: { '1_zone': `CREATE TABLE zone AS SELECT current_setting('TimeZone') AS name;` },
  });
  const { user, password, host, port } = server;
  const zoneOf = async (query: string) => {
    const on = `postgres://${user}:${password}@${host}:${port}/postgres${query}`;
    const database = await create({ migrations: folderOf(zones), on, seed: 'SELECT 1' }).database();
    const [row] = await runOnce({ ...server, database: database.name }, 'SELECT name FROM zone');
    return row?.name;
  };
  const before = await databaseNames('^kat_template_');
  expect(await zoneOf('?options=-c%20timezone%3DAsia/Tokyo')).toBe('Asia/Tokyo');
  expect(await zoneOf('?options=-c%20timezone%3DEurope/Paris')).toBe('Europe/Paris');
  expect(await zoneOf('?timezone=Asia/Tokyo')).toBe('Asia/Tokyo');
  expect(await databaseNames('^kat_template_')).toHaveLength(before.length + 2);
});

describe('a clone', () => {
  test('has the migrations and the seed, and changes nothing of another one', async () => {
    const databases = create();
    const [one, other] = await Promise.all([databases.database(), databases.database()]);
    await one.query('DELETE FROM users');
    expect(await other.query('SELECT first, $1::int AS one FROM users', [1])).toEqual([
      { first: null, one: 1 },
    ]);
    expect((await one.kat.status()).counts).toMatchObject({ applied: 2, pending: 0 });
    expect((await (await one.client()).query('SELECT current_database() AS name')).rows).toEqual([
      { name: one.name },
    ]);
    expect(one.url).toContain(`:${server.port}/${one.name}`);
    expect(() => one.pglite).toThrow(expect.objectContaining({ code: 'USAGE' }));
    await one.drop();
    expect(await databaseNames('^kat_test_')).toEqual([other.name]);
    await databases.close();
    expect(await databaseNames('^kat_test_')).toEqual([]);
  });

  test('is dropped when its last connection has gone, which gets no error', async () => {
    const database = await create().database();
    const client = new pg.Client(database.url);
    const errors: Error[] = [];
    client.on('error', (error) => errors.push(error));
    await client.connect();
    const dropping = database.drop();
    await client.query('SELECT pg_sleep(0.2)');
    await client.end();
    await dropping;
    expect(errors).toEqual([]);
    expect(await databaseNames('^kat_test_')).toEqual([]);
  });

  test('at a migration has its ancestors alone, so that a migration meets rows', async () => {
    const database = await create().at('names');
    await database.query("INSERT INTO users VALUES (7, 'Grace Hopper')");
    await database.kat.up({ to: ['names'] });
    expect(await database.query('SELECT id, first FROM users')).toEqual([{ id: 7, first: 'Grace' }]);
    const empty = await create().at('1_users');
    expect(await empty.query("SELECT to_regclass('users') AS users")).toEqual([{ users: null }]);
  });

  test('has the roles that its migrations need', async () => {
    const role = `kat_reader_${process.pid}`;
    const needy = makeProject({
      migrations: { '1_a': `CREATE TABLE a (id int); GRANT SELECT ON a TO ${role};` },
    });
    for (const other of ['SELECT 1', 'SELECT 2']) {
      const databases = create({
        migrations: folderOf(needy),
        roles: [role],
        seed: other,
      });
      const database = await databases.database();
      expect(await database.query(`SELECT has_table_privilege('${role}', 'a', 'SELECT') AS may`)).toEqual([
        { may: true },
      ]);
    }
  });
});

describe('a template', () => {
  test('with a program is built anew in each run, as the program may import anything', async () => {
    const up = `import { value } from '../../value.mjs';
      export default ({ sql }) => sql\`INSERT INTO users (id) VALUES (\${value})\`;`;
    const own = makeProject({
      migrations: { ...migrations, '3_fill': { up, names: { up: 'up.mjs' }, parents: [2] } },
    });
    const before = await databaseNames();
    for (const id of [7, 8]) {
      own.write('value.mjs', `export const value = ${id};`);
      const databases = create({ migrations: folderOf(own), seed: 'SELECT 1' });
      for (const database of [await databases.database(), await databases.database()])
        expect(await database.query('SELECT id FROM users')).toEqual([{ id }]);
      await databases.close();
    }
    expect(await databaseNames()).toEqual(before);
  });

  test('is shared by all that ask for the same, and built anew for anything else', async () => {
    const before = new Set(await databaseNames('^kat_template_'));
    const grown = async () =>
      (await databaseNames('^kat_template_')).filter((name) => !before.has(name)).length;
    const own = makeProject({ migrations });
    const options = { migrations: folderOf(own), seed: 'SELECT 3' };
    await create(options).prepare();
    await create({ ...options, migrations: pathToFileURL(folderOf(own)) }).prepare();
    expect(await grown()).toBe(1);
    await create({ ...options, seed: 'SELECT 4' }).prepare();
    expect(await grown()).toBe(2);
    own.addMigration('2_names', { up: 'SELECT 1;', parents: [1] });
    await create(options).prepare();
    expect(await grown()).toBe(3);
  });

  test('is built once when processes race for it', async () => {
    await katCommand();
    const role = `kat_racer_${process.pid}`;
    // A second build fails, because the role is there.
    const racing = makeProject({ migrations: { '1_role': `CREATE ROLE ${role}; SELECT pg_sleep(0.2);` } });
    racing.write(
      'race.mjs',
      `import { createTestDatabases } from '${pathToFileURL(resolve('dist/testing.js'))}';
       const { user, password, host, port } = ${JSON.stringify(server)};
       const on = \`postgres://\${user}:\${password}@\${host}:\${port}/postgres\`;
       const databases = createTestDatabases({ migrations: 'migrations', on });
       const database = await databases.database();
       console.log(await database.query('SELECT name FROM migrations'));
       await databases.close();`,
    );
    const race = () => promisify(execFile)(process.execPath, ['race.mjs'], { cwd: racing.folder });
    const outcomes = await Promise.all([race(), race(), race()]);
    expect(outcomes.map(({ stdout }) => stdout.trim())).toEqual(Array(3).fill("[ { name: '1_role' } ]"));
  });

  test('that cannot be built keeps no process alive, and is built after close', async () => {
    await katCommand();
    const failing = makeProject({ migrations: { '1_a': 'SELECT 1 / 0;' } });
    failing.write(
      'set-up.mjs',
      `import { createTestDatabases } from '${pathToFileURL(resolve('dist/testing.js'))}';
       const { user, password, host, port } = ${JSON.stringify(server)};
       const on = \`postgres://\${user}:\${password}@\${host}:\${port}/postgres\`;
       await createTestDatabases({ migrations: 'migrations', on }).prepare();`,
    );
    const setUp = promisify(execFile)(process.execPath, ['set-up.mjs'], { cwd: failing.folder });
    await expect(setUp).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('division by zero'),
    });
    failing.write(
      'set-up.mjs',
      failing
        .read('set-up.mjs')
        .replace('.prepare()', '.prepare().catch(({ message }) => console.log(message))'),
    );
    const caughtThere = await promisify(execFile)(process.execPath, ['set-up.mjs'], {
      cwd: failing.folder,
      timeout: 60_000,
    });
    expect(caughtThere.stdout).toContain('division by zero');
    const databases = create();
    await databases.close();
    expect(await databases.use((db) => db.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
    await databases.close();
    expect(await databases.use((db) => db.query('SELECT 2 AS two'))).toEqual([{ two: 2 }]);
  });

  test('that a killed process left half built is built anew', async () => {
    const options = { seed: 'SELECT 5' };
    const before = new Set(await databaseNames('^kat_template_'));
    await create(options).prepare();
    const [name = ''] = (await databaseNames('^kat_template_')).filter((found) => !before.has(found));
    await run(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await runOnce({ ...server, database: name }, 'DROP TABLE users');
    const database = await create(options).database();
    expect(await database.query('SELECT count(*)::int AS count FROM users')).toEqual([{ count: 0 }]);
  });

  test('that cannot be built says why, and is tried again', async () => {
    const failing = makeProject({ migrations: { '1_a': 'SELECT 1 / 0;' } });
    const databases = create({ migrations: folderOf(failing) });
    expect(await caught(databases.database())).toBeInstanceOf(MigrationError);
    failing.addMigration('1_a', 'CREATE TABLE a (id int);');
    expect(await caught(databases.database())).toMatchObject({
      code: 'SQL_ERROR',
      message: 'the seed of the test databases failed: relation "users" does not exist',
    });
  });
});

describe('a failed test', () => {
  test('keeps its database, and says how to reach it', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await run("CREATE ROLE kat_kept SUPERUSER LOGIN PASSWORD 'p@ss'");
    const [user, { host, port }] = ['kat_kept', server];
    const databases = create({ on: `postgres://${user}:p@ss@${host}:${port}/postgres?sslpassword=s3cret` });
    let name = '';
    const failure = databases.use(async (database) => {
      name = database.name;
      await database.query("INSERT INTO users VALUES (2, 'Grace')");
      throw new Error('as it should');
    }, 'counts users');
    expect(await caught(failure)).toMatchObject({ message: 'as it should' });
    expect(printed.mock.calls).toEqual([
      [
        `The database of counts users is kept as ${name}, for a day: psql 'postgres://${user}@${host}:${port}/${name}'`,
      ],
    ]);
    await databases.close();
    await create().prepare();
    expect(await runOnce({ ...server, database: name }, 'SELECT count(*)::int AS count FROM users')).toEqual([
      { count: 2 },
    ]);
    const comment = "SELECT shobj_description(oid, 'pg_database') AS text FROM pg_database";
    const [described] = await run(`${comment} WHERE datname = '${name}'`);
    expect(described?.text).toMatch(/^Kat: kept \d+ counts users$/);
    await run(`COMMENT ON DATABASE ${name} IS 'Kat: kept 1700000000 counts users'`);
    await create().prepare();
    expect(await databaseNames('^kat_test_')).toEqual([]);
  });

  test('its name cannot act on a terminal or on a CI service', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const databases = create();
    await caught(databases.use(() => Promise.reject(new Error('as it should')), 'a\u001b[31m\n::error::b'));
    const [[line = ''] = []] = printed.mock.calls;
    expect(line).toMatch(/^The database of a\\x1b\[31m ::error::b is kept as kat_test_/);
    const [described] = await run(
      `SELECT shobj_description(oid, 'pg_database') AS text, datname FROM pg_database WHERE datname ~ '^kat_test_'
       AND shobj_description(oid, 'pg_database') LIKE 'Kat: kept%'`,
    );
    expect(described?.text).toMatch(/^Kat: kept \d+ a\\x1b\[31m ::error::b$/);
    await run(`DROP DATABASE ${described?.datname}`);
  });

  test('a test that passes keeps nothing, and returns what it returns', async () => {
    expect(await create().use(() => 5)).toBe(5);
    expect(await databaseNames('^kat_test_')).toEqual([]);
  });
});

test('what a killed run left is dropped, and what a run uses is not', async () => {
  const used = await create().database();
  await run('CREATE DATABASE kat_test_00000000_1');
  await create().prepare();
  expect(await databaseNames('^kat_test_')).toEqual([used.name]);
});

describe('the mode rollback', () => {
  const mode = 'rollback';
  const locks = "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711";

  test('rolls each test back on one database', async () => {
    const databases = create({ mode });
    const names = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      await databases.use(async (database) => {
        names.add(database.name);
        expect(await database.query('SELECT id FROM users')).toEqual([{ id: 1 }]);
        await (await database.client()).query('DELETE FROM users');
        await database.query('SELECT no_such_column').catch(() => undefined);
        expect(() => database.kat).toThrow(expect.objectContaining({ code: 'USAGE' }));
      });
    }
    expect(names.size).toBe(1);
  });

  test('gives no lock and no prepared statement of a test to the next one', async () => {
    const databases = create({ mode });
    for (let round = 0; round < 2; round += 1) {
      await databases.use(async (database) => {
        const client = (await database.client()) as unknown as pg.Client;
        const own = { name: 'of the driver', text: 'SELECT 1 AS n' };
        expect((await client.query(own)).rows).toEqual([{ n: 1 }]);
        await client.query(
          'PREPARE "a test\'s" AS SELECT 2 AS n; SELECT pg_advisory_lock(4711), pg_advisory_lock(4711)',
        );
        expect(await run(locks)).toHaveLength(1);
      });
      expect(await run(locks)).toEqual([]);
    }
  });

  test('refuses a second test at the same time', async () => {
    const databases = create({ mode });
    await databases.database();
    expect(await caught(databases.database())).toMatchObject({ code: 'USAGE' });
  });

  test.each(['DELETE FROM users; COMMIT', 'DELETE FROM users; COMMIT; BEGIN; SELECT 1/0'])(
    'notices a test that commits, and gives the next one a new database: %s',
    async (sql) => {
      const databases = create({ mode });
      const first = await databases.database();
      await first.query(sql).catch(() => undefined);
      expect((await caught(first.drop())).message).toContain('the test ended the transaction');
      const second = await databases.database();
      expect(await second.query('SELECT id FROM users')).toEqual([{ id: 1 }]);
    },
  );

  test('closes its sessions also where a test that committed was not dropped', async () => {
    const databases = create({ mode });
    const { name, query } = await databases.database();
    await query('COMMIT');
    expect((await caught(databases.close())).message).toContain('the test ended the transaction');
    const sessions = `SELECT application_name FROM pg_stat_activity WHERE application_name = '${name.slice(0, 17)}'`;
    await eventually('no session', async () => (await run(sessions)).length === 0);
    expect(await databaseNames(`^${name}$`)).toEqual([]);
  });

  test('keeps what a failed test did', async () => {
    const databases = create({ mode });
    const failed = await databases.database();
    await failed.query('DELETE FROM users');
    expect(await failed.keep()).toContain(failed.name);
    expect(await runOnce({ ...server, database: failed.name }, 'SELECT id FROM users')).toEqual([]);
    expect(await (await databases.database()).query('SELECT id FROM users')).toEqual([{ id: 1 }]);
    await run(`DROP DATABASE ${failed.name}`);
  });
});

test('a role that may not create databases is told so', async () => {
  const role = `kat_poor_${process.pid}`;
  await run(`CREATE ROLE ${role} LOGIN PASSWORD '${role}'`);
  const database = await freshDatabase(server);
  const on = `postgres://${role}:${role}@${server.host}:${server.port}/${database.name}`;
  const databases = create({ on });
  expect(await caught(databases.prepare())).toMatchObject({
    code: 'USAGE',
    message: 'this role may not create databases for tests',
  });
  await databases.close();
  await database.drop();
});

test('a database name behind the question mark does not lead to another database', async () => {
  const { user, password, host, port } = server;
  const on = `postgres://${user}:${password}@${host}:${port}?dbname=postgres&sslmode=disable`;
  const database = await create({ on }).database();
  expect(database.url).toBe(
    `postgres://${user}:${password}@${host}:${port}/${database.name}?sslmode=disable`,
  );
  expect(await database.query('SELECT current_database() AS name')).toEqual([{ name: database.name }]);
});

describe('createTestDatabases refuses', () => {
  const broken = createTestDatabases as (options?: unknown) => TestDatabases;

  test.each([
    [undefined, 'the options of `createTestDatabases` must be an object, not undefined'],
    [{ on: 'pglite' }, '`migrations` of `createTestDatabases` is missing'],
    [{ migrations: 'm' }, '`on` of `createTestDatabases` is missing'],
    [{ migrations: 'm', on: 'mysql://h/d' }, "`on` of `createTestDatabases` must be 'pglite' or a URL"],
    [
      { migrations: 'm', on: 'pglite', mode: 'truncate' },
      "must be 'clone' or 'rollback', not another string",
    ],
    [{ migrations: 'm', on: 'pglite', seed: '' }, '`seed` of `createTestDatabases` must be SQL'],
    [{ migrations: 'm', on: 'pglite', roles: 'app' }, '`roles` of `createTestDatabases`'],
    [{ migrations: 'm', on: 'pglite', sed: 'x' }, '`createTestDatabases` has no option `sed`'],
  ])('%j', (options, words) => {
    expect(() => broken(options)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(words) }),
    );
  });

  test('a reference that is none', async () => {
    const { at } = create();
    expect(await caught(at(undefined as unknown as string))).toMatchObject({ code: 'USAGE' });
    expect(await caught(at('nobody'))).toMatchObject({ code: 'USAGE' });
  });
});
