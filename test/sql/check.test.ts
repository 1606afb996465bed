import { describe, expect, it } from 'vitest';
import type { StepMode } from '../../src/graph/plan.js';
import { checkMigrationSql, withoutEnclosingTransaction } from '../../src/sql/check/check.js';
import { loadParser, maxParsedBytes, type Parser } from '../../src/sql/syntax/parse.js';

const parser = await loadParser();

const origin = { file: '/m/1_a/up.sql', migration: '1_a' };

function check(text: string, mode: StepMode = 'transaction') {
  return checkMigrationSql(parser, { ...origin, text, mode });
}

/** `line:column message` of every problem. */
function problemsOf(text: string, mode?: StepMode): string[] {
  return check(text, mode).problems.map(
    ({ message, location }) => `${location ? `${location.line}:${location.column} ` : ''}${message}`,
  );
}

const helpOf = (text: string, mode?: StepMode) => check(text, mode).problems.map(({ help }) => help);
const interferes = 'would interfere with the transaction that this migration runs in';

describe('RESET ALL', () => {
  it('would take away what proves that the transaction is still the same', () => {
    expect(problemsOf('select 1;\nreset all;')).toEqual([
      '2:1 RESET ALL would take away what Kat knows its transaction by',
    ]);
    expect(helpOf('reset all')[0]).toContain('single settings');
    expect(problemsOf('reset all; reset search_path; vacuum a', 'statements')).toEqual([]);
    expect(problemsOf('reset search_path')).toEqual([]);
  });
});

describe('syntax', () => {
  it('reports an error with its place, in the words of PostgreSQL', () => {
    expect(check('-- users\ncreate TABLEE users ();').problems).toEqual([
      {
        code: 'syntax',
        title: 'SQL error',
        message: 'syntax error at or near "TABLEE"',
        sqlstate: '42601',
        location: { file: '/m/1_a/up.sql', line: 2, column: 8, sourceLine: 'create TABLEE users ();' },
        migration: '1_a',
      },
    ]);
  });

  it('is content with what is right', () => {
    const result = check('create table a (b int);\nselect 1');
    expect(result).toMatchObject({ problems: [], hints: [], isWrapped: false });
    expect(result.statements?.map(({ text }) => text)).toEqual(['create table a (b int)', 'select 1']);
    expect(check('-- nothing\n')).toEqual({ problems: [], hints: [], statements: [], isWrapped: false });
  });

  it('quotes one line of a string that is never closed', () => {
    const [problem] = check(`select 'one\ntwo;\nthree`).problems;
    expect(problem?.message).toBe(`unterminated quoted string at or near "'one…"`);
    expect(problem?.help).toBe('Close what begins here.');
    expect(problemsOf(`select '${'x'.repeat(500)}`)[0]).toBe(
      `1:8 unterminated quoted string at or near "'${'x'.repeat(99)}…"`,
    );
    expect(problemsOf(`select 'x`)).toEqual([`1:8 unterminated quoted string at or near "'x"`]);
  });

  it.each([
    ['\ufeffselect 1', 'U+FEFF, in column 1'],
    ["select 1;\n  select '😀',\u00a02 from from", 'U+00A0, in column 14'],
    ['create\u200btable a ()', 'U+200B, in column 7'],
  ])('names an invisible character in %j', (text, where) => {
    expect(helpOf(text)).toEqual([
      `This line has an invisible character, ${where}: replace it by a space or delete it.`,
    ]);
  });

  it('does not blame an emoji', () => {
    expect(helpOf("selec '👩\u200d👧'")).toEqual([undefined]);
  });

  it('has no place for an error without one', () => {
    expect(problemsOf(String.raw`select E'\xff'`)).toEqual([
      'invalid byte sequence for encoding "UTF8": 0xff',
    ]);
  });
});

