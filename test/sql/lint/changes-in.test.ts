import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

const applied = ['CREATE TABLE users (id int PRIMARY KEY, n int); CREATE TABLE old (id int, n int)'];

test.each([
  'WITH x AS (UPDATE users SET n = 1 RETURNING id) SELECT count(*) FROM x',
  'WITH x AS (UPDATE users SET n = 1 RETURNING *) INSERT INTO old SELECT * FROM x',
  'EXPLAIN ANALYZE UPDATE users SET n = 1',
  'COPY (UPDATE users SET n = 1 RETURNING id) TO STDOUT',
  'UPDATE users SET n = 1 WHERE true',
  'UPDATE users SET n = 1 WHERE 1 = 1',
  'DO $$ BEGIN UPDATE users SET n = 1; END $$',
])('an UPDATE of all rows is found in: %s', (up) => {
  expect(findBy('update-without-where', { applied, up })).toHaveLength(1);
});

test.each([
  'EXPLAIN UPDATE users SET n = 1',
  'EXPLAIN (ANALYZE off) UPDATE users SET n = 1',
  'PREPARE p AS UPDATE users SET n = 1',
  'UPDATE users SET n = 1 WHERE id = 1',
  'UPDATE users SET n = 1 WHERE false',
])('nothing is found in: %s', (up) => {
  expect(findBy('update-without-where', { applied, up })).toEqual([]);
});

test('rows that move from one table to another are deleted without a condition', () => {
  const up = 'WITH d AS (DELETE FROM users RETURNING *) INSERT INTO old SELECT * FROM d';
  expect(findBy('delete-without-where', { applied, up })).toEqual([
    '1:24 DELETE removes every row of users, and locks all of them against other writes until the migration ends',
  ]);
});

test('a change in a WITH query is slow work under a lock', () => {
  const up =
    'ALTER TABLE users ADD c int; WITH x AS (UPDATE users SET n = 1 RETURNING id) SELECT count(*) FROM x';
  expect(findBy('backfill-with-schema-change', { applied, up })).toHaveLength(1);
});
