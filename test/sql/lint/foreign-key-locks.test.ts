import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

const applied = [
  `CREATE TABLE u (id int PRIMARY KEY, code varchar(5) UNIQUE); CREATE TABLE p (id int PRIMARY KEY);
  CREATE TABLE o (id int PRIMARY KEY, u int REFERENCES u, code varchar(5) REFERENCES u (code), n int)`,
];

test.each([
  ['ALTER TABLE o DROP CONSTRAINT o_u_fkey', 'u'],
  ['ALTER TABLE o DROP COLUMN u', 'u'],
  ['ALTER TABLE o ALTER u TYPE bigint', 'u'],
  ['ALTER TABLE o ALTER code TYPE varchar(9)', 'u'],
  ['ALTER TABLE u ALTER id TYPE bigint', 'o'],
  ['ALTER TABLE u DROP COLUMN id CASCADE', 'o'],
])('%s locks the other end', (up, other) => {
  expect(findBy('drop-foreign-key', { applied, up })).toEqual([
    expect.stringContaining(`an ACCESS EXCLUSIVE lock on ${other} as well as on`),
  ]);
});

test.each(['ALTER TABLE o DROP COLUMN n', 'ALTER TABLE o ALTER n TYPE bigint'])('%s locks no other', (up) => {
  expect(findBy('drop-foreign-key', { applied, up })).toEqual([]);
});

test('foreign keys to two tables in use block writes to both', () => {
  const find = (up: string, isTransactional = true) =>
    findBy('several-foreign-keys', { applied, up, isTransactional }).length;
  expect(find('CREATE TABLE x (a int REFERENCES u, b int REFERENCES p)')).toBe(1);
  expect(find('CREATE TABLE x (a int REFERENCES u, b int REFERENCES p)', false)).toBe(1);
  const both = ['u', 'p']
    .map((to) => `ALTER TABLE o ADD FOREIGN KEY (n) REFERENCES ${to} NOT VALID`)
    .join(';');
  expect(find(both)).toBe(1);
  expect(find(both, false)).toBe(0);
  expect(find('CREATE TABLE x (a int REFERENCES u, b int REFERENCES u)')).toBe(0);
  expect(
    find('CREATE TABLE x (id int PRIMARY KEY); CREATE TABLE y (a int REFERENCES u, b int REFERENCES x)'),
  ).toBe(0);
});
