/** Cases of the oracle's test: what happens inside of blocks and functions, and between statements. */

/** One text each; those with `-- fails` are refused by PostgreSQL. */
export const insideCases: readonly string[] = [
  // what happens inside
  'do $$ begin if true then create index on posts (body); else create index on posts (body); end if; end $$; create index on posts (body)',
  'do $$ begin create table made (id int primary key); alter table users add made_id int references made; end $$',
  "do $$ begin if not exists (select 1 from pg_class where relname = 'nothing') then create table made (id int); end if; end $$",
  "do $$ declare t text; begin foreach t in array array['users', 'posts'] loop execute format('alter table %I add column tenant_id int', t); end loop; end $$",
  "do $$ declare t text; begin for t in select unnest(array['users', 'posts']) loop execute 'create index ' || t || '_x on ' || t || ' (id)'; end loop; end $$",
  "create function helper(t text) returns void language plpgsql as $$ begin execute format('create table %s_log (id int)', t); end $$; select helper('users'); drop function helper(text)",
  'create procedure maker() language plpgsql as $$ begin create table made (a int unique); end $$; call maker()',
  "insert into users (email) values ('a@b')",
  'truncate posts',
  "select set_config('search_path', 'app', true); create table moved (id int)",
  'set local search_path to app, public; create table moved (id serial); alter table users add column y int',
  'set search_path to app, public; create cast (mood as int) with inout; comment on cast (mood as int) is null; drop cast (mood as int)',
  'set search_path to app, public; create cast (mood as int) with inout; select (null::mood)::int',
  'set local search_path to public, app; create statistics on title, body from posts; create index on posts (title)',
  'prepare q as select * from users; execute q; deallocate q',
  'do $$ begin drop table posts cascade; alter table users rename to people; end $$',
  'create function doing() returns void language sql as $$ set search_path to app, public $$; select doing(); create table made (id int)',
  'create function doing() returns void language plpgsql set search_path = app as $$ begin create table made (id int); end $$; select doing(); create table made (id int)',
  'create procedure doing() language plpgsql as $$ begin create table made (id int); end $$; set search_path to app, public; call public.doing()',
  "do $$ begin execute 'create table app.made (id int)'; perform set_config('search_path', 'app', true); end $$; create view v as select * from made",
  "create function f() returns void language sql as 'alter table users add column x int'; select f()",
  'do $$ begin create index on posts (body); exception when others then raise; end $$',
];
