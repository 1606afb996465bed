import { expect, test } from 'vitest';
import { findBy, lintSql } from './lint-sql.js';

const rule = 'add-foreign-key-validated';
const tables = 'CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE app.orders (a int, b int)';

test('names both tables', () => {
  const up = 'ALTER TABLE app.orders ADD COLUMN c int, ADD FOREIGN KEY (a) REFERENCES users';
  expect(findBy(rule, { applied: [tables], up })).toEqual([
    '1:42 ADD FOREIGN KEY scans app.orders under a SHARE ROW EXCLUSIVE lock on app.orders and users, which blocks writes until all rows are read',
  ]);
});

test.each([
  [
    'itself',
    'ALTER TABLE users ADD COLUMN boss int; ALTER TABLE users ADD FOREIGN KEY (boss) REFERENCES users',
  ],
  ['a new table', 'CREATE TABLE n (id int PRIMARY KEY); ALTER TABLE users ADD FOREIGN KEY (id) REFERENCES n'],
])('names one table when the key refers to %s', (_, up) => {
  expect(findBy(rule, { applied: [tables], up })).toEqual([
    expect.stringContaining('lock on users, which blocks writes'),
  ]);
});

test('a column that is filled at once is read under its own lock', () => {
  const up = 'ALTER TABLE app.orders ADD c int DEFAULT 1 REFERENCES users';
  expect(findBy(rule, { applied: [tables], up })).toEqual([
    '1:44 ADD COLUMN … REFERENCES scans app.orders under an ACCESS EXCLUSIVE lock, which blocks reads and writes until all rows are read, as well as writes to users',
  ]);
});

test('helps by what the oldest server can do with partitioned tables', () => {
  const applied = [tables, 'CREATE TABLE m (a int) PARTITION BY LIST (a)'];
  const up = 'ALTER TABLE m ADD FOREIGN KEY (a) REFERENCES users';
  const help = (oldestServer: number) =>
    lintSql({ applied, up, oldestServer }).find((finding) => finding.rule === rule)?.help;
  expect(help(17)).toContain('Add the key with NOT VALID to each partition');
  expect(help(18)).toContain('Add it with NOT VALID');
});
