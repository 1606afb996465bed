/** `kat drift` and `kat diff` on SQLite: what was changed by hand is found, put back and taken over. */

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tryFileLock } from '../../src/connections/sqlite/runner-lock.js';
import { commitAll } from '../support/git.js';
import { makeSqliteProject, type SqliteProject, withSqlite } from '../support/sqlite.js';

const shop = `CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE);
CREATE TABLE orders (id INTEGER PRIMARY KEY, user INT REFERENCES users (id) ON DELETE CASCADE, total REAL CHECK (total >= 0));
CREATE INDEX orders_user ON orders (user) WHERE total > 0;
CREATE VIEW spent AS SELECT user, sum(total) AS total FROM orders GROUP BY user;
CREATE TRIGGER tidy AFTER DELETE ON users BEGIN DELETE FROM orders WHERE user = old.id; END;`;

async function migrated(): Promise<SqliteProject> {
  const project = makeSqliteProject({
    migrations: { '1_shop': shop, '2_notes': { up: 'CREATE TABLE notes (text TEXT);', parents: [1] } },
  });
  expect((await project.kat('up')).code).toBe(0);
  return project;
}

interface Difference {
  sentence: string;
  putBack: { statements: string[]; losesData: boolean };
  takeOver: { statements: string[]; losesData: boolean };
}

async function driftOf(project: SqliteProject): Promise<Difference[]> {
  const { code, stdout, stderr } = await project.kat('drift --json');
  expect([0, 3], stderr).toContain(code);
  const { differences } = JSON.parse(stdout) as { differences: Difference[] };
  expect(code).toBe(differences.length === 0 ? 0 : 3);
  return differences;
}

test('a database has no drift behind its migrations, and reading it changes nothing', async () => {
  const project = await migrated();
  const before = project.snapshot();
  const run = await project.kat('drift', { isProcess: true, env: { TMPDIR: project.home } });
  expect(run).toMatchObject({
    code: 0,
    stdout: 'the database has the schema of its 2 applied migrations\n',
    stderr: '',
  });
  expect(project.snapshot()).toEqual(before);
  expect(readdirSync(project.home)).toEqual([]);
});

test('a database without applied migrations and objects is empty', async () => {
  const project = makeSqliteProject({
    migrations: {
      '1_notes': { up: 'CREATE TABLE notes (id INTEGER PRIMARY KEY);', down: 'DROP TABLE notes;' },
    },
  });
  await project.kat('up');
  await project.kat('down');
  expect((await project.kat('drift')).stdout).toBe('no migration is applied, and the database is empty\n');
});

/** Changes by hand, with what is said of them. */
const changes: readonly [sql: string, ...sentences: string[]][] = [
  ['CREATE TABLE extra (a INT)', 'table extra was added'],
  ['ALTER TABLE notes ADD COLUMN at TEXT DEFAULT 0', 'column notes.at was added'],
  [
    'ALTER TABLE notes ADD COLUMN n INT CHECK (n > 0)',
    'column notes.n was added',
    'constraint CHECK (n > 0) on notes was added',
  ],
  [
    'ALTER TABLE notes ADD COLUMN user INT REFERENCES users (id)',
    'column notes.user was added',
    'constraint FOREIGN KEY (user) on notes was added',
  ],
  ['CREATE UNIQUE INDEX n ON notes (text COLLATE NOCASE)', 'index n was added'],
  ['DROP INDEX orders_user', 'index orders_user was removed'],
  [
    'DROP INDEX orders_user; CREATE INDEX orders_user ON orders (user, total)',
    'index orders_user was changed: columns was (user), is now (user, total); where was total > 0',
  ],
  ['DROP VIEW spent', 'view spent was removed'],
  [
    'DROP VIEW spent; CREATE VIEW spent AS SELECT 1 AS a',
    'view spent was changed: definition was AS SELECT user, sum(total) AS total FROM orders GROUP BY user, is now AS SELECT 1 AS a',
  ],
  ['DROP TRIGGER tidy', 'trigger tidy on users was removed'],
  ['CREATE TRIGGER more BEFORE UPDATE ON notes BEGIN SELECT 1; END', 'trigger more on notes was added'],
  ['DROP TABLE notes', 'table notes was removed'],
  ['CREATE VIRTUAL TABLE texts USING fts5 (body)', 'table texts was added'],
];

