import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSimpleYaml } from '../../src/project/yaml/simple-yaml.js';
import { readWithLibrary } from '../../src/project/yaml/yaml-tree.js';

async function byLibrary(text: string, exactIntegers = false) {
  const locate = (offset: number) => ({ file: 'x', line: 1, column: offset, sourceLine: '' });
  const { root, problems } = await readWithLibrary(text, { exactIntegers, locate });
  return problems.length > 0 ? undefined : root;
}

async function expectSame(text: string, exactIntegers = false): Promise<void> {
  const simple = readSimpleYaml(text, { exactIntegers });
  expect(simple).toBeDefined();
  expect(simple).toEqual(await byLibrary(text, exactIntegers));
}

describe('the simple way reads as the library does', () => {
  test.each([
    [
      'what kat init writes',
      'migration:\n  tablename: migrations\n  directory: ./migrations\ndatabase:\n  port: 5432\n',
    ],
    [
      'addresses',
      'database:\n  url: postgres://a:b@h:5432/x?sslmode=disable&y=1#z\n  host: /var/run/postgresql\n',
    ],
    ['variables', 'database:\n  password: \u0024{DB_PASSWORD:-x}\n  name: $NAME # of the database\n'],
    [
      'durations and switches',
      'verbose: true\ndatabase:\n    connect_timeout: 500ms\n    default_timeout: 10s\n',
    ],
    ['nothing behind keys', 'verbose:\nmigration:   # all defaults\ndatabase:\n  url:\n  name: # none\n'],
    ['quotes', `a: "x # y: z"\nb: 'it is'\nc: "null"\n`],
    ['comments and empty lines', '\n# a: b\n\na: b # c\n  # d\nb:\n\n  # e\n  c: d   \n'],
    ['a hash without a blank before it', 'a: b\nurl: x/#y\n'],
    ['one letter', 'a: b\nc: 0\n'],
  ])('%s', async (_what, text) => {
    await expectSame(text);
  });

  test('exact integers', () => expectSame('a: 123\n', true));

  const piece = fc.constantFrom(
    ...[
      'a',
      'bc',
      'null',
      'true',
      'False',
      '0',
      '12',
      '012',
      '1e3',
      '0x1f',
      '10s',
      '127.0.0.1',
      '.5',
      '~',
      '-',
      '--- ',
      '"',
      "'",
      '$x',
      '/',
    ],
    ...[
      ':',
      ': ',
      ' ',
      '  ',
      '#',
      ' #',
      '\n',
      '\n  ',
      '\n    ',
      ',',
      '[',
      ']',
      '{',
      '}',
      '&',
      '*',
      '!',
      '|',
      '>',
      '%',
      '@',
      '`',
      '\\',
    ],
    ...['key: ', '\nkey: ', '\nb: ', '\n  c: ', '\n  d: ', '?', '\t', '\r\n', 'é'],
  );

  test('or leaves it to the library', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), fc.boolean(), async (pieces, exactIntegers) => {
        const text = `key: ${pieces.join('')}`;
        const simple = readSimpleYaml(text, { exactIntegers });
        if (simple) expect(simple).toEqual(await byLibrary(text, exactIntegers));
      }),
      { numRuns: 3000 },
    );
  });
});

test.each([
  ['a key twice', 'a: b\na: c\n'],
  ['a key twice in a section', 'a:\n  b: c\n  b: d\n'],
  ['indentation that changes', 'a:\n  b: c\n    d: e\n'],
  ['a section under a value', 'a: b\n  c: d\n'],
  ['an indented beginning', '  a: b\n'],
  ['lists', 'a:\n  - b\n'],
  ['texts with blanks', 'a: b c\n'],
  ['escapes', 'a: "\\n"\n'],
  ['text behind quotes', `a: 'b' c\n`],
  ['an empty text', ''],
  ['other numbers', 'a: 0123\n'],
  ['several documents', 'a: b\n---\nc: d\n'],
])('the simple way leaves to the library: %s', (_what, text) => {
  expect(readSimpleYaml(text, { exactIntegers: false })).toBeUndefined();
});
