import { expect, test } from 'vitest';
import { lintSql } from './lint-sql.js';

const mood =
  "CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE users (id int, mood mood); CREATE TABLE songs (title text)";
const add = "ALTER TYPE mood ADD VALUE 'glad';";

const find = (use: string, context: Partial<Parameters<typeof lintSql>[0]> = { applied: [mood] }) =>
  lintSql({ up: `${add} ${use}`, ...context })
    .filter(({ rule }) => rule === 'enum-value-used-in-transaction')
    .map(({ place, severity }) => `${place.column} ${severity}`);

test('a use is found where it stands, once in each statement', () => {
  expect(find("INSERT INTO users VALUES (1, 'glad'), (2, 'glad')")).toEqual(['64 error']);
  expect(find("CREATE TABLE pets (mood mood DEFAULT 'glad')")).toEqual(['72 error']);
});

test('where the table is not known, it may be a use', () => {
  expect(find("UPDATE elsewhere SET a = 'glad'")).toEqual(['60 warning']);
  expect(find("UPDATE songs SET title = 'glad'")).toEqual([]);
});

test('comments, other values and earlier statements are no uses', () => {
  expect(find("COMMENT ON TYPE mood IS 'glad'")).toEqual([]);
  expect(find("INSERT INTO users VALUES (1, 'sad')")).toEqual([]);
  expect(find('', { applied: [mood], up: `INSERT INTO users VALUES (1, 'glad'); ${add}` })).toEqual([]);
});

test('a pending ancestor has committed its type, and a statement that runs alone has committed its value', () => {
  const use = "UPDATE users SET mood = 'glad'";
  expect(find(use, { pending: [mood] })).toEqual(['59 error']);
  expect(find(use, { applied: [mood], isTransactional: false })).toEqual([]);
  expect(find(use, { up: `${mood}; ${add} ${use}` })).toEqual([]);
});
