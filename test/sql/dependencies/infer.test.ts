import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inferDependencies } from '../../../src/sql/dependencies/infer.js';
import { readEffects } from '../../../src/sql/effects/read-effects.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';

const parser = await loadParser();

function infer(texts: readonly string[], isConservative = false) {
  const history = texts.map((text, index) => ({ id: String(index), effects: readEffects(parser, text) }));
  return inferDependencies(history, { isConservative });
}

/** The parents of the last of some migrations, in one text. */
function parentsOf(texts: readonly string[], isConservative = false): string {
  return infer(texts, isConservative).at(-1)?.parents.join() ?? '';
}

const users = 'create table users (id int primary key, email text)';
const posts = 'create table posts (id int, user_id int)';

const logger =
  "create function f() returns trigger language plpgsql as 'begin insert into log values (1); return new; end'";
const watching = `${logger}; create table t (a int, b int); create trigger tg after update of a on t for each row execute function f()`;
const log = 'create table log (a int)';

test.each<[string, string[], string]>([
  ['a column that it sets', [watching, log, 'update t set a = 2'], '0,1'],
  ['no other column', [watching, log, 'update t set b = 2'], '0'],
  [
    'a column that has another name by now',
    [`${watching}; alter table t rename a to c`, log, 'update t set c = 2'],
    '0,1',
  ],
  ['the same in one migration', [watching, log, 'alter table t rename a to z; update t set z = 2'], '0,1'],
  [
    'a column that has the name of a watched one by now',
    [`${watching}; alter table t rename a to c; alter table t rename b to a`, log, 'update t set a = 2'],
    '0',
  ],
  [
    'a column in a table that has another name by now',
    [`${watching}; alter table t rename to tt`, log, 'update tt set a = 2'],
    '0,1',
  ],
  [
    'a column that is computed from another',
    [
      `${logger}; create table t (a int, g int generated always as (a + 1) stored); create trigger tg after update of g on t for each row execute function f()`,
      log,
      'update t set a = 2',
    ],
    '0,1',
  ],
  [
    'a column that a foreign key sets',
    [
      `${logger}; create table u (id int primary key); create table t (a int references u on update cascade); create trigger tg after update of a on t for each row execute function f()`,
      log,
      'update u set id = 2',
    ],
    '0,1',
  ],
])('an update needs what a trigger uses for %s', (_, texts, expected) => {
  expect(parentsOf(texts)).toBe(expected);
});

