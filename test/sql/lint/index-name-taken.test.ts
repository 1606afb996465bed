import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

const rule = 'index-name-taken';
const applied = ['CREATE TABLE t (a int, b int); CREATE TABLE s.t (a int); CREATE INDEX i ON t (a)'];

test.each([
  ['CREATE INDEX IF NOT EXISTS i ON t (b)', 1],
  ['CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a)', 1],
  ['CREATE INDEX IF NOT EXISTS i ON unknown (a)', 1],
  ['CREATE INDEX IF NOT EXISTS i ON s.t (a)', 0],
  ['DROP INDEX i; CREATE INDEX IF NOT EXISTS i ON t (b)', 0],
  ['ALTER INDEX i RENAME TO j; CREATE INDEX IF NOT EXISTS i ON t (b)', 0],
])('%s: %i', (up, count) => {
  expect(findBy(rule, { applied, up })).toHaveLength(count);
});

test('the index that is not made is not counted on afterwards', () => {
  const up = 'CREATE INDEX IF NOT EXISTS i ON t (b); CREATE INDEX j ON t (b)';
  expect(findBy('redundant-index', { applied, up })).toEqual([]);
});
