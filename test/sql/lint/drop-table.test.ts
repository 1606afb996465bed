import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

const applied = [
  'CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE orders (id int, buyer int REFERENCES users)',
];

test('each table is found where its name stands, and the locks of all are said once', () => {
  expect(findBy('drop-table', { applied, up: 'DROP TABLE IF EXISTS orders,\n  "Orders"' })).toEqual([
    '1:22 DROP TABLE loses the rows of orders, and breaks every query that still uses it; it takes an ACCESS EXCLUSIVE lock on users, too, which blocks reads and writes there',
    '2:3 DROP TABLE loses the rows of Orders, and breaks every query that still uses it',
  ]);
});

test('a table that comes back loses no more than its rows', () => {
  expect(findBy('drop-table', { up: 'DROP TABLE tokens; CREATE TABLE tokens (id int)' })).toEqual([
    '1:12 DROP TABLE loses the rows of tokens',
  ]);
});
