import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  loadParser,
  parseStatements,
  type Statement,
  type SyntaxProblem,
} from '../../src/sql/syntax/parse.js';

const parser = await loadParser();

function parse(text: string): Statement[] {
  const { statements, problem } = parseStatements(parser, text);
  if (problem) throw new Error(problem.message);
  return statements;
}

function failure(text: string): SyntaxProblem {
  const { problem } = parseStatements(parser, text);
  if (!problem) throw new Error(`${text} is SQL`);
  return problem;
}

const textsOf = (text: string) => parse(text).map((statement) => statement.text);
const kindsOf = (text: string) => parse(text).map(({ kind }) => kind);

describe('statements', () => {
  it.each([[''], [' \r\n\t'], ['-- only a comment'], [';; ;'], ['/* a /* nested */ one */']])(
    'finds none in %j',
    (text) => {
      expect(parse(text)).toEqual([]);
    },
  );

  it('knows where each begins and ends, what it is, and what it says', () => {
    const text = '-- é😀\r\nselect 1 ;\r\n  /* 😀 /* é */ */ create table t (a int) ;; -- end\n';
    const [select, create, ...others] = parse(text);
    expect(others).toEqual([]);
    expect(select).toMatchObject({
      text: 'select 1',
      start: 8,
      end: 16,
      line: 2,
      column: 1,
      kind: 'SelectStmt',
    });
    expect(create).toMatchObject({ text: 'create table t (a int)', line: 3, column: 19, kind: 'CreateStmt' });
    expect(text.slice(create?.start, create?.end)).toBe(create?.text);
    expect(create?.node).toMatchObject({ CreateStmt: { relation: { relname: 't' } } });
  });

  it('keeps comments inside and behind a statement, but not before it', () => {
    expect(textsOf('/* a */ select /* b */ 1 /* c */; -- d\nselect 2 -- e')).toEqual([
      'select /* b */ 1 /* c */',
      'select 2 -- e',
    ]);
  });

  it.each([
    ['dollar quotes', 'select $$a;b$$, $é$ $$;$$ $é$'],
    ['a backslash that is only a backslash', String.raw`select '\', 'a;b'`],
    ['a backslash that escapes', String.raw`select E'it\'s; \\'`],
    ['doubled quotes', `select 'it''s;', "a"";b"`],
    ['a DO block', 'do $x$ begin perform 1; perform 2; end; $x$'],
    ['a function body in SQL', 'create function f() returns int begin atomic select 1; select 2; end'],
    [
      'a rule of several actions',
      'create rule r as on insert to t do also (insert into a values (1); delete from b)',
    ],
    ['Unicode escapes', String.raw`select U&'\0441;' uescape '\'`],
    ['CRLF in a body', 'create function f() returns int language sql as $$\r\nselect 1;\r\n$$'],
  ])('takes %s as one statement', (_, text) => {
    expect(textsOf(`select 'é😀';${text};commit`)).toEqual(["select 'é😀'", text, 'commit']);
  });

  it('does not take the END of a function body for a COMMIT', () => {
    expect(kindsOf('create function f() returns int begin atomic select 1; end; end')).toEqual([
      'CreateFunctionStmt',
      'TransactionStmt',
    ]);
  });

  it('keeps a no-break space, which is a letter to PostgreSQL', () => {
    expect(textsOf('select 1 as a\u00a0 ;')).toEqual(['select 1 as a\u00a0']);
  });

  it('reads a string as the server will read the message, whatever the message sets', () => {
    expect(textsOf(String.raw`set standard_conforming_strings = off; select '\'; select 2`)).toHaveLength(3);
  });

  it('rebuilds every file from its statements and what stands between them', () => {
    const statement = fc.constantFrom(
      'select 1',
      'select \'é;😀\' as "ü;"',
      'create table t (a int)',
      'do $x$ begin; 😀 end; $x$',
      'create function f() returns int begin atomic select 1; select 2; end',
      'create rule r as on update to t do also (select 1; select 2)',
      'select /* ; /* é */ ; */ 2',
      'begin',
      'end',
    );
    const space = fc.constantFrom('', ' ', '\n', '\r\n', '\t', ' -- 😀 é;\n', '/* ; /* 😀 */ */', ';');
    const glue = fc.array(space, { maxLength: 4 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(glue, fc.array(fc.tuple(statement, glue)), (before, parts) => {
        const text = before + parts.map(([sql, after]) => `${sql}\n;${after}`).join('');
        const found = parse(text);
        expect(found.map(({ text: own }) => own)).toEqual(parts.map(([sql]) => sql));
        let last = 0;
        for (const { start, end, text: own, kind, line, column } of found) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(text.slice(start, end)).toBe(own);
          expect(parse(text.slice(last, start))).toEqual([]);
          expect(kindsOf(own)).toEqual([kind]);
          const lines = text.slice(0, start).split('\n');
          expect({ line, column }).toEqual({
            line: lines.length,
            column: [...(lines.at(-1) ?? '')].length + 1,
          });
          last = end;
        }
        expect(parse(text.slice(last))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('comments between words and literals that belong together', () => {
  const taken = [
    'SELECT 1 NOT {} IN (2)',
    "SELECT 'a' NOT {} LIKE 'b'",
    'SELECT 1 NOT {} BETWEEN 1 AND 2',
    'SELECT 1 ORDER BY 1 NULLS {} FIRST',
    'CREATE TABLE t (a time WITH {} TIME ZONE)',
    "SELECT '1'::time WITHOUT {} TIME ZONE",
    'SELECT * FROM f() WITH {} ORDINALITY',
    "SELECT JSON_OBJECT('a': 1 FORMAT {} JSON)",
    "SELECT U&'x' {} UESCAPE '!'",
    `SELECT U&"x" {} UESCAPE '!'`,
  ];
  const comments = ['/* c */', '-- é\n', '/* 😀 */ -- d\n', '-- a\n-- b\n'];
  it.each(taken)('%s', (pattern) => {
    for (const comment of comments) {
      const text = pattern.replace('{}', comment);
      expect(parse(`/* ä */ ${text}; select 1`)).toMatchObject([{ text }, { text: 'select 1' }]);
    }
  });

  it.each(["'", "E'", "B'", "X'", "U&'", "N'"])(
    'a literal that begins with %s goes on behind --',
    (opening) => {
      const text = `select ${opening}1' -- é\n  -- d\n'0'`;
      expect(parse(text)).toMatchObject([{ text }]);
      expect(failure(`select ${opening}1' /* c */\n'0'`).message).toContain('syntax error at or near');
    },
  );

  it('an error behind them keeps its place', () => {
    const text = 'select 1 not /* é 😀 */ in (2);\nselect x y z';
    expect(failure(text)).toMatchObject({ index: text.indexOf('z'), line: 2, column: 12 });
  });
});

describe('syntax errors', () => {
  it('points at the word, past characters of any width', () => {
    const text = 'select 1;\r\n/* 😀 é */ create TABLEE x;';
    const problem = failure(text);
    expect(problem).toEqual({
      message: 'syntax error at or near "TABLEE"',
      sqlstate: '42601',
      index: text.indexOf('TABLEE'),
      isPlaced: true,
      line: 2,
      column: 18,
      sourceLine: '/* 😀 é */ create TABLEE x;',
    });
  });

  it('points behind the last word when the text breaks off', () => {
    expect(failure('create table t (\n  a int\n\n')).toMatchObject({
      message: 'syntax error at end of input',
      line: 2,
      column: 8,
    });
  });

  it('refuses a NUL byte, where libpg-query would stop reading', () => {
    expect(failure('select 1;\n\0select 2')).toMatchObject({
      sqlstate: '22021',
      line: 2,
      column: 1,
      isPlaced: true,
    });
  });

  it('says when PostgreSQL does not know the place', () => {
    expect(failure(String.raw`select E'\xff'`)).toMatchObject({ sqlstate: '22021', isPlaced: false });
  });

  it('does not begin with comments in comments that would take minutes', () => {
    const nested = (depth: number, gap = '') =>
      `${`/*${gap}`.repeat(depth)}${`${gap}*/`.repeat(depth)} select 1`;
    expect(parse(nested(1000))).toHaveLength(1);
    expect(parse(nested(100_000, ' '))).toHaveLength(1);
    expect(() => parseStatements(parser, nested(100_000))).toThrow('nests too deeply for the parser');
    expect(() => parseStatements(parser, `do $$ begin null; ${nested(100_000)}; end $$`)).toThrow(
      'nests too deeply for the parser',
    );
  });

  it('tells a parser that gave up from SQL that is wrong', () => {
    const deep = `select 1${'+1'.repeat(30_000)}`;
    expect(() => parseStatements(parser, deep)).toThrow('the SQL nests too deeply for the parser');
    expect(parse('select 1')).toHaveLength(1);
  });
});