describe.each(changes)('%s', (sql, ...sentences) => {
  test('is found, put back, and taken over elsewhere', async () => {
    const [project, other] = [await migrated(), await migrated()];
    await project.query(sql);
    const found = await driftOf(project);
    expect(found.map(({ sentence }) => sentence)).toEqual(sentences);
    for (const { takeOver } of found) for (const one of takeOver.statements) await other.query(one);
    const same = JSON.parse((await project.kat(['diff', '--json', project.database, other.database])).stdout);
    expect(same).toMatchObject({ isValid: true, differences: [] });
    const back = found.flatMap(({ putBack }) => putBack.statements);
    if (back.length === 0) return;
    for (const one of back) await project.query(one);
    expect(await driftOf(project)).toEqual([]);
  });
});

test('SQL that deletes rows is a comment; what needs a rebuild has no SQL', async () => {
  const project = await migrated();
  await project.query('ALTER TABLE notes ADD COLUMN at TEXT; CREATE TABLE extra (a)');
  const text = (await project.kat('drift')).stdout;
  expect(text).toContain('to undo it (can lose rows or values):\n    -- ALTER TABLE notes DROP COLUMN at;');
  expect(text).toContain('-- DROP TABLE extra;');
  await project.query(
    'DROP TABLE extra; CREATE TABLE extra (a); DROP TABLE notes; CREATE TABLE notes (text TEXT NOT NULL)',
  );
  const [changed] = (await driftOf(project)).filter(({ sentence }) => sentence.includes('notes.text'));
  expect(changed?.sentence).toBe('column notes.text was changed: is now NOT NULL');
  expect(changed).toMatchObject({ putBack: { statements: [] }, takeOver: { statements: [] } });
});

test('a renamed table and a renamed column keep their rows', async () => {
  const project = await migrated();
  await project.query(
    'ALTER TABLE notes RENAME TO remarks; ALTER TABLE orders RENAME COLUMN total TO amount',
  );
  const found = await driftOf(project);
  expect(found.flatMap(({ putBack }) => putBack.statements)).toContain('ALTER TABLE remarks RENAME TO notes');
  expect(found.some(({ putBack, takeOver }) => putBack.losesData || takeOver.losesData)).toBe(false);
  const { code, stdout } = await project.kat('drift --adopt renames');
  expect([code, stdout]).toEqual([0, expect.stringContaining('wrote ')]);
});

test('--adopt writes a migration that brings another database to the same schema', async () => {
  const project = await migrated();
  await project.query(
    'CREATE INDEX notes_text ON notes (text); DROP TRIGGER tidy; ALTER TABLE users ADD COLUMN age INT',
  );
  const run = await project.kat('drift --adopt by_hand');
  expect(run.stdout).toContain('the database has the schema of its 3 applied migrations');
  const copy = makeSqliteProject();
  for (const id of project.ids())
    for (const file of readdirSync(join(project.folder, 'migrations', id)))
      copy.write(`migrations/${id}/${file}`, project.read(`migrations/${id}/${file}`));
  expect((await copy.kat('up')).code).toBe(0);
  expect((await copy.kat(['diff', copy.database, project.database])).stdout).toBe('the schemas are equal\n');
  expect((await copy.kat('down --yes')).code).toBe(0);
  expect((await copy.kat('drift')).code).toBe(0);
});

test('--adopt writes the rebuild of a table, which loses no row where it is applied', async () => {
  const [project, other] = [await migrated(), await migrated()];
  await project.query(`CREATE TABLE u (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE CHECK (email <> ''));
    INSERT INTO u SELECT * FROM users; PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON; DROP TABLE users; ALTER TABLE u RENAME TO users;
    CREATE TRIGGER tidy AFTER DELETE ON users BEGIN DELETE FROM orders WHERE user = old.id; END;`);
  expect((await project.kat('drift')).stdout).toBe(
    [
      "constraint CHECK (email <> '') on users was added",
      '1 difference from the schema of 2 applied migrations',
      'To keep all differences in a migration, run `kat drift --adopt NAME`.',
      '',
    ].join('\n'),
  );
  expect((await project.kat('drift --adopt no_empty')).code).toBe(0);
  const [id = ''] = project.ids().filter((one) => one.endsWith('no_empty'));
  for (const file of readdirSync(join(project.folder, 'migrations', id)))
    other.write(`migrations/${id}/${file}`, project.read(`migrations/${id}/${file}`));
  await other.query("INSERT INTO users (email) VALUES ('a'); INSERT INTO orders (user, total) VALUES (1, 2)");
  expect((await other.kat('up')).code).toBe(0);
  expect((await other.kat(['diff', project.database, other.database])).code).toBe(0);
  expect(await other.query('SELECT user, total FROM orders')).toEqual([['1', '2.0']]);
  expect((await other.kat('down --yes')).code).toBe(0);
  expect((await other.kat('drift')).code).toBe(0);
  expect(await other.query('SELECT email, total FROM users JOIN orders ON user = users.id')).toEqual([
    ['a', '2.0'],
  ]);
});

