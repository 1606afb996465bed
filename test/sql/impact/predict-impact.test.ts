import type { Node } from '@pgsql/types';
import { describe, expect, test } from 'vitest';
import { predictCommand } from '../../../src/sql/impact/alter-table.js';
import type { Impact } from '../../../src/sql/impact/impact.js';
import { predictImpact } from '../../../src/sql/impact/predict-impact.js';
import { followBlock } from '../../../src/sql/schema/follow-blocks.js';
import { emptySchema, nameText, type Schema } from '../../../src/sql/schema/schema.js';
import { nodeOf, nodesOf } from '../../../src/sql/syntax/node-of.js';
import { loadParser, parseStatements } from '../../../src/sql/syntax/parse.js';

const parser = await loadParser();

function nodes(sql: string): Node[] {
  const { statements, problem } = parseStatements(parser, sql);
  if (problem) throw new Error(problem.message);
  return statements.map(({ node }) => node);
}

function schemaAfter(sql: string): Schema {
  const schema = emptySchema();
  for (const node of nodes(sql)) followBlock(parser, schema, { node, creator: '1_first' });
  return schema;
}

/** In few words, in the order in which they are told. */
function told({ locks, rewrites, scans, isWhole }: Impact): string[] {
  return [
    ...locks.map(({ relation, mode }) => `${mode} ${nameText(relation)}`),
    ...rewrites.map((name) => `rewrite ${nameText(name)}`),
    ...scans.map((name) => `scan ${nameText(name)}`),
    ...(isWhole ? [] : ['and more']),
  ];
}

function predict(sql: string, before = '', server = 18): string[] {
  return told(predictImpact(nodes(sql)[0] as Node, schemaAfter(before), server));
}

const users =
  'CREATE TABLE users (id int PRIMARY KEY, email text); CREATE INDEX users_email ON users (email);';
const parts = `CREATE TABLE m (at date NOT NULL) PARTITION BY RANGE (at);
  CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');`;

// Locks of these are gone when they end, so that no trace sees them.
test.each([
  ['CREATE INDEX CONCURRENTLY ON users (id)', ['SHARE UPDATE EXCLUSIVE users', 'scan users']],
  [
    'DROP INDEX CONCURRENTLY users_email',
    ['SHARE UPDATE EXCLUSIVE users_email', 'SHARE UPDATE EXCLUSIVE users'],
  ],
  [
    'REINDEX INDEX CONCURRENTLY users_email',
    ['SHARE UPDATE EXCLUSIVE users_email', 'SHARE UPDATE EXCLUSIVE users', 'scan users'],
  ],
  ['REINDEX TABLE CONCURRENTLY users', ['SHARE UPDATE EXCLUSIVE users', 'scan users']],
  ['VACUUM users', ['SHARE UPDATE EXCLUSIVE users']],
  ['VACUUM FULL users', ['ACCESS EXCLUSIVE users', 'rewrite users']],
  ['VACUUM (FULL off) users', ['SHARE UPDATE EXCLUSIVE users']],
])('outside of a transaction: %s', (sql, expected) => {
  expect(predict(sql, users)).toEqual(expected);
});

test('DETACH CONCURRENTLY lets its table be used', () => {
  expect(predict('ALTER TABLE m DETACH PARTITION m1 CONCURRENTLY', parts)).toEqual([
    'SHARE UPDATE EXCLUSIVE m',
    'ACCESS EXCLUSIVE m1',
  ]);
});

describe('a table that no migration creates', () => {
  test.each([
    ['ALTER TABLE x ADD COLUMN y uuid DEFAULT gen_random_uuid()', ['ACCESS EXCLUSIVE x', 'rewrite x']],
    ['ALTER TABLE x ALTER y SET NOT NULL', ['ACCESS EXCLUSIVE x', 'scan x']],
    ['ALTER TABLE x ALTER y TYPE bigint', ['ACCESS EXCLUSIVE x', 'rewrite x']],
    ['ALTER TABLE a.x ADD CHECK (y > 0)', ['ACCESS EXCLUSIVE a.x', 'scan a.x']],
    ['ALTER TABLE x ADD COLUMN y int DEFAULT unheard_of()', ['ACCESS EXCLUSIVE x', 'rewrite x']],
    ['DROP TABLE x', ['ACCESS EXCLUSIVE x']],
    ['UPDATE x SET y = 1', ['ROW EXCLUSIVE x', 'scan x', 'and more']],
  ])('%s', (sql, expected) => expect(predict(sql)).toEqual(expected));
});

