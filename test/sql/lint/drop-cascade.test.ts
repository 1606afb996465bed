import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

const up = (what: string) =>
  findBy('drop-cascade', { applied: ["CREATE TYPE mood AS ENUM ('sad')"], up: what });

test('types, triggers and roles may have something that depends on them', () => {
  expect(up('DROP TYPE mood CASCADE')).toEqual([expect.stringMatching(/^1:16 CASCADE drops/)]);
  expect(up('DROP TRIGGER t ON users CASCADE')).toHaveLength(1);
  expect(up('DROP OWNED BY ada CASCADE')).toHaveLength(1);
});

test('what is new has nothing but what is new that depends on it', () => {
  expect(up("CREATE TYPE size AS ENUM ('small'); DROP TYPE size CASCADE")).toEqual([]);
  expect(up('CREATE VIEW v AS SELECT 1; DROP VIEW v CASCADE')).toEqual([]);
});

test('without CASCADE nothing else is dropped', () => {
  expect(up('DROP TYPE mood; DROP TABLE a RESTRICT; ALTER TABLE b DROP COLUMN c')).toEqual([]);
});
