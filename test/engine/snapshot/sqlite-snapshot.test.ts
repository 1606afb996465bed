/** The snapshot of SQLite databases: every change is found, and nothing else is. */

import { expect, test } from 'vitest';
import type { Session } from '../../../src/connections/driver.js';
import { openDriver } from '../../../src/connections/open-connection.js';
import { readSnapshot } from '../../../src/engine/snapshot/read-snapshot.js';
import { compareSnapshots } from '../../../src/sql/snapshot/compare.js';
import type { SchemaDifference } from '../../../src/sql/snapshot/difference.js';
import type { SchemaSnapshot } from '../../../src/sql/snapshot/snapshot.js';
import { sameSqliteSchemas, sqliteMutations } from './sqlite-mutations.js';

async function inMemory<T>(sql: string, work: (session: Session) => Promise<T>): Promise<T> {
  const driver = await openDriver({ driver: 'sqlite' });
  const session = await driver.open('kat test');
  try {
    await session.execute(sql);
    return await work(session);
  } finally {
    await session.close();
    await driver.close();
  }
}

function snapshotOf(sql: string): Promise<SchemaSnapshot> {
  return inMemory(sql, (session) => readSnapshot(session));
}

function summarize({ change, object, properties }: SchemaDifference): string {
  const names = properties.map(({ property }) => property).join(', ');
  return `${change} ${object}${names === '' ? '' : `: ${names}`}`;
}

async function differencesOf(before: string, after: string): Promise<string[]> {
  const differences = compareSnapshots(await snapshotOf(before), await snapshotOf(after));
  return differences.filter(({ within }) => within === undefined).map(summarize);
}

test('each change of an object is found, and nothing else', async () => {
  const wrong: Record<string, unknown> = {};
  for (const { before, after, found } of sqliteMutations) {
    const seen = await differencesOf(before, after).catch(String);
    if (JSON.stringify(seen) !== JSON.stringify(found)) wrong[`${before} => ${after}`] = seen;
  }
  expect(wrong).toEqual({});
  expect(sqliteMutations.length).toBeGreaterThan(55);
});

test('a schema is the same whatever its texts look like, and however it came to be', async () => {
  const wrong: Record<string, unknown> = {};
  for (const { before, after } of sameSqliteSchemas) {
    const seen = await differencesOf(before, after).catch(String);
    if (seen.length > 0) wrong[`${before} => ${after}`] = seen;
  }
  expect(wrong).toEqual({});
});

test('the order of columns is compared on demand', async () => {
  const [before, after] = [
    await snapshotOf('CREATE TABLE t (a, b, c)'),
    await snapshotOf('CREATE TABLE t (a, c); ALTER TABLE t ADD COLUMN b'),
  ];
  const differences = compareSnapshots(before, after, { strictColumnOrder: true });
  expect(differences.map(({ sentence }) => sentence)).toEqual([
    'table t was changed: column order was a, b, c, is now a, c, b',
  ]);
});

test('tables of Kat, of SQLite and of virtual tables are left out, and so are temporary objects', async () => {
  const sql = `CREATE TABLE migrations (id INTEGER PRIMARY KEY AUTOINCREMENT); CREATE INDEX m ON migrations (id);
    CREATE VIRTUAL TABLE texts USING fts5 (body); CREATE TEMP TABLE gone (a); CREATE TEMP VIEW v AS SELECT 1; ANALYZE`;
  const { objects } = await inMemory(sql, (session) =>
    readSnapshot(session, { without: [{ schema: 'main', table: 'Migrations' }] }),
  );
  expect(objects.map(({ name }) => name)).toEqual(['texts']);
});

test('rows are compared by their values, whatever their order', async () => {
  const rowsOf = (sql: string) =>
    inMemory(`CREATE TABLE t (a, b); CREATE TABLE "a b" ("group"); ${sql}`, (session) =>
      readSnapshot(session, { rows: 'all' }),
    );
  const first = await rowsOf(`INSERT INTO t VALUES (1, 'x'), (2, NULL)`);
  expect(compareSnapshots(first, await rowsOf(`INSERT INTO t VALUES (2, NULL), (1, 'x')`))).toEqual([]);
  for (const other of [
    `INSERT INTO t VALUES (1, 'x')`,
    `INSERT INTO t VALUES ('1', 'x'), (2, NULL)`,
    `INSERT INTO t VALUES (1, 'x'), (2, '')`,
  ])
    expect(compareSnapshots(first, await rowsOf(other)).map(({ object }) => object)).toEqual(['rows of t']);
});

test('rows of more tables than one query takes are read', async () => {
  const numbers = Array.from({ length: 900 }, (_, index) => index);
  const sql = numbers.map((number) => `CREATE TABLE t${number} (a); `).join('');
  const { objects } = await inMemory(
    `${sql} INSERT INTO t7 VALUES (1); INSERT INTO t899 VALUES (1), (2)`,
    (session) => readSnapshot(session, { rows: 'all' }),
  );
  const counts = objects
    .filter(({ kind }) => kind === 'rows')
    .map(({ name, definition }) => [name, definition.count]);
  expect(counts.length).toBe(900);
  expect(counts.filter(([, count]) => count !== '0')).toEqual([
    ['t7', '1'],
    ['t899', '2'],
  ]);
});

test('a trigger belongs to its table, however CREATE TRIGGER writes the name', async () => {
  const { objects } = await snapshotOf(
    `CREATE TABLE Users (a); CREATE TRIGGER g AFTER INSERT ON "USERS" BEGIN SELECT 1; END`,
  );
  expect(objects.find(({ kind }) => kind === 'trigger')?.of).toBe('Users');
});
