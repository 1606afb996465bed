/** Pairs of migrations in no order: which of them matter, how much, and who should come first. */

import { describe, expect, test } from 'vitest';
import { findConflicts } from '../../../src/sql/conflicts/find-conflicts.js';
import { readEffects } from '../../../src/sql/effects/read-effects.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';

const parser = await loadParser();
const entry = (text: string, index: number) => ({
  id: String(index),
  effects: readEffects(parser, text),
  text,
});

const start = `
create type mood as enum ('sad', 'ok');
create table users (id int primary key, email text unique, age int, mood mood);
create table posts (id serial primary key, user_id int references users, title text);
create table log (what text);
create view adults as select id from users where age > 17;
create function double(n int) returns int language sql as 'select n * 2';
create function note() returns trigger language plpgsql as $$ begin insert into log values ('x'); return new; end $$;
create sequence counter;
create index posts_title on posts (title);`;

/** Both follow the start, and nothing says which of them comes first. */
function outline(one: string, other: string): string | undefined {
  const { pairs } = findConflicts([start, one, other].map(entry), {
    isAncestor: (ancestor) => ancestor === 0,
  });
  const [best] = pairs[0]?.reasons ?? [];
  return best && [`${best.severity}[${best.code}]`, ...(best.first ? [best.first] : [])].join(' ');
}

