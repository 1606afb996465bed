import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

const rule = 'validate-in-same-transaction';
const table = 'CREATE TABLE app."T" (a int); CREATE TABLE u (id int PRIMARY KEY)';
const add = 'ALTER TABLE app."T" ADD CONSTRAINT "K" FOREIGN KEY (a) REFERENCES u NOT VALID';
const check = 'ALTER TABLE app."T" ADD CONSTRAINT c CHECK (a > 0) NOT VALID';
const validate = 'ALTER TABLE app."T" VALIDATE CONSTRAINT "K"';
const validateCheck = 'ALTER TABLE app."T" VALIDATE CONSTRAINT c';

test('names the lock that is still held', () => {
  expect(findBy(rule, { applied: [table], up: `${add};\n${validate}` })).toEqual([
    '2:21 VALIDATE CONSTRAINT scans app.T while the transaction holds a SHARE ROW EXCLUSIVE lock, which blocks writes until all rows are read',
  ]);
});

test('a pending ancestor has a transaction of its own', () => {
  expect(findBy(rule, { applied: [table], pending: [add], up: validate })).toEqual([]);
});

test.each([
  ['a new column', 'ALTER TABLE app."T" ADD COLUMN x int'],
  ['a default', 'ALTER TABLE app."T" ALTER a SET DEFAULT 1'],
  ['a trigger', 'CREATE TRIGGER t BEFORE INSERT ON app."T" FOR EACH ROW EXECUTE FUNCTION f()'],
  ['a lock', 'LOCK TABLE app."T" IN SHARE MODE'],
  ['another name and back', 'ALTER TABLE app."T" RENAME TO t2; ALTER TABLE app.t2 RENAME TO "T"'],
  ['a block', 'DO $$ BEGIN ALTER TABLE app."T" ADD COLUMN x int; END $$'],
])('%s before it holds the table', (_, before) => {
  const up = `${before}; ${validateCheck}`;
  expect(findBy(rule, { applied: [table, check], up })).toHaveLength(1);
  expect(findBy(rule, { applied: [table, check], up, isTransactional: false })).toEqual([]);
});

test('a lock on the table that a foreign key refers to is what another rule minds', () => {
  const context = { applied: [table, add], up: `ALTER TABLE u ADD COLUMN x int; ${validate}` };
  expect(findBy(rule, context)).toEqual([]);
  expect(findBy('statements-after-strong-lock', context)).toHaveLength(1);
});

test('another command of the same statement holds it, whatever the migration is', () => {
  const up = 'ALTER TABLE app."T" ALTER a SET DEFAULT 1, VALIDATE CONSTRAINT c';
  expect(findBy(rule, { applied: [table, check], up, isTransactional: false })).toHaveLength(1);
  const weak = 'ALTER TABLE app."T" ALTER a SET STATISTICS 9, VALIDATE CONSTRAINT c';
  expect(findBy(rule, { applied: [table, check], up: weak })).toEqual([]);
});

test('a block that validates under its own lock is found, unless it commits in between', () => {
  const block = (between: string) =>
    `DO $$ BEGIN ALTER TABLE app."T" ADD COLUMN x int; ${between} ${validateCheck}; END $$`;
  expect(findBy(rule, { applied: [table, check], up: block('') })).toHaveLength(1);
  expect(findBy(rule, { applied: [table, check], up: block('COMMIT;'), isTransactional: false })).toEqual([]);
});

test('weak locks, other tables and what is valid already are nothing', () => {
  const applied = [table, check];
  expect(findBy(rule, { applied, up: `COMMENT ON TABLE app."T" IS 'x'; ${validateCheck}` })).toEqual([]);
  expect(findBy(rule, { applied, up: `ALTER TABLE u ADD COLUMN x int; ${validateCheck}` })).toEqual([]);
  const up = `ALTER TABLE app."T" ADD COLUMN x int; ${validateCheck}`;
  expect(findBy(rule, { applied: [...applied, validateCheck], up })).toEqual([]);
});
