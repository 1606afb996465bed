import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

const gap = 'DROP INDEX CONCURRENTLY old; CREATE INDEX CONCURRENTLY new ON t (a, c)';
const find = (indexes: string, up = gap) =>
  findBy('index-dropped-before-replacement', {
    applied: [`CREATE TABLE t (a int, b int, c int); ${indexes}`],
    up,
    isTransactional: false,
  });

test.each([
  'CREATE INDEX old ON t (a); CREATE INDEX other ON t (a, b)',
  'CREATE INDEX old ON t (a); CREATE INDEX other ON t (a)',
  'CREATE UNIQUE INDEX old ON t (a); CREATE UNIQUE INDEX other ON t (a, b)',
])('%s: another index serves the queries meanwhile', (indexes) => {
  expect(find(indexes)).toEqual([]);
});

test.each([
  'CREATE INDEX old ON t (a)',
  'CREATE INDEX old ON t (a); CREATE INDEX other ON t (b, a)',
  'CREATE INDEX old ON t (a, b); CREATE INDEX other ON t (a)',
  'CREATE INDEX old ON t (a); CREATE INDEX other ON t (a, b) WHERE b > 0',
  'CREATE INDEX old ON t (a); CREATE INDEX other ON t USING brin (a, b)',
  'CREATE UNIQUE INDEX old ON t (a); CREATE INDEX other ON t (a, b)',
])('%s: no other index serves them', (indexes) => {
  expect(find(indexes)).toHaveLength(1);
});

test('an index that goes or comes later does not help', () => {
  const both = 'CREATE INDEX old ON t (a); CREATE INDEX other ON t (a, b)';
  expect(find(both, `${gap}; DROP INDEX CONCURRENTLY other`)).toHaveLength(1);
  expect(
    find('CREATE INDEX old ON t (a)', `${gap}; CREATE INDEX CONCURRENTLY other ON t (a, b)`),
  ).toHaveLength(1);
});
