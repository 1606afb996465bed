import { describe, expect, test } from 'vitest';
import type { AskedName, Effect } from '../../../src/sql/effects/effect.js';
import { keyOf } from '../../../src/sql/effects/object-key.js';
import { readEffects } from '../../../src/sql/effects/read-effects.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';

const parser = await loadParser();

function effectsOf(sql: string, matches: (effect: Effect) => boolean): string[] {
  return [
    ...new Set(
      readEffects(parser, sql)
        .effects.filter(matches)
        .map(({ object }) => keyOf(object)),
    ),
  ];
}

/** What a text needs, without what it makes itself. */
function needed(sql: string): string[] {
  const made = new Set(effectsOf(sql, ({ action }) => action === 'create'));
  return effectsOf(sql, ({ action, when }) => action === 'use' && when !== 'later').filter(
    (key) => !made.has(key),
  );
}

describe('references', () => {
  test.each<[string, string, string[]]>([
    [
      'builtin things are none',
      "select now(), 'x'::text, 1::int4, count(*) over () from pg_class, information_schema.tables",
      [],
    ],
    ['nor are CTEs', 'with q as (select 1 as a), r as (select * from q) select q.a, r.a from q, r', []],
    ['nor aliases and subqueries', 'select x.a from (select 1 as a) x, lateral (select x.a) y', []],
    ['nor temporary tables', 'create temp table t (a int); insert into t select 1; select * from t', []],
    [
      'a CTE hides a table from itself on only',
      'with t as (select * from t) select * from t',
      ['rel:public.t'],
    ],
    [
      'names are folded as PostgreSQL does it',
      'select Id from Users u, "Users"',
      ['rel:public.users', 'rel:public.Users', 'column:public.users.id', 'column:public.Users.id'],
    ],
    [
      'columns belong to their aliases',
      'select u.a from users u, posts p',
      ['rel:public.users', 'rel:public.posts', 'column:public.users.a'],
    ],
    [
      'variables of PL/pgSQL are none',
      'do $$ declare n int; r record; begin n := n + 1; r.x := 1; perform n, r.x; end $$',
      [],
    ],
    [
      'NEW and OLD are none',
      'create function f() returns trigger language plpgsql as $$ begin new.x := old.x; return new; end $$',
      [],
    ],
    [
      'regclass literals are',
      "select 'app.t'::regclass, nextval('s'), to_regclass('maybe')",
      ['rel:app.t', 'rel:public.s', 'rel:public.maybe'],
    ],
    [
      'the search path is followed',
      'set search_path = app; select * from t; reset search_path; select * from u',
      ['rel:app.t', 'rel:public.u'],
    ],
    [
      'also by set_config',
      "select pg_catalog.set_config('search_path', 'app', false); select * from t",
      ['rel:app.t'],
    ],
    [
      'and for one function',
      'create function f() returns int language sql set search_path = app as $$ select 1 from t $$; select * from u',
      ['rel:app.t', 'rel:public.u'],
    ],
    ['%ROWTYPE does no harm', 'do $$ declare r users%rowtype; begin r.x := 1; end $$', ['rel:public.users']],
    [
      '%TYPE needs a column',
      'create function f(a users.id%type) returns void language plpgsql as $$ begin null; end $$',
      ['column:public.users.id'],
    ],
  ])('%s', (_, sql, keys) => {
    expect(needed(sql)).toEqual(keys);
  });
});