describe('what only psql understands', () => {
  it('reports all commands and variables at once, instead of the syntax errors that they cause', () => {
    const text = [
      '\\set ON_ERROR_STOP on',
      '\\i other.sql',
      'insert into t values (:id, :\'name\', :"column");',
      'select 1 \\gset',
      'select a[1:2], 2::int;',
      '\\connect other',
      'commit;',
    ].join('\n');
    expect(problemsOf(text)).toEqual([
      '1:1 \\set is a psql command, not SQL',
      '2:1 \\i is a psql command, not SQL',
      '3:23 :id is a variable of psql, not SQL',
      "3:28 :'name' is a variable of psql, not SQL",
      '3:37 :"column" is a variable of psql, not SQL',
      '4:10 \\gset is a psql command, not SQL',
      '6:1 \\connect is a psql command, not SQL',
      `7:1 COMMIT ${interferes}`,
    ]);
    expect(helpOf(text).slice(0, 3)).toEqual([
      'Remove it, or write SQL that does the same.',
      'Put the SQL of that file here, or into a migration of its own.',
      'Write the value itself: nothing is replaced in the SQL of a migration.',
    ]);
    expect(
      check(text).problems.every(({ title, migration }) => title === 'SQL error' && migration === '1_a'),
    ).toBe(true);
  });

  it('says nothing about backslashes and colons that are part of SQL', () => {
    expect(problemsOf(String.raw`select '\i', E'\\', $$ :x \g $$, a[1:2], b::text -- \q :y`)).toEqual([]);
  });

  it('looks for COPY without parsing what comes before it again and again', () => {
    const parsedBy = (count: number): number => {
      let length = 0;
      const counting: Parser = {
        ...parser,
        parseSync: (text) => {
          length += text.length;
          return parser.parseSync(text);
        },
      };
      const text = `${"SELECT 'copy t from stdin;'; -- from stdin;\n".repeat(count)}SELEC 1;`;
      const { problems } = checkMigrationSql(counting, { ...origin, text, mode: 'transaction' });
      expect(problems.map(({ message }) => message)).toEqual(['syntax error at or near "SELEC"']);
      return length;
    };
    expect(parsedBy(2000) / parsedBy(200)).toBeLessThan(11);
  });

  it.each([
    "select ';' -- ;\n; copy t from stdin -- ; x\n;\n1\tselec\n\\.\nselect 2;",
    "create function f() returns int begin atomic select 1; select 2; end; copy t from stdin;\n1 x '\n\\.\n",
    'select $a$ copy t from stdin; $a$; /* ; /* ; */ */ copy t from stdin;\n1 $$\n\\.\n',
  ])('finds COPY behind other semicolons: %j', (text) => {
    expect(problemsOf(text).map((problem) => problem.replace(/^\d+:\d+ /, ''))).toEqual([
      'COPY FROM STDIN needs rows from a client program, which a migration does not have',
    ]);
  });

  it('finds COPY with its rows, whatever the rows look like', () => {
    const text = [
      "select 'copy t from stdin;'; -- copy t from stdin;",
      'copy public.t (a, b) from stdin with (format csv);',
      "1\tit's",
      '\\N\t😀 "',
      '\\.',
      '',
      'COPY u FROM stdin;',
      '\\.',
      'vacuum;',
    ].join('\r\n');
    const copy = 'COPY FROM STDIN needs rows from a client program, which a migration does not have';
    expect(problemsOf(text)).toEqual([
      `2:1 ${copy}`,
      `7:1 ${copy}`,
      '9:1 VACUUM cannot run inside a transaction block',
    ]);
    expect(problemsOf('copy t from stdin;')).toEqual([`1:1 ${copy}`]);
    expect(problemsOf('copy t from stdin;\n1\n2', 'statements')).toEqual([`1:1 ${copy}`]);
    expect(problemsOf("copy t from '/tmp/t.csv'; copy t from program 'cat'; copy t to stdout")).toEqual([]);
  });

  it('leaves an error alone that comes before them', () => {
    expect(problemsOf('selec 1;\n\\i other.sql\ncopy t from stdin;\n1')).toEqual([
      '1:1 syntax error at or near "selec"',
    ]);
  });

  it('sorts them in among all other problems', () => {
    expect(problemsOf('commit;\n\\i other.sql\nvacuum')).toEqual([
      `1:1 COMMIT ${interferes}`,
      '2:1 \\i is a psql command, not SQL',
      '3:1 VACUUM cannot run inside a transaction block',
    ]);
  });

  it('stops after ten', () => {
    expect(problemsOf('\\x\n'.repeat(30))).toHaveLength(10);
  });
});

