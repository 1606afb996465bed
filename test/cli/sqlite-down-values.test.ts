/** What a rollback on SQLite asks about: values in every row, tables behind temporary ones, and rebuilds that change values. */

import { expect, test } from 'vitest';
import { makeSqliteProject } from '../support/sqlite.js';

interface Case {
  down: string;
  /** Of the file before the rollback; three columns where left out. */
  up?: string;
}

const table = `CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT, c TEXT); INSERT INTO t VALUES (1, 'x', 'z'), (2, 'y', 'w');`;

/** @returns what the plan of the rollback says it would lose. */
async function lossesOf({ down, up = table }: Case): Promise<string[]> {
  const project = makeSqliteProject({ migrations: { '1_t': { up, down } } });
  expect((await project.kat('up')).code).toBe(0);
  const run = await project.kat('plan down --all --json');
  const { losses } = JSON.parse(run.stdout);
  return losses.flatMap(
    ({ tables, cascaded = [], columns = [], overwritten = [] }: Record<string, string[]>) => [
      ...(tables ?? []),
      ...cascaded.map((one) => `rows of ${one}`),
      ...columns.map((one) => `dropped ${one}`),
      ...overwritten.map((one) => `changed ${one}`),
    ],
  );
}

/** The usual rebuild of `t`. */
function rebuild(columns: string, copy = 'INSERT INTO n SELECT * FROM t'): string {
  return `CREATE TABLE n (${columns}); ${copy}; DROP TABLE t; ALTER TABLE n RENAME TO t;`;
}

const both = ['changed t.b', 'changed t.c'];

test.each<[set: string, lost: string[]]>([
  ['(b, c) = (NULL, NULL)', both],
  [`(b, c) = ('', '')`, both],
  ['(b, c) = (SELECT NULL, NULL)', both],
  ['(b, c) = (SELECT max(id), 1 FROM other)', both],
  ['(b, c) = (SELECT NULL, upper(c))', ['changed t.b']],
  ['(b, c) = (c, NULL)', []],
  ['(b, c) = (SELECT name, 1 FROM other WHERE other.id = t.id)', []],
  ['b = (NULL)', ['changed t.b']],
  ['b = CAST(NULL AS TEXT)', ['changed t.b']],
  ['b = (SELECT NULL)', ['changed t.b']],
  ['b = (SELECT name FROM other ORDER BY id LIMIT 1)', ['changed t.b']],
  [`b = 'a' || 'b'`, ['changed t.b']],
  [`b = coalesce(NULL, 'x')`, ['changed t.b']],
  [`b = "upper"('x')`, ['changed t.b']],
  [`b = x''`, ['changed t.b']],
  ['b = 1.5 -- half', ['changed t.b']],
  [`b = date('now')`, ['changed t.b']],
  [`b = json('{}')`, ['changed t.b']],
  ['b = NULL COLLATE NOCASE', ['changed t.b']],
  ['b = iif(1, NULL, 0)', ['changed t.b']],
  [`b = CASE WHEN 1 IS DISTINCT FROM 2 THEN 'a' END`, ['changed t.b']],
  [`b = v.x FROM (SELECT 'n' AS x) AS v`, ['changed t.b']],
  [`b = 'n' WHERE b <> 'n'`, ['changed t.b']],
  [`b = 'b', c = 'c'`, both],
  ['b = other.name FROM other WHERE other.id = t.id', []],
  ['b = (SELECT name FROM other WHERE other.id = t.id)', []],
  ['b = (SELECT name FROM other WHERE other.id = b)', []],
  ['b = upper([b])', []],
  [`b = NULL, c = coalesce(c, b)`, []],
  [`b = 'n' WHERE id = 1`, []],
  ['b = rowid', []],
])('UPDATE t SET %s', async (set, lost) => {
  const other = 'CREATE TABLE other (id INTEGER PRIMARY KEY, name TEXT);';
  expect(await lossesOf({ up: `${table} ${other}`, down: `UPDATE t SET ${set};` })).toEqual(lost);
});

