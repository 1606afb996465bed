import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutComments } from '../../src/sql/syntax/without-comments.js';

test.each([
  ['-- a\nSELECT 1; -- b\n/* c /* d */ */ SELECT  2;\n', 'SELECT 1;SELECT 2;'],
  [
    "SELECT '-- no', \"/* no */\", $$ -- no $$, E'\\'-- no';",
    "SELECT '-- no',\"/* no */\",$$ -- no $$,E'\\'-- no';",
  ],
  ['SELECT a @ -1', 'SELECT a @ -1'],
  ['SELECT $1::int', 'SELECT $1::int'],
  ['SELECT f( a , b [ 1 ] ) ;', 'SELECT f(a,b[1]);'],
  ["SELECT 'a' -- c\n 'b'", "SELECT 'a'\n'b'"],
  ['SELECT 1\u00a0x', 'SELECT 1\u00a0x'],
  ['', ''],
  ['/* only */ -- comments', ''],
])('%j', (text, bare) => {
  expect(withoutComments(text)).toBe(bare);
  expect(withoutComments(bare)).toBe(bare);
});

test('comments and blanks between words make no difference, and nothing else is lost', () => {
  const words = fc.array(fc.constantFrom('SELECT', 'x', "e'a  b'", '"c"', '$$ d $$', '1', '='), {
    minLength: 1,
  });
  const gap = fc.constantFrom(' ', '\n\n', ' -- x\n', '/* y */', '\t/* -- */ ');
  fc.assert(
    fc.property(words, fc.array(gap, { minLength: 30, maxLength: 30 }), (parts, gaps) => {
      const text = parts.map((part, index) => part + (gaps[index % gaps.length] as string)).join('');
      expect(withoutComments(text)).toBe(parts.join(' '));
    }),
  );
});
