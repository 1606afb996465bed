/** A project on SQLite: what works as elsewhere, what SQLite does otherwise, and what it does not have. */

import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDriver } from '../../src/connections/open-connection.js';
import { openConnection } from '../../src/connections/sqlite/binding.js';
import { createKat } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { makeProject } from '../support/kat-project.js';
import { makeSqliteProject, withSqlite } from '../support/sqlite.js';

const base = `CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);
CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER REFERENCES users (id) ON DELETE CASCADE);
CREATE TABLE log (name TEXT);
CREATE TRIGGER logged AFTER INSERT ON users BEGIN INSERT INTO log VALUES (new.name); SELECT CASE WHEN 1 THEN 2 END; END;
CREATE VIEW names AS SELECT name FROM users;
INSERT INTO users (name) VALUES ('a'), ('b'), ('c');
INSERT INTO posts VALUES (1, 1), (2, 2);
DELETE FROM users WHERE name = 'c';`;

const rebuild = (
  where = '',
) => `CREATE TABLE users_new (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);
INSERT INTO users_new SELECT id, name FROM users ${where};
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;`;

test('init, add, up, status, history, redo, plan, down and stamp', async () => {
  const project = makeProject();
  expect((await project.kat('init --driver sqlite')).code).toBe(0);
  expect(project.read('kat.conf.yaml')).toContain('driver: sqlite\n');
  expect(project.read('kat.conf.yaml')).toContain('path: kat.sqlite\n');
  expect((await project.kat('ping')).stdout).toContain('Successfully connected to database!');
  const added = JSON.parse((await project.kat('add create_users --json')).stdout);
  project.write(`migrations/${added.id}/up.sql`, 'CREATE TABLE users (id INTEGER PRIMARY KEY);');
  project.write(`migrations/${added.id}/down.sql`, 'DROP TABLE users;');
  expect((await project.kat('up --dry-run')).stdout).toContain(`${added.id} [DRY RUN] Would execute up`);
  expect((await project.kat('up')).stdout).toContain('Total: 1 migration(s) applied');
  expect((await project.kat('up')).stdout).toContain('No migration(s) to apply');
  const status = JSON.parse((await project.kat('status --json')).stdout);
  expect(status).toMatchObject({ counts: { applied: 1, pending: 0 }, runners: [] });
  expect((await project.kat('redo --yes')).stdout).toContain(
    '1 migration(s) rolled back, 1 migration(s) applied',
  );
  const plan = JSON.parse((await project.kat('plan down --json')).stdout);
  expect((await project.kat(`down --plan-id ${plan.planId}`)).stdout).toContain('1 migration(s) rolled back');
  expect((await project.kat('stamp heads --yes')).code).toBe(0);
  expect((await project.kat('validate')).code).toBe(0);
  const history = JSON.parse((await project.kat('history --json')).stdout);
  expect(history.entries.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
    ...['stamped', 'succeeded', 'succeeded', 'succeeded', 'succeeded'],
  ]);
});

describe('a table that others reference', () => {
  test('is rebuilt without a loss: child rows, triggers, views and the next id stay', async () => {
    const project = makeSqliteProject({
      migrations: { '1_base': base, '2_rebuild': { up: rebuild(), parents: [1] } },
    });
    const run = await project.kat('up');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(await project.query('SELECT id FROM posts ORDER BY id')).toEqual([['1'], ['2']]);
    expect(await project.query("INSERT INTO users (name) VALUES ('d') RETURNING id")).toEqual([['4']]);
    expect(await project.query('SELECT name FROM log ORDER BY rowid')).toEqual([['a'], ['b'], ['c'], ['d']]);
    expect(await project.query('SELECT name FROM names')).toEqual([['a'], ['b'], ['d']]);
    await expect(project.query('INSERT INTO posts VALUES (3, 99)')).rejects.toMatchObject({
      report: { sqlstate: 'SQLITE_CONSTRAINT_FOREIGNKEY' },
    });
  });

  test('keeps its rows where the table is renamed first', async () => {
    const up = `ALTER TABLE users RENAME TO users_old;
CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);
INSERT INTO users SELECT id, name FROM users_old;
DROP TABLE users_old;`;
    const project = makeSqliteProject({ migrations: { '1_base': base, '2_rebuild': { up, parents: [1] } } });
    expect((await project.kat('up')).code).toBe(0);
    expect(await project.query('SELECT author FROM posts ORDER BY id')).toEqual([['1'], ['2']]);
    expect(await project.query(`SELECT "table" FROM pragma_foreign_key_list('posts')`)).toEqual([['users']]);
  });

  test('is not rebuilt without the rows that children need', async () => {
    const project = makeSqliteProject({
      migrations: { '1_base': base, '2_rebuild': { up: rebuild('WHERE id > 1'), parents: [1] } },
    });
    const run = await project.kat('up');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('foreign keys do not hold any more: row 1 of posts has no parent in users');
    expect(await project.applied()).toEqual(['1_base']);
    expect(await project.query('SELECT id FROM users')).toEqual([['1'], ['2']]);
    expect(await project.query('SELECT id FROM posts')).toEqual([['1'], ['2']]);
  });

  test('is not dropped from under a table that stays, even an empty one', async () => {
    const project = makeSqliteProject({
      migrations: {
        '1_base': base,
        '2_drop': { up: 'DELETE FROM posts; DROP VIEW names; DROP TABLE users;', parents: [1] },
      },
    });
    expect((await project.kat('up')).stderr).toContain('posts references users, which does not exist');
    expect(await project.query('SELECT count(*) FROM posts')).toEqual([['2']]);
  });

  test('may be renamed: children follow', async () => {
    const up = 'DROP VIEW names; ALTER TABLE users RENAME TO people;';
    const project = makeSqliteProject({ migrations: { '1_base': base, '2_rename': { up, parents: [1] } } });
    expect((await project.kat('up')).code).toBe(0);
    expect(await project.query(`SELECT "table" FROM pragma_foreign_key_list('posts')`)).toEqual([['people']]);
  });

  test('whose rows had no parent before does not stop a migration', async () => {
    const orphan = 'PRAGMA foreign_keys = OFF; INSERT INTO posts VALUES (9, 99);';
    const project = makeSqliteProject({
      migrations: {
        '1_base': base,
        '2_orphan': { up: orphan, parents: [1], noTransaction: true },
        '3_rebuild': { up: rebuild(), parents: [2] },
      },
    });
    expect((await project.kat('up')).code).toBe(0);
    expect(await project.query('SELECT count(*) FROM posts')).toEqual([['3']]);
  });

  test('has a trigger that no longer fits: the message says what to write', async () => {
    const first = `CREATE TABLE notes (text); CREATE TABLE log (text);
CREATE TRIGGER logged AFTER INSERT ON notes BEGIN INSERT INTO log VALUES (new.text); END;`;
    const up = 'DROP TABLE notes; CREATE VIRTUAL TABLE notes USING fts5 (text);';
    const project = makeSqliteProject({
      migrations: { '1_first': first, '2_rebuild': { up, parents: [1] } },
    });
    const run = await project.kat('up');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('Write DROP TRIGGER logged into the migration');
    project.addMigration('2_rebuild', { up: `DROP TRIGGER logged; ${up}`, parents: [1] });
    expect((await project.kat('up')).code).toBe(0);
  });
});

