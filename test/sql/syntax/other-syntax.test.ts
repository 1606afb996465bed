/** Clauses that PostgreSQL's grammar has not, by the documentation of CockroachDB, YugabyteDB and Aurora DSQL. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskOtherSyntax } from '../../../src/sql/syntax/other-syntax.js';
import { loadParser, parseStatements } from '../../../src/sql/syntax/parse.js';

const parser = await loadParser('other syntax');
const strict = await loadParser();

const cases = [
  [
    'an asynchronous index of DSQL',
    'CREATE INDEX ASYNC IF NOT EXISTS i ON t (a);',
    'CREATE INDEX       IF NOT EXISTS i ON t (a);',
  ],
  [
    'a unique one',
    'CREATE UNIQUE INDEX ASYNC i ON t (a) INCLUDE (b)',
    'CREATE UNIQUE INDEX       i ON t (a) INCLUDE (b)',
  ],
  ['stored columns', 'CREATE INDEX i ON t (a) STORING (b, c);', 'CREATE INDEX i ON t (a) INCLUDE (b, c);'],
  [
    'a hash-sharded index of CockroachDB',
    'CREATE INDEX i ON t (a) USING HASH WITH (bucket_count = 8)',
    'CREATE INDEX i ON t (a)            WITH (bucket_count = 8)',
  ],
  [
    'a hash-sharded key',
    'CREATE TABLE t (a int, PRIMARY KEY (a) USING HASH)',
    'CREATE TABLE t (a int, PRIMARY KEY (a)           )',
  ],
  [
    'the key of YugabyteDB',
    'CREATE TABLE t (a int, b int, c int, PRIMARY KEY ((a, b) HASH, c DESC))',
    'CREATE TABLE t (a int, b int, c int, PRIMARY KEY ( a, b      , c     ))',
  ],
  [
    'tablets',
    'CREATE TABLE t (a int PRIMARY KEY) SPLIT INTO 4 TABLETS; SELECT 1',
    'CREATE TABLE t (a int PRIMARY KEY)                     ; SELECT 1',
  ],
  [
    'places of tablets',
    'CREATE INDEX i ON t (a) SPLIT AT VALUES ((1), (2))',
    'CREATE INDEX i ON t (a)                           ',
  ],
  ['a split', "ALTER TABLE t SPLIT AT VALUES ('é'), (2);", 'ALTER TABLE t SET (k=1)                  ;'],
  [
    'a locality',
    'CREATE TABLE t (a int) LOCALITY REGIONAL BY ROW AS a',
    'CREATE TABLE t (a int)                              ',
  ],
  ['another locality', 'ALTER TABLE t SET LOCALITY GLOBAL', 'ALTER TABLE t SET (k=1)          '],
] as const;

describe('a clause of another server', () => {
  test.each(cases)('%s', (_, text, masked) => {
    expect(maskOtherSyntax(text)).toBe(masked);
    expect(parseStatements(parser, text).statements?.[0]?.text).toBe(text.split(';')[0]);
  });

  test('is hidden from the parser alone: places are those of the text, behind characters of several bytes, too', () => {
    const text = "ALTER TABLE é SPLIT AT VALUES ('éé');\nCREATE INDEX ASYNC i\nON é (a);";
    const { statements } = parseStatements(parser, text);
    expect(statements?.map(({ text, line }) => [text, line])).toEqual([
      ["ALTER TABLE é SPLIT AT VALUES ('éé')", 1],
      ['CREATE INDEX ASYNC i\nON é (a)', 2],
    ]);
  });

  test('does not parse on PostgreSQL', () => {
    expect(parseStatements(strict, 'CREATE INDEX ASYNC i ON t (a)').problem).toMatchObject({
      sqlstate: '42601',
    });
  });

  test('an error is about the text as it is', () => {
    expect(parseStatements(parser, 'CREATE INDEX ASYNC i ON t (a) nonsense (b)').problem?.message).toMatch(
      /at or near/,
    );
  });
});

describe('what looks like one', () => {
  test.each([
    "INSERT INTO t VALUES ('CREATE INDEX ASYNC i ON t (a)')",
    'CREATE TABLE t (hash int, storing int, PRIMARY KEY (storing, hash))',
    'CREATE TABLE split (locality text)',
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 1 /* INDEX ASYNC */$$',
    'CREATE INDEX i ON t USING hash (a)',
    'SELECT a FROM t',
  ])('stays: %s', (text) => {
    expect(maskOtherSyntax(text)).toBe(text);
  });

  test('whatever is replaced, all places stay', () => {
    const words = [
      'CREATE',
      'ALTER',
      'TABLE',
      'INDEX',
      'ASYNC',
      'SPLIT',
      'AT',
      'SET',
      'LOCALITY',
      'GLOBAL',
      'STORING',
      'USING',
      'HASH',
    ];
    const parts = fc.constantFrom(
      ...words,
      'PRIMARY',
      'KEY',
      '(',
      ')',
      ',',
      ';',
      "'é'",
      '"ü"',
      '/* ö */',
      '\n',
      'x',
      '$$ä$$',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 25 }), (all) => {
        const text = all.join(' ');
        const masked = maskOtherSyntax(text);
        expect(Buffer.byteLength(masked)).toBe(Buffer.byteLength(text));
      }),
    );
  });
});
