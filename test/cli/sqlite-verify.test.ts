/** `kat verify` on SQLite: up, down and up again, with rows, and in several orders. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { MigrationSource } from '../support/kat-project.js';
import { makeSqliteProject, type SqliteProject } from '../support/sqlite.js';

const base: MigrationSource = {
  up: `CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, state TEXT NOT NULL CHECK (state IN ('new', 'old')));
CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER REFERENCES users (id) ON DELETE CASCADE);
CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);
CREATE INDEX posts_author ON posts (author);
CREATE VIEW names AS SELECT name FROM users;
CREATE TRIGGER tidy AFTER DELETE ON users BEGIN DELETE FROM posts WHERE author = old.id; END;`,
  down: 'DROP TABLE posts; DROP TABLE notes; DROP VIEW names; DROP TABLE users;',
};

interface Document {
  findings: { code: string; message: string; severity: string; location?: { file: string; line?: number } }[];
  migrations: string[];
  untried: { id: string; reason: string }[];
  predictions: unknown[];
  isValid: boolean;
}

/** @param isProcess where SQL names a file, which is relative to the folder of a process. */
async function verify(project: SqliteProject, args = '', isProcess?: boolean): Promise<Document> {
  const { code, stdout, stderr } = await project.kat(`verify --json ${args}`.trim(), { isProcess });
  expect([0, 3], stderr).toContain(code);
  return JSON.parse(stdout) as Document;
}

/** Findings as `code file:line message`. */
async function findingsOf(migration: MigrationSource, args?: string): Promise<string[]> {
  const project = makeSqliteProject({
    migrations: { '1_base': base, '2_change': { parents: [1], ...migration } },
  });
  const { findings } = await verify(project, args);
  return findings.map(({ code, message, location }) => {
    const name = location?.file.split('/').at(-1)?.replace('.sql', '');
    return `${code} ${name}${location?.line === undefined ? '' : `:${location.line}`} ${message}`;
  });
}

test('a way back that restores the schema has no finding, and the database of the project stays as it is', async () => {
  const up = `ALTER TABLE users ADD COLUMN age INT;\nCREATE INDEX users_age ON users (age);`;
  const project = makeSqliteProject({
    migrations: {
      '1_base': base,
      '2_age': { up, down: 'DROP INDEX users_age; ALTER TABLE users DROP COLUMN age;', parents: [1] },
    },
  });
  const run = await project.kat('verify');
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout).toMatch(/^2 migrations verified on SQLite 3\.\d+\.\d+: no differences found\n$/);
  expect(existsSync(project.database)).toBe(false);
  expect(await verify(project)).toMatchObject({
    isValid: true,
    migrations: ['1_base', '2_age'],
    untried: [],
    predictions: [],
  });
});

describe('what a down.sql does not take back is named with its line', () => {
  const cases: readonly [name: string, migration: MigrationSource, ...findings: string[]][] = [
    ['a table', { up: 'CREATE TABLE t (a);', down: 'SELECT 1;' }, 'down-leaves up:1 down.sql leaves table t'],
    [
      'a column',
      { up: 'SELECT 1;\nALTER TABLE posts ADD COLUMN body TEXT;', down: 'SELECT 1;' },
      'down-leaves up:2 down.sql leaves column posts.body',
    ],
    [
      'an index',
      { up: '\nCREATE INDEX i ON posts (id, author);', down: 'SELECT 1;' },
      'down-leaves up:2 down.sql leaves index i',
    ],
    [
      'a trigger',
      { up: 'CREATE TRIGGER g AFTER INSERT ON posts BEGIN SELECT 1; END;', down: 'SELECT 1;' },
      'down-leaves up:1 down.sql leaves trigger g on posts',
    ],
    [
      'a view',
      { up: 'DROP VIEW names;\nCREATE VIEW names AS SELECT 1 AS name;', down: 'SELECT 1;' },
      'down-changes up:2 after down.sql, view names was changed: definition was AS SELECT name FROM users, is now AS SELECT 1 AS name',
    ],
    [
      'an index that up.sql drops',
      { up: 'DROP INDEX posts_author;', down: 'SELECT 1;' },
      'down-takes up:1 down.sql does not create index posts_author, which up.sql drops',
    ],
    [
      'an index that down.sql drops',
      { up: 'CREATE TABLE t (a);', down: 'DROP TABLE t;\nDROP INDEX posts_author;' },
      'down-takes down:2 down.sql drops index posts_author, which existed before up.sql',
    ],
    [
      'a column that is changed by a rebuild',
      {
        up: `CREATE TABLE users_new (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL DEFAULT '', state TEXT NOT NULL CHECK (state IN ('new', 'old')));
INSERT INTO users_new SELECT id, coalesce(name, ''), state FROM users;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;`,
        down: 'SELECT 1;',
      },
      "down-changes up:4 after down.sql, column users.name was changed: default is now ''; is now NOT NULL",
    ],
  ];
  test.each(cases)('%s', async (_, migration, ...findings) => {
    const found = await findingsOf(migration);
    // What is still there stands in the way of up.sql.
    expect(found.filter((one) => !one.includes('up.sql fails after down.sql'))).toEqual(findings);
  });
});

