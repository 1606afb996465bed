/** Which migrations may have moved rows, so that applying them again does not bring these back. */

import { expect, test } from 'vitest';
import { readRowMoves } from '../../../src/sql/effects/row-moves.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';

const parser = await loadParser();

test.each([
  'INSERT INTO archive SELECT id FROM users',
  'CREATE TABLE archive AS SELECT id FROM users',
  'UPDATE users SET name = first FROM names',
  'UPDATE users SET name = first',
])('reads rows: %s', (text) => {
  expect(readRowMoves(parser, text)).toMatchObject({ readsRows: true, takesAway: false });
});

test.each([
  'DELETE FROM users WHERE id = 1',
  'TRUNCATE users',
  'DROP TABLE users',
  'ALTER TABLE users DROP name',
])('takes away: %s', (text) => {
  expect(readRowMoves(parser, text).takesAway).toBe(true);
});

test.each([
  'CREATE VIEW v AS SELECT id FROM users',
  'CREATE TABLE posts (user_id int REFERENCES users)',
  'CREATE INDEX ON users (id)',
  'INSERT INTO users VALUES (1)',
  'INSERT INTO users SELECT generate_series(1, 3)',
  'ALTER TABLE users ADD CHECK (id > 0)',
  'ALTER TABLE posts ADD FOREIGN KEY (user_id) REFERENCES users',
  'ALTER TABLE users ALTER id TYPE bigint',
  'CREATE MATERIALIZED VIEW m AS SELECT id FROM users',
  'ALTER TABLE users DROP CONSTRAINT c',
  'DROP INDEX i',
])('does neither: %s', (text) => {
  expect(readRowMoves(parser, text)).toMatchObject({ readsRows: false, takesAway: false });
});

test('names what it makes, if all of it can be read', () => {
  const { makes } = readRowMoves(parser, 'CREATE TABLE users (id int); ALTER TABLE posts ADD title text');
  expect([...(makes ?? [])]).toEqual(expect.arrayContaining(['users', 'title']));
  const dynamic = "DO $$ BEGIN EXECUTE 'DROP TABLE ' || current_user; END $$";
  expect(readRowMoves(parser, dynamic)).toEqual({
    readsRows: true,
    readsOtherRows: true,
    takesAway: true,
    takes: undefined,
    makes: undefined,
    tables: [],
    updates: [],
    values: { copied: [], overwritten: [], made: [] },
  });
});
