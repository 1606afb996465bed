/** Pairs of migrations around objects of all kinds. */

import { named, type Pair } from './pairs.js';

export const pairsOfAllKinds: Readonly<Record<string, readonly Pair[]>> = {
  views: named([
    [
      'create table t (a int, b int); create view v as select a from t',
      'create or replace view v as select a, b from t',
      'alter table t drop column b',
    ],
    [
      'create table t (a int, b int); create view v as select a from t',
      'create or replace view v as select a, b from t',
      'create or replace view v as select a, b + 1 as c from t',
    ],
    [
      'create table t (a int, b int); create view v as select a from t',
      'create or replace view v as select a, b from t',
      'drop view v',
    ],
    [
      'create table t (a int, b int); create view v as select a from t',
      'alter view v rename to w',
      'create or replace view v as select a, b from t',
    ],
    [
      'create table t (a int, b int); create view v as select a from t',
      'alter table t rename to u',
      'create or replace view v as select a, b from t',
    ],
    [
      'create table t (a int, b int); create view v as select a from t',
      'alter table t rename column a to c',
      'create view w as select a from v',
    ],
    [
      'create table t (a int, b int); create view v as select a from t',
      'alter view v rename column a to c',
      'create or replace view v as select a from t',
    ],
    [
      'create table t (a int, b int); create view v as select a from t',
      'alter view v alter a set default 3',
      'insert into v values (default)',
    ],
    [
      'create table t (a int, b int); create view v as select a from t',
      'alter table t alter a type bigint',
      'drop view v',
    ],
    [
      'create table t (a int, b int); create view v as select a from t',
      'alter table t alter b type bigint',
      'create or replace view v as select a, b from t',
    ],
    [
      'create table t (a int, b int); create schema s; create view v as select a from t',
      'alter view v set schema s',
      'drop view if exists v',
    ],
    [
      'create table t (a int, b int); create view v as select a from t',
      'alter view v set (security_barrier)',
      'create or replace view v as select a from t',
    ],
  ]),
  'materialized views': named([
    [
      'create table t (a int, b int); create materialized view m as select a from t',
      'create unique index i on m (a)',
      'drop materialized view m; create materialized view m as select a, b from t',
    ],
    [
      'create table t (a int, b int); create materialized view m as select a from t',
      'insert into t values (1, 2)',
      'refresh materialized view m',
    ],
    [
      'create table t (a int, b int); create materialized view m as select a from t',
      'alter materialized view m rename to n',
      'drop table t cascade',
    ],
    [
      'create table t (a int, b int); create materialized view m as select a from t',
      'alter table t drop column b',
      'drop materialized view m; create materialized view m as select a from t where b is null',
    ],
    [
      'create table t (a int, b int); create materialized view m as select a from t',
      'alter table t rename column b to c',
      'refresh materialized view m',
    ],
  ]),
  functions: named([
    [
      'create table t (a int)',
      "create function f() returns int language sql as 'select a from t'",
      'alter table t drop column a',
    ],
    [
      'create table t (a int)',
      "create function f() returns int language plpgsql as 'begin return (select a from t); end'",
      'alter table t drop column a',
    ],
    [
      "create function f() returns int language sql as 'select 1'",
      "create or replace function f() returns int language sql as 'select 2'",
      'drop function f()',
    ],
    [
      "create function f() returns int language sql as 'select 1'",
      "create or replace function f() returns int language sql as 'select 2'",
      'alter function f() rename to g',
    ],
    [
      "create function f() returns int language sql as 'select 1'",
      "create or replace function f() returns int language sql as 'select 2'",
      'create view v as select f()',
    ],
    [
      "create function f() returns int language sql as 'select 1'",
      "drop function f(); create function f() returns text language sql as 'select 2::text'",
      'create view v as select f()',
    ],
    [
      "create function f(a int) returns int language sql as 'select 1'",
      "create function f(a text) returns int language sql as 'select 2'",
      'drop function f',
    ],
    [
      "create function f(a int) returns int language sql as 'select 1'",
      "create function f(a text) returns int language sql as 'select 2'",
      "comment on function f(int) is 'x'",
    ],
    [
      "create function f(a int) returns int language sql as 'select 1'",
      "create function f(a int, b int default 1) returns int language sql as 'select 2'",
      'create view v as select f(1)',
    ],
    [
      "create role ra; create function f(a int) returns int language sql as 'select 1'",
      'revoke execute on function f(int) from public',
      'grant execute on function f(int) to ra',
    ],
    [
      "create role ra; create function f(a int) returns int language sql as 'select 1'",
      'revoke all on all functions in schema public from public',
      "create function g() returns int language sql as 'select 1'",
    ],
    [
      "create schema s; create function f(a int) returns int language sql as 'select 1'",
      'alter function f(int) set schema s',
      'alter function f(int) stable',
    ],
    [
      "create type e as enum ('a')",
      "alter type e add value 'b'",
      "create function f(x e default 'a') returns int language sql as 'select 1'",
    ],
  ]),
  triggers: named([
    [
      "create table t (a int); create function f() returns trigger language plpgsql as 'begin return new; end'",
      'create trigger g before insert on t for each row execute function f()',
      'alter table t rename to u',
    ],
    [
      "create table t (a int); create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger g before insert on t for each row execute function f()",
      'alter table t disable trigger g',
      'alter trigger g on t rename to h',
    ],
    [
      "create table t (a int); create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger g before insert on t for each row execute function f()",
      'alter table t disable trigger g',
      'alter table t disable trigger all',
    ],
    [
      "create table t (a int); create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger g before insert on t for each row execute function f()",
      'alter table t enable trigger all',
      'alter table t disable trigger g',
    ],
    [
      "create table t (a int); create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger g before insert on t for each row execute function f()",
      'drop function f() cascade',
      'drop trigger g on t',
    ],
    [
      "create table t (a int); create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger g before insert on t for each row execute function f()",
      'drop function f() cascade',
      'alter table t rename to u',
    ],
    [
      "create table t (a int); create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger g before insert on t for each row execute function f()",
      'drop trigger g on t',
      'drop function f()',
    ],
    [
      "create table t (a int, b int); create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger g before update of b on t for each row execute function f()",
      'alter table t drop column b',
      'drop trigger g on t',
    ],
    [
      "create table t (a int, b int); create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger g before update of b on t for each row execute function f()",
      'alter table t rename column b to c',
      'create or replace trigger g before update of b on t for each row execute function f()',
    ],
    [
      "create table t (a int); create function f() returns trigger language plpgsql as 'begin return new; end'",
      'create trigger g before insert on t for each row execute function f()',
      'create trigger h before insert on t for each row execute function f()',
    ],
    [
      "create table t (a int); create function f() returns trigger language plpgsql as 'begin return new; end'",
      'create or replace trigger g before insert on t for each row execute function f()',
      'create or replace trigger g before update on t for each row execute function f()',
    ],
    [
      "create table p (a int, b int) partition by list (a); create table o partition of p for values in (1);create function f() returns trigger language plpgsql as 'begin return new; end'",
      'create trigger g before insert on p for each row execute function f()',
      'create trigger g before insert on o for each row execute function f()',
    ],
    [
      "create table p (a int, b int) partition by list (a); create table o partition of p for values in (1);create function f() returns trigger language plpgsql as 'begin return new; end'",
      'create trigger g before insert on p for each row execute function f()',
      'create table q partition of p for values in (2)',
    ],
    [
      "create table p (a int, b int) partition by list (a); create table o partition of p for values in (1);create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger g before insert on p for each row execute function f()",
      'drop trigger g on p',
      'create table q partition of p for values in (2)',
    ],
    [
      "create table p (a int, b int) partition by list (a); create table o partition of p for values in (1);create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger g before insert on p for each row execute function f()",
      'alter table o disable trigger g',
      'alter table p enable trigger g',
    ],
    [
      "create table p (a int, b int) partition by list (a); create table o partition of p for values in (1);create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger g before insert on p for each row execute function f()",
      'alter table o disable trigger g',
      'alter table p disable trigger g',
    ],
    [
      "create table p (a int, b int) partition by list (a); create table o partition of p for values in (1);create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger g before insert on p for each row execute function f()",
      'drop trigger g on p',
      'drop trigger g on o',
    ],
    [
      "create table p (a int, b int) partition by list (a); create table o partition of p for values in (1);create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger g before insert on p for each row execute function f()",
      'alter trigger g on p rename to h',
      'alter table o disable trigger g',
    ],
  ]),
  policies: named([
    [
      'create table t (a int, b int); create role ra',
      'create policy y on t to ra using (b > 0)',
      'alter table t drop column b',
    ],
    [
      'create table t (a int, b int); create role ra',
      'create policy y on t to ra using (b > 0)',
      'drop role ra',
    ],
    [
      'create table t (a int, b int); create role ra; create policy y on t to ra using (b > 0)',
      'alter policy y on t using (a > 0)',
      'alter table t drop column b',
    ],
    [
      'create table t (a int, b int); create role ra; create policy y on t to ra using (b > 0)',
      'alter policy y on t to public',
      'drop role ra',
    ],
    [
      'create table t (a int, b int); create policy y on t using (b > 0)',
      'alter policy y on t rename to z',
      'drop policy if exists y on t',
    ],
    [
      'create table t (a int, b int); create policy y on t using (b > 0)',
      'alter policy y on t using (a > 0)',
      'alter policy y on t using (a > 1)',
    ],
    [
      'create table t (a int, b int); create policy y on t using (b > 0)',
      'alter policy y on t using (a > 0)',
      'alter policy y on t with check (a > 1)',
    ],
    [
      'create table t (a int, b int); create policy y on t using (b > 0)',
      'alter table t alter b type bigint',
      'drop policy y on t',
    ],
    [
      'create table t (a int, b int)',
      'alter table t enable row level security',
      'alter table t disable row level security',
    ],
    [
      'create table t (a int, b int)',
      'alter table t enable row level security',
      'alter table t enable row level security',
    ],
    [
      'create table t (a int, b int)',
      'alter table t enable row level security',
      'alter table t force row level security',
    ],
    [
      'create table t (a int, b int); create table u (a int); create policy y on t using (a in (select a from u))',
      'drop table u cascade',
      'alter table t rename to w',
    ],
  ]),
  privileges: named([
    [
      'create table t (a int); create role ra',
      'grant select on all tables in schema public to ra',
      'create table u (a int)',
    ],
    [
      'create table t (a int); create role ra',
      'alter default privileges in schema public grant select on tables to ra',
      'create table u (a int)',
    ],
    [
      'create table t (a int); create role ra',
      'alter default privileges in schema public grant select on tables to ra',
      'alter default privileges in schema public grant insert on tables to ra',
    ],
    [
      'create table t (a int); create role ra; create role rb',
      'alter default privileges in schema public grant select on tables to ra',
      'alter default privileges in schema public grant select on tables to rb',
    ],
    [
      'create table t (a int); create role ra',
      'alter default privileges in schema public grant select on tables to ra',
      'create view v as select * from t',
    ],
    [
      'create table t (a int); create role ra',
      'alter default privileges in schema public grant usage on sequences to ra',
      'create table u (a serial)',
    ],
    [
      'create table t (a int); create role ra',
      'alter default privileges in schema public grant usage on sequences to ra',
      'create table u (a int)',
    ],
    [
      'create table t (a int); create role ra',
      'alter default privileges in schema public grant usage on sequences to ra',
      'alter table t add b int generated always as identity',
    ],
    ['create table t (a int); create role ra', 'grant select (a) on t to ra', 'alter table t drop column a'],
    ['create table t (a int); create role ra', 'grant select (a) on t to ra', 'revoke select on t from ra'],
    [
      'create table t (a int); create role ra; grant all on t to ra',
      'revoke insert on t from ra',
      'grant select on t to ra',
    ],
    [
      'create table t (a int); create role ra; grant all on t to ra',
      'drop owned by ra',
      'grant select on t to ra',
    ],
    ['create table t (a int); create role ra', 'alter table t owner to ra', 'grant select on t to ra'],
    ['create table t (a int); create role ra', 'alter table t owner to ra', 'drop role ra'],
    ['create table t (a int); create role ra', 'alter table t owner to ra', 'create index on t (a)'],
    ['create table t (a int); create role ra', 'alter table t owner to ra', 'alter table t add b serial'],
    [
      'create table t (a int); create role ra',
      'alter table t owner to ra',
      'create view v as select * from t',
    ],
    ['create schema s; create role ra', 'grant usage on schema s to ra', 'alter schema s rename to z'],
    ['create schema s; create role ra', 'grant usage on schema s to ra', 'drop schema s'],
    ['create schema s; create role ra', 'grant usage on schema s to ra', 'revoke all on schema s from ra'],
    [
      "create type e as enum ('a'); create role ra",
      'grant usage on type e to ra',
      'revoke usage on type e from public',
    ],
  ]),
  roles: named([
    ['create role ra', 'alter role ra login', 'alter role ra nologin'],
    ['create role ra', 'alter role ra login', 'alter role ra superuser'],
    ['create role ra', 'alter role ra set search_path = a', 'alter role ra set search_path = b'],
    ['create role ra', 'alter role ra set work_mem = 1000', 'alter role ra reset all'],
    ['create role ra', 'alter role ra rename to rb', 'alter role ra login'],
    ['create role ra', 'drop role if exists ra', 'create role rb in role ra'],
    ['create schema s', 'create role ra', 'create role ra'],
    ['create table t (a int); create role ra', 'create role rb', 'grant select on t to rb'],
    [
      'create table t (a int)',
      "do $$ begin if not exists (select 1 from pg_roles where rolname = 'ra') then create role ra; end if; end $$",
      "do $$ begin if not exists (select 1 from pg_roles where rolname = 'ra') then create role ra; end if; end $$",
    ],
  ]),
  sequences: named([
    ['create sequence s', 'alter sequence s increment 5', 'alter sequence s increment 6'],
    ['create sequence s', 'alter sequence s increment 5', 'alter sequence s cache 6'],
    ['create sequence s', 'alter sequence s restart 5', "select nextval('s')"],
    ['create sequence s; create table t (a int)', 'alter sequence s owned by t.a', 'drop table t'],
    [
      'create sequence s; create table t (a int)',
      'alter sequence s owned by t.a',
      'alter table t drop column a',
    ],
    [
      'create sequence s; create table t (a int)',
      'alter sequence s owned by t.a',
      'alter table t rename to u',
    ],
    [
      'create sequence s; create table t (a int)',
      "alter table t alter a set default nextval('s')",
      'drop sequence s',
    ],
    [
      'create sequence s; create table t (a int)',
      "alter table t alter a set default nextval('s')",
      'alter sequence s rename to z',
    ],
    [
      'create sequence s; create table t (a int)',
      "alter table t alter a set default nextval('s')",
      'insert into t values (default)',
    ],
    ['create table t (a serial)', 'alter table t alter a type bigint', 'alter sequence t_a_seq as bigint'],
    ['create table t (a serial)', 'alter table t alter a type bigint', 'alter table t alter a drop default'],
    [
      'create table t (a serial); create schema s',
      'alter table t set schema s',
      'alter sequence t_a_seq restart 5',
    ],
    ['create table t (a int)', 'alter table t add b serial', 'create sequence t_b_seq'],
    ['create table t (a int); create sequence s', "select setval('s', 5)", 'alter sequence s restart 7'],
  ]),
  identities: named([
    [
      'create table t (a int not null)',
      'alter table t alter a add generated always as identity',
      'alter table t alter a set default 5',
    ],
    [
      'create table t (a int not null)',
      'alter table t alter a add generated always as identity',
      'alter table t alter a add generated by default as identity',
    ],
    [
      'create table t (a int generated always as identity)',
      'alter table t alter a set generated by default',
      'alter table t alter a drop identity',
    ],
    [
      'create table t (a int generated always as identity)',
      'alter table t alter a type bigint',
      'alter table t alter a set generated by default',
    ],
  ]),
  'generated columns': named([
    [
      'create table t (a int, b int generated always as (a + 1) stored)',
      'alter table t drop column a',
      'alter table t alter b drop expression',
    ],
    [
      'create table t (a int, b int generated always as (a + 1) stored)',
      'alter table t drop column a cascade',
      'alter table t alter b drop expression',
    ],
    [
      'create table t (a int, b int generated always as (a + 1) stored)',
      'alter table t rename a to c',
      'alter table t alter b set expression as (a + 2)',
    ],
    [
      'create table t (a int, b int generated always as (a + 1) stored)',
      'insert into t values (1)',
      'alter table t alter b set expression as (a + 2)',
    ],
    [
      'create table t (a int)',
      'alter table t add b int generated always as (a + 1) stored',
      'alter table t rename a to c',
    ],
    [
      'create table t (a int)',
      'alter table t add b int generated always as (a + 1) stored',
      'update t set a = 3',
    ],
    [
      'create table t (a int)',
      'alter table t add b int generated always as (a + 1) stored',
      'insert into t values (1)',
    ],
  ]),
  domains: named([
    [
      'create domain d as int; create table t (a d)',
      'alter domain d add constraint k check (value > 0)',
      'alter domain d drop constraint k',
    ],
    [
      'create domain d as int; create table t (a d)',
      'alter domain d add constraint k check (value > 0)',
      'alter domain d add constraint k check (value > 1)',
    ],
    [
      'create domain d as int; create table t (a d)',
      'alter domain d set default 4',
      'alter domain d set default 5',
    ],
    [
      'create domain d as int; create table t (a d)',
      'alter domain d set not null',
      'alter domain d drop not null',
    ],
    [
      'create domain d as int; create table t (a d)',
      'drop domain d cascade',
      'alter table t alter a type int',
    ],
    ['create domain d as int; create table t (a d)', 'drop domain d cascade', 'alter table t drop column a'],
    ['create domain d as int', 'drop domain d', 'create table u (b d)'],
    ['create domain d as int', 'alter domain d rename to e', 'create table u (b d)'],
  ]),
  'composite types': named([
    [
      'create type c as (a int, b int); create table t (x c)',
      'alter type c add attribute d int',
      'alter table t alter x set default (1, 2)',
    ],
    [
      'create type c as (a int, b int); create table t (x c)',
      'alter type c add attribute d int',
      'alter type c add attribute d int',
    ],
    ['create type c as (a int, b int)', 'alter type c alter attribute b type text', 'create table u (x c)'],
    [
      'create type c as (a int, b int)',
      'drop type c',
      'create function f(c) returns int language sql as $$ select 1 $$',
    ],
  ]),
  enums: named([
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "alter type e add value 'c'",
      "alter type e add value 'd'",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "alter type e add value 'c'",
      "alter type e add value if not exists 'c'",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "alter type e rename value 'a' to 'z'",
      "insert into t values ('a')",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "alter type e rename value 'a' to 'z'",
      "alter table t alter x set default 'a'",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "alter type e rename value 'a' to 'z'",
      "create index i on t (x) where x = 'a'",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "alter type e add value 'c' before 'b'",
      "alter type e rename value 'b' to 'y'",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      'alter table t alter x type text',
      'drop type e',
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "alter table t alter x type text; drop type e; create type e as enum ('a'); alter table t alter x type e using x::e",
      "alter type e add value 'c'",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "alter type e rename to old; create type e as enum ('a', 'c'); alter table t alter x type e using x::text::e; drop type old",
      "alter type e add value 'z'",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "alter type e rename to old; create type e as enum ('a', 'c'); alter table t alter x type e using x::text::e; drop type old",
      'alter table t add y e',
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e default 'a')",
      "alter type e rename to old; create type e as enum ('a', 'c'); alter table t alter x drop default, alter x type e using x::text::e, alter x set default 'a'; drop type old",
      "alter table t alter x set default 'b'",
    ],
  ]),
  publications: named([
    [
      'create table t (a int primary key); create publication q',
      'alter publication q add table t',
      'alter table t rename to u',
    ],
    [
      'create table t (a int primary key); create publication q',
      'alter publication q add table t',
      'drop table t',
    ],
    [
      'create table t (a int primary key); create publication q for table t',
      'alter publication q drop table t',
      'drop table t',
    ],
    [
      'create table t (a int primary key); create publication q for table t',
      'alter publication q drop table t',
      'alter publication q set table t',
    ],
    [
      'create table t (a int primary key); create publication q',
      'alter publication q set (publish = insert)',
      'alter publication q set (publish = update)',
    ],
    [
      'create table t (a int primary key); create publication q',
      'alter publication q rename to r',
      'alter publication q add table t',
    ],
  ]),
  statistics: named([
    ['create table t (a int, b int)', 'create statistics s on a, b from t', 'alter table t drop column a'],
    [
      'create table t (a int, b int); create statistics s on a, b from t',
      'alter statistics s set statistics 5',
      'drop statistics s',
    ],
    [
      'create table t (a int, b int); create statistics s on a, b from t',
      'alter table t drop column a',
      'drop statistics s',
    ],
    [
      'create table t (a int, b int); create statistics s on a, b from t',
      'alter table t drop column a',
      'drop statistics if exists s',
    ],
    [
      'create table t (a int, b int); create statistics s on a, b from t',
      'alter table t rename a to c',
      'alter statistics s rename to z',
    ],
    ['create table t (a int, b int)', 'create statistics on a, b from t', 'create statistics on a, b from t'],
  ]),
  collations: named([
    [
      'create table t (a text)',
      'create collation c (provider = icu, locale = "de")',
      'alter table t alter a type text collate c',
    ],
    [
      'create table t (a text); create collation c (locale = "C")',
      'alter collation c rename to d',
      'create index i on t (a collate c)',
    ],
    [
      'create table t (a text); create collation c (locale = "C")',
      'drop collation c',
      'create index i on t (a collate c)',
    ],
  ]),
  comments: named([
    ['create table t (a text)', "comment on table t is 'x'", "comment on table t is 'y'"],
    ['create table t (a text)', "comment on table t is 'x'", "comment on column t.a is 'y'"],
    ['create table t (a text)', "comment on column t.a is 'y'", 'alter table t rename a to b'],
    ['create table t (a text)', "comment on column t.a is 'y'", 'alter table t drop column a'],
    [
      'create table t (a int primary key)',
      "comment on index t_pkey is 'y'",
      'alter table t drop constraint t_pkey',
    ],
    [
      'create table t (a int primary key)',
      "comment on constraint t_pkey on t is 'y'",
      'alter index t_pkey rename to z',
    ],
    [
      'create table t (a int primary key)',
      "comment on index t_pkey is 'y'",
      'alter table t rename constraint t_pkey to z',
    ],
  ]),
  'foreign tables': named([
    [
      'create foreign data wrapper w; create server s foreign data wrapper w',
      'create foreign table t (a int) server s',
      'drop server s',
    ],
    [
      'create foreign data wrapper w; create server s foreign data wrapper w',
      'create foreign table t (a int) server s',
      'alter server s rename to z',
    ],
    [
      'create foreign data wrapper w; create server s foreign data wrapper w; create foreign table t (a int) server s',
      'alter foreign table t add b int',
      'alter foreign table t rename to u',
    ],
    [
      'create foreign data wrapper w; create server s foreign data wrapper w; create foreign table t (a int) server s',
      'alter foreign table t add b int',
      'alter foreign table t add b text',
    ],
    [
      'create foreign data wrapper w; create server s foreign data wrapper w; create foreign table t (a int) server s',
      'alter foreign table t add b int',
      'create view v as select * from t',
    ],
  ]),
  'moves to another schema': named([
    ['create table t (a int); create schema s', 'alter table t set schema s', 'create index on t (a)'],
    ['create table t (a int); create schema s', 'alter table t set schema s', 'create table t (b int)'],
    ['create table t (a int); create schema s', 'alter table t set schema s', 'create table s.t (b int)'],
    ['create schema s; create table s.t (a int)', 'alter schema s rename to z', 'alter table s.t add b int'],
    [
      'create schema s; create table s.t (a int); create view v as select a from s.t',
      'alter schema s rename to z',
      'create or replace view v as select a from s.t',
    ],
    [
      'create schema s; create table s.t (a int); create view v as select a from s.t',
      'alter schema s rename to z',
      'drop view v',
    ],
    ['create schema s; create table s.t (a int)', 'drop schema s cascade', 'alter table s.t add b int'],
    ['create schema s; create table s.t (a int)', 'drop schema s cascade', 'create table s.u (a int)'],
    ['create schema s; create table s.t (a int)', 'drop schema s cascade', 'create schema if not exists s'],
  ]),
  constraints: named([
    [
      'create table t (a int)',
      'alter table t add constraint k check (a > 0) not valid',
      'alter table t validate constraint k',
    ],
    [
      'create table t (a int); alter table t add constraint k check (a > 0) not valid',
      'alter table t validate constraint k',
      'alter table t drop constraint k',
    ],
    [
      'create table t (a int); alter table t add constraint k check (a > 0) not valid',
      'alter table t validate constraint k',
      'alter table t rename constraint k to l',
    ],
    [
      'create table t (a int unique); create table u (a int references t (a))',
      'alter table t drop constraint t_a_key cascade',
      'alter table u drop constraint u_a_fkey',
    ],
    [
      'create table t (a int unique); create table u (a int references t (a))',
      'alter table t drop constraint t_a_key cascade',
      'alter table u drop constraint if exists u_a_fkey',
    ],
    [
      'create table t (a int unique); create table u (a int references t (a))',
      'alter table u alter constraint u_a_fkey deferrable',
      'alter table u alter constraint u_a_fkey not deferrable',
    ],
    ['create table t (a int, b int)', 'alter table t add unique (a)', 'alter table t add unique (a)'],
    ['create table t (a int, b int)', 'create index on t (a)', 'create index on t (a)'],
    ['create table t (a int, b int)', 'create index t_a_idx on t (a)', 'create index on t (a)'],
    [
      'create table t (a int, b int); create unique index i on t (a)',
      'alter table t add constraint k unique using index i',
      'drop index i',
    ],
    [
      'create table t (a int, b int); create unique index i on t (a)',
      'alter table t add constraint k unique using index i',
      'alter index i rename to j',
    ],
    [
      'create table t (a int, b int); create unique index i on t (a)',
      'alter table t add constraint k primary key using index i',
      'alter table t alter a drop not null',
    ],
    [
      'create table t (a int, b int)',
      'alter table t add primary key (a)',
      'alter table t alter a drop not null',
    ],
    [
      'create table t (a int not null, b int)',
      'alter table t add primary key (a)',
      'alter table t alter a drop not null',
    ],
    ['create table t (a int, b int)', 'alter table t add primary key (a)', 'alter table t rename a to c'],
    [
      'create table t (a int, b int, check (a > b))',
      'alter table t drop column a',
      'alter table t drop constraint t_check',
    ],
    [
      'create table t (a int, b int, check (a > b))',
      'alter table t drop column a',
      'alter table t drop constraint if exists t_check',
    ],
    [
      'create table t (a int, b int); create index i on t (a, b)',
      'alter table t drop column a',
      'drop index i',
    ],
    [
      'create table t (a int, b int); create index i on t (a, b)',
      'alter table t drop column a',
      'drop index if exists i',
    ],
    [
      'create table t (a int, b int); create index i on t (a, b)',
      'alter table t rename to u',
      'reindex index i',
    ],
  ]),
  columns: named([
    ['create table t (a int)', 'alter table t add b int', 'alter table t add b int'],
    [
      'create table t (a int)',
      'alter table t add if not exists b int',
      'alter table t add if not exists b int',
    ],
    [
      'create table t (a int)',
      'alter table t add if not exists b int',
      'alter table t add if not exists b text',
    ],
    ['create table t (a int, b int)', 'alter table t drop if exists b', 'alter table t drop if exists b'],
    ['create table t (a int, b int)', 'alter table t drop if exists b', 'alter table t drop b'],
    ['create table t (a int, b int)', 'alter table t rename b to c', 'alter table t add c int'],
    ['create table t (a int, b int)', 'alter table t rename b to c', 'alter table t add b int'],
    ['create table t (a int, b int)', 'alter table t rename b to c', 'alter table t rename b to d'],
    [
      'create table t (a int, b int)',
      'alter table t alter b set default 1',
      'alter table t alter b type text',
    ],
    [
      'create table t (a int, b int default 1)',
      'alter table t alter b drop default',
      'alter table t alter b type text',
    ],
    ['create table t (a int, b int)', 'alter table t alter b set not null', 'insert into t (a) values (1)'],
    ['create table t (a int, b int)', 'alter table t alter b set default 4', 'insert into t (a) values (1)'],
    ['create table t (a int, b int)', 'alter table t add c int default 4', 'insert into t values (1, 2)'],
    ['create table t (a int, b int)', 'alter table t add c int not null', 'insert into t values (1, 2)'],
    ['create table t (a int, b int)', 'alter table t drop b', 'insert into t values (1, 2)'],
    ['create table t (a int, b int)', 'alter table t drop b', 'insert into t (a) values (1)'],
    [
      'create table t (a int, b int)',
      'alter table t drop b',
      'create function f() returns int language sql begin atomic select b from t; end',
    ],
    [
      'create table t (a int, b int)',
      'alter table t drop b, add b text',
      "alter table t alter b set default 'x'",
    ],
    [
      'create table t (a int, b int)',
      'alter table t drop b; alter table t add b text',
      'create index on t (b)',
    ],
    [
      'create table t (a int, b int)',
      'alter table t add c text; update t set c = b; alter table t drop b; alter table t rename c to b',
      'alter table t alter b set not null',
    ],
  ]),
  tables: named([
    ['create table t (a int, b int)', 'create table u as select * from t', 'alter table t add c int'],
    ['create table t (a int, b int)', 'create table u as select a from t', 'alter table t drop b'],
    [
      'create table t (a int, b int)',
      'alter table t rename to t_old; create table t (a int)',
      'alter table t add c int',
    ],
    [
      'create table t (a int, b int); create view v as select a from t',
      'drop table t cascade',
      'drop view v',
    ],
    [
      'create table t (a int, b int); create view v as select a from t',
      'drop table t cascade',
      'drop view if exists v',
    ],
    ['create table t (a int, b int)', 'alter table t set unlogged', 'create table u (a int)'],
    [
      'create table t (a int, b int)',
      'alter table t set (fillfactor = 50)',
      'alter table t set (fillfactor = 60)',
    ],
    [
      'create table t (a int, b int)',
      'alter table t set (fillfactor = 50)',
      'alter table t set (autovacuum_enabled = false)',
    ],
    ['create table t (a int, b int)', 'truncate t', 'insert into t values (1, 2)'],
    [
      'create table t (a int primary key, b int); create table u (a int references t)',
      'truncate t cascade',
      'insert into u values (null)',
    ],
  ]),
  extensions: named([
    [
      'create table t (a text)',
      'create extension if not exists plpgsql',
      'create extension if not exists plpgsql',
    ],
  ]),
  children: named([
    ['create table p (a int); create table c (b int)', 'alter table c inherit p', 'alter table c add a int'],
    [
      'create table p (a int); create table c (a int, b int)',
      'alter table c inherit p',
      'alter table c drop a',
    ],
    [
      'create table p (a int); create table c (a int, b int)',
      'alter table c inherit p',
      'alter table p add z int',
    ],
    [
      'create table p (a int); create table c () inherits (p)',
      'alter table c no inherit p',
      'alter table p add z int',
    ],
    [
      'create table p (a int); create table c () inherits (p)',
      'drop table p cascade',
      'alter table c add z int',
    ],
    [
      'create table p (a int); create table c () inherits (p)',
      'alter table p rename a to z',
      'alter table c alter a set default 1',
    ],
    [
      'create table p (a int); create table c () inherits (p)',
      'alter table p add z int',
      'alter table c add z int',
    ],
    [
      'create table p (a int); create table c () inherits (p)',
      'alter table p add z int',
      'alter table c add z text',
    ],
  ]),
  partitions: named([
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'create table q partition of p for values in (2)',
      'create table q2 partition of p for values in (2)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'create table q partition of p default',
      'create table q2 partition of p for values in (2)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'create table q partition of p for values in (2)',
      'insert into p values (2, 3)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'alter table p rename to z',
      'create table q partition of p for values in (2)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'drop table o',
      'alter table p add c int',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'drop table o',
      'create index on p (b)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'drop table o',
      'alter table p detach partition o',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'drop table p',
      'alter table o add constraint k check (b > 0)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'create index i on o (b)',
      'create index on only p (b)',
    ],
  ]),
};
