/** The SQL between two schemas of SQLite, run as a migration: it makes the second schema of the first, and its way back the first again. */

import { expect, test } from 'vitest';
import { compareSchemas } from '../../../src/engine/drift/compare-schemas.js';
import { readSnapshot } from '../../../src/engine/snapshot/read-snapshot.js';
import { createKat } from '../../../src/index.js';
import type { SchemaSnapshot } from '../../../src/sql/snapshot/snapshot.js';
import { makeSqliteProject, type SqliteProject, withSqlite } from '../../support/sqlite.js';
import { sqliteMutations } from '../snapshot/sqlite-mutations.js';

const ownTables = ['migrations', 'migrations_log'].map((table) => ({ schema: 'main', table }));

async function snapshotOf(path: string, sql?: string): Promise<SchemaSnapshot> {
  return withSqlite(path, async (session) => {
    if (sql !== undefined) await session.execute(sql);
    return readSnapshot(session, { without: ownTables });
  });
}

function sentences(before: SchemaSnapshot, after: SchemaSnapshot): string[] {
  return compareSchemas(before, after, {}).differences.map(({ sentence }) => sentence);
}

/** Applies the SQL to `before`, and rolls it back. */
async function tryChange(project: SqliteProject, before: string, after: string) {
  const [first, second] = [
    await snapshotOf(`${project.folder}/first.db`, before),
    await snapshotOf(`${project.folder}/second.db`, after),
  ];
  const { takeOver, putBack } = compareSchemas(first, second, {});
  const script = (statements: readonly string[]) => statements.map((one) => `${one};\n`).join('');
  project.addMigration('1_before', { up: before || 'SELECT 1;' });
  project.addMigration('2_change', { up: script(takeOver), down: script(putBack), parents: [1] });
  const kat = createKat({
    migrations: `${project.folder}/migrations`,
    database: { driver: 'sqlite', path: project.database },
  });
  await kat.up();
  const forth = sentences(second, await snapshotOf(project.database));
  await kat.down({ confirm: () => true });
  const back = sentences(first, await snapshotOf(project.database));
  await kat.close();
  return { forth, back, takeOver, putBack };
}

/** A module decides what its tables have, and nothing copies them. */
const isVirtual = (sql: string) => sql.includes('VIRTUAL');

test('each change is made and taken back', async () => {
  const wrong: Record<string, unknown> = {};
  const wanted = sqliteMutations.filter(({ before }) => !isVirtual(before));
  for (const { before, after } of wanted) {
    const tried = await tryChange(makeSqliteProject(), before, after).catch(String);
    if (typeof tried === 'string' || tried.forth.length + tried.back.length > 0)
      wrong[`${before} => ${after}`] = tried;
  }
  expect(wrong).toEqual({});
  expect(wanted.length).toBeGreaterThan(55);
});

test('a rebuild keeps the rows of the table and of its children, its triggers, indexes and views', async () => {
  const rest = `CREATE TABLE posts (id INTEGER PRIMARY KEY, author INT REFERENCES users (id) ON DELETE CASCADE);
CREATE INDEX users_name ON users (name); CREATE VIEW names AS SELECT name FROM users;
CREATE TRIGGER tidy AFTER DELETE ON users BEGIN DELETE FROM posts WHERE author = old.id; END;`;
  const before = `CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, "last one" TEXT); ${rest}
INSERT INTO users (name, "last one") VALUES ('a', 'x'), ('b', 'y'); INSERT INTO posts VALUES (1, 1), (2, 2);`;
  const after = `CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL DEFAULT '' CHECK (title <> 'z'), "last one" TEXT COLLATE NOCASE);
CREATE TABLE users_new (a); ${rest.replace('users (name)', 'users (title)').replace('SELECT name', 'SELECT title AS name')}`;
  const project = makeSqliteProject();
  const { forth, back, takeOver } = await tryChange(project, before, after);
  expect([forth, back]).toEqual([[], []]);
  expect(takeOver).toContain('ALTER TABLE users_new2 RENAME TO users');
  expect(await project.query('SELECT "last one" FROM users ORDER BY id')).toEqual([['x'], ['y']]);
  expect(await project.query('SELECT * FROM posts')).toEqual([
    ['1', '1'],
    ['2', '2'],
  ]);
});

test('a column that is renamed in a rebuild keeps its values', async () => {
  const before = `CREATE TABLE t (a INT, b TEXT, CHECK (a > 0)); INSERT INTO t VALUES (1, 'x');`;
  const project = makeSqliteProject();
  const after = 'CREATE TABLE t (a INT, c TEXT, CHECK (a > -1))';
  const { forth, back, takeOver } = await tryChange(project, before, after);
  expect([forth, back]).toEqual([[], []]);
  expect(takeOver).toContain('INSERT INTO t_new (a, c) SELECT a, b FROM t');
  expect(await project.query('SELECT a, b FROM t')).toEqual([['1', 'x']]);
});

test('a renamed column needs no rebuild, whatever names it', async () => {
  const before = `CREATE TABLE t (a INT PRIMARY KEY, b TEXT CHECK (b <> 'b'));`;
  const after = `CREATE TABLE t (c INT PRIMARY KEY, b TEXT CHECK (b <> 'b'));`;
  const { takeOver, forth } = await tryChange(makeSqliteProject(), before, after);
  expect(takeOver).toEqual(['ALTER TABLE t RENAME COLUMN a TO c']);
  expect(forth).toEqual([]);
});
