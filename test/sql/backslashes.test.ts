import type { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { escapeByQuotes } from '../../src/sql/syntax/backslashes.js';
import { loadParser, tryParse } from '../../src/sql/syntax/parse.js';
import { emptyPglite } from '../support/pglite.js';

let database: PGlite;
beforeAll(async () => {
  database = await emptyPglite();
  await database.exec('SET standard_conforming_strings = off; SET escape_string_warning = off');
});
afterAll(() => database.close());

const [slash, pieces] = ['\\', ["'", '\\', '"', '$$', ';', '--', '\n', '/*', '*/', 'a', "E'", '$a$', ' ']];

/** Blanks, or semicolons and comments. */
const behindIt = /^\s*(?:;(?:[;\s]|--.*|\/\*[\s\S]*\*\/)*)?$/;

describe('plain literals that take backslashes', () => {
  test.each([
    [`'it${slash}'s; fine'`, `'it''s; fine'`],
    [`'a${slash}${slash}'; 'b'`, `'a${slash}${slash}'; 'b'`],
    [`'a${slash}${slash}${slash}'b'`, `'a${slash}${slash}''b'`],
    [`E'it${slash}'s' || 'it${slash}'s'`, `E'it${slash}'s' || 'it''s'`],
    [`$$'${slash}'$$, $x$ '${slash}' $$ $x$`, `$$'${slash}'$$, $x$ '${slash}' $$ $x$`],
    [`-- it's ${slash}'\n'${slash}''`, `-- it's ${slash}'\n''''`],
    [`/* ' /* ${slash}' */ ' */ '${slash}''`, `/* ' /* ${slash}' */ ' */ ''''`],
    [`"a'${slash}'" '${slash}''`, `"a'${slash}'" ''''`],
    [`'never closed ${slash}'`, `'never closed ${slash}'`],
  ])('%s', (text, shown) => {
    expect(escapeByQuotes(text)).toBe(shown);
  });

  test('takes texts apart as the server does', async () => {
    const parser = await loadParser('backslashes');
    const literal = fc
      .array(fc.constantFrom(...pieces), { maxLength: 8 })
      .map((parts) => `'${parts.join('')}'`);
    await fc.assert(
      fc.asyncProperty(literal, async (text) => {
        const sql = `SELECT ${text} AS x`;
        expect(escapeByQuotes(sql)).toHaveLength(sql.length);
        const columns = await database.query(sql).then(
          ({ fields }) => fields.length,
          () => undefined,
        );
        const parsed = tryParse(parser, sql);
        if (columns !== undefined) expect(parsed, sql).toHaveLength(1);
        if (parsed?.length === 1) expect(sql.replace(parsed[0]?.text ?? '', ''), sql).toMatch(behindIt);
      }),
      { numRuns: 300 },
    );
  });
});
