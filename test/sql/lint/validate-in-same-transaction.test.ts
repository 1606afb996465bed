import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

const rule = 'validate-in-same-transaction';
const table = 'CREATE TABLE app."T" (a int); CREATE TABLE u (id int PRIMARY KEY)';
const add = 'ALTER TABLE app."T" ADD CONSTRAINT "K" FOREIGN KEY (a) REFERENCES u NOT VALID';
const validate = 'ALTER TABLE app."T" ALTER a SET DEFAULT 1, VALIDATE CONSTRAINT "K"';

test('names the lock that is still held', () => {
  expect(findBy(rule, { applied: [table], up: `${add};\n${validate}` })).toEqual([
    '2:44 VALIDATE CONSTRAINT scans app.T while the transaction still holds the SHARE ROW EXCLUSIVE lock of the foreign key, which blocks writes until all rows are read',
  ]);
});

test('a pending ancestor has a transaction of its own', () => {
  expect(findBy(rule, { applied: [table], pending: [add], up: validate })).toEqual([]);
});

test('a constraint of another table with the same name is another one', () => {
  const other = 'ALTER TABLE u ADD CONSTRAINT "K" CHECK (id > 0) NOT VALID';
  expect(findBy(rule, { applied: [table, add], up: `${other};${validate}` })).toEqual([]);
});

test('one statement is one transaction, whatever the migration is', () => {
  const both = `${add}, VALIDATE CONSTRAINT "K"`;
  expect(findBy(rule, { applied: [table], up: both, isTransactional: false })).toHaveLength(1);
  expect(findBy(rule, { applied: [table], up: `${add};${validate}`, isTransactional: false })).toEqual([]);
});
