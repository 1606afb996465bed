/** Test databases in memory. */

import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createTestDatabases } from '../../src/testing/create-test-databases.js';
import type { TestDatabasesOptions } from '../../src/testing/options.js';
import type { TestDatabases } from '../../src/testing/test-database.js';
import { atEndOfFile } from '../support/end-of-file.js';
import { makeProject } from '../support/kat-project.js';

const project = () =>
  makeProject({
    migrations: {
      '1_users': 'CREATE EXTENSION citext; CREATE TABLE users (id int PRIMARY KEY, name citext);',
      '2_grant': { up: 'GRANT SELECT ON users TO reader; UPDATE users SET id = id + 1;', parents: [1] },
    },
  });

const opened: TestDatabases[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const databases of opened.splice(0)) await databases.close();
});

function create(options: Partial<TestDatabasesOptions> = {}): TestDatabases {
  const databases = createTestDatabases({
    migrations: join(project().folder, 'migrations'),
    ...{ on: 'pglite', seed: "INSERT INTO users VALUES (1, 'Ada')", roles: ['reader'] },
    ...options,
  });
  opened.push(databases);
  return databases;
}

test('a clone has migrations, extensions, roles and the seed, and changes nothing of another one', async () => {
  const databases = create();
  const one = await databases.database();
  await one.query('DELETE FROM users');
  const other = await databases.database();
  expect(await other.query("SELECT id FROM users WHERE name = 'ADA' AND id = $1", [1])).toEqual([{ id: 1 }]);
  expect((await other.kat.status()).counts).toMatchObject({ applied: 2, pending: 0 });
  expect(() => one.url).toThrow(expect.objectContaining({ code: 'USAGE' }));
  await expect(one.client()).rejects.toMatchObject({ code: 'USAGE' });
  await one.drop();
  expect(one.pglite.closed).toBe(true);
  const before = await databases.at('grant');
  await before.query("INSERT INTO users VALUES (7, 'Grace')");
  await before.kat.up({ to: ['grant'] });
  expect(await before.query('SELECT id FROM users')).toEqual([{ id: 8 }]);
});

test('the template is kept for the next run, and made again when it is damaged', async () => {
  const folder = join(process.env.XDG_CACHE_HOME ?? '', 'kat-migrate');
  const archives = () => readdirSync(folder).filter((name) => name.startsWith('testing-'));
  const before = new Set(archives());
  const options = { seed: `INSERT INTO users VALUES (1, '${process.pid}')` };
  await create(options).prepare();
  const path = join(folder, archives().find((name) => !before.has(name)) ?? '');
  atEndOfFile(() => rmSync(path, { force: true }));
  const { mtimeMs } = statSync(path);
  await create(options).prepare();
  expect(statSync(path).mtimeMs).toBe(mtimeMs);
  writeFileSync(path, 'nonsense');
  const database = await create(options).database();
  expect(await database.query('SELECT name FROM users')).toEqual([{ name: String(process.pid) }]);
});

test("a failed test's own error is seen also where its database cannot be kept", async () => {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const failure = create().use(async ({ pglite }) => {
    await (pglite as PGlite).close();
    throw new Error('as it should');
  }, 'closes');
  await expect(failure).rejects.toThrow('as it should');
  expect(printed.mock.calls).toEqual([['The database of closes cannot be kept: PGlite is closed']]);
});

describe('the mode rollback', () => {
  test('rolls each test back in one database, and keeps the folder of one that failed', async () => {
    const databases = create({ mode: 'rollback' });
    const first = await databases.database();
    await first.query('DELETE FROM users; PREPARE own AS SELECT 1; SELECT pg_advisory_lock(1)');
    await first.drop();
    const second = await databases.database();
    expect(second.pglite).toBe(first.pglite);
    expect(await second.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'")).toEqual([]);
    await second.query('PREPARE own AS SELECT 2');
    await second.query("UPDATE users SET name = 'Grace'");
    const place = await second.keep();
    const [folder = ''] = place.split(', ');
    atEndOfFile(() => rmSync(join(folder, '..'), { recursive: true, force: true }));
    expect(place).toBe(`${folder}, for a day: PGlite.create('${folder}')`);
    const { citext } = await import('@electric-sql/pglite/contrib/citext');
    const kept = await PGlite.create(folder, { extensions: { citext } });
    expect((await kept.query('SELECT name::text AS name FROM users')).rows).toEqual([{ name: 'Grace' }]);
    await kept.close();
    await create().prepare();
    expect(existsSync(folder)).toBe(true);
    utimesSync(join(folder, '..'), 1_700_000_000, 1_700_000_000);
    await create().prepare();
    expect(existsSync(folder)).toBe(false);
  });
});
