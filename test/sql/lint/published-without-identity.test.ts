import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

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