test.each([
  [17, []],
  [18, ['ACCESS SHARE users']],
])('GRANT locks what it names since 18: %i', (server, expected) => {
  expect(predict('GRANT SELECT ON users TO PUBLIC', users, server)).toEqual(expected);
});

test('what is made in DO blocks is known', () => {
  const block = `DO $$ BEGIN
    IF NOT EXISTS (SELECT) THEN CREATE TABLE kids (id int PRIMARY KEY, up int REFERENCES users); END IF;
    EXECUTE 'ALTER TABLE kids ADD CONSTRAINT known CHECK (up IS NOT NULL)';
    EXECUTE format('DROP TABLE %I', current_user);
  END $$;`;
  expect(predict('ALTER TABLE kids ALTER up SET NOT NULL', users + block)).toEqual(['ACCESS EXCLUSIVE kids']);
  expect(predict('DROP TABLE kids', users + block)).toEqual([
    'ACCESS EXCLUSIVE kids',
    'ACCESS EXCLUSIVE users',
  ]);
});

test('what runs inside of functions is not known', () => {
  expect(predict('DO $$ BEGIN TRUNCATE users; END $$', users)).toEqual(['and more']);
  expect(predict('SELECT do_something()', users)).toEqual(['and more']);
});

test('each command of an ALTER TABLE can be asked about', () => {
  const schema = schemaAfter(users);
  const [node] = nodes(
    'ALTER TABLE users ADD CHECK (id > 0), ALTER id SET STATISTICS 5, ADD y int DEFAULT random()',
  );
  const commands = nodesOf(nodeOf(node, 'AlterTableStmt')?.cmds, 'AlterTableCmd');
  const table = { schema: 'public', name: 'users' };
  const impacts = commands.map((command) => predictCommand(schema, 18, { command, table, isOnly: false }));
  expect(impacts.map(told)).toEqual([
    ['ACCESS EXCLUSIVE users', 'scan users'],
    ['SHARE UPDATE EXCLUSIVE users'],
    ['ACCESS EXCLUSIVE users', 'rewrite users'],
  ]);
  expect(told(predictImpact(node as Node, schema, 18))).toEqual(['ACCESS EXCLUSIVE users', 'rewrite users']);
});

test('trees with everything missing are nothing to stumble over', () => {
  const samples = nodes(`${users} ${parts} SELECT 1; INSERT INTO users VALUES (1); UPDATE users SET id = 1;
    DELETE FROM users; TRUNCATE users; LOCK users; DROP TABLE users; COMMENT ON TABLE users IS ''; VACUUM users;
    GRANT SELECT ON users TO PUBLIC; ALTER TABLE users ADD x int; REINDEX TABLE users; COPY users FROM STDIN;
    CREATE VIEW v AS SELECT 1; CREATE POLICY p ON users; ALTER DOMAIN d SET NOT NULL; CLUSTER users;
    ALTER TABLE users RENAME TO x; ALTER TABLE users SET SCHEMA x; CREATE STATISTICS s ON id, email FROM users;
    CREATE RULE r AS ON DELETE TO users DO NOTHING; CREATE TABLE z AS SELECT 1; REFRESH MATERIALIZED VIEW v;
    CREATE TRIGGER t BEFORE INSERT ON users EXECUTE FUNCTION f(); DO ''; CREATE SEQUENCE s; ALTER SEQUENCE s RESTART`);
  for (const node of samples) {
    const empty = Object.fromEntries(Object.keys(node).map((kind) => [kind, {}])) as unknown as Node;
    expect(() => predictImpact(empty, schemaAfter(users), 14)).not.toThrow();
  }
});
