import { expect, test } from 'vitest';
import { lintSql } from './lint-sql.js';

const unreadable = (up: string) =>
  lintSql({ up }).map(({ rule, place, message }) => `${place.line}:${place.column} ${rule}: ${message}`);

test('what only psql understands is named instead of a syntax error behind it', () => {
  expect(unreadable('SELECT 1;\nCOPY users FROM stdin;\n1\tAda\n\\.\n')).toEqual([
    '2:1 psql: COPY FROM STDIN needs rows from a client program, which a migration does not have',
  ]);
  expect(unreadable('\\set x 1\nSELECT 1;')).toEqual(['1:1 psql: \\set is a psql command, not SQL']);
  expect(unreadable('SELECT :x;')).toEqual(['1:8 psql: :x is a variable of psql, not SQL']);
});

test('another error is what the parser says', () => {
  expect(unreadable('SELECT 1;\nALTER TABEL users;')).toEqual([
    '2:7 syntax: syntax error at or near "TABEL"',
  ]);
});