test('each statement that is missing in a down.sql is found, whichever it is', async () => {
  const made: readonly [up: string, down: string, object: string][] = [
    ['CREATE TABLE #t (a INT, b TEXT)', 'DROP TABLE #t', 'table #t'],
    ['ALTER TABLE notes ADD COLUMN #c INT', 'ALTER TABLE notes DROP COLUMN #c', 'column notes.#c'],
    ['CREATE INDEX #i ON notes (body, id)', 'DROP INDEX #i', 'index #i'],
    ['CREATE VIEW #v AS SELECT id FROM notes', 'DROP VIEW #v', 'view #v'],
    ['CREATE TRIGGER #g AFTER INSERT ON notes BEGIN SELECT 1; END', 'DROP TRIGGER #g', 'trigger #g on notes'],
    ['CREATE VIRTUAL TABLE #f USING fts5 (body)', 'DROP TABLE #f', 'table #f'],
  ];
  const migrations: Record<string, MigrationSource> = { '1_base': base };
  for (const left of made.keys()) {
    const own = (text: string) => text.replaceAll('#', `m${left}`);
    const downs = made.filter((_, index) => index !== left).map(([, down]) => own(down));
    migrations[`${left + 2}_change`] = {
      up: made.map(([up]) => `${own(up)};`).join('\n'),
      down: `${downs.reverse().join(';\n')};`,
      parents: [1],
    };
  }
  const { findings } = await verify(makeSqliteProject({ migrations }));
  const leaves = findings.filter(({ code }) => code === 'down-leaves');
  expect(leaves.map(({ message, location }) => [message, location?.line])).toEqual(
    made.map(([, , object], left) => [`down.sql leaves ${object.replaceAll('#', `m${left}`)}`, left + 1]),
  );
  expect(findings.filter(({ code }) => code !== 'down-leaves' && code !== 'up-fails')).toEqual([]);
});

test('files that fail, no way back, and accepted findings', async () => {
  expect(await findingsOf({ up: 'CREATE TABLE users (a);' })).toEqual([
    'up-fails up:1 up.sql fails: ERROR: table users already exists (SQLITE_ERROR)',
  ]);
  expect(await findingsOf({ up: 'CREATE TABLE t (a);', down: 'DROP TABLE missing;' })).toEqual([
    expect.stringContaining('down-fails down:1 down.sql fails: ERROR: no such table: missing'),
  ]);
  expect(await findingsOf({ up: 'CREATE TABLE t (a);', down: null })).toEqual([
    expect.stringMatching(/^down-missing up:1 \d+_\w+ has no down\.sql, so the rollback was not tested/),
  ]);
  expect(await findingsOf({ up: 'CREATE TABLE t (a);', down: '-- nothing' })).toEqual([
    expect.stringMatching(/^down-missing up:1 down\.sql of \d+_\w+ has no statements, so/),
  ]);
  expect(
    await findingsOf({
      up: 'CREATE TABLE IF NOT EXISTS t (a);',
      down: '-- kat:ignore down-leaves it stays\nSELECT 1;',
    }),
  ).toEqual([]);
});