test('a name beyond ASCII keeps its capitals, as in SQLite: child rows and triggers stay', async () => {
  const first = `CREATE TABLE "Übungen" (id INTEGER PRIMARY KEY, name);
CREATE TABLE children (id INTEGER PRIMARY KEY, parent REFERENCES "ÜBUNGEN" (id) ON DELETE CASCADE);
CREATE TABLE log (name);
CREATE TRIGGER "Ändern" AFTER INSERT ON "Übungen" BEGIN INSERT INTO log VALUES (new.name); END;
INSERT INTO "Übungen" VALUES (1, 'a'); INSERT INTO children VALUES (1, 1);`;
  const up = `CREATE TABLE n (id INTEGER PRIMARY KEY, name NOT NULL); INSERT INTO n SELECT * FROM Übungen;
DROP TABLE "ÜbUngen"; ALTER TABLE n RENAME TO Übungen;`;
  const project = makeSqliteProject({ migrations: { '1_first': first, '2_rebuild': { up, parents: [1] } } });
  expect(await project.kat('up')).toMatchObject({ code: 0, stderr: '' });
  expect(await project.query('SELECT parent FROM children')).toEqual([['1']]);
  expect(await project.query("INSERT INTO Übungen VALUES (2, 'b'); SELECT name FROM log")).toEqual([
    ...[['a'], ['b']],
  ]);
});

describe('views and triggers of other tables stay where nothing references the rebuilt table', () => {
  const first = `CREATE TABLE notes (id INTEGER PRIMARY KEY, text); CREATE TABLE other (x); CREATE TABLE moved (x);
CREATE VIEW texts AS SELECT text FROM notes; CREATE VIEW moving AS SELECT x FROM moved;
CREATE TRIGGER copied AFTER INSERT ON other BEGIN INSERT INTO notes (text) VALUES (new.x); END;
INSERT INTO notes (text) VALUES ('a');`;
  const ways = {
    'dropped first': `CREATE TABLE n (id INTEGER PRIMARY KEY, text NOT NULL); INSERT INTO n SELECT * FROM notes;
DROP TABLE notes; ALTER TABLE n RENAME TO notes; ALTER TABLE moved RENAME TO "there";`,
    'renamed first': `ALTER TABLE moved RENAME TO "there"; ALTER TABLE main."Notes" RENAME TO n;
CREATE TABLE notes (id INTEGER PRIMARY KEY, text NOT NULL); INSERT INTO notes SELECT * FROM n; DROP TABLE n;`,
  };
  test.each(Object.entries(ways))('%s', async (_way, up) => {
    const project = makeSqliteProject({
      migrations: { '1_first': first, '2_rebuild': { up, parents: [1] } },
    });
    expect(await project.kat('up')).toMatchObject({ code: 0, stderr: '' });
    await project.query("INSERT INTO other VALUES ('b')");
    expect(await project.query('SELECT text FROM texts ORDER BY text')).toEqual([['a'], ['b']]);
    // A table that is only renamed takes its views along.
    expect(await project.query('SELECT count(*) FROM moving')).toEqual([['0']]);
  });
});

test('a rebuild outside of a transaction is refused, unless foreign keys are off', async () => {
  const up = `${rebuild()} VACUUM;`;
  const project = makeSqliteProject({
    migrations: { '1_base': base, '2_rebuild': { up, parents: [1], noTransaction: true } },
  });
  const run = await project.kat('up');
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('a table must be rebuilt in a transaction');
  expect(run.stderr).toContain('up.sql:3:1');
  expect(await project.query("SELECT name FROM sqlite_master WHERE name = 'users'")).toEqual([]);
  project.addMigration('2_rebuild', {
    up: `DROP VIEW names; PRAGMA foreign_keys = OFF; ${up}`,
    parents: [1],
    noTransaction: true,
  });
  expect(await project.kat('up')).toMatchObject({ code: 0 });
  expect(await project.query('SELECT count(*) FROM posts')).toEqual([['2']]);
});

test('DROP TABLE and RENAME outside of a transaction keep the rows of child tables', async () => {
  const scratch = 'CREATE TABLE scratch (x); DROP TABLE scratch; DROP VIEW names;';
  const up = `${scratch} ALTER TABLE users RENAME TO people; DROP TABLE people; VACUUM;`;
  const project = makeSqliteProject({
    migrations: { '1_base': base, '2_drop': { up, parents: [1], noTransaction: true } },
  });
  const run = await project.kat('up');
  expect([run.code, run.stderr]).toEqual([5, expect.stringContaining('posts references people, which does')]);
  expect(await project.query('SELECT count(*) FROM posts')).toEqual([['2']]);
  expect(await project.query('SELECT count(*) FROM people')).toEqual([['2']]);
});

