import { expect, test } from 'vitest';
import { lintSql } from './lint-sql.js';

const applied = [
  "CREATE TABLE t (id bigint PRIMARY KEY, old text DEFAULT '' NOT NULL, free text DEFAULT '')",
];
const find = (up: string, before = applied) =>
  lintSql({ applied: before, up })
    .filter(({ rule }) => rule === 'required-without-default')
    .map(({ severity }) => severity);
const add = "ALTER TABLE t ADD COLUMN c text DEFAULT '' NOT NULL";

test.each([
  `${add}; ALTER TABLE t ALTER c DROP DEFAULT`,
  `${add}; ALTER TABLE t ALTER c SET DEFAULT NULL`,
  "ALTER TABLE t ADD COLUMN c text DEFAULT ''; ALTER TABLE t ALTER c SET NOT NULL, ALTER c DROP DEFAULT",
  'ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS IDENTITY; ALTER TABLE t ALTER c DROP IDENTITY',
  `DO $$ BEGIN ${add}; ALTER TABLE t ALTER c DROP DEFAULT; END $$`,
  'TRUNCATE t; ALTER TABLE t ADD COLUMN c text NOT NULL',
])('INSERTs of running code fail: %s', (up) => {
  expect(find(up)).toEqual(['error']);
});

test('a column that was there may be named by all who write', () => {
  expect(find('ALTER TABLE t ALTER old DROP DEFAULT')).toEqual(['warning']);
  expect(find('ALTER TABLE t ALTER free DROP DEFAULT')).toEqual([]);
});

test('so it is in a table that no migration creates', () => {
  expect(find(`${add}; ALTER TABLE t ALTER c DROP DEFAULT`, [])).toEqual(['error']);
  expect(find('ALTER TABLE t ALTER c DROP DEFAULT', [])).toEqual([]);
});

test.each([
  add,
  `${add}; ALTER TABLE t ALTER c DROP DEFAULT; ALTER TABLE t ALTER c SET DEFAULT 'x'`,
  `${add}; ALTER TABLE t ALTER c DROP DEFAULT; ALTER TABLE t ALTER c DROP NOT NULL`,
  `${add}; ALTER TABLE t ALTER c DROP DEFAULT; ALTER TABLE t DROP COLUMN c`,
  'ALTER TABLE t ALTER free SET NOT NULL',
  'CREATE TABLE n (a int NOT NULL DEFAULT 1); ALTER TABLE n ALTER a DROP DEFAULT',
])('nothing is left: %s', (up) => {
  expect(find(up)).toEqual([]);
});
