import { expect, test } from 'vitest';
import { createFixers } from '../../../src/sql/lint/fix/fixers.js';
import { createLinter } from '../../../src/sql/lint/linter.js';
import { rules } from '../../../src/sql/lint/rules.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';
import { lintSql } from './lint-sql.js';

const up = 'DROP INDEX i';
const down = 'SET search_path = app;\nCREATE INDEX CONCURRENTLY i ON users (email)';

test('a rollback that PostgreSQL would refuse is found where it is written', () => {
  const find = (isTransactional: boolean) =>
    lintSql({ up, down, isTransactional }).filter(({ rule }) => rule === 'needs-no-transaction');
  expect(find(true)).toMatchObject([
    {
      severity: 'error',
      direction: 'down',
      place: { line: 2, column: 1 },
      message: expect.stringContaining('CREATE INDEX CONCURRENTLY cannot run inside of a transaction'),
    },
  ]);
  expect(find(false)).toEqual([]);
});

test('a rewrite of what stands at the same place in the other file is not its own', async () => {
  const parser = await loadParser();
  const fixers = createFixers(parser);
  const linter = createLinter(parser, { rules, severities: new Map(), oldestServer: 14, fixers });
  linter.follow('1_users', 'CREATE TABLE users (email text); CREATE INDEX i ON users (email);');
  const sql = 'DROP INDEX CONCURRENTLY i';
  const facts = { isTransactional: true, lockTimeoutMs: 5000, isNewWith: () => false };
  const found = linter
    .lint({ id: '2_asked', up: sql, down: sql, ...facts })
    .filter(({ rule }) => rule === 'needs-no-transaction');
  expect(found.map(({ direction, fix }) => [direction, fix !== undefined])).toEqual([
    ['up', true],
    ['down', false],
  ]);
});

const parts = `CREATE TABLE p (id int) PARTITION BY RANGE (id);
  CREATE TABLE p1 PARTITION OF p DEFAULT;
  CREATE INDEX i ON p (id);
  CREATE TABLE t (id int PRIMARY KEY);
  CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (connect = false);
  CREATE SUBSCRIPTION none CONNECTION 'x' PUBLICATION p WITH (connect = false, slot_name = NONE);`;

const found = (rule: string, sql: string, isTransactional: boolean, direction: 'up' | 'down' = 'up') => {
  const files = direction === 'up' ? { up: sql } : { up: 'SELECT 1', down: sql };
  return lintSql({ applied: [parts], ...files, isTransactional })
    .filter((finding) => finding.rule === rule)
    .map(({ message }) => message);
};

const dependent: [sql: string, command: string][] = [
  ['REINDEX TABLE p', 'REINDEX TABLE'],
  ['REINDEX (CONCURRENTLY off) TABLE p', 'REINDEX TABLE'],
  ['REINDEX INDEX i', 'REINDEX INDEX'],
  ['CLUSTER p USING i', 'CLUSTER'],
  ['CLUSTER (VERBOSE) p USING i', 'CLUSTER'],
  ['DROP SUBSCRIPTION s', 'DROP SUBSCRIPTION'],
];

test.each(dependent)('what the database has decides: %s', (sql, command) => {
  for (const direction of ['up', 'down'] as const) {
    expect(found('needs-no-transaction', sql, true, direction)).toEqual([
      expect.stringContaining(`${command} cannot run inside of a transaction`),
    ]);
    expect(found('needs-no-transaction', sql, false, direction)).toEqual([]);
  }
  expect(found('needless-no-transaction', sql, false)).toEqual([]);
});

test('a subscription that gets a slot again has one', () => {
  const sql = 'ALTER SUBSCRIPTION none SET (slot_name = again); DROP SUBSCRIPTION none';
  expect(found('needs-no-transaction', sql, true)).toHaveLength(1);
});

test.each([
  'REINDEX TABLE t',
  'REINDEX INDEX t_pkey',
  'REINDEX TABLE p1',
  'CLUSTER t USING t_pkey',
  'DROP SUBSCRIPTION none',
  'ALTER SUBSCRIPTION s SET (slot_name = NONE); DROP SUBSCRIPTION s',
])('a transaction takes %s, and nobody is told that it needs none', (sql) => {
  expect(found('needs-no-transaction', sql, true)).toEqual([]);
  expect(found('needless-no-transaction', sql, false)).toEqual([]);
});

test.each([
  ["DO $$ BEGIN EXECUTE 'VACUUM t'; END $$", 'VACUUM', 'a DO block'],
  ['DO $$ BEGIN CREATE INDEX CONCURRENTLY x ON t (id); END $$', 'CREATE INDEX CONCURRENTLY', 'a DO block'],
  ['DO $$ BEGIN REINDEX TABLE p; END $$', 'REINDEX TABLE', 'a DO block'],
  [
    'CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN VACUUM t; RETURN a; END $$',
    'VACUUM',
    'a function',
  ],
  [`CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'ALTER SYSTEM RESET ALL'`, 'ALTER SYSTEM', 'a function'],
  [
    'CREATE PROCEDURE f() LANGUAGE plpgsql AS $$ BEGIN COMMIT; DROP INDEX CONCURRENTLY i; END $$',
    'DROP INDEX CONCURRENTLY',
    'a procedure',
  ],
])('no body runs it, with or without a transaction: %s', (sql, command, body) => {
  for (const direction of ['up', 'down'] as const)
    for (const isTransactional of [true, false])
      expect(found('needs-no-transaction', sql, isTransactional, direction)).toEqual([
        expect.stringContaining(`${command} cannot run inside of ${body}, with or without a transaction`),
      ]);
});

test.each([
  'CREATE EXTENSION timescaledb',
  'ALTER EXTENSION timescaledb UPDATE',
  "SELECT create_distributed_table_concurrently('t', 'id')",
  'INSERT INTO t SELECT generate_series(1, 1000000)',
  'CREATE TABLE copy AS SELECT * FROM t',
  'MERGE INTO t USING p ON t.id = p.id WHEN MATCHED THEN DELETE',
  'REFRESH MATERIALIZED VIEW v',
  'EXECUTE prepared',
  "ALTER TYPE mood ADD VALUE 'x'",
])('it is not known that %s gains nothing', (sql) => {
  expect(found('needless-no-transaction', sql, false)).toEqual([]);
});

test.each([
  'ALTER TABLE t ADD c int',
  'INSERT INTO t VALUES (1)',
  'CREATE VIEW w AS SELECT 1',
  'GRANT SELECT ON t TO PUBLIC',
])('it is known that %s gains nothing', (sql) =>
  expect(found('needless-no-transaction', sql, false)).toHaveLength(1),
);
