import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

const rule = 'foreign-key-without-index';
const users = 'CREATE TABLE users (a int, b int, PRIMARY KEY (a, b))';
const key = 'FOREIGN KEY (x, y) REFERENCES users';

function inTable(more: string): string[] {
  return findBy(rule, { applied: [users], up: `CREATE TABLE t (x int, y int,\n ${key}); ${more}` });
}

test('names the columns, and stands where the key does', () => {
  expect(inTable('')).toEqual([
    '2:2 no index of t begins with x or y, so each DELETE from users reads all rows of t',
  ]);
});

test.each([
  'CREATE INDEX ON t (y, x)',
  'CREATE INDEX ON t USING hash (x)',
  'CREATE INDEX ON t (x) WHERE x IS NOT NULL',
  'ALTER TABLE t ADD UNIQUE (y)',
  'ALTER TABLE t DROP CONSTRAINT t_x_y_fkey',
])('is content with %s', (sql) => {
  expect(inTable(sql)).toEqual([]);
});

test.each([
  'CREATE INDEX ON t ((x + 1))',
  'CREATE INDEX ON t USING brin (x)',
  'CREATE INDEX ON t (x) WHERE y > 0',
  'CREATE INDEX i ON t (x); DROP INDEX i',
])('is not content with %s', (sql) => {
  expect(inTable(sql)).toHaveLength(1);
});

test('says nothing of tables whose indexes it cannot know', () => {
  expect(findBy(rule, { applied: [users], up: `ALTER TABLE t ADD ${key}` })).toEqual([]);
});
