import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

const applied = ['CREATE TABLE "Users" (id int, note text); CREATE TABLE plans (code int PRIMARY KEY)'];

test('the place is that of the type, in every statement that gives one', () => {
  const up = `ALTER TABLE "Users"
  ADD COLUMN a json[],
  ALTER COLUMN note TYPE json USING note::json;
CREATE TABLE app.t (b pg_catalog.json, "ä" json)`;
  expect(findBy('prefer-jsonb', { applied, up }).map((text) => text.split(' is ')[0])).toEqual([
    '2:16 Users.a',
    '3:26 Users.note',
    '4:23 app.t.b',
    '4:44 app.t.ä',
  ]);
});

test('temporary tables are left alone, and so is a type of the same name elsewhere', () => {
  const up = 'CREATE TEMPORARY TABLE t (a json, b char(3)); CREATE TABLE u (a app.json)';
  expect(findBy('prefer-jsonb', { applied, up })).toEqual([]);
  expect(findBy('no-char', { applied, up })).toEqual([]);
});

test('a key is numbered by a default or an identity that comes later, and not by a reference', () => {
  const up = `CREATE TABLE a (id int NOT NULL);
CREATE SEQUENCE a_id;
ALTER TABLE ONLY a ALTER COLUMN id SET DEFAULT nextval('a_id'::regclass);
ALTER TABLE "Users" ALTER id ADD GENERATED ALWAYS AS IDENTITY;
CREATE TABLE b (plan int PRIMARY KEY REFERENCES plans, n bigint);
CREATE TABLE c (plan int, PRIMARY KEY (plan), FOREIGN KEY (plan) REFERENCES plans)`;
  expect(
    findBy('prefer-bigint-keys', { applied, up }).map((text) => text.split(':').slice(0, 2).join(':')),
  ).toEqual(['3:18 a.id is integer', '4:13 Users.id is integer']);
});

test('the word now is a moment in columns of time only', () => {
  const up = `CREATE TABLE t (a date DEFAULT 'today'::date, b text DEFAULT 'now', c timestamptz DEFAULT now());
ALTER TABLE t ALTER a SET DEFAULT 'tomorrow'::date, ALTER b SET DEFAULT 'now'`;
  expect(findBy('frozen-now', { up }).map((text) => text.split(' is evaluated')[0])).toEqual([
    "1:24 the default 'today' of t.a",
    "2:13 the default 'tomorrow' of t.a",
  ]);
});
