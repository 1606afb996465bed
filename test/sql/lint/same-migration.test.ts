import { expect, test } from 'vitest';
import { findBy, lintSql } from './lint-sql.js';

const applied = [
  'CREATE TABLE jobs (id bigint PRIMARY KEY, a int, b text); CREATE TABLE runs (job bigint REFERENCES jobs)',
];
const rulesOf = (up: string) => lintSql({ applied, up }).map(({ rule }) => rule);

test('a column of its own may go and get another name', () => {
  const own = 'ALTER TABLE jobs ADD COLUMN c int';
  expect(rulesOf(`${own}; ALTER TABLE jobs DROP COLUMN c`)).toEqual([]);
  expect(rulesOf(`${own}; ALTER TABLE jobs RENAME COLUMN c TO d`)).toEqual([]);
  expect(rulesOf('ALTER TABLE jobs RENAME COLUMN a TO c')).toEqual(['rename-column']);
});

test('a name that another column takes over breaks no query', () => {
  const swap =
    'ALTER TABLE jobs ADD COLUMN n int; ALTER TABLE jobs DROP COLUMN a; ALTER TABLE jobs RENAME n TO a';
  expect(findBy('drop-column', { applied, up: swap })).toEqual([
    '1:53 DROP COLUMN loses the values of a of jobs',
  ]);
  expect(rulesOf(swap)).toEqual(['drop-column']);
});

test('a name that the migration has given away and takes back is none that others know', () => {
  expect(rulesOf('ALTER TABLE jobs RENAME TO tasks; ALTER TABLE tasks RENAME TO jobs')).toEqual([]);
  expect(rulesOf('ALTER TABLE jobs RENAME a TO x; ALTER TABLE jobs RENAME x TO a')).toEqual([]);
});

test.each([
  ['ALTER TABLE runs ADD COLUMN c text NOT NULL', 'add-required-column'],
  ['CREATE INDEX ON runs (job)', 'create-index-not-concurrent'],
  ['ALTER TABLE runs ADD CHECK (job > 0)', 'add-check-validated'],
  ['ALTER TABLE runs ALTER job TYPE int', 'change-type-rewrite'],
  ['ALTER TABLE runs ALTER job SET NOT NULL', 'set-not-null-scan'],
])('what was truncated has no rows: %s', (sql, rule) => {
  const find = (up: string, isTransactional = true) => findBy(rule, { applied, up, isTransactional });
  expect(find(sql)).toHaveLength(1);
  expect(find(`TRUNCATE runs; ${sql}`)).toEqual([]);
  expect(find(`TRUNCATE jobs CASCADE; ${sql}`)).toEqual([]);
  expect(find(`TRUNCATE runs; INSERT INTO runs VALUES (1); ${sql}`)).toHaveLength(1);
  expect(find(`TRUNCATE runs; SELECT refill(); ${sql}`)).toHaveLength(1);
  expect(find(`TRUNCATE runs; ${sql}`, false)).toHaveLength(1);
});

test('DELETE of all rows leaves none that lack a value, but dead ones to read', () => {
  const required = 'ALTER TABLE runs ADD COLUMN c text NOT NULL';
  const find = (up: string) => findBy('add-required-column', { applied, up });
  expect(find(`DELETE FROM runs; ${required}`)).toEqual([]);
  expect(find(`WITH d AS (DELETE FROM runs RETURNING *) SELECT count(*) FROM d; ${required}`)).toEqual([]);
  expect(find(`DELETE FROM runs WHERE job > 1; ${required}`)).toHaveLength(1);
  const up = 'DELETE FROM runs; CREATE INDEX ON runs (job)';
  expect(findBy('create-index-not-concurrent', { applied, up })).toHaveLength(1);
});

test('ALTER TABLE that renames an index breaks no query', () => {
  expect(rulesOf('ALTER TABLE jobs_pkey RENAME TO jobs_key')).toEqual([]);
});

const fresh = 'CREATE TABLE kinds (name text)';
const one = "INSERT INTO kinds VALUES ('a')";
const required = 'ALTER TABLE kinds ADD COLUMN id int NOT NULL';

test.each<[finds: number, between: string]>([
  [1, one],
  [1, `${one}; CREATE INDEX ON kinds (name); UPDATE kinds SET name = 'b'`],
  [1, `DELETE FROM kinds; ${one}`],
  [0, 'SELECT 1'],
  [0, 'INSERT INTO kinds SELECT b FROM jobs'],
  [0, `${one}; TRUNCATE jobs CASCADE`],
  [0, `${one}; WITH d AS (DELETE FROM kinds RETURNING *) SELECT 1`],
  [0, `${one}; SELECT tidy()`],
  [0, `DO $$ BEGIN IF false THEN ${one}; END IF; END $$`],
  [0, `CREATE TRIGGER t BEFORE INSERT ON kinds EXECUTE FUNCTION f(); ${one}`],
])('a new table refuses a required column once it has rows: %i after %s', (finds, between) => {
  const find = (pending: string[], up: string) =>
    findBy('add-required-column', { applied, pending, up }).map((text) => text.replace(/^\S+ /, ''));
  const found = new Array(finds).fill(
    'ADD COLUMN id NOT NULL fails if kinds has rows, because they would be null in this column',
  );
  expect(find([], `${fresh}; ${between}; ${required}`)).toEqual(found);
  expect(find([`${fresh}; ${between}`], required)).toEqual(found);
  expect(find([], `${fresh}; ${between}; ALTER TABLE kinds ADD COLUMN id int NOT NULL DEFAULT 1`)).toEqual(
    [],
  );
});

test.each([
  ['ALTER TABLE seen ALTER COLUMN a TYPE text', 'ALTER TABLE seen ALTER COLUMN a TYPE int'],
  ['ALTER TABLE seen ADD PRIMARY KEY USING INDEX i', 'ALTER TABLE seen ADD PRIMARY KEY (a)'],
  [
    'ALTER TABLE seen ALTER a TYPE varchar(9)',
    'ALTER TABLE seen ALTER a TYPE varchar(9), ALTER b SET NOT NULL',
  ],
])('work on rows that is only assumed delays nothing else: %s', (assumed, certain) => {
  const find = (sql: string) =>
    rulesOf(`ALTER TABLE seen SET UNLOGGED; ALTER TABLE jobs DROP COLUMN a; ${sql}`).filter((rule) =>
      ['several-alter-tables', 'statements-after-strong-lock'].includes(rule),
    );
  expect(find(assumed)).toEqual([]);
  expect(find(certain).sort()).toEqual(['several-alter-tables', 'statements-after-strong-lock']);
});