describe('a migration needs', () => {
  test.each<[string, string[], string]>([
    ['nothing for a table of its own', [users, posts], ''],
    ['the table that it changes', [users, posts, 'alter table users add x int'], '0'],
    ['the column that it uses', [users, 'alter table users add x int', 'create index on users (x)'], '1'],
    [
      'no second creator',
      ['create schema if not exists s', 'create schema if not exists s', 'create table s.t (a int)'],
      '0',
    ],
    [
      'a second creator of what it drops',
      ['create schema if not exists s', 'create schema if not exists s', 'drop schema s'],
      '1',
    ],
    ['neither of two columns', [users, 'alter table users add x int', 'alter table users add y int'], '0'],
    [
      'the target of a foreign key',
      [users, posts, 'alter table posts add foreign key (user_id) references users'],
      '0,1',
    ],
    [
      'the key of that target',
      [posts, 'alter table posts add primary key (id)', 'create table c (p int references posts)'],
      '1',
    ],
    ['the type of a column', ["create type mood as enum ('a')", posts, 'create table t (m mood)'], '0'],
    [
      "a value of the column's type",
      [
        "create type mood as enum ('a')",
        'create table t (m mood)',
        "alter type mood add value 'b'",
        "insert into t (m) values ('b')",
      ],
      '2',
    ],
    [
      'the tables of a view',
      [users, posts, 'create view v as select u.email from users u join posts p on p.user_id = u.id'],
      '0,1',
    ],
    [
      'all columns for a star',
      [users, 'alter table users add x int', 'create view v as select * from users'],
      '1',
    ],
    [
      'the view that it drops, and the table no more',
      [users, 'create view v as select * from users', 'drop view v'],
      '1',
    ],
    [
      'the end of a view before that of its table',
      [users, 'create view v as select * from users', 'drop view v', 'drop table users'],
      '2',
    ],
    ['the end of a name before its new beginning', [users, 'drop table users', users], '1'],
    [
      'the rename before the old name is used again',
      [users, 'alter table users rename to people', users],
      '1',
    ],
    [
      'the rename for the new name',
      [users, 'alter table users rename to people', 'alter table people add x int'],
      '1',
    ],
    [
      'what a renamed column was called',
      [users, 'alter table users rename email to mail', 'alter table users drop mail'],
      '1',
    ],
    [
      'the rows before they are checked',
      [users, "insert into users values (1, 'x')", 'alter table users alter email set not null'],
      '1',
    ],
    [
      'the check before rows that it holds for',
      [users, 'alter table users add check (id > 0)', "insert into users values (1, 'x')"],
      '1',
    ],
    [
      'the rows that it copies',
      [users, posts, 'insert into users values (1)', 'insert into posts select id, id from users'],
      '1,2',
    ],
    [
      'nothing for a body that nobody runs',
      ['create function f() returns void language plpgsql as $$ begin delete from users; end $$', users],
      '',
    ],
    [
      'what a function that it calls needs',
      [
        users,
        'create function f() returns void language plpgsql as $$ begin delete from users; end $$',
        'select f()',
      ],
      '0,1',
    ],
    [
      'what a body in SQL needs at once',
      [users, "create function f() returns bigint language sql as 'select count(*) from users'"],
      '0',
    ],
    [
      'what a trigger sets off',
      [
        users,
        'create table log (id int)',
        'create function f() returns trigger language plpgsql as $$ begin insert into log values (1); return new; end $$',
        'create trigger t after insert on users for each row execute function f()',
        'insert into users values (1)',
      ],
      '1,3',
    ],
    [
      'what a default calls',
      [
        'create sequence s',
        "create table t (a int default nextval('s'), b int)",
        'insert into t (b) values (1)',
        "select setval('s', 5)",
      ],
      '2',
    ],
    [
      'the function of an index',
      [
        'create function f(int) returns int immutable language sql as $$ select 1 $$',
        posts,
        'create index on posts (f(id))',
      ],
      '0,1',
    ],
    [
      'the function of an index before another of its name, to add rows',
      [
        'create function f(n int) returns int immutable language sql as $$ select 1 $$',
        'create table t (a int)',
        'create index on t (f(a))',
        'insert into t values (1)',
        'create or replace function f(n int) returns int immutable language sql as $$ select 2 $$',
      ],
      '3',
    ],
    [
      'the move of a sequence with its table before privileges on all of them',
      [
        'create schema s',
        'create table t (id serial)',
        'alter table t set schema s',
        'grant usage on all sequences in schema public to public',
      ],
      '2',
    ],
    [
      'the sequence of a copied identity after privileges on all of them',
      [
        'create table t (id int generated always as identity)',
        'grant usage on all sequences in schema public to public',
        'create table u (like t including all)',
      ],
      '1',
    ],
    [
      'the end of all triggers before new ones',
      [
        users,
        'create function f() returns trigger language plpgsql as $$ begin return new; end $$',
        'alter table users disable trigger all',
        'create trigger t before insert on users for each row execute function f()',
      ],
      '1,2',
    ],
    ['the schema', ['create schema app', posts, 'create table app.t (id int)'], '0'],
    ['the extension of a type', ['create extension citext', posts, 'create table t (e citext)'], '0'],
    [
      'the operator of an extension that is not part of PostgreSQL',
      ['create extension vector', posts, "select '[1]'::text <=> '[2]'::text"],
      '0',
    ],
    [
      'an aggregate whose state only C has',
      ['create extension timescaledb', posts, 'create view v as select first(id, id) from posts'],
      '0,1',
    ],
    [
      'a view in a schema of an extension',
      ['create extension timescaledb', posts, 'create view v as select * from timescaledb_information.jobs'],
      '0',
    ],
    [
      'a function in a schema of an extension',
      ['create extension pg_cron', posts, "select cron.schedule('nightly', '0 3 * * *', 'vacuum')"],
      '0',
    ],
    [
      'the access method of an extension',
      ['create extension citus_columnar', posts, 'create table t (id int) using columnar'],
      '0',
    ],
    [
      'the extensions that an extension requires',
      [
        'create extension postgis',
        'create extension fuzzystrmatch',
        'create extension postgis_tiger_geocoder',
      ],
      '0,1',
    ],
    ['the role that it grants to', ['create role r', posts, 'grant select on posts to r'], '0,1'],
    [
      'default privileges before what they are for',
      ['alter default privileges grant select on tables to public', 'create table t (id int)'],
      '0',
    ],
    [
      'all tables before privileges on all',
      [users, posts, 'grant select on all tables in schema public to public'],
      '0,1',
    ],
    [
      'the parent of a partition, with its columns',
      [
        'create table m (a int) partition by list (a)',
        'alter table m add b int',
        'create table m1 partition of m for values in (1)',
      ],
      '1',
    ],
    [
      'the partitions whose parent it changes',
      [
        'create table m (a int) partition by list (a)',
        'create table m1 partition of m for values in (1)',
        'alter table m add b int',
        'alter table m1 alter b set default 1',
      ],
      '2',
    ],
    [
      'the partition that takes its rows',
      [
        'create table m (a int) partition by list (a)',
        'create table m1 partition of m for values in (1)',
        'insert into m values (1)',
      ],
      '1',
    ],
    [
      'the index that a constraint takes over',
      [
        users,
        'create unique index i on users (email)',
        'alter table users add constraint u unique using index i',
      ],
      '1',
    ],
    [
      'the constraint with a number',
      [
        users,
        'alter table users add check (id > 0)',
        'alter table users add check (id > 1)',
        'alter table users drop constraint users_id_check1',
      ],
      '2',
    ],
    ['the table of an index', [users, 'create index i on users (email)', 'drop index i'], '1'],
    [
      'the foreign keys of a table that it drops',
      [
        users,
        'create table p (u int references users)',
        'drop table users cascade',
        'alter table p add constraint p_u_fkey check (u > 0)',
      ],
      '2',
    ],
    [
      'the end of a foreign key before that of the key that it rests on',
      [
        users,
        'create table p (u int references users)',
        'alter table p drop column u',
        'alter table users drop constraint users_pkey',
      ],
      '2',
    ],
    [
      'the move to another schema',
      ['create schema s', users, 'alter table users set schema s', 'select * from s.users'],
      '2',
    ],
    [
      'what a renamed table still has',
      [
        'create table t (id serial)',
        'alter table t rename to u',
        'drop table u',
        'create table t (id serial)',
      ],
      '2',
    ],
    [
      'the columns that are left when their type goes',
      [
        "create type mood as enum ('a')",
        'create table t (a int, m mood)',
        'drop type mood cascade',
        'create view v as select * from t',
      ],
      '2',
    ],
    [
      'what the search path finds',
      [
        'create schema s',
        'create table s.t (id int)',
        'set search_path = s, public; alter table t add x int',
      ],
      '1',
    ],
    [
      'an index, beside a table that the search path finds',
      [
        'create schema s',
        users,
        'set search_path = public, s; create index on users (email)',
        'drop index public.users_email_idx',
      ],
      '2',
    ],
    [
      'statistics, beside a table that the search path finds',
      [
        'create schema s',
        users,
        'set search_path = public, s; create statistics on id, email from users',
        'drop statistics public.users_id_email_stat',
      ],
      '2',
    ],
    [
      'the cast of a type that the search path finds',
      [
        "create schema s; create type mood as enum ('sad')",
        'set search_path = s, public; create cast (mood as int) with inout',
        "select 'sad'::mood::int",
      ],
      '1',
    ],
    [
      'the cast that the search path finds',
      [
        "create schema s; create type mood as enum ('sad')",
        'create cast (mood as int) with inout',
        "set search_path = s, public; select 'sad'::mood::int",
      ],
      '1',
    ],
    [
      'the index of a constraint, beside a table that the search path finds',
      [
        'create schema s',
        users,
        'set search_path = public, s; alter table users add unique (email)',
        'comment on index public.users_email_key is null',
      ],
      '2',
    ],
    [
      'the partition that it indexes, and not an index of its table',
      [
        'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
        'create index on p (b)',
        'create index on o (a)',
      ],
      '0',
    ],
    ['what a comment says', [users, posts, '-- kat:requires users\nselect 1'], '0'],
    ['what a comment provides', ['-- kat:provides users\nselect 1', 'alter table users add x int'], '0'],
    [
      'the comment before the next on the same table',
      [users, "comment on table users is 'a'", "comment on table users is 'b'"],
      '1',
    ],
    [
      'the old view before the new',
      [
        users,
        'create view v as select id from users',
        'create or replace view v as select id, email from users',
      ],
      '1',
    ],
    ['nothing for other rows', [users, 'insert into users values (1)', 'insert into users values (2)'], '0'],
    [
      'the rows that it could be in conflict with',
      [users, 'insert into users values (1)', 'insert into users values (2) on conflict do nothing'],
      '1',
    ],
    [
      'rows that are numbered or copied later, in their order',
      [
        users,
        'insert into users values (1)',
        'insert into users values (2)',
        'alter table users add n serial',
      ],
      '2',
    ],
    [
      'a column that is asked for with all others, in its place',
      [
        users,
        'alter table users add x int',
        'alter table users add y int',
        'create view v as select * from users',
      ],
      '2',
    ],
    [
      'rows with numbers in their order',
      [
        'create table t (id serial, a int)',
        'insert into t (a) values (1)',
        'insert into t (id, a) values (default, 2)',
      ],
      '1',
    ],
    [
      'no number of a sequence where one is given or none is asked for',
      [
        'create table t (id serial, a int)',
        "select setval('t_id_seq', 5)",
        'insert into t (id) values (1); update t set a = 1; delete from t',
      ],
      '0',
    ],
    [
      'rows that a view put into its table',
      [users, 'create view v as select * from users', 'insert into v values (1)', 'table users'],
      '2',
    ],
    [
      'no column that fills rows to delete them, whatever its default',
      [
        users,
        "create type mood as enum ('a')",
        "alter table users add mood mood not null default 'a'",
        'delete from users where id = 1',
      ],
      '0',
    ],
    [
      'the trigger before it deletes',
      [
        users,
        'create function f() returns trigger language plpgsql as $$ begin return null; end $$',
        'create trigger t before delete on users for each row execute function f()',
        'delete from users',
      ],
      '2',
    ],
    [
      'other rows to set what refers to them, and else not',
      [
        users,
        'create table p (u int references users, a int)',
        'insert into users values (1)',
        'update p set a = 1',
      ],
      '1',
    ],
    [
      'rows to refer to them',
      [
        users,
        'create table p (u int references users, a int)',
        'insert into users values (1)',
        'update p set u = 1',
      ],
      '1,2',
    ],
    [
      'foreign keys only to update what they refer to',
      [users, 'create table p (u int references users)', "update users set email = 'x'"],
      '0',
    ],
    [
      'foreign keys to update what they refer to',
      [users, 'create table p (u int references users)', 'update users set id = 2'],
      '1',
    ],
    [
      'nothing for temporary tables',
      ['create temp table t (id int)', 'create temp table t (id int); insert into t values (1)'],
      '',
    ],
  ])('%s', (_, texts, parents) => {
    expect(parentsOf(texts)).toBe(parents);
    expect(parentsOf(texts, true)).toBe(parents);
  });
});

