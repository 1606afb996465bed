import { expect, test } from 'vitest';
import { findBy, lintSql } from './lint-sql.js';

const applied = ['CREATE DOMAIN app.d AS int; CREATE TABLE used (id bigint PRIMARY KEY, v app.d)'];

test.each([
  ['ALTER DOMAIN app.d ADD CHECK (VALUE > 0)', ['error']],
  ['ALTER DOMAIN app.d ADD NOT NULL', ['error']],
  ['ALTER DOMAIN app.d VALIDATE CONSTRAINT c', ['warning']],
  ['ALTER DOMAIN app.d DROP NOT NULL', []],
  ['ALTER DOMAIN app.d SET DEFAULT 1', []],
])('%s', (up, severities) => {
  expect(lintSql({ applied, up }).map(({ severity }) => severity)).toEqual(severities);
});

test('names the domain', () => {
  expect(findBy('add-domain-constraint', { applied, up: 'ALTER DOMAIN app.d SET NOT NULL' })).toEqual([
    '1:1 ALTER DOMAIN … SET NOT NULL takes SHARE locks on all tables with a column of app.d, which block writes until all of their rows are read',
  ]);
});

test('nobody uses a domain that is not there yet', () => {
  expect(lintSql({ pending: applied, up: 'ALTER DOMAIN app.d SET NOT NULL' })).toEqual([]);
});

test('a domain that a migration makes and no table in use has holds no rows', () => {
  const find = (domains: string, up: string) => findBy('add-domain-constraint', { applied: [domains], up });
  const up = 'ALTER DOMAIN d SET NOT NULL';
  expect(find('CREATE DOMAIN d AS int', up)).toEqual([]);
  expect(find('CREATE DOMAIN d AS int', `CREATE TABLE t (v d); ${up}`)).toEqual([]);
  expect(find('CREATE DOMAIN d AS int; CREATE TABLE t (v d); DROP TABLE t', up)).toEqual([]);
  expect(find('CREATE DOMAIN d AS int; CREATE DOMAIN e AS d; CREATE TABLE t (v e)', up)).toHaveLength(1);
  expect(find('CREATE DOMAIN d AS int; CREATE TABLE t (v d[])', up)).toHaveLength(1);
  expect(find('CREATE DOMAIN d AS int', `ALTER TABLE unseen ADD COLUMN v d; ${up}`)).toHaveLength(1);
  expect(find('', up)).toHaveLength(1);
});

test('a domain is used where columns or code were not read', () => {
  const find = (domains: string) =>
    findBy('add-domain-constraint', { applied: [domains], up: 'ALTER DOMAIN d SET NOT NULL' });
  const dynamic = "DO $$ BEGIN EXECUTE format('CREATE TABLE %I (v d)', current_user); END $$";
  expect(
    find('CREATE DOMAIN d AS int; CREATE TABLE q (v d); CREATE TABLE t AS SELECT v FROM q; DROP TABLE q'),
  ).toHaveLength(1);
  expect(find(`CREATE DOMAIN d AS int; ${dynamic}`)).toHaveLength(1);
  expect(find('CREATE DOMAIN d AS int; SELECT make_tables()')).toHaveLength(1);
  expect(find('CREATE DOMAIN d AS int; CREATE VIEW v AS SELECT 1; SELECT now()')).toEqual([]);
});
