import { expect, test } from 'vitest';
import { findBy, lintSql } from './lint-sql.js';

const applied = ['CREATE TABLE t (a int); CREATE TABLE p (a int) PARTITION BY LIST (a)'];

test('a column that is there already is not added again', () => {
  const up = 'ALTER TABLE t ADD COLUMN IF NOT EXISTS a int NOT NULL UNIQUE CHECK (a > 0)';
  expect(lintSql({ applied, up }).map(({ rule }) => rule)).toEqual([]);
});

test('each command has its own place', () => {
  const up =
    'ALTER TABLE t ADD UNIQUE (a),\n  ADD b int NOT NULL UNIQUE;\nALTER TABLE t ADD PRIMARY KEY (a);';
  const places = findBy('add-unique-without-index', { applied, up }).map((text) => text.split(' builds')[0]);
  expect(places).toEqual(['1:15 ADD UNIQUE', '2:22 ADD COLUMN … UNIQUE', '3:15 ADD PRIMARY KEY']);
  expect(findBy('add-required-column', { applied, up })).toEqual([expect.stringMatching(/^2:7 /)]);
});

test('CHECK constraints that are not enforced read nothing', () => {
  expect(
    findBy('add-check-validated', { applied, up: 'ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED' }),
  ).toEqual([]);
});

test('a partitioned table has another way to a key', () => {
  const [found] = lintSql({ applied, up: 'ALTER TABLE p ADD UNIQUE (a)' });
  expect(found?.help).toContain('ON ONLY the partitioned table');
});

test.each(['serial', 'int GENERATED ALWAYS AS IDENTITY', 'int DEFAULT 1'])('%s fills itself', (type) => {
  expect(findBy('add-required-column', { applied, up: `ALTER TABLE t ADD b ${type} NOT NULL` })).toEqual([]);
});