test.each<[string, string[], string]>([
  [
    'the cast from which a column gets its values',
    [
      "create type mood as enum ('a'); create function f(int) returns mood language sql immutable as $$select 'a'::mood$$",
      'create table t (m mood, n int)',
      'create cast (int as mood) with function f(int) as assignment',
      'update t set m = n',
    ],
    '1,2',
  ],
  [
    'the extension for the operator of two texts',
    ['create extension pg_trgm', "create view v as select 'a'::text % 'b' as x"],
    '0',
  ],
  [
    'the extension for an index on the type of another one',
    [
      'create extension citext',
      'create extension btree_gin',
      'create table t (c citext)',
      'create index on t using gin (c)',
    ],
    '1,2',
  ],
])('a migration needs %s', (_, texts, parents) => {
  expect(parentsOf(texts)).toBe(parents);
});

describe('conservatively', () => {
  const dynamic = "do $$ begin execute current_setting('x'); end $$";

  test.each<[string, string[], string]>([
    ['dynamic SQL comes after everything', [users, posts, dynamic], '0,1'],
    ['and everything after it', [users, dynamic, posts], '1'],
    [
      'a query of all the catalogs, too',
      [
        users,
        posts,
        'do $$ declare r record; begin for r in select * from pg_class loop null; end loop; end $$',
      ],
      '0,1',
    ],
    [
      'a query for one name only after that name',
      [
        users,
        posts,
        "do $$ begin if exists (select from pg_class where relname = 'users') then null; end if; end $$",
      ],
      '0',
    ],
    ['a name that extensions may bring', ['create extension whatever', 'select whatever_it_does()'], '0'],
    [
      'a column that may be of either table',
      [users, posts, 'alter table posts add email text', 'select email from users join posts p on true'],
      '0,2',
    ],
    [
      'an update comes before or after a column that it does not name',
      [users, 'alter table users add x int not null default 0', "update users set email = 'x'"],
      '0',
    ],
    [
      'but not where a trigger sees the whole row',
      [
        users,
        'create function f() returns trigger language plpgsql as $$ begin return new; end $$',
        'create trigger t before update on users for each row execute function f()',
        'alter table users add x int not null default 0',
        "update users set email = 'x'",
      ],
      '2,3',
    ],
    [
      'rows go after what refers to them',
      [users, 'create table p (u int references users)', 'drop table p', 'truncate users'],
      '2',
    ],
    ['a search path that lasts', ['alter database x set search_path = s', users], '0'],
  ])('%s', (_, texts, parents) => {
    expect(parentsOf(texts, true)).toBe(parents);
  });

  test('what dynamic SQL is made of is looked into', () => {
    const loop =
      "do $$ declare t text; begin foreach t in array array['users'] loop execute format('alter table %I add x int', t); end loop; end $$";
    expect(parentsOf([users, posts, loop], true)).toBe('0');
  });
});