describe('with rows', () => {
  const idle = 'SELECT 1;';
  const cases: readonly [name: string, migration: MigrationSource, ...findings: string[]][] = [
    [
      'a unique index over equal values',
      { up: 'CREATE UNIQUE INDEX u ON users (state);', down: 'DROP INDEX u;' },
      'up-fails-on-rows up:1 up.sql fails on tables with sample rows: ERROR: UNIQUE constraint failed: users.state (SQLITE_CONSTRAINT_UNIQUE)',
    ],
    [
      'rows that go',
      { up: 'SELECT 1;\nDELETE FROM users;', down: idle },
      'up-loses-rows up:2 up.sql removes rows of table posts',
      'up-loses-rows up:2 up.sql removes rows of table users',
    ],
    ['rows that go on purpose', { up: 'DELETE FROM users;', down: idle, metadata: ['data_loss: expected'] }],
    [
      'values that do not come back',
      {
        up: 'SELECT 1;\nALTER TABLE notes DROP COLUMN body;',
        down: 'ALTER TABLE notes ADD COLUMN body TEXT;',
      },
      'down-loses-rows up:2 the values of table notes are not the same after up.sql and down.sql',
    ],
    ['values that up.sql changes itself', { up: "UPDATE users SET name = 'x';", down: idle }],
    [
      'a rebuild that copies all rows',
      {
        up: `CREATE TABLE posts_new (id INTEGER PRIMARY KEY, author INTEGER REFERENCES users (id) ON DELETE CASCADE, body TEXT);
INSERT INTO posts_new (id, author) SELECT id, author FROM posts;
DROP TABLE posts;
ALTER TABLE posts_new RENAME TO posts;
CREATE INDEX posts_author ON posts (author);`,
        down: 'ALTER TABLE posts DROP COLUMN body;',
      },
    ],
    [
      'a rebuild that copies some',
      {
        up: `CREATE TABLE posts_new (id INTEGER PRIMARY KEY, author INTEGER REFERENCES users (id) ON DELETE CASCADE, body TEXT);
INSERT INTO posts_new (id, author) SELECT id, author FROM posts WHERE author IS NOT NULL;
DROP TABLE posts;
ALTER TABLE posts_new RENAME TO posts;
CREATE INDEX posts_author ON posts (author);`,
        down: 'ALTER TABLE posts DROP COLUMN body;',
      },
      'up-loses-rows up:4 up.sql removes rows of table posts',
    ],
  ];
  test.each(cases)('%s', async (_, migration, ...findings) => {
    expect(await findingsOf(migration)).toEqual(findings);
  });

  test('from fixtures.sql', async () => {
    const project = makeSqliteProject({
      migrations: {
        '1_base': base,
        '2_index': { up: 'CREATE UNIQUE INDEX u ON users (name);', down: 'DROP INDEX u;', parents: [1] },
      },
      files: {
        'migrations/2_index/fixtures.sql':
          "INSERT INTO users (name, state) VALUES ('a', 'new'), ('a', 'old');",
      },
    });
    expect((await verify(project)).findings).toMatchObject([{ code: 'up-fails-on-rows', severity: 'error' }]);
    project.write('migrations/2_index/fixtures.sql', 'INSERT INTO nobody VALUES (1);');
    expect((await verify(project)).findings).toMatchObject([{ code: 'fixtures-fail' }]);
    project.write(
      'migrations/2_index/fixtures.sql',
      "INSERT INTO users (name, state) VALUES ('a', 'new'), ('b', 'old');",
    );
    expect((await verify(project)).findings).toEqual([]);
  });

  test('of every type, key and default', async () => {
    const up = `CREATE TABLE p (a INT, b TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE TABLE everything (id INTEGER PRIMARY KEY DESC, i INT NOT NULL, c VARCHAR(10) NOT NULL UNIQUE, t TEXT DEFAULT 'x', r REAL NOT NULL, b BLOB NOT NULL,
  n NUMERIC NOT NULL, d DATETIME NOT NULL, f BOOLEAN NOT NULL CHECK (f IN (0, 1)), j JSON NOT NULL, u UUID NOT NULL, x NOT NULL, "group" TEXT NOT NULL,
  g TEXT AS (upper(t)), pa INT, pb TEXT, self INT REFERENCES everything, FOREIGN KEY (pa, pb) REFERENCES p);
CREATE UNIQUE INDEX e ON everything (r, lower("group") DESC);
CREATE TABLE exact (a INT NOT NULL, b ANY NOT NULL, c BLOB NOT NULL, d REAL NOT NULL, e TEXT NOT NULL) STRICT;
CREATE TABLE empty (id INTEGER PRIMARY KEY AUTOINCREMENT);`;
    const tables = ['everything', 'exact', 'empty', 'p'];
    const change = (verb: (table: string) => string) => tables.map(verb).join('\n');
    const project = makeSqliteProject({
      migrations: {
        '1_types': { up, down: 'DROP TABLE everything; DROP TABLE p; DROP TABLE exact; DROP TABLE empty;' },
        '2_delete': { up: change((table) => `DELETE FROM ${table};`), down: idle, parents: [1] },
        '3_after': {
          up: change((table) => `ALTER TABLE ${table} ADD COLUMN z INT;`),
          down: change((table) => `ALTER TABLE ${table} DROP COLUMN z;`),
          parents: [2],
        },
      },
    });
    const { findings } = await verify(project);
    expect(findings.map(({ message }) => message)).toEqual(
      ['empty', 'everything', 'exact', 'p'].map((table) => `up.sql removes rows of table ${table}`),
    );
  });
});

