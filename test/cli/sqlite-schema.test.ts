/** `kat schema` on SQLite: the same text from the same schema, found stale, and loaded into new files. */

import { expect, test } from 'vitest';
import { sameSqliteSchemas, sqliteMutations } from '../engine/snapshot/sqlite-mutations.js';
import { makeSqliteProject, withSqlite } from '../support/sqlite.js';

const migrations = {
  '1_users': `create table "users" (id integer primary key autoincrement, -- a number
  email text not null on conflict fail collate nocase unique, age int default -1 check (age > -2),
  name text generated always as (lower(email)) stored, constraint grown check (age <> 17 or "email" is not null));
INSERT INTO users (email) VALUES ('a@b.c');`,
  '2_orders': {
    up: `CREATE TABLE orders (a INT, "order" TEXT, at TEXT DEFAULT (datetime('now')), user INT REFERENCES users (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (a, "order")) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX one ON orders (user, lower(at) DESC) WHERE user IS NOT NULL;
CREATE VIEW spent AS
  SELECT user, count(*) AS n -- of all
  FROM orders GROUP BY user;
CREATE TRIGGER no_insert INSTEAD OF INSERT ON spent BEGIN SELECT RAISE(ABORT, 'no'); END;
CREATE VIRTUAL TABLE texts USING fts5 (body);`,
    parents: [1],
  },
};

const text = `-- The schema that the migrations make. Written by \`kat schema\`: change migrations instead of this file.

CREATE TABLE orders (
  a INT NOT NULL,
  "order" TEXT NOT NULL,
  at TEXT DEFAULT (datetime('now')),
  user INT,
  FOREIGN KEY (user) REFERENCES users(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (a, "order")
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE texts USING fts5(body);

CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  email TEXT COLLATE NOCASE NOT NULL ON CONFLICT FAIL,
  age INT DEFAULT -1,
  name TEXT AS (lower(email)) STORED,
  CHECK (age > -2),
  UNIQUE (email),
  CONSTRAINT grown CHECK (age <> 17 OR email IS NOT NULL)
);

CREATE UNIQUE INDEX one ON orders (user, lower(at) DESC) WHERE user IS NOT NULL;

CREATE VIEW spent AS
  SELECT user, count(*) AS n -- of all
  FROM orders GROUP BY user;

CREATE TRIGGER no_insert INSTEAD OF INSERT ON spent BEGIN SELECT RAISE(ABORT, 'no'); END;
`;

test('the text depends on the schema that the folder makes, not on line endings or the database', async () => {
  const project = makeSqliteProject({ migrations });
  expect(await project.kat('schema')).toEqual({ code: 0, stdout: text, stderr: '' });
  for (const id of project.ids())
    project.write(
      `migrations/${id}/up.sql`,
      project.read(`migrations/${id}/up.sql`).replaceAll('\n', '\r\n'),
    );
  expect((await project.kat('schema')).stdout).toBe(text);
  expect(Object.keys(project.snapshot()).filter((path) => path.includes('app.db'))).toEqual([]);
});

test('--file, --check and --dir', async () => {
  const project = makeSqliteProject({ migrations });
  expect((await project.kat('schema --file schema.sql')).stdout).toBe(
    'wrote schema.sql with the schema of 2 migrations\n',
  );
  expect(project.read('schema.sql')).toBe(text);
  expect((await project.kat('schema --check')).code).toBe(0);
  project.addMigration('3_note', { up: 'ALTER TABLE users ADD COLUMN note text', parents: [2] });
  const stale = await project.kat('schema --check');
  expect([stale.code, stale.stdout.replace(/ [0-9a-f]{16}$/m, '')]).toEqual([
    3,
    '+  note TEXT,\n+3_note\nschema.sql is stale: run `kat schema --file schema.sql`\n',
  ]);
  expect((await project.kat('schema --dir schema')).code).toBe(0);
  expect(project.read('schema/table/orders.sql')).toContain('CREATE UNIQUE INDEX one');
  expect(project.read('schema/view/spent.sql')).toContain('CREATE TRIGGER no_insert');
  expect((await project.kat('schema --dir schema --check')).code).toBe(0);
});

test('--load makes a new file in one transaction, and its migrations are recorded', async () => {
  const project = makeSqliteProject({ migrations });
  await project.kat('schema --file schema.sql');
  const loaded = await project.kat('schema --load');
  expect([loaded.code, loaded.stdout]).toEqual([
    0,
    'loaded schema.sql and recorded 2 migrations as applied\n',
  ]);
  expect(loaded.stderr).toContain('the database lacks those of 1_users');
  expect(await project.applied()).toEqual(['1_users', '2_orders']);
  expect((await project.kat('drift')).code).toBe(0);
  expect((await project.kat('up')).stdout).toContain('No migration(s) to apply');
  expect((await project.kat('schema --load')).stderr).toContain('the database has 2 applied migrations');
});

test('--load leaves nothing behind where a statement fails, or may not run', async () => {
  const project = makeSqliteProject({ migrations });
  await project.kat('schema --file schema.sql');
  await project.query('CREATE VIEW users AS SELECT 1 AS id');
  const occupied = await project.kat('schema --load');
  expect([occupied.code, occupied.stderr]).toEqual([2, expect.stringContaining('it has view users\n')]);
  await project.query('DROP VIEW users');
  const text = project.read('schema.sql');
  project.write('schema.sql.migrations', project.read('schema.sql.migrations').replace(/^= .*\n/m, ''));
  project.write('schema.sql', `${text}\nCREATE TABLE users (id);\n`);
  const failed = await project.kat('schema --load');
  expect([failed.code, failed.stderr]).toEqual([2, expect.stringContaining('table users already exists')]);
  expect(failed.stderr).toContain(`schema.sql:${text.split('\n').length + 1}:1`);
  expect(await project.query("SELECT name FROM sqlite_master WHERE name IN ('orders', 'one')")).toEqual([]);
  expect(await project.applied()).toEqual([]);
  project.write('schema.sql', 'BEGIN; CREATE TABLE t (a);');
  expect((await project.kat('schema --load')).stderr).toContain('the schema file cannot be loaded');
});

test('what is loaded has the schema that it was written from', async () => {
  const different: Record<string, unknown> = {};
  const all = [...sqliteMutations, ...sameSqliteSchemas].map(({ after }) => after);
  const project = makeSqliteProject();
  for (const [index, sql] of all.entries()) {
    const [from, to] = [`${index}.db`, `${index}-loaded.db`].map((name) => `${project.folder}/${name}`) as [
      string,
      string,
    ];
    await withSqlite(from, (session) => session.execute(sql));
    project.write('made.sql', sql);
    project.write('migrations/1_made/up.sql', sql);
    project.write('migrations/1_made/metadata.yaml', 'name: made\ntimestamp: 1\n');
    const written = await project.kat('schema');
    await withSqlite(to, (session) => session.execute(`PRAGMA user_version = 1; ${written.stdout}`));
    const { stdout } = await project.kat(['diff', from, to, '--strict-column-order']);
    if (stdout !== 'the schemas are equal\n') different[sql] = [written.stdout, stdout];
  }
  expect(different).toEqual({});
}, 120_000);

test('--on is refused in one sentence', async () => {
  const { code, stderr } = await makeSqliteProject({ migrations }).kat('schema --on pglite');
  expect([code, stderr]).toEqual([2, expect.stringContaining('does not work on SQLite: ')]);
});