test('reasons name both sides with their lines', () => {
  const [, needing] = infer([`-- first\n${users}`, 'select 1;\n\nalter table users add x int']);
  const reason = needing?.needs[0]?.reasons[0];
  expect(reason).toMatchObject({ place: { line: 3 }, otherPlace: { line: 2 }, isGuess: false });
  expect(reason?.message).toMatch(/ users.*0 creates/);
});

test('what keeps a part of a table stands in for the creator of that part, not for the creator of the schema', () => {
  const keyAgain = 'alter table t drop constraint t_pkey, add primary key (a)';
  const found = infer(['create table t (a int primary key)', keyAgain, 'create table u (b int)']);
  expect(found.map(({ needs }) => needs.map(({ id }) => id))).toEqual([[], ['0'], []]);
});

test('what nobody creates is unknown', () => {
  const [first] = infer([
    'create table t (m mood, u int references users); select lower(now()::text), count(*) from pg_class',
  ]);
  expect(first?.unknown.map(({ object }) => object.name).sort()).toEqual(['mood', 'users']);
});

test('edges that others imply are left out', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 20 }), (tables) => {
      const found = infer(
        tables.map((table) => `create table if not exists t${table} (id int); update t${table} set id = 1`),
      );
      const last = new Map<number, string>();
      tables.forEach((table, index) => {
        expect(found[index]?.parents).toEqual(last.has(table) ? [last.get(table)] : []);
        last.set(table, String(index));
      });
    }),
  );
});
