import { expect, test } from 'vitest';
import { createLinter } from '../../../src/sql/lint/linter.js';
import { rules } from '../../../src/sql/lint/rules.js';
import { loadParser, parseStatements, type Statement } from '../../../src/sql/syntax/parse.js';

const parser = await loadParser();
const running = rules.filter(({ topic }) => topic !== 'design');

function openLinter() {
  const linter = createLinter(parser, { rules: running, severities: new Map(), oldestServer: 14 });
  return {
    skim: (sql: string) => linter.skim('1_made', parseStatements(parser, sql).statements as Statement[]),
    lint: (up: string) =>
      linter
        .lint({
          id: '2_asked',
          up,
          down: undefined,
          isTransactional: true,
          lockTimeoutMs: 5000,
          isNewWith: (creator) => creator === '1_made' || creator === '2_asked',
        })
        .map(({ rule }) => rule),
  };
}

const plain = [
  'CREATE TABLE t (id bigint PRIMARY KEY, a int UNIQUE CHECK (a > 0), UNIQUE (id, a))',
  'CREATE TABLE app.t (id bigint); CREATE TABLE u (id int)',
  'CREATE TEMP TABLE t (id bigint)',
  "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
  'CREATE EXTENSION citext; CREATE SEQUENCE s',
];

test.each(plain)('%s is passed over, and no rule would find anything', (sql) => {
  expect(openLinter().skim(sql)).toBe(true);
  expect(openLinter().lint(sql)).toEqual([]);
});

test.each([
  'CREATE TABLE t (id bigint REFERENCES u)',
  'CREATE TABLE t (id bigint, FOREIGN KEY (id) REFERENCES u)',
  'CREATE TABLE t PARTITION OF u FOR VALUES IN (1)',
  'CREATE TABLE t (id int) PARTITION BY LIST (id)',
  'CREATE TABLE t () INHERITS (u)',
  'CREATE TABLE t (LIKE u)',
  'CREATE TABLE t (id bigint); CREATE INDEX ON t (id)',
  'SET search_path = app; CREATE TABLE t (id bigint)',
])('%s is not', (sql) => {
  expect(openLinter().skim(sql)).toBe(false);
});

test('what was passed over is new to what follows, and nothing else is', () => {
  const linter = openLinter();
  linter.skim('CREATE TABLE t (id bigint); CREATE TABLE app.v (id bigint)');
  expect(linter.lint('CREATE INDEX ON t (id); CREATE INDEX ON app.v (id)')).toEqual([]);
  expect(linter.lint('CREATE INDEX ON w (id)')).toEqual(['create-index-not-concurrent']);
});
