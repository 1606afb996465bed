import { expect, test } from 'vitest';
import { lintSql } from './lint-sql.js';

const users = 'CREATE TABLE users (id bigint PRIMARY KEY, age int)';
const plpgsql = (name: string, body: string) =>
  `CREATE FUNCTION ${name} RETURNS void LANGUAGE plpgsql AS $$ BEGIN ${body}; END $$`;
const widen = plpgsql('widen()', 'ALTER TABLE users ALTER COLUMN age TYPE bigint');

const rulesOf = (applied: string, up: string) =>
  lintSql({ applied: [users, applied], up })
    .filter(({ severity }) => severity !== 'info')
    .map(({ rule }) => rule);

test.each([
  [widen, 'SELECT widen()'],
  [widen, 'DO $$ BEGIN PERFORM widen(); END $$'],
  ['', `${widen}; SELECT widen()`],
  [`${widen}; ${plpgsql('all_of_it()', 'PERFORM widen()')}`, 'SELECT all_of_it()'],
  [`${widen}; CREATE FUNCTION more() RETURNS void LANGUAGE sql AS 'SELECT widen()'`, 'SELECT more()'],
  [
    'CREATE PROCEDURE widen() LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE users ALTER COLUMN age TYPE bigint; END $$',
    'CALL widen()',
  ],
])('%s %s: what is called runs', (applied, up) => {
  expect(rulesOf(applied, up)).toEqual(['change-type-rewrite']);
});

test.each([
  [widen, 'SELECT 1'],
  ['', widen],
  [`${widen}; DROP FUNCTION widen()`, 'SELECT widen()'],
  [widen, 'SELECT other.widen()'],
  [
    "CREATE FUNCTION lower(x text) RETURNS text LANGUAGE sql AS 'DROP TABLE users; SELECT x'",
    "SELECT lower('a')",
  ],
  [widen, `${plpgsql('later()', 'PERFORM widen()')}`],
])('%s %s: nothing of it runs', (applied, up) => {
  expect(rulesOf(applied, up)).toEqual([]);
});

test('functions that call each other are looked into once', () => {
  const pair = `${plpgsql('one()', 'PERFORM two(); TRUNCATE users')}; ${plpgsql('two()', 'PERFORM one()')}`;
  expect(rulesOf(pair, 'SELECT one()')).toEqual(['truncate']);
  expect(rulesOf(pair, 'SELECT one(); SELECT two(); SELECT one()')).toEqual(['truncate']);
});

test('what a function locks is locked for what follows', () => {
  expect(
    rulesOf(
      plpgsql('grow()', 'ALTER TABLE users ADD COLUMN x int'),
      'SELECT grow(); CREATE INDEX ON users (age)',
    ),
  ).toEqual(['statements-after-strong-lock', 'create-index-not-concurrent']);
});

const sql = (head: string, tail = '') => `CREATE FUNCTION f() RETURNS int LANGUAGE sql ${head}${tail}`;

test.each([
  [sql("AS 'SELECT 1'"), []],
  [sql('RETURN 1'), []],
  [sql("STRICT AS 'SELECT 1'"), []],
  [sql("AS 'SELECT extract(year FROM now())::int'"), []],
  [sql("AS 'SELECT (random() * 9)::int'"), ['add-column-rewrite']],
  [sql("SECURITY DEFINER SET search_path = '' AS 'SELECT 1'"), ['add-column-rewrite']],
  [sql("AS 'SELECT 1'", '; ALTER FUNCTION f() SECURITY DEFINER'), ['add-column-rewrite']],
  [sql("AS 'SELECT count(*)::int FROM users'"), ['add-column-rewrite']],
  [sql("AS 'SELECT 1; SELECT 2'"), ['add-column-rewrite']],
  [sql("AS 'SELECT (SELECT 1)'"), ['add-column-rewrite']],
  [sql("AS 'SELECT EXISTS (SELECT 1)::int'"), ['add-column-rewrite']],
  [sql('RETURN (SELECT 1)'), ['add-column-rewrite']],
  [sql("AS 'SELECT count(*)::int'"), ['add-column-rewrite']],
  [sql("AS 'SELECT generate_series(1, 1)'"), ['add-column-rewrite']],
  [sql("AS 'SELECT (row_number() OVER ())::int'"), ['add-column-rewrite']],
  [
    "CREATE FUNCTION f(x float DEFAULT random()) RETURNS int LANGUAGE sql AS 'SELECT x::int'",
    ['add-column-rewrite'],
  ],
  [
    "CREATE FUNCTION f(x float DEFAULT random()) RETURNS int STABLE LANGUAGE sql AS 'SELECT x::int'",
    ['add-column-rewrite'],
  ],
  ["CREATE FUNCTION f(x int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT x'", []],
  ['CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$', ['add-column-rewrite']],
])('%s as a default', (applied, rules) => {
  expect(rulesOf(applied, 'ALTER TABLE users ADD COLUMN x int DEFAULT f()')).toEqual(rules);
});

test('a function with the name of one of PostgreSQL’s is meant where its arguments fit', () => {
  const applied = "CREATE FUNCTION now(int) RETURNS timestamptz LANGUAGE sql AS 'SELECT clock_timestamp()'";
  const find = (call: string) =>
    rulesOf(applied, `ALTER TABLE users ADD COLUMN x timestamptz DEFAULT ${call}`);
  expect(find('now(5)')).toEqual(['add-column-rewrite']);
  expect(find('now()')).toEqual([]);
});

test('json in a table in use is a warning, in a new one a matter of design', () => {
  expect(rulesOf('', 'ALTER TABLE users ADD COLUMN x json')).toEqual(['prefer-jsonb']);
  expect(rulesOf('', 'CREATE TABLE own (id bigint PRIMARY KEY); ALTER TABLE own ADD COLUMN x json')).toEqual(
    [],
  );
});
