/** The scanner that splits texts which the parser does not take: wherever a text is cut into pieces, it says the same. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadParser, parseStatements } from '../../src/sql/syntax/parse.js';
import { type ScannedStatement, StatementScanner } from '../../src/sql/syntax/statement-scanner.js';

const parser = await loadParser();

function scan(pieces: readonly string[]): ScannedStatement[] {
  const found: ScannedStatement[] = [];
  const scanner = new StatementScanner({ concerns: () => true, onStatement: (one) => found.push(one) });
  for (const piece of pieces) scanner.push(piece);
  scanner.finish();
  return found;
}

/** Cuts a text at some of its characters. */
function cut(text: string, places: readonly number[]): string[] {
  const ends = [...new Set(places.map((place) => place % (text.length + 1)))].sort(
    (one, other) => one - other,
  );
  return [0, ...ends].map((start, index) => text.slice(start, ends[index]));
}

const statement = fc.constantFrom(
  'COMMIT',
  "select 'it''s; ' || E'a\\';b' || E'\\\\'",
  'select "a;""b" -- ; no\n, 2',
  'do $do$ begin perform 1; end $do$',
  "select $1, $b2$;$b2$, U&'\\0041;', b'1', 1.5e3",
  'create function f() returns int language sql begin atomic select case when 1 = 2 then 3 end; select 2; end',
  "create function begin(begin int) returns int language sql as 'select 1'",
  'create function f(begin int, atomic int) returns int language sql begin atomic select 1; end',
  'create or replace procedure p(a int) begin atomic insert into t values (1); end',
  'create rule r as on update to t do instead (delete from u; select 1)',
  'select 1 /* a /* ; */ ; */ + 2\r\n',
  'select 😀.ä::text from "😀"  ',
  "select E'a'\n'\\'; b'",
);
const separator = fc.constantFrom(';', '; ', ';\n', ';\r\n', '; -- behind; it\n', ';/*;*/\t');
const texts = fc
  .array(fc.tuple(statement, separator), { maxLength: 12 })
  .map((parts) => parts.flat().join(''));

test('it finds the statements that the parser finds, where it finds them', () => {
  fc.assert(
    fc.property(texts, fc.array(fc.nat(), { maxLength: 30 }), (text, places) => {
      const { statements: parsed, problem } = parseStatements(parser, text);
      if (problem) throw new Error(`no SQL: ${problem.message}`);
      const starts = parsed.map(({ line, column }) => `${line}:${column}`);
      const scanned = scan(cut(text, places));
      expect(scanned.map(({ line, column }) => `${line}:${column}`)).toEqual(starts);
      expect(scan([text])).toEqual(scanned.map((one) => ({ ...one, sourceLine: expect.any(String) })));
      for (const [index, { outline = '' }] of scanned.entries()) {
        const again = parseStatements(parser, outline).statements;
        expect(again?.[0]?.kind).toBe(parsed[index]?.kind);
      }
    }),
    { numRuns: 300 },
  );
});
