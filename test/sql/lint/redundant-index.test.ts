import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

const rule = 'redundant-index';

function indexed(...indexes: string[]): string[] {
  return findBy(rule, { up: ['CREATE TABLE t (a int, b int, c text)', ...indexes].join(';\n') });
}

test('says each index once, whichever of the two is new', () => {
  const less = 'the index i on t (a) is redundant beside j (a, b)';
  expect(indexed('CREATE INDEX i ON t (a)', 'CREATE INDEX j ON t (a, b)')).toEqual([`2:1 ${less}`]);
  const applied = ['CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a)'];
  expect(findBy(rule, { applied, up: 'CREATE INDEX j ON t (a, b)' })).toEqual([`1:1 ${less}`]);
});

test('two indexes of the same columns are one too many', () => {
  expect(indexed('CREATE INDEX i ON t (a)', 'CREATE INDEX j ON t (a)')).toHaveLength(1);
});

test('an index that the migration drops does not count', () => {
  const applied = ['CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a)'];
  expect(findBy(rule, { applied, up: 'CREATE INDEX j ON t (a, b); DROP INDEX i' })).toEqual([]);
});

test.each([
  'CREATE INDEX j ON t (b, a)',
  'CREATE INDEX j ON t (a, b) WHERE b > 0',
  'CREATE INDEX j ON t USING hash (a)',
  'CREATE INDEX j ON t (a, (b + 1))',
  'CREATE INDEX j ON t (a DESC, b)',
])('%s is no substitute for (a)', (sql) => {
  expect(indexed('CREATE INDEX i ON t (a)', sql)).toEqual([]);
});

test('an order for LIKE or columns that are only read make an index different', () => {
  expect(indexed('CREATE INDEX i ON t (c text_pattern_ops)', 'CREATE INDEX j ON t (c, a)')).toEqual([]);
  expect(indexed('CREATE INDEX i ON t (a) INCLUDE (b)', 'CREATE INDEX j ON t (a, c)')).toEqual([]);
});

test('a unique index says more than a wider one', () => {
  expect(indexed('CREATE UNIQUE INDEX i ON t (a)', 'CREATE UNIQUE INDEX j ON t (a, b)')).toEqual([]);
  expect(indexed('CREATE UNIQUE INDEX i ON t (a)', 'CREATE UNIQUE INDEX j ON t (a)')).toHaveLength(1);
});
