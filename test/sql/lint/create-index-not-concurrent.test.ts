import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

const rule = 'create-index-not-concurrent';

test('a table that no migration makes counts as one in use, unless ONLY says that it is partitioned', () => {
  expect(findBy(rule, { up: 'CREATE INDEX ON "Sales".orders (a)' })).toEqual([
    '1:17 CREATE INDEX takes a SHARE lock on Sales.orders, which blocks writes until the index is built',
  ]);
  expect(findBy(rule, { up: 'CREATE INDEX ON ONLY orders (a)' })).toEqual([]);
});

test('what a pending ancestor makes has no rows', () => {
  const context = { up: 'CREATE INDEX ON t (a)' };
  expect(findBy(rule, { ...context, pending: ['CREATE TABLE t (a int)'] })).toEqual([]);
  expect(findBy(rule, { ...context, applied: ['CREATE TABLE t (a int)'] })).toHaveLength(1);
  expect(findBy(rule, { up: 'CREATE TEMP TABLE t (a int); CREATE INDEX ON t (a)' })).toEqual([]);
});

test('an index that is there already is not built again', () => {
  const applied = ['CREATE TABLE t (a int); CREATE INDEX i ON t (a)'];
  expect(findBy(rule, { applied, up: 'CREATE INDEX IF NOT EXISTS i ON t (a)' })).toEqual([]);
  expect(findBy(rule, { applied, up: 'CREATE INDEX IF NOT EXISTS j ON t (a)' })).toHaveLength(1);
});