test('outside of a transaction a parent may be dropped before its child, if no row refers to it', async () => {
  const down = 'DROP TABLE users; DROP TABLE posts;';
  const tables = `CREATE TABLE users (id INTEGER PRIMARY KEY);
CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER REFERENCES users);`;
  const project = makeSqliteProject({ migrations: { '1_base': { up: tables, down, noTransaction: true } } });
  expect((await project.kat('up')).code).toBe(0);
  await project.query('INSERT INTO users VALUES (1); INSERT INTO posts VALUES (1, 1)');
  const refused = await project.kat('down --yes');
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringContaining('or change posts as well: a table that refers to another one is dropped first'),
  ]);
  expect(await project.query('SELECT count(*) FROM users')).toEqual([['1']]);
  await project.query('DELETE FROM posts');
  expect(await project.kat('down --yes')).toMatchObject({ code: 0 });
  expect(await project.query("SELECT name FROM sqlite_master WHERE name IN ('users', 'posts')")).toEqual([]);
});

test('a temporary object is refused outside of a transaction: a run that continues would find it empty', async () => {
  const up = `CREATE TABLE t (temp);
CREATE TEMP TABLE a (x);
CREATE TABLE IF NOT EXISTS "Temp".b (x);`;
  const project = makeSqliteProject({ migrations: { '1_t': { up, noTransaction: true } } });
  const run = await project.kat('up --json');
  expect(run.code).toBe(2);
  const { problems } = JSON.parse(run.stdout).error;
  expect(problems.map(({ location }: { location: { line: number } }) => location.line)).toEqual([2, 3]);
  expect(problems[0].message).toContain('a temporary object is not allowed with `no_transaction: true`');
});

test('what a transaction would make useless or impossible is refused before anything runs', async () => {
  const up = `PRAGMA foreign_keys = OFF;
PRAGMA main.journal_mode = wal;
VACUUM;
SELECT 1; COMMIT;
PRAGMA foreign_keys;
SAVEPOINT a; ROLLBACK TO a; RELEASE a;`;
  const project = makeSqliteProject({ migrations: { '1_bad': up } });
  const run = await project.kat('up --json');
  expect(run.code).toBe(2);
  const { problems } = JSON.parse(run.stdout).error;
  expect(
    problems.map(({ location, code }: { location: { line: number }; code: string }) => [location.line, code]),
  ).toEqual([
    [1, 'transaction-control'],
    [2, 'needs-no-transaction'],
    [3, 'needs-no-transaction'],
    [4, 'transaction-control'],
  ]);
  expect(problems[0].message).toContain('does nothing inside a transaction');
  expect((await project.kat('validate')).code).toBe(3);
  expect((await project.kat('validate --offline')).code).toBe(3);
});

test('a failure has its place, and takes everything back', async () => {
  const project = makeSqliteProject({
    migrations: {
      '1_t': 'CREATE TABLE t (x);',
      '2_bad': { up: 'INSERT INTO t VALUES (1);\nSELECT wrong FROM t;', parents: [1] },
    },
  });
  const run = await project.kat('up');
  expect(run.code).toBe(1);
  expect(run.stderr).toContain(
    'Error details: ERROR: no such column: wrong (SQLITE_ERROR)\n  migrations/2_bad/up.sql:2:8\n',
  );
  expect(await project.query('SELECT * FROM t')).toEqual([]);
  expect((await project.kat('status')).stdout).toContain('failed');
});

test('a migration leaves no setting to the next one', async () => {
  const project = makeSqliteProject({
    migrations: {
      '1_first':
        'CREATE TABLE a (x INTEGER PRIMARY KEY); CREATE TABLE b (x REFERENCES a); PRAGMA case_sensitive_like = ON; CREATE TEMP TABLE gone (x); CREATE TABLE temp.a (x);',
      '2_second': {
        up: "INSERT INTO a VALUES (1); CREATE TABLE c AS SELECT 'A' LIKE 'a' AS folds, (SELECT count(*) FROM temp.sqlite_master) AS temporary;",
        parents: [1],
      },
    },
  });
  expect((await project.kat('up')).code).toBe(0);
  expect(await project.query('SELECT * FROM c')).toEqual([['1', '0']]);
  expect(await project.query('SELECT * FROM a')).toEqual([['1']]);
});

test('a database that is locked before BEGIN is waited for and tried again', async () => {
  const project = makeSqliteProject({
    migrations: { '1_base': base, '2_rebuild': { up: rebuild(), parents: [1] } },
  });
  writeFileSync(project.database, '');
  const other = await openConnection(project.database);
  const seen: string[] = [];
  const kat = createKat({
    migrations: join(project.folder, 'migrations'),
    database: { driver: 'sqlite', path: project.database },
    lockTimeoutMs: 1,
    onEvent: (event) => {
      if (event.type === 'succeeded' && event.id === '1_base') other.run('BEGIN EXCLUSIVE', 0);
      if (event.type === 'retrying') other.rollBack();
      if (event.type === 'retrying') seen.push(event.id);
    },
  });
  await kat.up().finally(other.close);
  expect(seen).toEqual(['2_rebuild']);
  expect(await project.applied()).toEqual(['1_base', '2_rebuild']);
});

test('no_transaction goes on where it stopped', async () => {
  const project = makeSqliteProject({
    migrations: {
      '1_wal': {
        up: 'PRAGMA journal_mode = WAL; VACUUM; CREATE TABLE t (x); CREATE TABLE t (x);',
        noTransaction: true,
      },
    },
  });
  const run = await project.kat('up');
  expect(run.code).toBe(5);
  expect(run.stderr).toContain('it continues at statement 4');
  expect((await project.kat('status')).stdout).toContain('stopped in statement 4 (up)');
  project.addMigration('1_wal', {
    up: 'PRAGMA journal_mode = WAL; VACUUM; CREATE TABLE t (x); CREATE TABLE u (x);',
    noTransaction: true,
  });
  expect((await project.kat('up')).code).toBe(0);
  expect(await project.query('PRAGMA journal_mode')).toEqual([['wal']]);
});