describe('what can not be known', () => {
  test.each<[string, string, string[]]>([
    ['dynamic SQL', "do $$ begin execute 'drop table ' || current_user; end $$", ['dynamic SQL']],
    ['other languages', "do language plpython3u 'pass'", ['language plpython3u']],
    ['a broken body', 'do $$ begin whatever end $$', ['a body that Kat cannot read']],
    ['no SQL at all', 'selec 1', ['a text that is not SQL']],
    [
      'constants are no secret',
      "do $$ declare t text := 'a'; begin execute 'drop table ' || quote_ident(t || '_b'); end $$",
      [],
    ],
    [
      'nor are loops over constants',
      "do $$ declare t text; begin for t in select unnest(array['a', 'b']) loop execute format('drop table %I_%s', t, 1); end loop; end $$",
      [],
    ],
    [
      'what a query gives a variable',
      "do $$ declare t text := 'a'; begin select current_user into t; execute 'drop table ' || t; end $$",
      ['dynamic SQL'],
    ],
    [
      'what EXECUTE gives one',
      "do $$ declare t text := 'a'; begin execute 'select 1' into t; execute 'drop table ' || t; end $$",
      ['dynamic SQL'],
    ],
    [
      'what a loop gives one',
      "do $$ declare t text := 'a'; begin for t in select relname from pg_class loop execute 'drop table ' || t; end loop; end $$",
      ['dynamic SQL'],
    ],
    [
      'what a branch assigns is not known behind it',
      "do $$ declare t text := 'a'; begin if now() > 'today' then t := 'b'; end if; execute 'drop table ' || t; end $$",
      ['dynamic SQL'],
    ],
  ])('%s', (_, sql, reasons) => {
    expect(readEffects(parser, sql).opaque.map(({ reason }) => reason)).toEqual(reasons);
  });

  test('calls of own functions are followed with their arguments', () => {
    const sql =
      "create function f(t text) returns void language plpgsql as $$ begin execute format('drop table %I', t); end $$;\nselect f('x'), f('y')";
    expect(effectsOf(sql, ({ action, when }) => action === 'drop' && when === 'now')).toEqual([
      'rel:public.x',
      'rel:public.y',
    ]);
    expect(readEffects(parser, sql).opaque.map(({ when }) => when)).toEqual(['later']);
  });
});

describe('catalog queries', () => {
  test.each<[string, string, readonly AskedName[] | undefined]>([
    ['a name', "select from pg_class where relname = 'users' and relkind = 'r'", [['users']]],
    ['a name with a dot', "select from pg_class where relname = 'a.b'", [['a.b']]],
    [
      'a column of a table',
      "select from information_schema.columns where table_name = 'users' and column_name in ('a', 'b')",
      [
        ['users', 'a'],
        ['users', 'b'],
      ],
    ],
    [
      'a constraint of a table',
      "select from pg_constraint where conrelid = 'app.users'::regclass and conname = 'c'",
      [['users', 'c']],
    ],
    [
      'either of two names is everything',
      "select from pg_class where relname = 'a' or relkind = 'r'",
      undefined,
    ],
    ['a pattern is everything', "select from pg_class where relname like 'a%'", undefined],
    ['a schema is everything', "select from pg_tables where schemaname = 'public'", undefined],
  ])('%s', (_, sql, names) => {
    expect(readEffects(parser, sql).catalogQueries.map((query) => query.names)).toEqual([names]);
  });
});

describe('places', () => {
  test('are those of the word, in characters', () => {
    const sql = "-- ä😀\nselect '😀é', a\n  from users";
    const found = readEffects(parser, sql).effects.find(({ object }) => object.kind === 'column');
    expect(found?.place).toEqual({ start: sql.indexOf('a\n'), line: 2, column: 14 });
  });

  test('lie inside of bodies', () => {
    const sql = 'select 1;\ndo $$\nbegin\n  if true then\n    perform 1 from users;\n  end if;\nend $$';
    const found = readEffects(parser, sql).effects.find(({ object }) => object.name === 'users');
    expect(found).toMatchObject({ place: { line: 5, column: 20 }, isConditional: true, statement: 1 });
  });
});

test('directives are read', () => {
  const sql =
    'select 1; -- kat:ignore require-lock-timeout small table\n-- kat:requires users\n--kat:provides app.t';
  expect(readEffects(parser, sql).directives).toMatchObject([
    { word: 'ignore', value: 'require-lock-timeout small table', place: { line: 1 } },
    { word: 'requires', value: 'users' },
    { word: 'provides', value: 'app.t' },
  ]);
});

test('literal rows have keys', () => {
  const { effects } = readEffects(parser, "insert into t (id, name) values (1, 'a'), (2, now()::text)");
  expect(effects.find(({ action }) => action === 'insert')?.rows).toEqual([
    { id: '1', name: 'a' },
    { id: '2' },
  ]);
});
