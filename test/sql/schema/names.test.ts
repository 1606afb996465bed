/** What the history says of constraints, indexes, triggers and policies is what PostgreSQL's catalogs have. */

import { afterAll, expect, test } from 'vitest';
import { followStatement } from '../../../src/sql/schema/follow-statement.js';
import { emptySchema, type Relation } from '../../../src/sql/schema/schema.js';
import { loadParser, parseStatements } from '../../../src/sql/syntax/parse.js';
import { emptyPglite } from '../../support/pglite.js';

const parser = await loadParser();
const db = await emptyPglite();
afterAll(() => db.close());

function read(sql: string): Relation[] {
  const schema = emptySchema();
  const { statements, problem } = parseStatements(parser, sql);
  if (problem) throw new Error(problem.message);
  for (const { node } of statements) followStatement(schema, node, '1_first');
  return [...schema.relations.values()];
}

/** Names in the order of the alphabet; NOT NULL is a constraint of its own only since 18. */
const queries = {
  constraints: `SELECT conrelid::regclass::text || ' ' || conname AS name FROM pg_constraint
    WHERE contype <> 'n' AND contype <> 't' AND connamespace = 'public'::regnamespace AND conrelid <> 0`,
  indexes: `SELECT indrelid::regclass::text || ' ' || indexrelid::regclass::text AS name FROM pg_index
    WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)`,
  triggers: `SELECT tgrelid::regclass::text || ' ' || tgname AS name FROM pg_trigger WHERE NOT tgisinternal`,
  policies: `SELECT polrelid::regclass::text || ' ' || polname AS name FROM pg_policy`,
  rules: `SELECT tablename || ' ' || rulename AS name FROM pg_rules WHERE schemaname = 'public'`,
  defaults: `SELECT attrelid::regclass::text || ' ' || attname AS name FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
    AND (atthasdef AND attgenerated = '' OR attidentity <> '')`,
};

function named(relations: readonly Relation[]): Record<keyof typeof queries, string[]> {
  const list = (of: (relation: Relation) => Iterable<string>) =>
    relations.flatMap((relation) => [...of(relation)].map((name) => `${relation.name} ${name}`)).sort();
  return {
    constraints: list(({ constraints }) =>
      [...constraints.values()].filter(({ kind }) => kind !== 'not null').map(({ name }) => name),
    ),
    indexes: list(({ indexes }) => indexes.keys()),
    triggers: list(({ triggers }) => triggers),
    policies: list(({ policies }) => policies),
    rules: list(({ rules }) => rules),
    defaults: list(({ columns }) =>
      [...columns.values()].filter(({ hasDefault }) => hasDefault).map(({ name }) => name),
    ),
  };
}

async function catalog(sql: string): Promise<Record<string, string[]>> {
  await db.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  await db.exec(sql);
  const found: Record<string, string[]> = {};
  for (const [kind, query] of Object.entries(queries)) {
    const { rows } = await db.query<{ name: string }>(query);
    found[kind] = rows.map(({ name }) => name).sort();
  }
  return found;
}