test('a rollback that destroys rows is asked about, and one transaction may hold all', async () => {
  const project = makeSqliteProject({
    migrations: {
      '1_t': { up: 'CREATE TABLE t (x, y); INSERT INTO t VALUES (1, NULL);', down: 'DROP TABLE "t";' },
      '2_z': {
        up: 'ALTER TABLE t ADD COLUMN z DEFAULT 3;',
        down: 'ALTER TABLE t DROP COLUMN z;',
        parents: [1],
      },
      '3_bad': { up: 'SELECT wrong;', parents: [2] },
    },
  });
  expect((await project.kat('up --single-transaction')).code).toBe(1);
  expect(await project.applied()).toEqual([]);
  expect((await project.kat('up --single-transaction --to 2_z')).code).toBe(0);
  expect(await project.applied()).toEqual(['1_t', '2_z']);
  const run = await project.kat('down --to base');
  expect(run.code).toBe(2);
  expect(`${run.stdout}${run.stderr}`).toContain('t.z');
  expect((await project.kat('down --to base --yes')).code).toBe(0);
  expect(await project.query("SELECT name FROM sqlite_master WHERE name = 't'")).toEqual([]);
});

test('a plan names what a rollback empties, and the columns that a rebuild does not copy', async () => {
  const downs: Readonly<Record<string, string>> = {
    anew: 'DROP TABLE anew; CREATE TABLE anew (a);',
    shorter:
      'CREATE TABLE n (a); INSERT INTO n SELECT a FROM Shorter; DROP TABLE shorter; ALTER TABLE n RENAME TO shorter;',
    renamed:
      'ALTER TABLE renamed RENAME TO n; CREATE TABLE renamed (a); INSERT INTO renamed SELECT a FROM main.n; DROP TABLE n;',
    whole:
      'CREATE TABLE n AS SELECT w.* FROM whole w; DROP TABLE whole; CREATE TABLE whole (a); INSERT INTO whole SELECT a FROM n; DROP TABLE n;',
    counted:
      'CREATE TABLE n AS SELECT count(*) FROM counted; DROP TABLE counted; ALTER TABLE n RENAME TO counted;',
    filtered:
      'CREATE TABLE n (a, b); INSERT INTO n SELECT a, b FROM filtered WHERE a > 1; DROP TABLE filtered; ALTER TABLE n RENAME TO filtered;',
    limited:
      'CREATE TABLE n AS SELECT * FROM limited LIMIT 1; DROP TABLE limited; ALTER TABLE n RENAME TO limited;',
    ignored:
      'CREATE TABLE n (a, b); INSERT OR IGNORE INTO n SELECT * FROM ignored; DROP TABLE ignored; ALTER TABLE n RENAME TO ignored;',
    computed:
      'CREATE TABLE n (a, b); INSERT INTO n (a, b) SELECT c.a AS a, 1 + b FROM computed AS c; DROP TABLE computed; ALTER TABLE n RENAME TO computed;',
    unplaced: 'CREATE TABLE n AS SELECT * FROM unplaced; DROP TABLE unplaced; DROP TABLE n;',
    passing: 'CREATE TEMP TABLE n AS SELECT * FROM passing; DROP TABLE passing;',
    column: 'ALTER TABLE "column" RENAME COLUMN a TO b2; ALTER TABLE "column" DROP COLUMN b2;',
    moved: 'ALTER TABLE moved RENAME TO n; DROP TABLE n;',
    emptied: 'DELETE FROM emptied;',
    chosen: 'DELETE FROM chosen WHERE a = 0;',
    listed: 'WITH some (n) AS (SELECT 1 WHERE 0) DELETE FROM listed;',
    sure: "DELETE FROM main.sure WHERE 'x' = 'x' RETURNING a;",
    unsure: 'DELETE FROM unsure WHERE 1 = 1 AND a = 0;',
    kept: 'CREATE TABLE IF NOT EXISTS kept (a); DROP TABLE kept;',
    own: 'CREATE TABLE n (a); INSERT INTO n VALUES (1); DROP TABLE n; DELETE FROM sqlite_sequence;',
  };
  const migrations = Object.fromEntries(
    Object.entries(downs).map(([table, down], index) => [
      `${index + 1}_${table}`,
      { up: `CREATE TABLE "${table}" (a, B); INSERT INTO "${table}" VALUES (1, 2);`, down },
    ]),
  );
  const project = makeSqliteProject({ migrations });
  expect((await project.kat('up')).code).toBe(0);
  const { losses } = JSON.parse((await project.kat('plan down --all --json')).stdout);
  const lost = losses.map(({ id, tables, columns }: { id: string; tables: string[]; columns?: string[] }) => [
    id.replace(/^\d+_/, ''),
    ...tables,
    ...(columns ?? []),
  ]);
  expect(lost.sort()).toEqual([
    ['anew', 'anew'],
    ['column', 'column.a'],
    ['computed', 'computed.B'],
    ['counted', 'counted'],
    ['emptied', 'emptied'],
    ['filtered', 'filtered'],
    ['ignored', 'ignored'],
    ['kept', 'kept'],
    ['limited', 'limited'],
    ['listed', 'listed'],
    ['moved', 'moved'],
    ['passing', 'passing'],
    ['renamed', 'renamed.B'],
    ['shorter', 'shorter.B'],
    ['sure', 'sure'],
    ['unplaced', 'unplaced'],
    ['whole', 'whole.B'],
  ]);
  expect((await project.kat('down emptied')).code).toBe(2);
  const dryRun = await project.kat('down --count 2 --dry-run');
  expect(dryRun.stdout).toContain(
    'Data loss: rolling back 19_kept drops or empties kept, which holds rows\n',
  );
  const document = JSON.parse((await project.kat('down --count 2 --dry-run --json')).stdout);
  expect(document.losses).toEqual([{ id: '19_kept', replaces: [], tables: ['kept'] }]);
  const tooMany = await project.kat('down -99');
  expect([tooMany.code, tooMany.stderr]).toEqual([2, expect.stringContaining('-99 is out of range: 20 ')]);
  expect(await project.applied()).toHaveLength(20);
});

