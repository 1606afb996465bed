import fc from 'fast-check';
import { fingerprintSync } from 'libpg-query';
import { beforeAll, describe, expect, test } from 'vitest';
import { hideFromPsql } from '../../src/sql/psql/psql-safe.js';
import { loadParser, type Parser } from '../../src/sql/syntax/parse.js';

let parser: Parser;

beforeAll(async () => {
  parser = await loadParser();
});

describe('what psql would take for a variable', () => {
  test.each([
    ['SELECT a[1:n], b[:hi], c[lo:]', 'SELECT a[1: n], b[: hi], c[lo:]'],
    [`SELECT a[1:'2'], a[1:"n"]`, `SELECT a[1: '2'], a[1: "n"]`],
    ['SELECT é[1:é], x::int, y ::text, a[1::int:n]', 'SELECT é[1: é], x::int, y ::text, a[1::int: n]'],
  ])('%s', (sql, hidden) => {
    expect(hideFromPsql(parser, sql)).toBe(hidden);
  });

  test.each([
    "SELECT ':n', E'\\':n', $$ :n $$, $a$ :'n' $a$ -- :n",
    "/* :n /* :n */ :n */ SELECT \":n\", 'a'::text, U&':n'",
    'SELECT a[1:2] /* no name */, b[1: n]'.replace('1:2', '1 : 2'),
    'no colon',
  ])('is not in %s', (sql) => {
    expect(hideFromPsql(parser, sql)).toBe(sql);
  });

  test('says the same to PostgreSQL', () => {
    const piece = fc.constantFrom(
      'a[1:n]',
      "':n'",
      '$$:n$$',
      '"ü:n"',
      'b[:n]',
      'c::text',
      "d['1':'2']",
      '/* :n */ 1',
    );
    const statement = fc.array(piece, { minLength: 1 }).map((pieces) => `SELECT ${pieces.join(', ')};`);
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1 }), (statements) => {
        const sql = statements.join('\n');
        const hidden = hideFromPsql(parser, sql);
        expect(fingerprintSync(hidden)).toBe(fingerprintSync(sql));
        expect(hideFromPsql(parser, hidden)).toBe(hidden);
      }),
    );
  });
});
