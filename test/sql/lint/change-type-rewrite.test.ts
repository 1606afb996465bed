import { expect, test } from 'vitest';
import { findBy, lintSql } from './lint-sql.js';

const rule = 'change-type-rewrite';

test('names both types, and stands where the command does', () => {
  const up = 'ALTER TABLE s.t ADD b int, ALTER a TYPE numeric(10, 3)';
  expect(findBy(rule, { applied: ['CREATE TABLE s.t (a numeric(10, 2))'], up })).toEqual([
    '1:28 changing a from numeric(10,2) to numeric(10,3) rewrites s.t under an ACCESS EXCLUSIVE lock, which blocks reads and writes until all rows and indexes are rewritten',
  ]);
});

test('a check on the column is read again, although no row is written', () => {
  const applied = ["CREATE TABLE t (a varchar(10) CHECK (a <> ''))"];
  expect(findBy(rule, { applied, up: 'ALTER TABLE t ALTER a TYPE text' })).toEqual([
    expect.stringContaining('reads all rows, for checks and indexes, of t under'),
  ]);
});

test.each([
  ['bigint', ['warning']],
  ['bigint USING a::bigint', ['warning']],
  ['text USING lower(a)', ['warning']],
  ['text', []],
  ['varchar(20)', []],
])('a column that no migration makes, to %s', (type, severities) => {
  const found = lintSql({ up: `ALTER TABLE t ALTER a TYPE ${type}` }).filter((one) => one.rule === rule);
  expect(found.map(({ severity }) => severity)).toEqual(severities);
});

test.each([
  ['varchar(10)', /^Add a CHECK of the length/],
  ['char(10)', /^Add a CHECK of the length/],
  ['numeric(10, 2)', /^Add a column of the new type/],
  ['jsonb USING a::jsonb', /^Add a column of the new type/],
])('the way out of a change to %s', (type, help) => {
  const [found] = lintSql({ applied: ['CREATE TABLE t (a text)'], up: `ALTER TABLE t ALTER a TYPE ${type}` });
  expect(found?.help).toMatch(help);
});

test.each([
  ['ALTER COLUMN at TYPE timestamptz', 'warning'],
  ['ALTER COLUMN at TYPE timestamptz(6)', 'warning'],
  ['ALTER COLUMN zoned TYPE timestamp', 'warning'],
  ['ALTER COLUMN at TYPE timestamptz(3)', 'error'],
  ["ALTER COLUMN at TYPE timestamptz USING at AT TIME ZONE 'Europe/Paris'", 'error'],
  ['ALTER COLUMN at TYPE date', 'error'],
])('%s: an unknown time zone makes the finding a warning', (command, severity) => {
  const applied = ['CREATE TABLE t (at timestamp, zoned timestamptz)'];
  const find = (up: string) =>
    lintSql({ applied, up })
      .filter(({ rule }) => rule === 'change-type-rewrite')
      .map((finding) => finding.severity);
  expect(find(`ALTER TABLE t ${command}`)).toEqual([severity]);
  expect(find(`SET LOCAL TimeZone = 'UTC'; ALTER TABLE t ${command}`)).toEqual(
    severity === 'warning' ? [] : ['error'],
  );
});

test('an index with an expression is built again in any time zone', () => {
  const applied = ["CREATE TABLE t (at timestamp); CREATE INDEX ON t ((at > timestamp '2020-01-01'))"];
  const severities = lintSql({ applied, up: 'ALTER TABLE t ALTER COLUMN at TYPE timestamptz' })
    .filter((one) => one.rule === rule)
    .map(({ severity }) => severity);
  expect(severities).toEqual(['error']);
});