test('a rollback asks about values that it overwrites in every row, and about rows behind a view', async () => {
  const downs = {
    nulls: 'UPDATE nulls SET a = NULL;',
    filled: 'UPDATE main.filled SET a = NULL WHERE a IS NOT NULL;',
    literal: `WITH n AS (SELECT 1) UPDATE OR IGNORE "literal" SET B = 'x', a = a + 1 WHERE 1 RETURNING a;`,
    renamed: 'ALTER TABLE renamed RENAME COLUMN a TO c; UPDATE renamed SET c = CURRENT_DATE;',
    rebuilt:
      'CREATE TABLE n (a, B); INSERT INTO n SELECT a, B FROM rebuilt; DROP TABLE rebuilt; ALTER TABLE n RENAME TO rebuilt; UPDATE rebuilt SET B = 0;',
    rows: 'CREATE VIEW v AS SELECT a FROM rows; CREATE TRIGGER t INSTEAD OF DELETE ON v BEGIN DELETE FROM rows WHERE a = old.a; END;',
    same: 'UPDATE same SET a = 1;',
    some: 'UPDATE some SET a = NULL WHERE B = 2;',
    calculated: 'UPDATE calculated SET a = B, B = NULL;',
    called: 'UPDATE called SET a = abs(a);',
    own: 'CREATE TABLE n (a); INSERT INTO n VALUES (1); UPDATE n SET a = NULL; DROP TABLE n;',
    dropped: 'UPDATE dropped SET a = NULL; ALTER TABLE dropped DROP COLUMN a;',
  };
  const migrations = Object.fromEntries(
    Object.entries(downs).map(([table, down], index) => [
      `${index + 1}_${table}`,
      {
        up: `CREATE TABLE "${table}" (a, B); INSERT INTO "${table}" VALUES (1, 2);${table === 'rows' ? down : ''}`,
        down: table === 'rows' ? 'DELETE FROM v;' : down,
      },
    ]),
  );
  const project = makeSqliteProject({ migrations });
  expect((await project.kat('up')).code).toBe(0);
  const { losses } = JSON.parse((await project.kat('plan down --all --json')).stdout);
  const lost = losses.map(({ id, tables, columns, overwritten }: Record<string, string[]>) => [
    String(id).replace(/^\d+_/, ''),
    ...(tables ?? []),
    ...(columns ?? []).map((column) => `dropped ${column}`),
    ...(overwritten ?? []),
  ]);
  expect(lost.sort()).toEqual([
    ['dropped', 'dropped dropped.a'],
    ['filled', 'filled.a'],
    ['literal', 'literal.B'],
    ['nulls', 'nulls.a'],
    ['rebuilt', 'rebuilt.B'],
    ['renamed', 'renamed.a'],
    ['rows', 'rows'],
  ]);
  expect((await project.kat('down --count 12 --dry-run')).stdout).toContain(
    'Data loss: rolling back 1_nulls overwrites or cuts values of nulls.a\n',
  );
});

test('a rollback asks about rows that refer to those it deletes or replaces', async () => {
  const downs: Readonly<Record<string, string>> = {
    key: 'DELETE FROM "key" WHERE id = 1;',
    alias: "DELETE FROM main.alias AS a -- the first\n WHERE a.name = 'x' -- and no other\n RETURNING id;",
    query: 'WITH n AS (SELECT 1 AS one) DELETE FROM query WHERE id IN (SELECT one FROM n);',
    replaced: "REPLACE INTO replaced VALUES (1, 'y');",
    'in way': `UPDATE OR REPLACE "in way" SET id = 1 WHERE id = 2;`,
    early: 'ALTER TABLE early ADD COLUMN more; DELETE FROM early WHERE more IS NULL;',
    forgotten: 'DELETE FROM forgotten WHERE id = 1;',
    other: 'DELETE FROM other WHERE id = 2;',
    cleared: 'DELETE FROM "of cleared" WHERE parent = 1; DELETE FROM cleared WHERE id = 1;',
    refused: 'DELETE FROM refused WHERE id = 2;',
  };
  const actions: Readonly<Record<string, string>> = { forgotten: 'ON DELETE SET NULL', refused: '' };
  const migrations = Object.fromEntries(
    Object.entries(downs).map(([table, down], index) => [
      `${index + 1}_${table.replace(' ', '_')}`,
      {
        up: `CREATE TABLE "${table}" (id INTEGER PRIMARY KEY, name); INSERT INTO "${table}" VALUES (1, 'x'), (2, 'z');
          CREATE TABLE "of ${table}" (parent REFERENCES "${table}" ${actions[table] ?? 'ON DELETE CASCADE'}); INSERT INTO "of ${table}" VALUES (1);`,
        down,
      },
    ]),
  );
  const project = makeSqliteProject({ migrations });
  expect((await project.kat('up')).code).toBe(0);
  const { losses } = JSON.parse((await project.kat('plan down --all --json')).stdout);
  const lost = losses.map(({ tables, cascaded = [], overwritten = [] }: Record<string, string[]>) => [
    ...(tables ?? []),
    ...cascaded,
    ...overwritten.map((column) => `overwritten ${column}`),
  ]);
  expect(lost.flat().sort()).toEqual([
    'of alias',
    'of early',
    'of in way',
    'of key',
    'of query',
    'of replaced',
    'overwritten of forgotten.parent',
  ]);
  expect((await project.kat('down --count 10 --dry-run')).stdout).toContain(
    'rolling back 1_key deletes rows of of key with the rows they refer to\n',
  );
});

test('a rollback of several steps knows which table and column each step means', async () => {
  const project = makeSqliteProject({
    migrations: {
      '1_users': { up: 'CREATE TABLE users (id, name);', down: 'DROP TABLE users;' },
      '2_tag': {
        up: 'ALTER TABLE users ADD COLUMN tag;',
        down: 'ALTER TABLE users DROP COLUMN tag;',
        parents: [1],
      },
      '3_rename': {
        up: 'ALTER TABLE users RENAME TO people; ALTER TABLE people RENAME COLUMN tag TO label;',
        down: 'ALTER TABLE people RENAME label TO tag; ALTER TABLE people RENAME TO users;',
        parents: [2],
      },
    },
  });
  expect((await project.kat('up')).code).toBe(0);
  await project.query("INSERT INTO people VALUES (1, 'a', 'b')");
  const { losses } = JSON.parse((await project.kat('plan down --all --json')).stdout);
  expect(losses).toEqual([
    { id: '2_tag', replaces: [], tables: [], columns: ['people.label'] },
    { id: '1_users', replaces: [], tables: ['people'] },
  ]);
  expect((await project.kat('down --count 3')).code).toBe(2);
  expect(await project.query('SELECT count(*) FROM people')).toEqual([['1']]);
});

