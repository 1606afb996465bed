import { expect, test } from 'vitest';
import { findBy, lintSql } from './lint-sql.js';

const applied = [
  `CREATE TABLE a (id int PRIMARY KEY, email text, UNIQUE (id, email));
   CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);
   CREATE TABLE c (id int PRIMARY KEY)`,
];
const lock = 'ALTER TABLE a ADD COLUMN x int;';

const severities = (up: string) =>
  lintSql({ applied, up })
    .filter(({ rule }) => rule === 'backfill-with-schema-change')
    .map(({ severity }) => severity);

test('rows that are changed before the lock is taken keep nobody waiting', () => {
  expect(severities(`UPDATE a SET email = 'x'; ${lock}`)).toEqual([]);
  expect(severities(`${lock} UPDATE a SET email = 'x'`)).toEqual(['error']);
  expect(severities(`${lock} DELETE FROM c WHERE id > 5`)).toEqual(['warning']);
});

test('rows that are named by a whole unique key are few', () => {
  for (const few of ['id = 1', 'id IN (1, 2)', "email = 'x' AND id = 1", "id = 1 AND email <> ''"])
    expect(severities(`${lock} UPDATE a SET email = '' WHERE ${few}`)).toEqual([]);
  for (const many of ["email = 'x'", 'id > 1', 'id = x', 'id = 1 OR id = 2', 'id IN (SELECT id FROM b)'])
    expect(severities(`${lock} UPDATE a SET email = '' WHERE ${many}`)).toEqual(['warning']);
});

test('copies are found where the rows come from a table in use', () => {
  const own = 'CREATE TABLE own (id int);';
  expect(severities(`${own} ${lock} INSERT INTO own SELECT id FROM a`)).toEqual(['warning']);
  expect(severities(`${lock} CREATE TABLE copy AS SELECT * FROM c`)).toEqual(['warning']);
  expect(severities(`${own} ${lock} INSERT INTO a SELECT id FROM own`)).toEqual([]);
  expect(severities(`${lock} INSERT INTO a VALUES (1)`)).toEqual([]);
});

test('a lock that only stops writes counts for changes of rows, and one on a new table does not', () => {
  expect(severities("CREATE INDEX ON a (email); UPDATE a SET email = ''")).toEqual(['error']);
  expect(severities("CREATE TABLE n (id int); ALTER TABLE n ADD x int; UPDATE a SET email = ''")).toEqual([]);
});

test('slow work is found behind a lock, not before it', () => {
  const find = (up: string) => findBy('statements-after-strong-lock', { applied, up });
  const slow = 'CREATE INDEX i ON c (id);';
  expect(find(`${slow} ${lock}`)).toEqual([]);
  expect(find(`${lock} ${slow}`)).toEqual([
    '1:33 this reads all rows of c while a is still locked ACCESS EXCLUSIVE, which blocks reads and writes of it until all rows are processed',
  ]);
  expect(find('ALTER TABLE c ALTER id TYPE bigint; ALTER TABLE c ADD CHECK (id > 0)')).toEqual([]);
  expect(find(`${lock} TRUNCATE c`)).toEqual([]);
});

test('several tables are found at the second one, also when a foreign key leads there', () => {
  const find = (up: string) => findBy('several-strong-locks', { applied, up });
  expect(find(`${lock} ALTER TABLE a ADD y int; ALTER TABLE c ADD y int; ALTER TABLE b ADD y int`)).toEqual([
    expect.stringMatching(/^1:58 this waits for an ACCESS EXCLUSIVE lock on c while a is locked as well/),
  ]);
  expect(find('ALTER TABLE c ADD y int; DROP TABLE b')).toEqual([
    expect.stringContaining('lock on a while c'),
  ]);
  expect(find('DROP TABLE b; ALTER TABLE a ADD y int')).toEqual([]);
});

test('statements that run alone hold nothing behind them', () => {
  const up = `${lock} ALTER TABLE c ADD y int; UPDATE a SET email = ''; CREATE INDEX ON c (id)`;
  const rules = lintSql({ applied, up, isTransactional: false }).map(({ rule }) => rule);
  for (const rule of ['backfill-with-schema-change', 'several-strong-locks', 'statements-after-strong-lock'])
    expect(rules).not.toContain(rule);
});

test('the setting of the migration or the last SET decides whether a wait has an end', () => {
  const find = (up: string, lockTimeoutMs: number) =>
    findBy('no-lock-timeout', { applied, up, lockTimeoutMs });
  expect(find(`${lock} ALTER TABLE b ADD y int`, 0)).toEqual([
    '1:1 this waits for an ACCESS EXCLUSIVE lock on a without a time limit, and meanwhile blocks later reads and writes',
  ]);
  expect(find(`SET lock_timeout = '0ms'; ${lock}`, 5000)).toHaveLength(1);
  expect(find(`RESET lock_timeout; ${lock}`, 5000)).toHaveLength(1);
  expect(find(`SET lock_timeout = 0; SET LOCAL lock_timeout TO '1min'; ${lock}`, 5000)).toEqual([]);
  expect(find("UPDATE a SET email = ''; ALTER TABLE a VALIDATE CONSTRAINT k", 0)).toEqual([]);
});

test.each([
  ['SELECT count(*) FROM users', 1],
  ['SELECT * FROM users ORDER BY id', 1],
  ["SELECT setval('s', max(id)) FROM users", 0],
  ['SELECT id FROM users WHERE id = 1', 0],
  ['SELECT 1 FROM users LIMIT 1', 0],
  ['WITH one AS (SELECT id FROM users WHERE id = 5) SELECT * FROM one', 0],
  ['SELECT * FROM (SELECT * FROM users LIMIT 1) one', 0],
  ['SELECT 1 FROM users a JOIN users b ON a.id = b.id AND a.id = 5', 0],
  ['WITH made AS (INSERT INTO users VALUES (1) RETURNING id) SELECT * FROM made', 0],
  ['SELECT * FROM users TABLESAMPLE SYSTEM (0.1)', 0],
  ['SELECT * FROM one_user', 0],
  ["SELECT set_config('a.b', 'c', true)", 0],
])('%s behind a strong lock', (query, count) => {
  const applied = [
    'CREATE TABLE users (id bigint PRIMARY KEY); CREATE VIEW one_user AS SELECT id FROM users WHERE id = 5',
  ];
  const up = `ALTER TABLE users ADD COLUMN name text; ${query}`;
  expect(findBy('statements-after-strong-lock', { applied, up })).toHaveLength(count);
  expect(findBy('statements-after-strong-lock', { applied, up: query })).toEqual([]);
});

test('SELECT INTO behind a strong lock copies rows', () => {
  const applied = ['CREATE TABLE users (id bigint PRIMARY KEY)'];
  const up = 'ALTER TABLE users ADD COLUMN name text; SELECT * INTO copies FROM users';
  expect(findBy('backfill-with-schema-change', { applied, up })).toHaveLength(1);
});

test('a table that SELECT INTO makes cannot have two columns of one name either', () => {
  const find = (up: string) => findBy('duplicate-assignment', { up });
  expect(find('SELECT 1 AS a, 2 AS a INTO copies')).toHaveLength(1);
  expect(find('SELECT 1 AS a, 2 AS a INTO copies UNION SELECT 3, 4')).toHaveLength(1);
  expect(find('SELECT 1 AS a, 2 AS b INTO copies; SELECT 1 AS a, 2 AS a')).toEqual([]);
});