test.each([
  'CREATE TABLE t (a int, b int, UNIQUE (a) INCLUDE (b)); ALTER TABLE t DROP CONSTRAINT t_a_b_key',
  'CREATE TABLE t (a int, b int, UNIQUE (a) INCLUDE (b), PRIMARY KEY (b) INCLUDE (a))',
  'CREATE TABLE t (a int); CREATE INDEX ON t (a); CREATE INDEX ON t (a); CREATE INDEX ON t (a, a)',
  'CREATE TABLE t (a int, b int); CREATE INDEX ON t (a) INCLUDE (b); CREATE INDEX t_a_idx ON t (b)',
  'CREATE TABLE t (a int); CREATE INDEX t_a_key ON t (a); ALTER TABLE t ADD UNIQUE (a)',
  'CREATE TABLE t (a int UNIQUE, b int CONSTRAINT q UNIQUE, PRIMARY KEY (a), UNIQUE (b), UNIQUE (a, b), UNIQUE (b, a))',
  'CREATE TABLE t (a int CONSTRAINT q UNIQUE, PRIMARY KEY (a)); CREATE TABLE u (a int, UNIQUE (a) DEFERRABLE, PRIMARY KEY (a))',
  'CREATE TABLE t (x int); ALTER TABLE t ADD COLUMN a int UNIQUE PRIMARY KEY, ADD UNIQUE (a), ADD UNIQUE (x), ADD UNIQUE (x)',
  'CREATE TABLE t (a int); CREATE TABLE u (a int, b t UNIQUE, c t[]); DROP TABLE t CASCADE',
  'CREATE TYPE y AS (a int); CREATE DOMAIN d AS y; CREATE TABLE u (a int, b d, c y CHECK (c IS NULL)); DROP TYPE y CASCADE',
  'CREATE TABLE p (a int); CREATE TABLE c () INHERITS (p); ALTER TABLE p ADD COLUMN b int CHECK (b > 0) CHECK (b < 9) PRIMARY KEY',
  'CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b serial); CREATE TABLE l (LIKE t INCLUDING DEFAULTS); CREATE TABLE m (LIKE t INCLUDING IDENTITY); CREATE TABLE c () INHERITS (t)',
  'CREATE TABLE t_a_key (x int); CREATE TABLE t (a int UNIQUE)',
  'CREATE TABLE t (a int CHECK (a > 0) CHECK (a > 1), b int, CHECK (a > b), CHECK (a < b))',
  'CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE t (a int REFERENCES u); ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u',
  'CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT x_a_check CHECK (a > 0); CREATE TABLE x (a int CHECK (a > 0))',
  'CREATE TABLE t (a int, s text); CREATE INDEX ON t ((CASE WHEN a > 0 THEN 1 END)); CREATE INDEX ON t ((ARRAY[a])); CREATE INDEX ON t ((NULLIF(a, 1))); CREATE INDEX ON t ((a + 1)); CREATE INDEX ON t (lower(s)); CREATE INDEX ON t ((s::int))',
  'CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE POLICY x ON t; CREATE RULE x AS ON INSERT TO t DO ALSO NOTHING; DROP POLICY x ON t; DROP RULE x ON t',
  'CREATE TABLE p (id int); CREATE TABLE c () INHERITS (p); ALTER TABLE p ALTER id SET NOT NULL; ALTER TABLE p ALTER id ADD GENERATED ALWAYS AS IDENTITY; ALTER TABLE p ADD UNIQUE (id); ALTER TABLE p ADD CHECK (id > 0)',
  "CREATE TABLE m (at date NOT NULL, n int) PARTITION BY RANGE (at); CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01'); ALTER TABLE m ADD PRIMARY KEY (at); ALTER TABLE m ADD CONSTRAINT named UNIQUE (at, n); ALTER TABLE m ADD CHECK (n > 0); CREATE INDEX ON m (n)",
  'CREATE TABLE t (a int, b int UNIQUE, EXCLUDE USING btree (a WITH =)); CREATE TABLE l (LIKE t INCLUDING ALL)',
  'CREATE TABLE t (a int, b int DEFAULT NULL, c int DEFAULT 1); ALTER TABLE t ALTER c SET DEFAULT NULL',
  'CREATE TABLE t (a int CONSTRAINT x CHECK (a > 0)); ALTER TABLE t ADD COLUMN b int, DROP CONSTRAINT x, ADD CONSTRAINT x CHECK (b > 0)',
  'CREATE TABLE t (a int, b int); ALTER TABLE t ADD COLUMN a text, DROP COLUMN a; ALTER TABLE t ADD UNIQUE (a)',
])('%s', async (sql) => {
  expect(named(read(sql))).toEqual(await catalog(sql));
});