describe('what cannot be tried', () => {
  test('is a migration that attaches another file, and what follows it', async () => {
    const project = makeSqliteProject({
      migrations: {
        '1_attach': { up: "ATTACH 'other.db' AS o; CREATE TABLE o.t (a);", noTransaction: true },
        '2_next': { up: 'CREATE TABLE t (a);', down: 'DROP TABLE t;', parents: [1] },
        '3_alone': { up: 'CREATE TABLE s (a);', down: 'DROP TABLE s;' },
      },
    });
    const { untried, migrations } = await verify(project, '', true);
    expect(migrations).toEqual(['3_alone']);
    expect(untried).toEqual([
      { id: '1_attach', reason: "attaches 'other.db', which is another file than the throwaway database" },
      { id: '2_next', reason: 'its ancestor 1_attach could not be applied' },
    ]);
    expect((await verify(project, '2_next', true)).untried).toEqual([
      {
        id: '2_next',
        reason:
          "its ancestor 1_attach attaches 'other.db', which is another file than the throwaway database",
      },
    ]);
    expect(existsSync(join(project.folder, 'other.db'))).toBe(false);
  });

  test('is a module that this SQLite does not have', async () => {
    const project = makeSqliteProject({
      migrations: { '1_map': 'CREATE VIRTUAL TABLE map USING spatial_of_nobody (a);' },
    });
    expect((await verify(project)).untried).toEqual([
      { id: '1_map', reason: expect.stringContaining('no such module: spatial_of_nobody') },
    ]);
  });
});

test('migrations that need no transaction, VACUUM and settings are executed as by kat up', async () => {
  const project = makeSqliteProject({
    migrations: {
      '1_base': base,
      '2_wal': {
        up: 'PRAGMA journal_mode = WAL; VACUUM; CREATE TABLE t (a);',
        down: 'DROP TABLE t;',
        noTransaction: true,
        parents: [1],
      },
      '3_legacy': {
        up: 'PRAGMA legacy_alter_table = ON; ALTER TABLE t RENAME TO s;',
        down: 'ALTER TABLE s RENAME TO t;',
        parents: [2],
      },
    },
  });
  expect(await verify(project)).toMatchObject({ isValid: true, migrations: ['1_base', '2_wal', '3_legacy'] });
});