const ownRow = 'the tracking table did not take exactly the row of 2_u';
const otherRows = 'other rows of the tracking table were added, changed or deleted';

test.each([
  ['migrations', 'changes its values', "UPDATE migrations SET duration = '7s' WHERE id = new.id", ownRow],
  ['migrations', 'deletes another row', 'DELETE FROM migrations WHERE id < new.id', otherRows],
  ['migrations_log', 'deletes its row', 'DELETE FROM migrations WHERE name = new.migration', ownRow],
  ['migrations_log', 'deletes another row', "DELETE FROM migrations WHERE name = '1_t'", otherRows],
  [
    'migrations_log',
    'records another migration',
    "INSERT INTO migrations (name, duration) VALUES ('3_v', '1ms')",
    otherRows,
  ],
])('a trigger on %s that %s makes the migration fail', async (table, _what, action, message) => {
  for (const command of ['up', 'up --single-transaction', 'stamp 2_u --yes']) {
    const project = makeSqliteProject({ migrations: { '1_t': 'CREATE TABLE t (x);' } });
    expect((await project.kat('up')).code).toBe(0);
    const when = `new.${table === 'migrations' ? 'name' : 'migration'} = '2_u'`;
    const once = table === 'migrations' ? when : `${when} AND new.outcome <> 'failed'`;
    await project.query(`CREATE TRIGGER meddles AFTER INSERT ON ${table} WHEN ${once} BEGIN ${action}; END`);
    project.addMigration('2_u', { up: 'CREATE TABLE u (x);', parents: [1] });
    const run = await project.kat(command);
    expect([1, 2]).toContain(run.code);
    expect(run.stderr).toContain(message);
    expect(await project.applied()).toEqual(['1_t']);
    expect(await project.query("SELECT name FROM sqlite_master WHERE name = 'u'")).toEqual([]);
  }
});

test('a trigger on the log makes a migration without a transaction fail at any of its entries', async () => {
  for (const outcome of ['started', 'statement started', 'statement finished']) {
    const project = makeSqliteProject({ migrations: { '1_t': 'CREATE TABLE t (x);' } });
    expect((await project.kat('up')).code).toBe(0);
    await project.query(
      `CREATE TRIGGER meddles AFTER INSERT ON migrations_log WHEN new.outcome = '${outcome}' BEGIN DELETE FROM migrations; END`,
    );
    project.addMigration('2_u', { up: 'VACUUM;', parents: [1], noTransaction: true });
    const run = await project.kat('up');
    expect([outcome, run.code !== 0, run.stderr]).toEqual([
      outcome,
      true,
      expect.stringContaining(otherRows),
    ]);
    expect(await project.applied()).toEqual(['1_t']);
  }
});

test.each([
  ['deletes a row of', "DELETE FROM migrations WHERE name = '1_t'"],
  ['writes a row into', "INSERT INTO migrations (name, duration) VALUES ('3_v', '1ms')"],
  [
    'replaces',
    'ALTER TABLE migrations RENAME TO former; CREATE TABLE migrations (id INTEGER PRIMARY KEY, name TEXT, migration_time TEXT, duration TEXT)',
  ],
])('a migration that %s the tracking table is rolled back', async (_what, sql) => {
  const project = makeSqliteProject({
    migrations: { '1_t': 'CREATE TABLE t (x);', '2_u': { up: `${sql};`, parents: [1] } },
  });
  const run = await project.kat('up');
  expect(run.code).toBe(1);
  expect(run.stderr).toContain(otherRows);
  expect(await project.applied()).toEqual(['1_t']);
  project.addMigration('2_u', { up: `${sql};`, parents: [1], noTransaction: true });
  expect((await project.kat('up')).code).not.toBe(0);
  expect(await project.applied()).toEqual(['1_t']);
});

test("goes on with a file of Go's Kat, and writes what Go's Kat reads", async () => {
  const project = makeSqliteProject({
    migrations: {
      '1679012345_users': base,
      '1679012350_posts': { up: 'SELECT 1;', parents: ['1679012345'] },
    },
  });
  project.write('kat.conf.yaml', `database:\n  driver: sqlite3\n  path: file://${project.database}\n`);
  await withSqlite(project.database, (session) =>
    session.execute(`CREATE TABLE IF NOT EXISTS "migrations" (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    migration_time TEXT NOT NULL DEFAULT (datetime('now')),
    duration TEXT NOT NULL
);
INSERT INTO migrations (name, migration_time, duration) VALUES ('1679012345_users', '2025-03-01 10:00:00.123+02', '1.5s')`),
  );
  const status = JSON.parse((await project.kat('status --json')).stdout);
  expect(status.migrations[0]).toMatchObject({ appliedAt: '2025-03-01T08:00:00.123Z', durationMs: 1500 });
  expect((await project.kat('up')).code).toBe(0);
  const [row] = await project.query('SELECT name, migration_time, duration FROM migrations WHERE id = 2');
  expect(row?.[0]).toBe('1679012350_posts');
  expect(row?.[1]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+00$/);
  expect(row?.[2]).toMatch(/^\d+(?:\.\d+)?ms$/);
});

test('a file in the place of the lock is named, and left alone', async () => {
  const project = makeSqliteProject({ migrations: { '1_t': 'CREATE TABLE t (x);' } });
  project.write('app.db-kat-lock', 'notes of somebody, which are no database of SQLite');
  const run = await project.kat('up');
  expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('app.db-kat-lock has content')]);
  expect(project.read('app.db-kat-lock')).toContain('notes of somebody');
});