describe('in one transaction', () => {
  it.each([
    ['begin', 'BEGIN'],
    ['start transaction', 'START TRANSACTION'],
    ['commit', 'COMMIT'],
    ['end', 'COMMIT'],
    ['commit and chain', 'COMMIT AND CHAIN'],
    ['rollback', 'ROLLBACK'],
    ['abort', 'ROLLBACK'],
    ['rollback and chain', 'ROLLBACK AND CHAIN'],
    ["prepare transaction 'x'", 'PREPARE TRANSACTION'],
  ])('%s is refused', (sql, command) => {
    expect(problemsOf(`select 1;\n ${sql};\nselect 2`)).toEqual([`2:2 ${command} ${interferes}`]);
    expect(helpOf(`select 1; ${sql}`)).toEqual([
      'Remove it, and make a migration of its own of what must be committed before the rest.',
    ]);
  });

  it('has room for savepoints', () => {
    expect(problemsOf('savepoint a; select 1; rollback to a; release a')).toEqual([]);
  });

  it('refuses what the server refuses there, and says what to do', () => {
    expect(check('select 1;\ncreate index concurrently on t (a);').problems).toMatchObject([
      {
        title: 'SQL error',
        message: 'CREATE INDEX CONCURRENTLY cannot run inside a transaction block',
        sqlstate: '25001',
        help: 'Set `no_transaction: true` in metadata.yaml: the statement commits its own transactions.',
        location: { line: 2, column: 1 },
      },
    ]);
  });

  it('does not take the END of a function for one of a transaction', () => {
    expect(
      problemsOf('create function f() returns int begin atomic select 1; end; do $$ begin commit; end $$'),
    ).toEqual([]);
  });
});

describe('an enclosing BEGIN and COMMIT', () => {
  it.each([
    ['-- x\nBEGIN;\nselect 1;\nCOMMIT;\n', '-- x\n     ;\nselect 1;\n      ;\n'],
    ['start transaction; savepoint a; release a; end', '                 ; savepoint a; release a;    '],
    ['begin work; commit', '          ;       '],
    ['begin /* é😀\r\n */;select 1;commit -- done\n', '            \r\n   ;select 1;              \n'],
  ])('is taken off %j without moving anything', (text, expected) => {
    const result = check(text);
    expect(result).toMatchObject({ problems: [], isWrapped: true });
    expect(withoutEnclosingTransaction(parser, text)).toBe(expected);
    const placesOf = (statements = result.statements) =>
      statements?.map(({ text: own, start, line, column }) => ({ own, start, line, column }));
    expect(placesOf(check(expected).statements)).toEqual(placesOf());
  });

  it.each([
    ['begin; select 1; commit; begin; select 2; commit;', 4],
    ['begin; select 1; rollback', 2],
    ['begin; select 1; commit and chain', 2],
    ['begin isolation level serializable; select 1; commit', 2],
    ['begin; commit; select 1', 2],
    ['select 1; begin; commit', 2],
    ['begin', 1],
    ['commit', 1],
  ])('is not seen in %j', (text, problems) => {
    expect(check(text)).toMatchObject({ isWrapped: false });
    expect(problemsOf(text)).toHaveLength(problems);
    expect(withoutEnclosingTransaction(parser, text)).toBe(text);
  });

  it('does not hide what is wrong inside', () => {
    expect(problemsOf('begin; vacuum; commit')).toEqual(['1:8 VACUUM cannot run inside a transaction block']);
  });

  it('leaves a text alone that is no SQL', () => {
    expect(withoutEnclosingTransaction(parser, 'begin; selec; commit')).toBe('begin; selec; commit');
  });
});

