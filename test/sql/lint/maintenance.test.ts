import { expect, test } from 'vitest';
import { findBy, lintSql } from './lint-sql.js';

const newTable = 'CREATE TABLE tags (name text PRIMARY KEY)';

test('REINDEX is about the table of the index, wherever it is made', () => {
  const applied = ['CREATE TABLE users (email text); CREATE INDEX by_email ON users (email)'];
  const find = (up: string) => findBy('reindex-not-concurrent', { applied, up });
  expect(find('REINDEX INDEX by_email')).toEqual([expect.stringContaining('a SHARE lock on users and')]);
  expect(find('REINDEX INDEX unknown')).toEqual([expect.stringContaining('the table of unknown')]);
  expect(find('REINDEX SCHEMA shop')).toEqual([expect.stringContaining('every table of shop')]);
  expect(find(`${newTable}; REINDEX INDEX tags_pkey`)).toEqual([]);
});

test('VACUUM FULL and CLUSTER of everything are about tables in use, too', () => {
  const find = (rule: string, up: string) => findBy(rule, { up, isTransactional: false });
  expect(find('vacuum-full', 'VACUUM (FULL, ANALYZE)')).toEqual([expect.stringContaining('every table')]);
  expect(find('vacuum-full', 'VACUUM ANALYZE users; ANALYZE')).toEqual([]);
  expect(find('vacuum-full', `${newTable}; VACUUM FULL tags, users`)).toEqual([
    expect.stringMatching(/^1:62 VACUUM FULL rewrites users /),
  ]);
  expect(find('cluster', 'CLUSTER')).toEqual([expect.stringContaining('every table')]);
});

test('DETACH PARTITION can be concurrent from PostgreSQL 14 on', () => {
  const up = 'ALTER TABLE logs DETACH PARTITION logs_2024';
  const concurrent = `${up} CONCURRENTLY`;
  expect(findBy('detach-partition-blocking', { up, oldestServer: 13 })).toHaveLength(1);
  expect(findBy('detach-partition-blocking', { up: concurrent, isTransactional: false })).toEqual([]);
});

test('a partition that is to be made first is written with the quotes that it needs', () => {
  const applied = ['CREATE TABLE "Measures" (at date) PARTITION BY RANGE (at)'];
  const up = `CREATE TABLE "Measures 2024" PARTITION OF "Measures" FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')`;
  const found = lintSql({ applied, up }).find(({ rule }) => rule === 'partition-of-live-table');
  expect(found?.help).toContain(
    'CREATE TABLE "Measures 2024" (LIKE "Measures" INCLUDING ALL EXCLUDING IDENTITY)',
  );
});

test('several tables that are emptied with all that refer to them are a choice, not a pair', () => {
  const applied = ['CREATE TABLE users (id int); CREATE TABLE tags (id int)'];
  expect(findBy('truncate-cascade', { applied, up: 'TRUNCATE users, tags CASCADE' })).toEqual([
    '1:22 CASCADE removes the rows of every table that refers to users or tags, also indirectly',
  ]);
});
