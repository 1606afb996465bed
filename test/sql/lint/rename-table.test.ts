import { expect, test } from 'vitest';
import { findBy, lintSql } from './lint-sql.js';

const users = 'CREATE SCHEMA "My Shop"; CREATE TABLE "My Shop"."Users" (id int); CREATE TABLE users (id int)';

test('quoted names and schemas are those of the table that is meant', () => {
  const up = '\nALTER TABLE "My Shop"."Users" RENAME TO people;\nALTER TABLE "Users" RENAME TO people';
  expect(findBy('rename-table', { applied: [users], up })).toEqual([
    '2:13 renaming Users to people breaks every query that still uses "My Shop".Users',
    '3:13 renaming Users to people breaks every query that still uses Users',
  ]);
});

test('a table of a pending ancestor has no users, one that no migration makes may have', () => {
  const up = 'ALTER TABLE users RENAME TO people';
  expect(findBy('rename-table', { pending: [users], up })).toEqual([]);
  expect(findBy('rename-table', { up })).toHaveLength(1);
});

test('a view bridges the gap only when it is made behind the rename', () => {
  const view = 'CREATE VIEW users AS SELECT 1';
  const rename = 'ALTER TABLE users RENAME TO people';
  expect(findBy('rename-table', { applied: [users], up: `${rename}; ${view}` })).toEqual([]);
  expect(findBy('rename-table', { up: `${view}; ALTER VIEW users RENAME TO people` })).toEqual([]);
  expect(findBy('rename-table', { applied: [view], up: 'ALTER VIEW users RENAME TO people' })).toHaveLength(
    1,
  );
});

test('indexes, columns and constraints are no tables', () => {
  const up =
    'ALTER INDEX users_id RENAME TO i; ALTER TABLE users RENAME CONSTRAINT a TO b; ALTER SEQUENCE s RENAME TO t';
  expect(findBy('rename-table', { applied: [users], up })).toEqual([]);
});

test('the view is written as it must be', () => {
  const views = (up: string) =>
    lintSql({ applied: [users], up })
      .filter(({ rule }) => rule === 'rename-table')
      .map(({ help }) => /CREATE VIEW .*? AS SELECT \* FROM .*?(?=\. )/.exec(help)?.[0]);
  expect(views('ALTER TABLE "My Shop"."Users" RENAME TO "Order"')).toEqual([
    'CREATE VIEW "My Shop"."Users" AS SELECT * FROM "My Shop"."Order"',
  ]);
  expect(views('ALTER TABLE users RENAME TO people')).toEqual(['CREATE VIEW users AS SELECT * FROM people']);
  expect(views('ALTER TABLE users SET SCHEMA "My Shop"')).toEqual([
    'CREATE VIEW users AS SELECT * FROM "My Shop".users',
  ]);
});
