import { expect, test } from 'vitest';
import { followBlock } from '../../../src/sql/schema/follow-blocks.js';
import { endMigration } from '../../../src/sql/schema/follow-statement.js';
import { descendantsOf, referencesTo, viewsOf } from '../../../src/sql/schema/relatives.js';
import { emptySchema, nameText, type Schema } from '../../../src/sql/schema/schema.js';
import { loadParser, parseStatements } from '../../../src/sql/syntax/parse.js';
import type { RelationName } from '../../../src/sql/syntax/relation-name.js';

const parser = await loadParser();

function read(sql: string, schema: Schema = emptySchema()): Schema {
  const { statements, problem } = parseStatements(parser, sql);
  if (problem) throw new Error(problem.message);
  for (const { node } of statements) followBlock(parser, schema, { node, creator: 'm' });
  return schema;
}

const named = (name: string, schema = 'public'): RelationName => ({ schema, name });
const namesOf = (relations: readonly RelationName[]) => relations.map(nameText);

const tables = `CREATE TABLE a (id int PRIMARY KEY) PARTITION BY RANGE (id);
  CREATE TABLE a1 (id int PRIMARY KEY); ALTER TABLE a ATTACH PARTITION a1 DEFAULT;
  CREATE TABLE b (id int REFERENCES a); CREATE VIEW v AS SELECT id FROM b; CREATE VIEW w AS SELECT * FROM v;
  CREATE TABLE c (); CREATE TABLE d (); ALTER TABLE d INHERIT c`;

test('relatives are found, however they came together', () => {
  const schema = read(tables);
  expect(namesOf(descendantsOf(schema, named('a')))).toEqual(['a1']);
  expect(namesOf(descendantsOf(schema, named('c')))).toEqual(['d']);
  expect(namesOf(referencesTo(schema, named('a')).map(({ table }) => table))).toEqual(['b']);
  expect(namesOf(viewsOf(schema, named('b')))).toEqual(['v', 'w']);
});

test('relatives are found under new names and in new schemas, and not under the old ones', () => {
  const schema = read(
    `${tables}; ALTER TABLE a RENAME TO parts; ALTER TABLE a1 SET SCHEMA other; ALTER TABLE b RENAME TO users;
     ALTER VIEW v RENAME TO seen; ALTER TABLE c SET SCHEMA other; CREATE TABLE a (id int PRIMARY KEY)`,
  );
  expect(namesOf(descendantsOf(schema, named('parts')))).toEqual(['other.a1']);
  expect(namesOf(descendantsOf(schema, named('c', 'other')))).toEqual(['d']);
  expect(namesOf(referencesTo(schema, named('parts')).map(({ table }) => table))).toEqual(['users']);
  expect(namesOf(viewsOf(schema, named('users')))).toEqual(['seen', 'w']);
  expect([...descendantsOf(schema, named('a')), ...referencesTo(schema, named('a'))]).toEqual([]);
});

test('what has come apart is no relative any more', () => {
  const schema = read(
    `${tables}; ALTER TABLE a DETACH PARTITION a1; ALTER TABLE d NO INHERIT c; DROP VIEW w;
     ALTER TABLE b DROP CONSTRAINT b_id_fkey`,
  );
  expect([...descendantsOf(schema, named('a')), ...descendantsOf(schema, named('c'))]).toEqual([]);
  expect(referencesTo(schema, named('a'))).toEqual([]);
  expect(namesOf(viewsOf(schema, named('b')))).toEqual(['v']);
});

test('a copy of what is known goes its own way', () => {
  const schema = read(tables);
  const copy = read('CREATE TABLE e (id int REFERENCES a); DROP TABLE b', structuredClone(schema));
  expect(namesOf(referencesTo(copy, named('a')).map(({ table }) => table))).toEqual(['e']);
  expect(namesOf(referencesTo(schema, named('a')).map(({ table }) => table))).toEqual(['b']);
});

test('temporary tables are gone with their migration, under whatever name', () => {
  const schema = read('CREATE TEMP TABLE t (id int); ALTER TABLE t RENAME TO u; CREATE TABLE kept ()');
  expect([...schema.relations.keys()]).toEqual(['pg_temp.u', 'public.kept']);
  endMigration(schema);
  expect([...schema.relations.keys()]).toEqual(['public.kept']);
});
