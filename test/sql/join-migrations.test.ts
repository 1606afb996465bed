import { describe, expect, test } from 'vitest';
import { findHazards, joinMigrations } from '../../src/sql/join/join-migrations.js';
import { undoSessionChanges } from '../../src/sql/join/session-changes.js';
import { loadParser, parseStatements } from '../../src/sql/syntax/parse.js';

const parser = await loadParser();
const join = (...texts: string[]) =>
  joinMigrations(
    parser,
    texts.map((text, index) => ({ id: `${index + 1}_m`, text })),
  );
const kindsOf = (text: string) => {
  const { statements, problem } = parseStatements(parser, text);
  if (problem) throw new Error(problem.message);
  return statements.map(({ kind }) => kind);
};

describe('joining', () => {
  test('each text unchanged, under its id', () => {
    expect(join('CREATE TABLE a ();\n\n-- b\nSELECT 1;\n', 'SELECT 2;')).toBe(`-- ${'-'.repeat(60)}
-- 1_m

CREATE TABLE a ();

-- b
SELECT 1;

-- ${'-'.repeat(60)}
-- 2_m

SELECT 2;
`);
  });

  test.each([
    ['nothing behind the last statement', 'SELECT 1'],
    ['a comment behind it', 'SELECT 1 -- one;'],
    ['a semicolon within a comment', 'SELECT 1 /* ; */'],
    ['a semicolon, then a comment', 'SELECT 1; -- one'],
    ['several semicolons', 'SELECT 1;;'],
    ['a statement that another could go on', "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"],
    ['line ends of Windows', 'SELECT 1\r\n'],
  ])('%s: the next part begins a statement of its own', (_what, text) => {
    expect(kindsOf(join(text, 'CREATE TABLE a ()', 'SELECT 3'))).toEqual([
      ...kindsOf(text),
      'CreateStmt',
      'SelectStmt',
    ]);
  });

  test('nothing but comments is no statement', () => {
    expect(kindsOf(join('-- a', '/* b */', ''))).toEqual([]);
  });

  test('an enclosing BEGIN and COMMIT goes', () => {
    expect(kindsOf(join('BEGIN;\nCREATE TABLE a ();\nCOMMIT;', 'START TRANSACTION; SELECT 1; END'))).toEqual([
      'CreateStmt',
      'SelectStmt',
    ]);
  });

  test('what a part sets is undone before the next, and the last needs it not', () => {
    const joined = join('SET search_path = a;', 'SET ROLE b;');
    expect(joined).toContain('-- What 1_m set does not reach the next part.\nRESET "search_path";\n');
    expect(joined).not.toContain('RESET ROLE');
  });
});

describe('what is left in a session', () => {
  test.each([
    ['SET search_path = a, b', ['RESET "search_path"']],
    ['SET LOCAL Search_Path TO DEFAULT', ['RESET "search_path"']],
    ["SET TIME ZONE 'UTC'", ['RESET "timezone"']],
    ["SET myapp.tenant = '1'", ['RESET "myapp"."tenant"']],
    ['SET ROLE a; SET SESSION AUTHORIZATION b', ['RESET ROLE', 'RESET SESSION AUTHORIZATION']],
    ['RESET search_path', []],
    ["SELECT pg_catalog.set_config('search_path', '', false)", ['RESET "search_path"']],
    ["SELECT 1 FROM (SELECT set_config('role', 'a', true)) x", ['RESET ROLE']],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = a AS 'SELECT 1'", []],
    ['CREATE TEMP TABLE a ()', ['DISCARD TEMP']],
    ['CREATE TEMP VIEW a AS SELECT 1', ['DISCARD TEMP']],
    ['SELECT 1 INTO TEMP a', ['DISCARD TEMP']],
    ['CREATE TABLE pg_temp.a ()', ['DISCARD TEMP']],
    ['PREPARE a AS SELECT 1', ['DEALLOCATE ALL']],
    ['DECLARE a CURSOR FOR SELECT 1', ['CLOSE ALL']],
    ['LISTEN a', ['UNLISTEN *']],
    ['CREATE TABLE a ()', []],
  ])('%s', (text, expected) => {
    const { statements } = parseStatements(parser, text);
    expect(statements && undoSessionChanges(statements)).toEqual(expected);
    expect(kindsOf(expected.join(';'))).toHaveLength(expected.length);
  });
});

describe('behind code that nobody looks into', () => {
  const undone = (...texts: string[]) => {
    const all = texts.map((text) => parseStatements(parser, text).statements ?? []);
    return undoSessionChanges(all.at(-1) ?? [], all.slice(0, -1).flat()).join(';');
  };

  test.each([
    [['DO $$ BEGIN NULL; END $$']],
    [['CALL p()']],
    [["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", 'SELECT f()']],
    [["CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS ''", 'INSERT INTO t VALUES (1)']],
    [['CREATE EXTENSION a', 'CREATE TABLE b AS SELECT 1']],
    [['CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()', 'CREATE TABLE b ()']],
  ])('%j: everything is undone', (texts) => {
    expect(undone(...texts)).toMatch(/RESET ROLE;.*reset_val.*DISCARD TEMP;DISCARD SEQUENCES/s);
  });

  test.each([
    [['CREATE TABLE t (a int)', 'INSERT INTO t VALUES (1)']],
    [["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", 'CREATE TABLE b (a int DEFAULT f())']],
  ])('%j: nothing is', (texts) => expect(undone(...texts)).toBe(''));

  test('settings that the server does not list are found in the text', () => {
    expect(
      undone("DO $$ BEGIN SET LOCAL my.tenant = 'a'; PERFORM set_config('my.other', 'b', false); END $$"),
    ).toMatch(/RESET "my"."tenant";RESET "my"."other"$/);
  });
});

test('hazards of a shared transaction', () => {
  const parts = [
    { id: '1_a', text: "CREATE TYPE a AS ENUM ('x'); ALTER TYPE a ADD VALUE 'y'; INSERT INTO t VALUES (1)" },
    { id: '2_b', text: "ALTER TYPE a RENAME VALUE 'x' TO 'z'; SET CONSTRAINTS ALL DEFERRED" },
    { id: '3_c', text: 'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE' },
  ];
  expect(findHazards(parser, parts)).toEqual([
    { kind: 'enum value', id: '1_a' },
    { kind: 'rows', id: '1_a' },
    { kind: 'transaction setting', id: '3_c' },
  ]);
});
