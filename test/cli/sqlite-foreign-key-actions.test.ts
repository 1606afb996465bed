/** Foreign keys of SQLite in migrations that rebuild or rename tables: actions that cannot run, and references to temporary names. */

import { describe, expect, test } from 'vitest';
import { makeSqliteProject } from '../support/sqlite.js';

const base = `CREATE TABLE p (id INTEGER PRIMARY KEY, n TEXT UNIQUE);
CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p ON UPDATE CASCADE ON DELETE CASCADE);
CREATE TABLE q (id INTEGER PRIMARY KEY);
CREATE TABLE qq (q REFERENCES q);
INSERT INTO p VALUES (1, 'a'), (2, 'b'), (3, 'free');
INSERT INTO c VALUES (10, 1), (20, 2);`;

const rebuild = `CREATE TABLE p2 (id INTEGER PRIMARY KEY, n TEXT UNIQUE);
INSERT INTO p2 SELECT * FROM p;
DROP TABLE p;
ALTER TABLE p2 RENAME TO p;`;

const swap =
  'UPDATE p SET id = 100 WHERE id = 1; UPDATE p SET id = 1 WHERE id = 2; UPDATE p SET id = 2 WHERE id = 100;';

const parents = 'SELECT c.id, p.n FROM c JOIN p ON p.id = c.p ORDER BY c.id';

function makeProject(up: string, before = base) {
  return makeSqliteProject({ migrations: { '1_base': before, '2_change': { up, parents: [1] } } });
}

const logged = `CREATE TABLE gone (id);
CREATE TRIGGER logged AFTER DELETE ON p BEGIN INSERT INTO gone VALUES (old.id); END;`;

describe('a statement beside a rebuild whose actions cannot run', () => {
  test.each([
    ['swaps keys behind it', `${rebuild} ${swap}`],
    ['swaps keys before it', `${swap} ${rebuild}`],
    ['swaps keys beside the rename of another table', `ALTER TABLE q RENAME TO q2; ${swap}`],
    ['uses a key again', `${rebuild} DELETE FROM p WHERE id = 1; INSERT INTO p VALUES (1, 'other');`],
    ['replaces a row', `${rebuild} REPLACE INTO p VALUES (1, 'other');`],
    ['replaces a row in an upsert', `${rebuild} INSERT OR REPLACE INTO p VALUES (4, 'a');`],
    [
      'replaces a row where triggers are',
      `${rebuild} ${logged} UPDATE OR REPLACE p SET n = 'a' WHERE id = 3;`,
    ],
    [
      'deletes a row through a trigger',
      `${rebuild} CREATE TRIGGER t AFTER INSERT ON q BEGIN DELETE FROM p WHERE id = new.id; END; INSERT INTO q VALUES (1);`,
    ],
    ['shifts keys in one statement', `${rebuild} DELETE FROM c WHERE p = 1; UPDATE p SET id = id - 1;`],
  ])('is refused: it %s', async (_name, up) => {
    const project = makeProject(up);
    const run = await project.kat('up');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('rows of p that c references, or changes their keys');
    expect(run.stderr).toContain('to a migration of its own');
    expect(await project.applied()).toEqual(['1_base']);
    expect(await project.query(parents)).toEqual([
      ['10', 'a'],
      ['20', 'b'],
    ]);
  });

  test('compares keys as the parent does', async () => {
    const before = `CREATE TABLE p (k TEXT COLLATE NOCASE PRIMARY KEY, n) WITHOUT ROWID;
CREATE TABLE c (p TEXT REFERENCES p ON DELETE SET NULL);
INSERT INTO p VALUES ('a', 1);
INSERT INTO c VALUES ('A');`;
    const project = makeProject("ALTER TABLE p RENAME TO p2; DELETE FROM p2 WHERE k = 'a';", before);
    expect((await project.kat('up')).stderr).toContain('ON DELETE SET NULL cannot run');
  });

  test('runs in a migration of its own', async () => {
    const project = makeSqliteProject({
      migrations: {
        '1_base': base,
        '2_rebuild': { up: rebuild, parents: [1] },
        '3_swap': { up: swap, parents: [2] },
      },
    });
    expect(await project.kat('up')).toMatchObject({ code: 0, stderr: '' });
    expect(await project.query(parents)).toEqual([
      ['10', 'a'],
      ['20', 'b'],
    ]);
  });
});