describe('statement by statement', () => {
  it('takes what cannot run in a transaction', () => {
    const result = check('create index concurrently on t (a);\nselect 1', 'statements');
    expect(result).toMatchObject({ problems: [], hints: [], isWrapped: false });
    expect(result.statements).toHaveLength(2);
    expect(problemsOf("commit prepared 'x'", 'statements')).toEqual([]);
  });

  it('refuses everything that wants a transaction around it', () => {
    const alone = 'needs a transaction, but with `no_transaction: true` every statement runs alone';
    expect(problemsOf('begin; vacuum; savepoint a; commit', 'statements')).toEqual([
      `1:1 BEGIN ${alone}`,
      `1:16 SAVEPOINT ${alone}`,
      `1:29 COMMIT ${alone}`,
    ]);
  });

  it('gives a hint when nothing asks for it', () => {
    expect(check('-- x\ncreate table t ();', 'statements')).toMatchObject({
      problems: [],
      hints: [
        {
          message: 'nothing in 1_a needs `no_transaction: true`',
          location: { file: '/m/1_a/up.sql', line: 2, column: 1 },
          migration: '1_a',
        },
      ],
    });
  });

  it.each([
    ['vacuum'],
    ['call p()'],
    ['do $$ begin commit; end $$'],
    ['reindex table p'],
    ['cluster p using i'],
    ['alter subscription s refresh publication'],
    ['drop subscription s'],
    ["select create_distributed_table_concurrently('a', 'b')"],
    ["alter type e add value 'x'"],
    ['-- nothing'],
  ])('gives none for %s', (text) => {
    expect(check(text, 'statements').hints).toEqual([]);
  });
});

describe('what the parser cannot take', () => {
  it.each([
    ['commit', 'COMMIT'],
    ["prepare transaction 'x'", 'PREPARE TRANSACTION'],
    ['rollback and chain', 'ROLLBACK AND CHAIN'],
    ['start transaction isolation level serializable', 'START TRANSACTION'],
  ])('%s is found behind it', (sql, command) => {
    for (const text of [long, deep]) {
      expect(problemsOf(`${text};\nselect 1; ${sql};`)).toEqual([`2:11 ${command} ${interferes}`]);
    }
  });

  it.each([
    "select '; commit; '",
    'select 1 -- ; commit;\n',
    'select "; commit;"',
    'select $x$; commit; $$; $x$',
    "select E'\\'; commit; '",
    'select 1 /* ; /* ; commit; */ commit; */',
    'create rule r as on insert to a do also (delete from b; select 1)',
    'create procedure p() begin atomic select case when true then 1 end; select 2; end',
    'savepoint a; rollback to savepoint a; release a',
  ])('no end of a transaction is seen in %s', (sql) => {
    expect(problemsOf(`${sql};\n${deep}`)).toEqual([]);
  });

  const long = `select '${'x'.repeat(maxParsedBytes)}'`;
  const deep = `select 1${'+1'.repeat(30_000)}`;

  it.each([
    ['too long', long, '/m/1_a/up.sql is longer than 8 MB'],
    ['too deep', deep, '/m/1_a/up.sql nests too deeply for the parser'],
  ])('%s: passes with a hint, unless its statements are needed', (_, text, message) => {
    expect(check(text)).toEqual({
      problems: [],
      hints: [
        {
          code: 'unchecked-sql',
          message: `${message}, so only statements about transactions were checked beforehand`,
          migration: '1_a',
        },
      ],
      statements: undefined,
      isWrapped: false,
    });
    expect(check(text, 'statements').problems).toEqual([
      {
        code: 'unsplittable-sql',
        title: 'SQL error',
        message: `${message}, so it cannot be run statement by statement`,
        help: 'Split the migration, or remove `no_transaction: true` from metadata.yaml.',
        migration: '1_a',
      },
    ]);
  });
});
