import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hideValues } from '../../src/sql/syntax/hide-values.js';

const backslash = '\\';

describe('values in a statement of another session', () => {
  test.each([
    ["INSERT INTO t VALUES (1, 'card 4111-1111')", 'INSERT INTO t VALUES (?, ?)'],
    ["alter role app password 's3cr3t'", 'alter role app password ?'],
    ["ALTER ROLE app PASSWORD E'it\\'s s3cr3t' LOGIN", 'ALTER ROLE app PASSWORD ? LOGIN'],
    ['SELECT $$s3cr3t$$, $tag$ $$ s3cr3t $tag$, $1 FROM t1', 'SELECT ?, ?, $1 FROM t1'],
    ["SELECT U&'s3cr3t', B'101', x'1F', N'abc'", 'SELECT ?, ?, ?, ?'],
    ['SELECT 4111.5e-3, .5, 0x1F, 1_000, -7 FROM a1', 'SELECT ?, ?, ?, ?, -? FROM a1'],
    ['SELECT a -- s3cr3t\n FROM /* s3cr3t /* nested */ */ "My Table"', 'SELECT a FROM "My Table"'],
    ["SELECT 'a'\n  's3cr3t' AS b", 'SELECT ? ? AS b'],
    ['SET app.token = s3cr3t; SELECT 1', 'SET app.token = ?; SELECT ?'],
    ['begin; set local app.token to s3cr3t, s3cr3t', 'begin; set local app.token to ?'],
    ['ALTER ROLE app SET app.token = s3cr3t; SELECT 1', 'ALTER ROLE app SET app.token = ?; SELECT ?'],
    ['alter database d set app.token to s3cr3t', 'alter database d set app.token to ?'],
    [
      "CREATE FUNCTION f() RETURNS int SET app.token = s3cr3t AS 'x'",
      'CREATE FUNCTION f() RETURNS int SET app.token = ?',
    ],
    ["COPY t FROM PROGRAM 'curl -u me:s3cr3t x'", 'COPY t FROM PROGRAM ?'],
    ['UPDATE t SET a = b WHERE c', 'UPDATE t SET a = b WHERE c'],
  ])('%s', (sql, shown) => {
    expect(hideValues(sql)).toBe(shown);
    expect(shown).not.toContain('s3cr3t');
  });

  test.each([
    ['a literal that is cut off', "SELECT 'it''s s3cr3t", 'SELECT ?…'],
    ['a dollar literal that is cut off', 'DO $x$ s3cr3t', 'DO ?…'],
    ['a comment that is cut off', 'SELECT /* s3cr3t', 'SELECT ?…'],
    ['a name that is cut off', 'SELECT "s3cr3t', 'SELECT ?…'],
    ['a backslash that may escape', `SELECT 'it${backslash}' s3cr3t', 1`, 'SELECT ?…'],
  ])('%s: hidden to the end', (_what, sql, shown) => {
    expect(hideValues(sql)).toBe(shown);
  });

  test('one short line without control characters', () => {
    const shown = hideValues(`SELECT\n\t"\u001b[31m\u009b\u202e" ,\r\n ${'a, '.repeat(500)}`);
    expect(shown).toMatch(/^SELECT "\\x1b\[31m\\x9b\\u202e" , (?:a, )+a?,? ?…$/);
    expect(shown.length).toBeLessThan(230);
  });

  test('a literal never shows, whatever is in it and around it', () => {
    const secret = fc.string().map((text) => text.replaceAll('?', '').replaceAll('\\', ''));
    fc.assert(
      fc.property(secret, fc.constantFrom('SELECT ', 'x = ', '/* c */ '), (text, before) => {
        const quoted = `'${text.replaceAll("'", "''")}'`;
        expect(hideValues(`${before}${quoted} AS z`)).toBe(hideValues(`${before}'' AS z`));
      }),
    );
  });
});