test('statements beside a rebuild run where no action would change a row', async () => {
  const project = makeProject(`${rebuild}
${logged}
UPDATE p SET n = n || '!', id = id;
DELETE FROM p WHERE id = 3;
INSERT INTO p VALUES (1, 'x') ON CONFLICT DO UPDATE SET n = 'upsert';
INSERT OR IGNORE INTO p VALUES (2, 'ignored');
REPLACE INTO p VALUES (9, 'new');
REPLACE INTO p VALUES (9, 'newer');
DELETE FROM c WHERE id = 20;
DELETE FROM p WHERE id = 2;
INSERT INTO p VALUES (2, 'again');
CREATE TABLE counted AS SELECT changes() AS changed, last_insert_rowid() AS last;`);
  expect(await project.kat('up')).toMatchObject({ code: 0, stderr: '' });
  expect(await project.query('SELECT * FROM p')).toEqual([
    ['1', 'upsert'],
    ['2', 'again'],
    ['9', 'newer'],
  ]);
  expect(await project.query('SELECT id FROM gone')).toEqual([['3'], ['2']]);
  expect(await project.query('SELECT * FROM counted')).toEqual([['1', '2']]);
  expect(await project.query(parents)).toEqual([['10', 'upsert']]);
});

test('a statement beside a rebuild may delete parents and children of one table together', async () => {
  const before = `CREATE TABLE p (id INTEGER PRIMARY KEY, par REFERENCES p ON DELETE CASCADE);
INSERT INTO p VALUES (1, NULL), (2, 1), (3, NULL);`;
  const project = makeProject('ALTER TABLE p RENAME TO r; DELETE FROM r WHERE id IN (1, 2);', before);
  expect(await project.kat('up')).toMatchObject({ code: 0, stderr: '' });
  expect(await project.query('SELECT id FROM r')).toEqual([['3']]);
});

describe('a new table that references its temporary name', () => {
  const before = `CREATE TABLE p (id INTEGER PRIMARY KEY, par INTEGER REFERENCES p ON DELETE CASCADE);
CREATE TABLE c (p REFERENCES p);
INSERT INTO p VALUES (1, NULL), (2, 1);
INSERT INTO c VALUES (2);`;
  const up = `CREATE TABLE p2 (id INTEGER PRIMARY KEY, par INTEGER REFERENCES p2 ON DELETE CASCADE, x);
INSERT INTO p2 (id, par) SELECT * FROM p;
DROP TABLE p;
ALTER TABLE p2 RENAME TO p;`;
  const keys = `SELECT m.name, f."table" FROM sqlite_master m, pragma_foreign_key_list(m.name) f ORDER BY m.name`;

  test.each([
    ['no views', ''],
    [
      'views and triggers of the old table',
      `CREATE TABLE log (id); CREATE VIEW v AS SELECT id FROM p;
CREATE TRIGGER tv INSTEAD OF INSERT ON v BEGIN INSERT INTO p (id) VALUES (new.id); END;
CREATE TRIGGER tc AFTER INSERT ON c BEGIN INSERT INTO log SELECT id FROM p WHERE id = new.p; END;
CREATE TRIGGER tp AFTER INSERT ON p BEGIN INSERT INTO log VALUES (new.id); END;`,
    ],
  ])('references the table in the end, with %s', async (_name, dependents) => {
    const project = makeProject(up, `${before} ${dependents}`);
    const objects = "SELECT name, sql FROM sqlite_master WHERE type IN ('view', 'trigger') ORDER BY name";
    await project.kat('up --count 1');
    const kept = await project.query(objects);
    expect(await project.kat('up')).toMatchObject({ code: 0, stderr: '' });
    expect(await project.query(keys)).toEqual([
      ['c', 'p'],
      ['p', 'p'],
    ]);
    expect(await project.query(objects)).toEqual(kept);
    await project.query('DELETE FROM c; DELETE FROM p WHERE id = 1');
    expect(await project.query('SELECT id FROM p')).toEqual([]);
  });
});