test.each<[down: string, lost: string[]]>([
  [
    'CREATE TEMP TABLE t AS SELECT id FROM main.t; DROP TABLE main.t; DROP TABLE temp.t;',
    ['t', 'dropped t.id'],
  ],
  ['CREATE TEMP TABLE t (a); DROP TABLE temp.t; DROP TABLE t;', ['t']],
  ['CREATE TEMP TABLE t (a); DROP TABLE t; DROP TABLE t;', ['t']],
  ['CREATE TEMP TABLE t (a); DELETE FROM main.t;', ['t']],
  ['CREATE TEMP TABLE t (a); UPDATE main.t SET b = NULL;', ['changed t.b']],
  ['CREATE TABLE temp.t (a); ALTER TABLE t RENAME TO u; DELETE FROM t;', ['t']],
  ['CREATE TEMP VIEW t AS SELECT 1 AS a; DROP VIEW t; DELETE FROM t;', ['t']],
  [
    'CREATE TEMP TABLE t AS SELECT id, b, c FROM t; DELETE FROM main.t; INSERT INTO main.t SELECT * FROM t;',
    [],
  ],
  ['CREATE TEMP TABLE t (a); DELETE FROM t; UPDATE temp.t SET a = NULL; DROP TABLE t;', []],
  ['CREATE TEMP TABLE t (id); DELETE FROM t WHERE id = 1;', []],
  ['CREATE TABLE n AS SELECT 1 AS a FROM main.t; DROP TABLE n;', []],
])('names: %s', async (down, lost) => {
  const child = 'CREATE TABLE child (t REFERENCES t ON DELETE CASCADE);';
  const up = down.includes('WHERE id') ? `${table} ${child} INSERT INTO child VALUES (1);` : table;
  expect(await lossesOf({ up, down })).toEqual(lost);
});

const places = (type: string, values: string) =>
  `CREATE TABLE t (id INTEGER PRIMARY KEY, v ${type}); INSERT INTO t (v) VALUES ${values};`;

test.each<[from: string, to: string, values: string, lost: string[]]>([
  ['TEXT', 'INTEGER', `('00703')`, ['changed t.v']],
  ['TEXT', 'DECIMAL(10, 2)', `('1.50')`, ['changed t.v']],
  ['', 'NUMERIC', `(' 7 ')`, ['changed t.v']],
  ['TEXT', 'REAL', `('1e2')`, ['changed t.v']],
  ['INTEGER', 'REAL', '(9007199254740993)', ['changed t.v']],
  ['REAL', 'TEXT', '(0.1 + 0.2)', ['changed t.v']],
  ['TEXT', 'INTEGER', `('703'), ('no number'), (NULL), ('-1')`, []],
  ['TEXT', 'REAL', `('12'), ('1.5')`, []],
  ['TEXT', 'DATETIME', `('2024-01-01')`, []],
  ['INTEGER', 'TEXT', '(7), (NULL)', []],
  ['INTEGER', 'REAL', '(7)', []],
  ['REAL', 'TEXT', '(0.5)', []],
  ['TEXT', 'BLOB', `('007')`, []],
  ['TEXT', 'VARCHAR(9)', `('007')`, []],
])('a rebuild from %s to %s of %s', async (from, to, values, lost) => {
  const up = places(from, values);
  const columns = `id INTEGER PRIMARY KEY, v ${to}`;
  expect(await lossesOf({ up, down: rebuild(columns) })).toEqual(lost);
  const named = 'INSERT INTO n (v, id) SELECT v, id FROM t';
  expect(await lossesOf({ up, down: rebuild(columns, named) })).toEqual(lost);
  expect(await lossesOf({ up, down: `CREATE TABLE n (${columns}); INSERT INTO n SELECT * FROM t;` })).toEqual(
    [],
  );
});

test.each<[from: string, to: string, lost: string[]]>([
  ['TEXT', 'TEXT UNIQUE ON CONFLICT IGNORE', ['t']],
  ['TEXT', 'TEXT UNIQUE ON CONFLICT REPLACE', ['t']],
  ['TEXT', 'TEXT NOT NULL ON CONFLICT IGNORE', ['t']],
  ['TEXT UNIQUE', 'TEXT COLLATE NOCASE UNIQUE ON CONFLICT IGNORE', ['t']],
  ['TEXT UNIQUE ON CONFLICT REPLACE', 'TEXT UNIQUE ON CONFLICT REPLACE', []],
  ['TEXT UNIQUE', 'TEXT UNIQUE ON CONFLICT IGNORE', []],
  ['TEXT NOT NULL', 'TEXT NOT NULL ON CONFLICT IGNORE', []],
  ['TEXT', 'TEXT NOT NULL DEFAULT 1', []],
  ['TEXT', 'TEXT CHECK (v <> 5)', []],
])('a rebuild from %s to %s', async (from, to, lost) => {
  const down = rebuild(`id INTEGER PRIMARY KEY, v ${to}`);
  expect(await lossesOf({ up: places(from, `('a'), ('b')`), down })).toEqual(lost);
});

test('a column that the rollback itself makes, and one that a rebuild fills, lose nothing', async () => {
  const add = "ALTER TABLE t ADD COLUMN d TEXT; UPDATE t SET d = upper('x');";
  expect(await lossesOf({ down: add })).toEqual([]);
  const filled = rebuild(
    'id INTEGER PRIMARY KEY, b TEXT, c TEXT, d TEXT',
    'INSERT INTO n (id, b, c) SELECT id, b, c FROM t',
  );
  expect(await lossesOf({ down: `${filled} UPDATE t SET d = lower('X');` })).toEqual([]);
});