test('--pending asks the database, and changes nothing there', async () => {
  const project = makeSqliteProject({ migrations: { '1_base': base } });
  expect((await project.kat('up')).code).toBe(0);
  project.addMigration('2_new', { up: 'CREATE TABLE t (a);', down: 'DROP TABLE t;', parents: [1] });
  const before = project.snapshot();
  expect((await verify(project, '--pending')).migrations).toEqual(['2_new']);
  expect(project.snapshot()).toEqual(before);
});

test.each(['verify --on pglite', 'verify --evidence', 'verify --order --on 16'])(
  '%s is refused in one sentence',
  async (command) => {
    const { code, stderr } = await makeSqliteProject({ migrations: { '1_base': base } }).kat(command);
    expect([code, stderr]).toEqual([2, expect.stringContaining('does not work on SQLite: ')]);
  },
);

describe('--order', () => {
  const many = (changes: Record<string, MigrationSource>): Record<string, MigrationSource> => {
    const migrations: Record<string, MigrationSource> = { '1_base': base };
    for (let number = 2; number <= 30; number += 1)
      migrations[`${number}_m`] = {
        up: `CREATE TABLE t${number} (a);`,
        parents: number % 3 === 0 ? [number - 1] : [1],
      };
    for (const id of Object.keys(changes)) delete migrations[`${Number.parseInt(id, 10)}_m`];
    return { ...migrations, ...changes };
  };

  test('finds the one pair whose order matters among thirty migrations', async () => {
    const view = (value: number) => `DROP VIEW IF EXISTS v;\nCREATE VIEW v AS SELECT ${value} AS a;`;
    const project = makeSqliteProject({
      migrations: many({
        '7_early': { up: `SELECT 1;\n${view(7)}`, parents: [1] },
        '20_late': { up: view(20), parents: [1] },
      }),
    });
    const { stdout, code } = await project.kat('verify --order=4 --seed 7 --json');
    const result = JSON.parse(stdout);
    expect(code).toBe(3);
    expect(result.findings).toMatchObject([
      {
        ...{ code: 'order-differs', migration: '20_late' },
        message:
          'the schema differs if 20_late runs before 7_early: view v was changed: definition was AS SELECT 20 AS a, is now AS SELECT 7 AS a',
        related: [{ location: { line: 3 } }],
      },
    ]);
    expect(result.order).toMatchObject({ seed: 7, orders: 4 });
    expect(result.order.runs).toBeLessThanOrEqual(4 + Math.ceil(Math.log2(30 * 30)));
    expect(result.predictions).toEqual([]);
    project.addMigration('20_late', { up: view(20), parents: [7] });
    const settled = await project.kat('verify --order=3');
    expect(settled).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('no differences found; 3 orders tried, '),
    });
  });

  test('names a pair of which one order fails', async () => {
    const project = makeSqliteProject({
      migrations: many({
        '7_uses': { up: 'SELECT 1;\nCREATE INDEX notes_body ON notes (body);', parents: [1] },
        '20_renames': { up: 'ALTER TABLE notes RENAME COLUMN body TO text;', parents: [1] },
      }),
    });
    const { findings } = await verify(project, '--order=2');
    expect(findings).toMatchObject([
      {
        ...{ code: 'order-fails', location: { line: 1 } },
        message: '7_uses fails if 20_renames runs before 7_uses: ERROR: no such column: body (SQLITE_ERROR)',
      },
    ]);
  });

  test('does not execute a migration that attaches another file', async () => {
    const project = makeSqliteProject({
      migrations: {
        '1_base': base,
        '2_attach': { up: "ATTACH 'other.db' AS o;", noTransaction: true, parents: [1] },
      },
    });
    const { code, stderr } = await project.kat('verify --order', { isProcess: true });
    expect([code, stderr]).toEqual([2, expect.stringContaining("2_attach attaches 'other.db'")]);
    expect(existsSync(join(project.folder, 'other.db'))).toBe(false);
  });
});