test('baseline writes down what the file has, in an order that works', async () => {
  const project = makeSqliteProject();
  await project.query(`${base} CREATE VIRTUAL TABLE texts USING fts5 (text);`);
  expect((await project.kat('baseline')).code).toBe(0);
  expect(await project.applied()).toHaveLength(1);
  const copy = makeSqliteProject();
  const [id = ''] = project.ids();
  copy.write(`migrations/${id}/up.sql`, project.read(`migrations/${id}/up.sql`));
  copy.write(`migrations/${id}/metadata.yaml`, project.read(`migrations/${id}/metadata.yaml`));
  expect((await copy.kat('up')).code).toBe(0);
  const schema =
    "SELECT sql FROM sqlite_master WHERE name IN ('users', 'posts', 'log', 'logged', 'names', 'texts') ORDER BY name";
  expect(await copy.query(schema)).toEqual(await project.query(schema));
});

test('baseline leaves out the tracking tables of other projects, whose tables it has', async () => {
  const project = makeSqliteProject({ migrations: { '1_t': 'CREATE TABLE t (x);' } });
  expect((await project.kat('up')).code).toBe(0);
  rmSync(join(project.folder, 'migrations/1_t'), { recursive: true });
  project.write(
    'mine.conf.yaml',
    'migration:\n  tablename: mine\ndatabase:\n  driver: sqlite\n  path: app.db\n',
  );
  expect(await project.kat('baseline --config mine.conf.yaml')).toMatchObject({ code: 0 });
  const [id = ''] = project.ids();
  expect(project.read(`migrations/${id}/up.sql`)).toContain('CREATE TABLE t (x);');
  expect(project.read(`migrations/${id}/up.sql`)).not.toMatch(/migrations|mine/);
  expect(await project.kat('drift --config mine.conf.yaml')).toMatchObject({ code: 0 });
});

describe('--dry-run=rollback executes on a copy', () => {
  const children = {
    '1_base': base,
    '2_fill': {
      up: "INSERT INTO users (name) VALUES ('Ada'); INSERT INTO posts (author) VALUES (1);",
      parents: [1],
    },
  };

  test('what a real run does: a rebuild, what cascades, and VACUUM', async () => {
    const project = makeSqliteProject({ migrations: children });
    expect((await project.kat('up')).code).toBe(0);
    const content = () =>
      project.query('SELECT (SELECT count(*) FROM posts), (SELECT count(*) FROM migrations_log)');
    const before = await content();
    project.addMigration('3_rebuild', { up: rebuild(), parents: [2] });
    project.addMigration('4_vacuum', {
      up: 'VACUUM; CREATE TABLE late (x);',
      parents: [3],
      noTransaction: true,
    });
    project.addMigration('5_delete', {
      up: `DELETE FROM users; CREATE TABLE proof (n CHECK (n = 0)); INSERT INTO proof SELECT count(*) FROM posts;`,
      parents: [4],
    });
    const run = await project.kat('up --dry-run=rollback');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('3_rebuild [DRY RUN] Executed up migration on a copy - ');
    expect(run.stdout).toContain('Total: 3 migrations executed on a copy');
    expect(await content()).toEqual(before);
    expect(await project.applied()).toEqual(['1_base', '2_fill']);
    expect(await project.query("SELECT name FROM sqlite_master WHERE name IN ('late', 'proof')")).toEqual([]);
    expect((await project.kat('up')).code).toBe(0);
    const down = await project.kat('down 1_base --dry-run=rollback --json');
    expect(JSON.parse(down.stdout)).toMatchObject({ isDryRun: true, migrations: expect.any(Array) });
  });

  test('a plain down that would lose rows needs no confirmation', async () => {
    const project = makeSqliteProject({
      migrations: { '1_users': { up: 'CREATE TABLE users (id int);', down: 'DROP TABLE users;' } },
    });
    expect((await project.kat('up')).code).toBe(0);
    await project.query('INSERT INTO users VALUES (1)');
    const run = await project.kat('down --dry-run=rollback');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('Data loss: rolling back 1_users drops or empties users, which holds rows');
    expect(await project.query('SELECT count(*) AS n FROM users')).toHaveLength(1);
  });

  test('a run that is killed leaves its copy until the next one', async () => {
    const endless =
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) INSERT INTO users (name) SELECT max(i) FROM n;';
    const project = makeSqliteProject({
      migrations: { ...children, '3_long': { up: endless, parents: [2] } },
    });
    const temporary = join(project.folder, 'tmp');
    mkdirSync(temporary);
    const env = { TMPDIR: temporary };
    const copies = () => readdirSync(temporary).filter((name) => name.startsWith('kat-throwaway-'));
    const { child, ended } = await project.start('up --dry-run=rollback', { env });
    const isWritten = (name: string) => existsSync(join(temporary, name, 'files', 'copy.db'));
    await eventually('the copy', async () => copies().some(isWritten));
    child.kill('SIGKILL');
    await ended;
    expect(copies()).toHaveLength(1);
    expect((await project.kat('up --dry-run=rollback --to 2_fill', { env, isProcess: true })).code).toBe(0);
    expect(copies()).toEqual([]);
  });

  test('a failure has its place, exit code 1, and leaves nothing', async () => {
    const project = makeSqliteProject({ migrations: children });
    project.addMigration('3_bad', {
      up: 'VACUUM;\nINSERT INTO posts (author) VALUES (9);',
      parents: [2],
      noTransaction: true,
    });
    const run = await project.kat('up --dry-run=rollback');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('up.sql:2:');
    expect(run.stderr).toContain('FOREIGN KEY constraint failed');
    expect(run.stderr).not.toContain('half');
    expect(await project.query('SELECT name FROM sqlite_master')).toEqual([]);
  });

  test.each(['up --dry-run=rollback', 'drift'])(
    '%s names a temporary folder that is missing',
    async (command) => {
      const project = makeSqliteProject({ migrations: children });
      expect((await project.kat('up --to 1_base')).code).toBe(0);
      const TMPDIR = join(project.folder, 'nowhere');
      const run = await project.kat(command, { env: { TMPDIR }, isProcess: true });
      expect([run.code, run.stderr]).toEqual([
        2,
        expect.stringContaining(`no temporary folder can be created in ${TMPDIR}: ENOENT`),
      ]);
      expect(run.stderr).toContain('name another one in the environment variable TMPDIR');
    },
  );

  test('a migration that attaches another file is refused', async () => {
    const project = makeSqliteProject({
      migrations: { '1_t': { up: "ATTACH 'other.db' AS o; CREATE TABLE o.t (x);", noTransaction: true } },
    });
    const run = await project.kat('up --dry-run=rollback');
    expect([run.code, run.stderr]).toEqual([
      2,
      expect.stringContaining("1_t attaches 'other.db', which is another file"),
    ]);
    expect(readdirSync(project.folder)).not.toContain('other.db');
  });
});

