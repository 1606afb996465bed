/** Pairs of migrations of which one drops, without CASCADE, what something else needs, and the other takes that away or changes it. */

import { named, type Pair } from './pairs.js';

export const pairsOfHolders: Readonly<Record<string, readonly Pair[]>> = {
  'drops that are refused until something else is gone': named([
    [
      'create table users (id int primary key, e text unique); create table posts (id int, user_id int references users, e text references users(e))',
      'drop table users',
      'drop table posts',
    ],
    [
      'create table users (id int primary key, e text unique); create table posts (id int, user_id int references users, e text references users(e))',
      'alter table users drop constraint users_pkey',
      'alter table posts drop constraint posts_user_id_fkey',
    ],
    [
      'create table users (id int primary key, e text unique); create table posts (id int, user_id int references users, e text references users(e))',
      'alter table users drop constraint users_pkey',
      'alter table posts drop column user_id',
    ],
    [
      'create table users (id int primary key, e text unique); create table posts (id int, user_id int references users, e text references users(e))',
      'alter table users drop constraint users_e_key',
      'drop table posts',
    ],
    [
      'create table users (id int primary key, e text unique); create table posts (id int, user_id int references users, e text references users(e))',
      'alter table users drop column e',
      'alter table posts drop column e',
    ],
    [
      'create table users (id int primary key, e text unique); create table posts (id int, user_id int references users, e text references users(e))',
      'alter table users drop column id',
      'drop table posts',
    ],
    [
      'create table users (id int primary key, e text unique); create table posts (id int, user_id int references users, e text references users(e)); create view v as select e from posts',
      'alter table posts drop column e',
      'drop view v',
    ],
    ["create type m as enum ('a'); create table posts (a m)", 'drop type m', 'drop table posts'],
    [
      "create function f() returns int language sql as 'select 1'; create table posts (a int default f())",
      'drop function f()',
      'drop table posts',
    ],
    [
      "create sequence s; create table posts (a int default nextval('s'))",
      'drop sequence s',
      'drop table posts',
    ],
    [
      'create table users (id int); create unique index ui on users(id); create table posts (a int references users(id))',
      'drop index ui',
      'drop table posts',
    ],
    [
      'create table users (id int primary key) partition by range(id); create table posts (a int references users(id))',
      'alter table users drop constraint users_pkey',
      'drop table posts',
    ],
    [
      "create function f() returns int language sql as 'select 1'; create table posts (a int default f())",
      'alter table posts alter a set default 0',
      'drop function f()',
    ],
    [
      "create function f() returns int language sql as 'select 1'; create table posts (a int default f())",
      'alter table posts alter a drop default',
      'drop function f()',
    ],
    [
      "create function f() returns int language sql as 'select 1'; create table posts (a int default f())",
      'alter table posts drop column a',
      'drop function f()',
    ],
    [
      "create function f() returns int language sql as 'select 1'; create table posts (a int default f())",
      'drop table posts',
      'drop function f() cascade',
    ],
    [
      "create type m as enum ('a'); create table posts (a m)",
      'alter table posts alter a type text using a::text',
      'drop type m',
    ],
    [
      "create type m as enum ('a'); create table posts (a m)",
      'alter table posts drop column a',
      'drop type m',
    ],
    [
      "create type m as enum ('a'); create function g(x m) returns int language sql as 'select 1'",
      'drop function g(m)',
      'drop type m',
    ],
    [
      "create function tf() returns trigger language plpgsql as 'begin return new; end'; create table t (a int); create trigger tg before insert on t for each row execute function tf()",
      'drop trigger tg on t',
      'drop function tf()',
    ],
    [
      "create function tf() returns trigger language plpgsql as 'begin return new; end'; create table t (a int); create trigger tg before insert on t for each row execute function tf()",
      'drop table t',
      'drop function tf()',
    ],
    [
      'create table t (a int, b int); create policy p on t using (a = 1)',
      'drop policy p on t',
      'alter table t drop column a',
    ],
    [
      "create function tf() returns trigger language plpgsql as 'begin return new; end'; create table t (a int, b int); create trigger tg before update of a on t for each row execute function tf()",
      'drop trigger tg on t',
      'alter table t drop column a',
    ],
    [
      "create function f(int) returns int immutable language sql as 'select 1'; create table t (a int); create index i on t (f(a))",
      'drop index i',
      'drop function f(int)',
    ],
    [
      "create function f(int) returns bool immutable language sql as 'select true'; create table t (a int constraint c check (f(a)))",
      'alter table t drop constraint c',
      'drop function f(int)',
    ],
    [
      "create function f() returns int language sql as 'select 1'; create view v as select f()",
      'drop view v',
      'drop function f()',
    ],
    ['create schema s; create table s.t (a int)', 'drop table s.t', 'drop schema s'],
    ['create table p (a int); create table c () inherits (p)', 'drop table c', 'drop table p'],
    ['create table p (a int); create table c () inherits (p)', 'alter table c no inherit p', 'drop table p'],
    ['create domain d as int; create table t (a d)', 'drop table t', 'drop domain d'],
    [
      'create table t (a int, g int generated always as (a+1) stored)',
      'alter table t drop column g',
      'alter table t drop column a',
    ],
    [
      "create sequence s; create table posts (a int default nextval('s'))",
      'alter table posts alter a drop default',
      'drop sequence s',
    ],
    [
      "create collation cc (locale='C'); create table t (a text collate cc)",
      'drop table t',
      'drop collation cc',
    ],
    [
      'create foreign data wrapper w; create server sv foreign data wrapper w; create foreign table ft (a int) server sv',
      'drop foreign table ft',
      'drop server sv',
    ],
    [
      'create table users (id int); create unique index ui on users(id); create table posts (a int references users(id))',
      'alter table posts drop constraint posts_a_fkey',
      'drop index ui',
    ],
    [
      "create type m as enum ('a'); create function f(m) returns int immutable language sql as 'select 1'; create cast (m as int) with function f(m)",
      'drop cast (m as int)',
      'drop function f(m)',
    ],
    [
      'create text search dictionary dd (template = simple); create text search configuration cf (copy = english); alter text search configuration cf alter mapping for word with dd',
      'drop text search configuration cf',
      'drop text search dictionary dd',
    ],
    [
      'create table t (a int); create table l (a int); create rule r as on insert to t do also insert into l values (1)',
      'drop rule r on t',
      'drop table l',
    ],
  ]),
  'drops beside ends and new definitions of what needs them': named([
    ['create table t (a int); create view v as select a from t', 'drop view if exists v', 'drop table t'],
    [
      "create function tf() returns trigger language plpgsql as 'begin return new; end'; create table t (a int); create trigger tg before insert on t for each row execute function tf()",
      'drop trigger if exists tg on t',
      'drop function if exists tf()',
    ],
    [
      'create table users (id int primary key); create table posts (a int references users)',
      'drop table posts',
      'alter table users drop constraint users_pkey cascade',
    ],
    [
      'create table t (a int, b int); create view v as select a, b from t',
      'drop view v; create view v as select a from t',
      'alter table t drop column b',
    ],
    [
      'create table t (a int, b int); create view v as select a from t where b > 0',
      'create or replace view v as select a from t',
      'alter table t drop column b',
    ],
    [
      "create type m as enum ('a'); create function g() returns m language sql begin atomic select 'a'::m; end",
      "drop function g; create function g() returns text language sql as 'select 1::text'",
      'drop type m',
    ],
    [
      'create table t (a int); create materialized view v as select a from t',
      'drop materialized view v',
      'drop table t',
    ],
    [
      'create table t (id int primary key, p int references t)',
      'alter table t drop constraint t_p_fkey',
      'alter table t drop constraint t_pkey',
    ],
    [
      'create table t (id int primary key, p int references t); create table u (a int references t)',
      'drop table u',
      'drop table t',
    ],
    [
      'create table t (id int not null); create unique index ti on t(id); alter table t add constraint tp primary key using index ti; create table u (a int references t)',
      'drop table u',
      'alter table t drop constraint tp',
    ],
    [
      'create table t (id int not null primary key); create table u (a int references t); alter table t rename to tt; alter table tt rename constraint t_pkey to ttp',
      'drop table u',
      'alter table tt drop constraint ttp',
    ],
    [
      'create table t (id int primary key, constraint tu unique(id)); create table u (a int references t)',
      'drop table u',
      'alter table t drop constraint tu',
    ],
    [
      "create domain d as int; create table t (a d); create function g(x d) returns int language sql as 'select 1'",
      'drop function g(d)',
      'alter table t drop column a',
    ],
    [
      'create table p (a int) partition by range (a); create table p1 partition of p for values from (0) to (9); create view v as select a from p1',
      'drop view v',
      'drop table p',
    ],
    [
      'create table p (a int) partition by range (a); create table p1 partition of p for values from (0) to (9); create table u (id int primary key); alter table p add foreign key (a) references u',
      'drop table p',
      'drop table u',
    ],
    [
      "create function c(int,int) returns int immutable language sql as 'select 1'; create operator class oc for type int using btree as function 1 c(int,int)",
      'drop operator class oc using btree',
      'drop function c(int,int)',
    ],
    [
      "create function sf(int,int) returns int immutable language sql as 'select 1'; create aggregate ag(int) (sfunc = sf, stype=int)",
      'drop aggregate ag(int)',
      'drop function sf(int,int)',
    ],
    [
      'create table t (a int); create function g() returns bigint language sql begin atomic select count(*) from t; end',
      'drop function g()',
      'drop table t',
    ],
    [
      'create table t (a int); create table m (b int); create policy p on t using (exists (select from m where m.b = a))',
      'drop policy p on t',
      'drop table m',
    ],
    [
      'create table t (a int); create table m (b int); create policy p on t using (exists (select from m where m.b = a))',
      'drop table t',
      'drop table m',
    ],
    [
      'create table t (a int, b int); create view v as select * from t',
      'drop view v',
      'alter table t drop column b',
    ],
    [
      'create table u (id int primary key, x int); create table p (a int references u)',
      'drop table p',
      'alter table u drop column x',
    ],
    [
      'create table u (id int primary key, k int unique); create table p (a int references u)',
      'alter table p drop constraint p_a_fkey; alter table p add constraint p_a_fkey foreign key (a) references u (k)',
      'alter table u drop constraint u_pkey',
    ],
  ]),
  'drops of what nothing needs any more': named([
    [
      'create table t (a int, b int); create policy y on t using (b > 0); alter policy y on t using (a > 0)',
      'drop policy y on t',
      'alter table t drop column b',
    ],
    [
      'create table t (a int); create table m (b int); create policy y on t using (exists (select from m where b = a)); alter policy y on t using (a > 0)',
      'drop table t',
      'drop table m',
    ],
    [
      'create table t (a int, b int); create view v as select a from t where b > 0; create or replace view v as select a from t',
      'drop view v',
      'alter table t drop column b',
    ],
    [
      'create table t (a int); create function g() returns bigint language sql begin atomic select count(*) from t; end; create or replace function g() returns bigint language sql begin atomic select 1::bigint; end',
      'drop function g()',
      'drop table t',
    ],
    [
      "create function f1() returns trigger language plpgsql as 'begin return new; end'; create function f2() returns trigger language plpgsql as 'begin return new; end'; create table t (a int); create trigger tg before insert on t for each row execute function f1(); create or replace trigger tg before insert on t for each row execute function f2()",
      'drop trigger tg on t',
      'drop function f1()',
    ],
    [
      "create function f1() returns trigger language plpgsql as 'begin return new; end'; create function f2() returns trigger language plpgsql as 'begin return new; end'; create table t (a int, b int); create trigger tg before update of b on t for each row execute function f1(); create or replace trigger tg before update of a on t for each row execute function f1()",
      'drop trigger tg on t',
      'alter table t drop column b',
    ],
    [
      'create table t (a int); create table l (a int); create rule r as on insert to t do also insert into l values (1); create or replace rule r as on insert to t do also nothing',
      'drop rule r on t',
      'drop table l',
    ],
    [
      "create function f(int) returns int immutable language sql as 'select 1'; create table t (a int, g int generated always as (f(a)) stored); alter table t alter g set expression as (a + 1)",
      'drop table t',
      'drop function f(int)',
    ],
    [
      "create function f(int) returns int immutable language sql as 'select 1'; create table t (a int, g int generated always as (f(a)) stored); alter table t alter g drop expression",
      'drop table t',
      'drop function f(int)',
    ],
    [
      'create table t (a int, g int generated always as (a + 1) stored); alter table t alter g drop expression',
      'alter table t drop column g',
      'alter table t drop column a',
    ],
    [
      'create table p (a int); create table c () inherits (p); alter table c no inherit p',
      'drop table c',
      'drop table p',
    ],
    [
      'create table p (a int) partition by list(a); create table c partition of p for values in (1); alter table p detach partition c',
      'drop table c',
      'drop table p',
    ],
    [
      "create function f(int) returns bool immutable language sql as 'select true'; create domain d as int constraint k check (f(value)); create table t (a d); alter domain d drop constraint k",
      'drop table t',
      'drop function f(int)',
    ],
    [
      "create function f() returns int immutable language sql as 'select 1'; create domain d as int default f(); create table t (a d); alter domain d drop default",
      'drop domain d cascade',
      'drop function f()',
    ],
    [
      "create type e as enum ('a'); create type c as (x int, y e); create table t (c c); alter type c drop attribute y cascade",
      'drop table t',
      'drop type e',
    ],
    [
      'create table t (a int generated always as identity); alter table t alter a drop identity',
      'drop table t',
      'create sequence t_a_seq',
    ],
    [
      'create table u (id int primary key, k int unique); create table p (a int references u); alter table p drop constraint p_a_fkey, add constraint p_a_fkey foreign key (a) references u (k)',
      'drop table p',
      'alter table u drop constraint u_pkey',
    ],
    [
      'create table u (id int, k int constraint uk unique); create table p (a int references u (k)); create unique index ui on u (id); alter table u drop constraint uk cascade',
      'drop table p',
      'drop index ui',
    ],
    [
      "create type e as enum ('a'); create table t (a e); alter table t alter a type text",
      'drop table t',
      'drop type e',
    ],
    [
      "create type e as enum ('a'); create table t (a e[]); alter table t alter a type text[]",
      'drop table t',
      'drop type e',
    ],
    [
      "create collation cc (locale='C'); create table t (a text collate cc); alter table t alter a type text",
      'drop table t',
      'drop collation cc',
    ],
    [
      "create function f(int) returns int immutable language sql as 'select 1'; create table t (a int); create index i on t (f(a)); drop index i; create index i on t (a)",
      'drop index i',
      'drop function f(int)',
    ],
    [
      'create table t (a int, b int); create index i on t (a) where b > 0',
      'drop index i',
      'alter table t drop column b',
    ],
    [
      'create table t (a int, b int, constraint k check (a > b))',
      'alter table t drop constraint k',
      'alter table t drop column b',
    ],
    [
      'create table t (a int primary key, b int); create publication p for table t (a, b); alter publication p set table t (a)',
      'drop publication p',
      'alter table t drop column b',
    ],
    [
      'create schema s; create table s.t (a int); create table public.u (a int)',
      'alter table s.t set schema public',
      'drop schema s',
    ],
    ['create schema s; create table s.t (a int)', 'drop table s.t', 'drop schema s cascade'],
    [
      "create function f1() returns trigger language plpgsql as 'begin return new; end'; create function f2() returns trigger language plpgsql as 'begin return new; end'; create table t (a int); create constraint trigger ct after insert on t for each row execute function f1()",
      'drop table t',
      'drop function f1()',
    ],
    [
      'create table t (a int, b int); create statistics st on a, b from t',
      'drop statistics st',
      'drop table t',
    ],
    ['create type c as (a int); create table t of c', 'alter table t not of', 'drop type c'],
    [
      "create sequence s; create table t (a int default nextval('s'), b int default nextval('s'))",
      'alter table t alter a drop default, alter b drop default',
      'drop sequence s',
    ],
    [
      "create function f(int) returns int immutable language sql as 'select 1'; create function f(text) returns int immutable language sql as 'select 1'; create table t (a int default f(1))",
      'drop table t',
      'drop function f(text)',
    ],
    [
      "create function f(int) returns int immutable language sql as 'select 1'; create function f(text) returns int immutable language sql as 'select 1'; create view v as select f(1)",
      'drop view v',
      'drop function f(text)',
    ],
    [
      'create table t (a serial); alter table t alter a drop default; alter sequence t_a_seq owned by none',
      'drop table t',
      'drop sequence t_a_seq',
    ],
  ]),
};
