import { expect, test } from 'vitest';
import { findBy, lintSql } from './lint-sql.js';

const tables = `
CREATE TABLE bare (a int);
CREATE TABLE keyed (id int PRIMARY KEY);
CREATE UNLOGGED TABLE cache (a int);
CREATE TABLE app.bare (a int);
CREATE TABLE logs (at date) PARTITION BY RANGE (at);
CREATE TABLE logs_1 PARTITION OF logs DEFAULT;
CREATE VIEW shown AS SELECT * FROM bare;`;

const find = (up: string, ...applied: string[]) =>
  findBy('published-without-identity', { applied: [tables, ...applied], up }).map(
    (text) => / (\S+) has no primary key/.exec(text)?.[1],
  );

test.each([
  ['CREATE PUBLICATION p FOR TABLE bare, keyed', ['bare']],
  ['CREATE PUBLICATION p FOR ALL TABLES', ['bare', 'app.bare', 'logs_1']],
  ['CREATE PUBLICATION p FOR TABLES IN SCHEMA app', ['app.bare']],
  ['CREATE PUBLICATION p FOR TABLE logs', ['logs_1']],
  ["CREATE PUBLICATION p FOR TABLE bare WITH (publish = 'insert, truncate')", []],
  ["CREATE PUBLICATION p FOR TABLE bare WITH (publish = 'insert, delete')", ['bare']],
  ['ALTER PUBLICATION p ADD TABLE bare', ['bare']],
  ['ALTER PUBLICATION p SET TABLE bare', ['bare']],
  ['ALTER PUBLICATION p DROP TABLE bare', []],
  ["ALTER PUBLICATION p SET (publish = 'insert, update')", []],
  ['CREATE PUBLICATION p FOR TABLE unseen', []],
  ['CREATE TABLE own (a int); CREATE PUBLICATION p FOR TABLE own', []],
  ['CREATE PUBLICATION p FOR TABLE bare; ALTER TABLE bare ADD PRIMARY KEY (a)', []],
  ['CREATE PUBLICATION p FOR TABLE bare; ALTER TABLE bare REPLICA IDENTITY FULL', []],
  ['CREATE PUBLICATION p FOR TABLE bare; DROP PUBLICATION p', []],
  ['CREATE PUBLICATION p FOR TABLE bare, app.bare; ALTER PUBLICATION p DROP TABLE bare', ['app.bare']],
  ['CREATE PUBLICATION p FOR TABLE bare; ALTER PUBLICATION p SET TABLE app.bare', ['app.bare']],
  ["CREATE PUBLICATION p FOR TABLE bare; ALTER PUBLICATION p SET (publish = 'insert')", []],
  ['ALTER TABLE bare REPLICA IDENTITY NOTHING; CREATE PUBLICATION p FOR TABLE bare', ['bare']],
])('%s', (up, names) => {
  expect(find(up)).toEqual(names);
});

test('another replica identity counts, and NOTHING is none', () => {
  const publish = 'CREATE PUBLICATION p FOR TABLE bare, keyed';
  expect(find(publish, 'ALTER TABLE bare REPLICA IDENTITY FULL')).toEqual([]);
  expect(find(publish, 'ALTER TABLE bare ADD PRIMARY KEY (a)')).toEqual([]);
  expect(find(publish, 'ALTER TABLE keyed REPLICA IDENTITY NOTHING')).toEqual(['bare', 'keyed']);
  expect(find(publish, 'ALTER TABLE bare REPLICA IDENTITY FULL, REPLICA IDENTITY DEFAULT')).toEqual(['bare']);
  expect(find(publish, 'ALTER TABLE keyed DROP CONSTRAINT keyed_pkey')).toEqual(['bare', 'keyed']);
});

test('a partition has the key of what it is attached to', () => {
  const parts = `
CREATE TABLE p (a int PRIMARY KEY) PARTITION BY LIST (a);
CREATE TABLE middle (a int NOT NULL) PARTITION BY LIST (a);
CREATE TABLE leaf (a int NOT NULL);
CREATE TABLE side (a int NOT NULL);
ALTER TABLE middle ATTACH PARTITION leaf FOR VALUES IN (2);
ALTER TABLE p ATTACH PARTITION middle FOR VALUES IN (2);
ALTER TABLE p ATTACH PARTITION side FOR VALUES IN (3);`;
  expect(find('CREATE PUBLICATION pb FOR TABLE p', parts)).toEqual([]);
  expect(
    find('CREATE PUBLICATION pb FOR ALL TABLES', `DROP TABLE bare, app.bare, logs CASCADE; ${parts}`),
  ).toEqual([]);
});

test('what a publication was made for counts later', () => {
  const add = 'ALTER PUBLICATION pb ADD TABLE bare';
  expect(find(add, "CREATE PUBLICATION pb WITH (publish = 'insert')")).toEqual([]);
  expect(find(add, "CREATE PUBLICATION pb; ALTER PUBLICATION pb SET (publish = 'insert')")).toEqual([]);
  expect(find(add, 'CREATE PUBLICATION pb')).toEqual(['bare']);
});

test('a publication or a key that is not seen makes it a warning', () => {
  const severities = (up: string, before: string) =>
    lintSql({ applied: [tables, before], up })
      .filter(({ rule }) => rule === 'published-without-identity')
      .map(({ severity }) => severity);
  const add = 'ALTER PUBLICATION pb ADD TABLE bare';
  const dynamic =
    "DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (a)', 'ba' || current_user); END $$";
  expect(severities(add, 'CREATE PUBLICATION pb')).toEqual(['error']);
  expect(severities(add, '')).toEqual(['warning']);
  expect(severities('CREATE PUBLICATION p FOR TABLE bare', dynamic)).toEqual(['warning']);
});