test('up --strict-drift applies nothing to a database that was changed by hand', async () => {
  const project = await migrated();
  project.addMigration('3_more', { up: 'CREATE TABLE more (a);', parents: [2] });
  await project.query('CREATE TABLE extra (a)');
  const run = await project.kat('up --strict-drift');
  expect([run.code, run.stderr]).toEqual([3, expect.stringContaining('table extra was added')]);
  await project.query('DROP TABLE extra');
  expect((await project.kat('up --strict-drift')).code).toBe(0);
  expect(await project.applied()).toEqual(['1_shop', '2_notes', '3_more']);
});

test('a run that is under way is waited for', async () => {
  const project = await migrated();
  const lock = await tryFileLock(project.database);
  expect(lock).toBeDefined();
  const locked = await project.kat('drift', { env: { KAT_LOCK_WAIT: '0' } });
  expect([locked.code, locked.stderr]).toEqual([
    4,
    expect.stringContaining('another runner still holds the lock'),
  ]);
  const waiting = project.kat('drift');
  setTimeout(() => lock?.release(), 300);
  expect((await waiting).code).toBe(0);
});

test('an edited and a deleted migration come from git', async () => {
  const project = await migrated();
  commitAll(project.folder);
  project.write('migrations/1_shop/up.sql', 'CREATE TABLE other (a);');
  rmSync(join(project.folder, 'migrations/2_notes'), { recursive: true });
  expect((await project.kat('drift')).code).toBe(0);
  expect((await project.kat('diff git:HEAD app.db')).stdout).toBe('the schemas are equal\n');
});

test('--ignore leaves objects out, and tables of Kat and of SQLite are none', async () => {
  const project = await migrated();
  await project.query('CREATE TABLE tmp_a (a); CREATE TABLE tmp_b (a); ANALYZE');
  expect((await project.kat(['drift', '--ignore', 'tmp_*'])).stdout).toContain('(2 ignored)');
  expect((await project.kat(['drift', '--ignore', 'tmp_*'])).code).toBe(0);
});

test('diff compares migrations, SQL files, databases and folders', async () => {
  const project = await migrated();
  const between = await project.kat('diff 1_shop heads');
  expect(between.code).toBe(3);
  expect(between.stdout).toContain('table notes was added');
  expect(between.stdout).toContain('CREATE TABLE notes (\n      text TEXT\n    );');
  project.write('schema.sql', `${shop} CREATE TABLE notes (text TEXT);`);
  expect((await project.kat('diff schema.sql heads')).code).toBe(0);
  expect((await project.kat('diff migrations app.db')).code).toBe(0);
  const other = await project.kat('diff postgres://localhost/app heads');
  expect([other.code, other.stderr]).toEqual([
    2,
    expect.stringContaining('a schema of PostgreSQL cannot be compared with one of SQLite'),
  ]);
});

test('a migration that attaches another file is not executed', async () => {
  const project = makeSqliteProject({
    migrations: {
      '1_attach': {
        up: "ATTACH DATABASE 'other.db' AS o; CREATE TABLE IF NOT EXISTS o.t (a);",
        noTransaction: true,
      },
    },
  });
  // The file's name is relative to the folder of a process.
  expect((await project.kat('up', { isProcess: true })).code).toBe(0);
  rmSync(join(project.folder, 'other.db'));
  const run = await project.kat('drift', { isProcess: true });
  expect([run.code, run.stderr]).toEqual([2, expect.stringContaining("1_attach attaches 'other.db'")]);
  expect(existsSync(join(project.folder, 'other.db'))).toBe(false);
});

test('an applied migration that fails on an empty database is named', async () => {
  const project = await migrated();
  await withSqlite(project.database, (session) => session.execute('CREATE TABLE foreign_one (a)'));
  project.addMigration('3_needs', { up: 'ALTER TABLE foreign_one ADD COLUMN b;', parents: [2] });
  expect((await project.kat('up')).code).toBe(0);
  const run = await project.kat('drift');
  expect([run.code, run.stderr]).toEqual([
    5,
    expect.stringContaining('3_needs fails on the throwaway database'),
  ]);
});

test.each(['drift --on pglite', 'diff heads heads --on 16'])(
  '%s is refused in one sentence',
  async (command) => {
    const project = await migrated();
    const { code, stderr } = await project.kat(command);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('`--on` does not work on SQLite: a throwaway database of SQLite is'),
    ]);
  },
);
