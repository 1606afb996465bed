import { expect, test } from 'vitest';
import { lintSql } from './lint-sql.js';

const applied = ['CREATE TABLE t (a int)'];

function helpOf(column: string, oldestServer = 14): string | undefined {
  return lintSql({ applied, up: `ALTER TABLE t ADD ${column}`, oldestServer }).find(
    ({ rule }) => rule === 'add-column-rewrite',
  )?.help;
}

test('only what differs from row to row is written', () => {
  expect(helpOf('b float DEFAULT random()')).toMatch(/^Add the column without a default/);
  expect(helpOf('b int[] DEFAULT ARRAY[1, 2] NOT NULL')).toBeUndefined();
  expect(helpOf('b timestamptz DEFAULT now()')).toBeUndefined();
  expect(helpOf('b int GENERATED ALWAYS AS (a + 1) VIRTUAL', 18)).toBeUndefined();
});

test.each(['b serial', 'b int GENERATED ALWAYS AS IDENTITY'])('%s counts with a sequence', (column) => {
  expect(helpOf(column)).toContain('set nextval of it');
});

test('VIRTUAL columns are a way out since PostgreSQL 18', () => {
  const stored = 'b int GENERATED ALWAYS AS (a + 1) STORED';
  expect(helpOf(stored, 17)).toMatch(/^PostgreSQL 18 and later/);
  expect(helpOf(stored, 18)).toMatch(/^Make it VIRTUAL/);
});

test('says only what is missing of a column that does both', () => {
  const found = lintSql({ applied, up: 'ALTER TABLE t ADD b serial PRIMARY KEY' });
  const grave = found.filter(({ severity }) => severity === 'error');
  expect(grave.map(({ rule, place }) => `${place.column} ${rule}`)).toEqual([
    '19 add-column-rewrite',
    '28 add-unique-without-index',
  ]);
});
