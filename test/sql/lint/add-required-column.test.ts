import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

const applied = [
  `CREATE TABLE t (id int); CREATE DOMAIN filled AS int DEFAULT 5; CREATE DOMAIN required AS int NOT NULL;
  CREATE DOMAIN late AS int; ALTER DOMAIN late SET DEFAULT 7`,
];
const find = (column: string) =>
  findBy('add-required-column', { applied, up: `ALTER TABLE t ADD COLUMN ${column}` });

test.each([
  'c int NOT NULL',
  'c int DEFAULT NULL NOT NULL',
  'c int NOT NULL DEFAULT NULL::int',
  'c int DEFAULT CAST(NULL AS int) PRIMARY KEY',
  'c int CHECK (c IS NOT NULL)',
  'c required',
  'c filled DEFAULT NULL NOT NULL',
])('rows that are there have no value for it: %s', (column) => {
  expect(find(column)).toHaveLength(1);
});

test.each([
  'c int',
  'c int DEFAULT NULL',
  'c int NOT NULL DEFAULT 0',
  'c serial NOT NULL',
  'c int NOT NULL GENERATED ALWAYS AS IDENTITY',
  'c int NOT NULL GENERATED ALWAYS AS (id) STORED',
  'c filled NOT NULL',
  'c late NOT NULL',
  'c required DEFAULT 1',
])('all rows get a value: %s', (column) => {
  expect(find(column)).toEqual([]);
});
