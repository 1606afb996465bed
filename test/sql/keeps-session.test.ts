/** Which statements are known only to make new objects. */

import { beforeAll, expect, test } from 'vitest';
import { loadParser, type Parser, type Statement, tryParse } from '../../src/sql/syntax/parse.js';
import { keepsSession } from '../../src/sql/transactions/keeps-session.js';

let parser: Parser;

beforeAll(async () => {
  parser = await loadParser();
});

test.each([
  'CREATE TABLE t (id bigserial PRIMARY KEY, at timestamptz DEFAULT now(), n int CHECK (f(n)), UNIQUE (n))',
  'CREATE TABLE IF NOT EXISTS s.t (id bigint GENERATED ALWAYS AS IDENTITY, other bigint REFERENCES o (id))',
  "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = s AS 'SELECT 1'",
  'CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$',
  'CREATE FUNCTION f() RETURNS int RETURN 1',
  'CREATE UNIQUE INDEX ON t (a, b DESC) INCLUDE (c)',
  'CREATE OR REPLACE VIEW v AS SELECT f(a) FROM t',
  'CREATE SEQUENCE s.numbers',
  "CREATE TYPE s.mood AS ENUM ('glad')",
  "COMMENT ON TABLE t IS 'things'",
])('keeps the session: %s', (sql) => {
  expect(keepsSession(statementOf(sql))).toBe(true);
});

test.each([
  'CREATE TEMPORARY TABLE t (a int)',
  'CREATE TABLE pg_temp.t (a int)',
  'CREATE UNLOGGED TABLE t (a int)',
  'CREATE TABLE t PARTITION OF p FOR VALUES IN (f(1))',
  'CREATE TABLE t (a int) PARTITION BY LIST (f(a))',
  'CREATE TABLE t (a int, b int GENERATED ALWAYS AS (f(1)) STORED)',
  'CREATE TABLE t (a int, EXCLUDE USING gist (f(a) WITH =))',
  'CREATE TABLE t (LIKE o INCLUDING ALL)',
  'CREATE TABLE t () INHERITS (o)',
  'CREATE TABLE t AS SELECT f(1)',
  "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
  "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path FROM CURRENT AS 'SELECT 1'",
  "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'library', 'f'",
  "CREATE FUNCTION f() RETURNS int LANGUAGE plperl AS 'BEGIN {}'",
  'CREATE INDEX ON t (f(a))',
  'CREATE INDEX ON t (a) WHERE f(a)',
  'CREATE INDEX ON t (a own_ops)',
  'CREATE INDEX ON t USING gin (a)',
  'CREATE INDEX CONCURRENTLY ON t (a)',
  'CREATE TEMPORARY VIEW v AS SELECT 1',
  'CREATE MATERIALIZED VIEW v AS SELECT f(1)',
  'CREATE TEMPORARY SEQUENCE s',
  "CREATE TYPE pg_temp.mood AS ENUM ('glad')",
  'ALTER TABLE t ADD COLUMN a int DEFAULT f(1)',
  'DROP TABLE t',
  'INSERT INTO t VALUES (1)',
  'SELECT 1',
  'SET a.b = 1',
  'CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()',
  'COMMIT',
])('may not keep it: %s', (sql) => {
  expect(keepsSession(statementOf(sql))).toBe(false);
});

function statementOf(sql: string): Statement {
  const [statement] = tryParse(parser, sql) ?? [];
  return statement as Statement;
}
