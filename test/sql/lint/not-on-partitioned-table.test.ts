import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

const rule = 'not-on-partitioned-table';
const applied = ['CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE p (a int) PARTITION BY LIST (a)'];

test('keys that are not valid came with PostgreSQL 18', () => {
  const up = 'ALTER TABLE p ADD FOREIGN KEY (a) REFERENCES u NOT VALID';
  expect(findBy(rule, { applied, up, oldestServer: 17 })).toEqual([
    '1:1 PostgreSQL refuses FOREIGN KEY … NOT VALID before PostgreSQL 18, because p is partitioned',
  ]);
  expect(findBy(rule, { applied, up, oldestServer: 18 })).toEqual([]);
});