describe('the order matters when', () => {
  test.each<[string, string, string, string]>([
    ['both create a table', 'create table t (a int)', 'create table t (b int)', 'error[same-name]'],
    [
      'the first silently wins',
      'create table if not exists t (a int)',
      'create table if not exists t (b int)',
      'error[same-name]',
    ],
    ['both add a column', 'alter table users add x int', 'alter table users add x text', 'error[same-name]'],
    [
      'both give a constraint one name',
      'alter table users add constraint c check (id > 0)',
      'alter table users add constraint c check (age > 0)',
      'error[same-name]',
    ],
    [
      'PostgreSQL makes one name for two indexes',
      'create index on users (age)',
      'create index on users (age) where age > 5',
      'info[generated-names]',
    ],
    [
      'one creates what the other uses',
      'create table t (id int primary key)',
      'create table u (t int references t)',
      'error[needs] one',
    ],
    [
      'the user is the older one',
      'create view v as select x from t',
      'create table t (x int)',
      'error[needs] other',
    ],
    [
      'one drops what the other uses',
      'create index on log (what)',
      'drop table log',
      'error[dropped-while-used] one',
    ],
    [
      'one drops what the other fills',
      'drop table log',
      "insert into log values ('x')",
      'error[dropped-while-used] other',
    ],
    [
      'one renames what the other uses',
      'alter table users rename age to years',
      'create index on users (age)',
      'error[dropped-while-used] other',
    ],
    [
      'one uses the new name',
      'alter table log rename to diary',
      'alter table diary add x int',
      'error[needs] one',
    ],
    [
      'a view stands in the way of a drop',
      'drop view if exists adults',
      'alter table users drop age',
      'error[dropped-while-used] one',
    ],
    ['both drop the same', 'drop view adults', 'drop view adults', 'error[dropped-while-used]'],
    [
      'both replace a function',
      "create or replace function double(n int) returns int language sql as 'select n'",
      "create or replace function double(n int) returns int language sql as 'select 3 * n'",
      'error[same-object]',
    ],
    [
      'rows break a new check',
      'insert into users (id) values (-1)',
      'alter table users add check (id > 0)',
      'warning[rows-meet-rules]',
    ],
    [
      'rows may break a new check of an expression',
      'insert into users (id) values (1)',
      'alter table users add check (id % 2 = 0)',
      'warning[rows-meet-rules]',
    ],
    [
      'rows may break a new unique constraint',
      "insert into log values ('x')",
      'alter table log add unique (what)',
      'warning[rows-meet-rules]',
    ],
    [
      'rows may break a new unique index',
      "insert into log values ('x')",
      'create unique index on log (what)',
      'warning[rows-meet-rules]',
    ],
    [
      'rows may break a new exclusion constraint',
      "insert into log values ('x')",
      'alter table log add exclude using btree (what with =)',
      'warning[rows-meet-rules]',
    ],
    [
      'rows may break a new foreign key',
      "insert into log values ('x')",
      'alter table log add foreign key (what) references users (email) not valid',
      'warning[rows-meet-rules]',
    ],
    [
      'rows of a query may have NULL in a column that gets NOT NULL',
      'insert into log select email from users',
      'alter table log alter what set not null',
      'warning[rows-meet-rules]',
    ],
    [
      'a new function may be the one that a call means',
      "create function double(n bigint) returns int language sql as 'select 1'",
      'create view v as select double(age) from users',
      'warning[changed-while-used]',
    ],
    [
      'one replaces a function that the other calls',
      "create or replace function double(n int) returns int language sql as 'select n'",
      'insert into users (id) values (double(4))',
      'warning[changed-while-used]',
    ],
    [
      'both set the type of a column',
      'alter table users alter age type bigint',
      'alter table users alter age type numeric',
      'error[same-object]',
    ],
    [
      'both set its default',
      'alter table users alter age set default 1',
      'alter table users alter age set default 2',
      'error[same-object]',
    ],
    [
      'a type changes while there are other changes',
      'alter table users alter age type bigint',
      'alter table users alter age set default 2',
      'warning[same-object]',
    ],
    ['both comment', "comment on table log is 'a'", "comment on table log is 'b'", 'error[same-object]'],
    [
      'both add a value to an enum',
      "alter type mood add value 'glad'",
      "alter type mood add value 'mad'",
      'error[enum-order]',
    ],
    [
      'both add the same value',
      "alter type mood add value 'glad'",
      "alter type mood add value if not exists 'glad'",
      'error[same-name]',
    ],
    [
      'one writes a value that the other adds',
      "insert into users (id, mood) values (1, 'glad')",
      "alter type mood add value 'glad'",
      'error[needs] other',
    ],
    [
      'both insert a row with one key',
      "insert into users (id, email) values (1, 'a')",
      "insert into users values (1, 'b') on conflict do nothing",
      'error[same-rows]',
    ],
    [
      'one changes what the other inserts',
      'insert into users (id, age) values (1, 2)',
      'update users set age = 3 where age = 2',
      'warning[same-rows]',
    ],
    [
      'both set one column',
      'update users set age = age + 1',
      'update users set age = age * 2 where id = 1',
      'warning[same-rows]',
    ],
    [
      'one empties what the other fills',
      "insert into log values ('x')",
      'truncate log',
      'warning[same-rows]',
    ],
    [
      'one looks at the rows that the other deletes',
      'create table old as select * from log',
      'delete from log',
      'warning[same-rows]',
    ],
    [
      'rows are deleted through a view',
      'delete from adults where id = 1',
      'insert into posts (user_id) values (1)',
      'warning[same-rows]',
    ],
    [
      'a trigger comes while rows do',
      'create trigger t after insert on users for each row execute function note()',
      'insert into users (id) values (1)',
      'warning[rows-meet-rules]',
    ],
    [
      'a trigger inserts what the other reads',
      'create trigger t after insert on posts for each row execute function note(); insert into posts (id) values (1)',
      'create table copies as select what from log',
      'warning[same-rows]',
    ],
    [
      'an INSERT may update, and set off a trigger',
      'create trigger t after update on users for each row execute function note(); insert into users (id) values (1) on conflict (id) do update set age = 2',
      'create table copies as select what from log',
      'warning[same-rows]',
    ],
    [
      'rows go with those that they refer to, and set off a trigger',
      'create trigger t after delete on posts for each row execute function note(); delete from users where id = 1',
      'create table copies as select what from log',
      'warning[same-rows]',
    ],
    [
      'rows stay without what they refer to, and set off a trigger',
      "alter table log add foreign key (what) references users (email) on delete set null; create function write() returns trigger language plpgsql as $$ begin perform nextval('counter'); return new; end $$; create trigger t after update on log for each row execute function write(); delete from users where id = 1",
      "select setval('counter', 1)",
      'warning[same-rows]',
    ],
    [
      'a trigger decides what becomes of the rows of a view',
      'create trigger t instead of delete on adults for each row execute function note(); delete from adults',
      'create table copies as select id from users',
      'info[same-rows]',
    ],
    [
      'a foreign key goes while rows do that it refers to',
      'alter table posts drop constraint posts_user_id_fkey',
      'delete from users where id = 1',
      'warning[rows-meet-rules]',
    ],
    [
      'a foreign key comes while all triggers are off',
      'alter table log disable trigger all',
      'alter table log add foreign key (what) references users (email)',
      'error[same-object]',
    ],
    [
      'a default changes while rows come',
      'alter table users alter age set default 1',
      'insert into users (id) values (1)',
      'warning[rows-meet-rules]',
    ],
    [
      'a view means all columns',
      'create view v as select * from users',
      'alter table users add x int',
      'error[changed-while-used]',
    ],
    [
      'grants hold for what is there',
      'create role reader; grant select on all tables in schema public to reader',
      'create table t (a int)',
      'error[privileges]',
    ],
    [
      'default privileges hold for what comes',
      'create table t (a int)',
      'create role reader; alter default privileges grant select on tables to reader',
      'error[privileges]',
    ],
    [
      'grants meet a revoke',
      'create role reader; grant select on log to reader; grant select on log to public',
      'revoke all on log from public',
      'error[privileges]',
    ],
    [
      'a name is asked for',
      "do $$ begin if not exists (select from pg_tables where tablename = 't') then raise 'no t'; end if; end $$",
      'create table t (a int)',
      'warning[asked-for]',
    ],
    [
      'both take numbers',
      "insert into posts (title) values ('a')",
      "insert into posts (title) values ('b')",
      'info[generated-values]',
    ],
    [
      'a unique index serves a foreign key',
      'create table c (u int references users (age))',
      'create unique index on users (age)',
      'error[needs] other',
    ],
    [
      'one drops and creates again what the other uses',
      'alter table users drop age; alter table users add age bigint',
      'create index on users (age)',
      'error[changed-while-used]',
    ],
  ])('%s', (_, one, other, expected) => {
    expect(outline(one, other)).toBe(expected);
    const flipped = expected.replace(/ (one|other)$/, (_, first) => (first === 'one' ? ' other' : ' one'));
    expect(outline(other, one)).toBe(flipped);
  });
});