const asTerminal = ['--import', 'data:text/javascript,process.stdout.isTTY = true;'];

test('a database in memory is gone with the command, which says so', async () => {
  const project = makeSqliteProject({ migrations: { '1_t': 'CREATE TABLE t (x);' } });
  for (const path of [':memory:', 'file::memory:']) {
    project.write('kat.conf.yaml', `database:\n  driver: sqlite\n  path: '${path}'\n`);
    const run = await project.kat('up', { nodeArguments: asTerminal, env: { NO_COLOR: '1' } });
    expect(run.stdout).toContain('SQLite ran in memory, so all of this is gone now. Write `path: app.db`');
    expect((await project.kat('status')).stdout).toContain('0 applied, 1 pending');
  }
  expect(readdirSync(project.folder).sort()).toEqual(['kat.conf.yaml', 'migrations']);
});

const refusedPaths: readonly [path: string, message: string, help: string][] = [
  [
    'file:name?mode=memory&cache=shared',
    'names a database in memory with parameters',
    "Write `path: ':memory:'`",
  ],
  ['file::memory:?cache=shared', 'names a database in memory with parameters', "Write `path: ':memory:'`"],
  ['file:app.db?mode=ro', 'has parameters, which have no effect: ?mode=ro', 'such as `path: app.db`'],
  ['libsql://name.example?authToken=secret', 'does not support libSQL servers', 'such as `path: app.db`'],
  ['http://127.0.0.1:8080', 'does not support libSQL servers', 'such as `path: app.db`'],
  ['sqlite:app.db', 'is a URL, and not a path', 'such as `path: app.db`'],
  ['postgres://user:secret@localhost/app', 'is a URL, and not a path', 'such as `path: app.db`'],
];

test.each(refusedPaths)(
  'the path %s is refused by the command and the library',
  async (path, message, help) => {
    const project = makeSqliteProject({ migrations: { '1_t': 'CREATE TABLE t (x);' } });
    project.write('kat.conf.yaml', `database:\n  driver: sqlite\n  path: '${path}'\n`);
    for (const command of ['up', 'status']) {
      const { code, stderr } = await project.kat(command);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
      expect(stderr).toContain(help);
      expect(stderr).not.toContain('secret');
    }
    await expect(openDriver({ driver: 'sqlite', path })).rejects.toThrow(message);
    expect(readdirSync(project.folder).sort()).toEqual(['kat.conf.yaml', 'migrations']);
  },
);

test('the library reads paths as the configuration does', async () => {
  const { folder } = makeSqliteProject({ migrations: { '1_t': 'CREATE TABLE t (x);' } });
  for (const path of [':memory:', `file:${join(folder, 'app.db')}`]) {
    const kat = createKat({ migrations: join(folder, 'migrations'), database: { driver: 'sqlite', path } });
    await kat.up();
    expect((await kat.status()).counts.applied).toBe(1);
    await kat.close();
  }
  expect(readdirSync(folder).sort()).toEqual(['app.db', 'app.db-kat-lock', 'kat.conf.yaml', 'migrations']);
});

test('another table of that name, and a schema, are refused', async () => {
  const project = makeSqliteProject({ migrations: { '1_t': 'SELECT 1;' } });
  await project.query('CREATE TABLE migrations (version TEXT)');
  const run = await project.kat('up');
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('it has no column id, name, migration_time, duration');
  project.write(
    'kat.conf.yaml',
    'migration:\n  tablename: ops.migrations\ndatabase:\n  driver: sqlite\n  path: app.db\n',
  );
  expect((await project.kat('status')).stderr).toContain('SQLite has no schemas');
});

test('each command that SQLite does not have says so in one sentence, with exit code 2', async () => {
  const project = makeSqliteProject({ migrations: { '1_t': 'CREATE TABLE t (x);' } });
  const commands = [
    ...[
      'lint',
      'deps',
      'check',
      'blame t',
      'report --git-base main',
      'squash --to heads',
      'plan --sql',
      'verify --on pglite',
      'verify --evidence',
    ],
    ...['drift --on pglite', 'diff a b --on 16', 'schema --on 16'],
    ...[
      'graph --touching t',
      'graph --reasons',
      'export --format html',
      'watch --once',
      'plan --jobs 2',
      'up --on-failure continue',
      'import --from flyway migrations',
    ],
  ];
  for (const command of commands) {
    const { code, stderr } = await project.kat(command);
    expect([command, code, stderr.split('\n')[0]]).toEqual([
      command,
      2,
      expect.stringContaining('does not work on SQLite: '),
    ]);
    expect(stderr).toContain('docs/sqlite.md lists what works on SQLite');
  }
});

test('a tablename that was changed begins no second history', async () => {
  const project = makeSqliteProject({ migrations: { '1_t': 'CREATE TABLE t (x);' } });
  expect((await project.kat('up')).code).toBe(0);
  for (const command of ['up', 'status', 'plan up']) {
    const run = await project.kat(command, { env: { KAT_MIGRATION_TABLE_NAME: 'other' } });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('"migrations" has migrations of this folder as applied: 1_t');
  }
});

test.each(['CREATE TABLE users (id int);', 'ALTER TABLE base ADD COLUMN id int;'])(
  'a migration that ran without a record is to be recorded: %s',
  async (up) => {
    const project = makeSqliteProject({
      migrations: { '1_base': 'CREATE TABLE base (n int);', '2_again': { up, parents: [1] } },
    });
    await project.kat('up');
    await project.kat('stamp --delete 2_again --yes');
    expect((await project.kat('up')).stderr).toContain(
      'record it with `kat stamp 2_again`. If not, fix the cause',
    );
  },
);
