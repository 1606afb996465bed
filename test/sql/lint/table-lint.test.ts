import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

test('SET UNLOGGED is found where it changes something', () => {
  const find = (kind: string) =>
    findBy('change-table-storage', {
      applied: [`CREATE ${kind} TABLE t (id int)`],
      up: 'ALTER TABLE t ADD COLUMN unlogged int, SET UNLOGGED, SET TABLESPACE fast',
    });
  expect(find('')).toHaveLength(2);
  expect(find('UNLOGGED')).toEqual([expect.stringContaining('SET TABLESPACE rewrites t')]);
});

test('TRUNCATE and LOCK find each table that is in use', () => {
  const up = 'CREATE TABLE own (id int); TRUNCATE a, own, s.b; LOCK own, c IN EXCLUSIVE MODE';
  expect(findBy('truncate', { up }).map((text) => text.slice(0, 31))).toEqual([
    '1:37 TRUNCATE takes an ACCESS E',
    '1:45 TRUNCATE takes an ACCESS E',
  ]);
  expect(findBy('lock-table', { up })).toEqual([
    '1:60 LOCK TABLE takes an EXCLUSIVE lock on c, which blocks writes until the migration is over',
  ]);
});

test('temporary tables are nobody else’s', () => {
  const up = 'CREATE TEMP TABLE t (id int); UPDATE t SET id = 1; DELETE FROM t; TRUNCATE t; DROP TABLE t';
  for (const rule of ['update-without-where', 'delete-without-where', 'truncate', 'drop-table'])
    expect(findBy(rule, { up })).toEqual([]);
});

test('a schema is new when all that is in it is new', () => {
  const up = 'CREATE TABLE s.a (id int); DROP SCHEMA s CASCADE';
  expect(findBy('drop-schema', { up })).toEqual([]);
  expect(findBy('drop-schema', { applied: ['CREATE TABLE s.b (id int)'], up })).toHaveLength(1);
});