describe('the order does not matter when', () => {
  test.each<[string, string, string]>([
    ['both create something of their own', 'create table t (a int)', 'create table u (a int)'],
    ['both add a column', 'alter table users add x int', 'alter table users add y int not null default 1'],
    [
      'both refer to one table',
      'create table t (u int references users)',
      'create table w (u int references users)',
    ],
    [
      'functions have other arguments',
      'create function f(int) returns int language sql as $$select 1$$',
      'create function f(text) returns int language sql as $$select 1$$',
    ],
    ['rows have other keys', "insert into users values (1, 'a')", "insert into users values (2, 'b')"],
    ['rows without a key come twice', "insert into log values ('x')", "insert into log values ('x')"],
    ['updates set other columns', 'update users set age = 1', "update users set email = 'x' where id = 1"],
    [
      'updates concern other rows',
      'update users set age = 1 where id = 1',
      'update users set age = 2 where id in (2, 3)',
    ],
    [
      'the update concerns none of the new rows',
      "insert into log values ('x')",
      "update log set what = 'z' where what = 'y'",
    ],
    ['both delete', 'delete from users where age = 1', 'delete from users where id > 9'],
    [
      'rows come to a table that gets a column',
      "insert into log values ('x')",
      'alter table log add y int default 1',
    ],
    [
      'rows come to a table that gets a check',
      'insert into users (id) values (1)',
      'alter table users add check (id > 0)',
    ],
    [
      'rows come to a table that gets a check of a list',
      "insert into log values ('a'), ('b')",
      "alter table log add check (what in ('a', 'b'))",
    ],
    [
      'rows come to a table that gets a foreign key in another column',
      'insert into users (id) values (1)',
      'alter table users add foreign key (age) references posts',
    ],
    [
      'rows change in other columns than those of a check',
      "update users set email = 'x'",
      'alter table users add check (age > 0)',
    ],
    [
      'rows change that get a column',
      'update users set age = 1',
      'alter table users add y int not null default 1',
    ],
    [
      'both set NOT NULL',
      'alter table users alter age set not null',
      'alter table users alter age set not null',
    ],
    [
      'a default and NOT NULL are set',
      'alter table users alter age set default 1',
      'alter table users alter age set not null',
    ],
    ['both drop what may be gone', 'drop view if exists adults', 'drop view if exists adults'],
    ['an index may be gone with its table', 'drop index if exists posts_title', 'drop table posts'],
    [
      'one grants and the other takes from others',
      'create role reader; grant select on log to reader',
      'revoke all on log from public',
    ],
    ['both grant', 'grant select on log to public', 'grant insert on log to public'],
    ['a value is added that nobody writes', "alter type mood add value 'glad'", 'create table t (m mood)'],
    [
      'both borrow a name',
      'create function f() returns int language sql as $$select 1$$; drop function f()',
      'create function f() returns int language sql as $$select 2$$; drop function f()',
    ],
    [
      'updates take no numbers',
      'alter sequence posts_id_seq increment by 2',
      "update posts set title = 'x' where id = 1",
    ],
    [
      'rows bring their own numbers',
      'alter sequence posts_id_seq increment by 2',
      'insert into posts (id) values (1)',
    ],
    [
      'a trigger is not set off',
      'create trigger t after delete on posts for each row execute function note(); insert into posts (id) values (1)',
      'create table copies as select what from log',
    ],
    [
      'both add a column to a table whose columns are counted',
      "alter table log add x int; insert into log values ('x', 1)",
      'alter table log add y int',
    ],
    [
      'a trigger is for other changes',
      'create trigger t after delete on users for each row execute function note()',
      'insert into users (id) values (1)',
    ],
    [
      'a new key is not the one that is needed',
      'create table c (u int references users)',
      'create unique index on users (age)',
    ],
    [
      'a foreign key is new and others change what it does not refer to',
      'create table c (u int references users)',
      'update users set age = 1',
    ],
  ])('%s', (_, one, other) => {
    expect(outline(one, other)).toBeUndefined();
    expect(outline(other, one)).toBeUndefined();
  });
});

