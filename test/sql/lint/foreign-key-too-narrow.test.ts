import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

const rule = 'foreign-key-too-narrow';
const applied = [
  'CREATE TABLE u (a int, b bigint, c bigint UNIQUE, PRIMARY KEY (a, b)); CREATE TABLE t (x int, y int)',
];

test('compares column by column', () => {
  expect(
    findBy(rule, { applied, up: 'ALTER TABLE t ADD FOREIGN KEY (x, y) REFERENCES u NOT VALID' }),
  ).toEqual(['1:19 t.y is integer, but u.b is bigint: it cannot refer to rows with larger numbers']);
});

test('compares with the columns that are named', () => {
  const up = 'ALTER TABLE t ADD FOREIGN KEY (x) REFERENCES u (c) NOT VALID';
  expect(findBy(rule, { applied, up })).toEqual([
    expect.stringContaining('t.x is integer, but u.c is bigint'),
  ]);
});

test('looks at the types that the migration leaves', () => {
  const up = 'CREATE TABLE n (x int REFERENCES u (c)); ALTER TABLE n ALTER x TYPE bigint';
  expect(findBy(rule, { applied, up })).toEqual([]);
});

test('says nothing of a table that no migration makes', () => {
  expect(findBy(rule, { up: 'CREATE TABLE n (x int REFERENCES unknown)' })).toEqual([]);
});