test('a role that gets nothing by default is none whose name begins like that of one that does', () => {
  const roles = (name: string) =>
    `create role app; create role "app admin"; alter default privileges grant select on tables to ${name};`;
  const revoking = ['revoke all on all tables in schema public from app', 'create table t (a int)'];
  const pairsWith = (name: string) =>
    findConflicts([roles(name), ...revoking].map(entry), { isAncestor: (one) => one === 0 }).pairs;
  expect(pairsWith('app')).toHaveLength(1);
  expect(pairsWith('"app admin"')).toEqual([]);
});

/*
 *      0 start
 *     / \
 *    1   3
 *    |
 *    2
 */
test('each is read against its ancestors alone, and only pairs in no order are told', () => {
  const texts = [
    start,
    'alter table users add x int not null default 1',
    'alter table users alter x set default 2; update users set x = 3',
    'update users set age = 1; alter table users drop email',
  ];
  const isAncestor = (one: number, other: number) => one === 0 || (one === 1 && other === 2);
  expect(findConflicts(texts.map(entry), { isAncestor }).pairs).toEqual([]);
  const unordered = findConflicts(texts.map(entry), { isAncestor: (one) => one === 0 });
  expect(unordered.pairs.map(({ one, other }) => [one, other])).toEqual([[1, 2]]);
  const asked = findConflicts(texts.map(entry), {
    isAncestor: (one) => one === 0,
    isAsked: (one) => one !== 1,
  });
  expect(asked.pairs).toEqual([]);
});

test('both places are told, and what nobody can look into', () => {
  const opaque = "do $$ begin execute 'drop table ' || current_user; end $$";
  const found = findConflicts(
    [start, '\ndrop table log', 'select 1;\ncreate index on log (what)', opaque].map(entry),
    {
      isAncestor: (one) => one === 0,
    },
  );
  expect(found.pairs[0]?.reasons[0]).toMatchObject({
    one: { verb: 'drops', what: 'table log', place: { line: 2 } },
    other: { verb: 'references', what: 'column log.what', place: { line: 2 } },
    isGuess: false,
  });
  expect(found.opaque).toMatchObject([{ index: 3, words: 'runs dynamic SQL' }]);
});

test('time grows with what is shared, not with the square of a long history', () => {
  const texts = [
    start,
    ...Array.from({ length: 1000 }, (_, index) => `create table t${index} (id int references users)`),
  ];
  expect(findConflicts(texts.map(entry), { isAncestor: (one) => one === 0 }).pairs).toEqual([]);
});

test.each([
  'create event trigger e on sql_drop execute function f()',
  'alter event trigger e disable',
  'drop event trigger e',
])('nobody knows what an event trigger does with the statements of others: %s', (text) => {
  const found = findConflicts([entry('create table t (id int)', 0), entry(text, 1)], {
    isAncestor: () => false,
  });
  expect(found.opaque).toMatchObject([{ index: 1, words: 'runs an event trigger' }]);
});
