/** Pairs of migrations that drop an object and create it again. */

import { named, type Pair } from './pairs.js';

export const pairsOfRemakes: Readonly<Record<string, readonly Pair[]>> = {
  'views of all columns': named([
    [
      'create table t (a int); create materialized view m as select * from t',
      'drop materialized view m; create materialized view m as select a from t',
      'alter table t add b int',
    ],
    [
      'create table t (a int); create materialized view m as select * from t',
      'drop materialized view m; create materialized view m as select * from t',
      'alter table t add b int',
    ],
    [
      'create table t (a int); create table u (a int); create materialized view m as select t.a from t, u',
      'drop materialized view m; create materialized view m as select t.a from t',
      'alter table u add b int',
    ],
    [
      'create table t (a int, b int); create materialized view m as select a from t',
      'drop materialized view m; create materialized view m as select a from t',
      'alter table t drop column b',
    ],
    [
      'create table t (a int, b int); create materialized view m as select a, b from t',
      'drop materialized view m; create materialized view m as select a from t',
      'alter table t drop column b',
    ],
    [
      'create table t (a int); create view v as select * from t',
      'alter table t add b int',
      "comment on view v is 'x'",
    ],
    [
      'create table t (a int); create view v as select * from t',
      'alter table t add b int',
      'create view w as select * from v',
    ],
    [
      'create table t (a int); create view v as select * from t',
      'alter table t add b int',
      'create or replace view v as select * from t',
    ],
    ['create table t (a int); create view v as select * from t', 'alter table t add b int', 'drop view v'],
    [
      'create table t (a int); create view v as select * from t',
      'alter table t add b int',
      'drop view v; create view v as select a from t',
    ],
    [
      'create table t (a int); create materialized view m as select * from t',
      'alter table t add b int',
      'refresh materialized view m',
    ],
    [
      'create table t (a int); create materialized view m as select * from t',
      'alter table t add b int',
      'create index on m (a)',
    ],
    [
      'create table t (a int); create view v as select * from t',
      'alter table t add b int',
      'insert into v values (1)',
    ],
    [
      'create table t (a int); create view v as select * from t',
      'alter table t add b int',
      'create table x as select * from v',
    ],
    [
      'create table t (a int); create table u (b int); create view v as select t.*, u.b from t, u',
      'alter table t add c int',
      'create table x as select * from v',
    ],
    [
      'create table t (a int); create view v as select * from t; create role ra',
      'alter table t add c int',
      'grant select on v to ra',
    ],
    [
      'create table t (a int); create view v as select * from t; create materialized view m as select * from v',
      'alter table t add b int',
      'drop materialized view m; create materialized view m as select * from v',
    ],
  ]),
  'equal drops and creations': named([
    [
      'create schema s',
      'drop table if exists x; create table x (a int)',
      'drop table if exists x; create table x (a int)',
    ],
    [
      'create table t (a int)',
      'drop view if exists x; create view x as select a from t',
      'drop view if exists x; create view x as select a from t',
    ],
    [
      'create table t (a int)',
      "drop function if exists f(); create function f() returns int language sql as 'select 1'",
      "drop function if exists f(); create function f() returns int language sql as 'select 1'",
    ],
    [
      "create table t (a int); create function f() returns trigger language plpgsql as 'begin return new; end'",
      'drop trigger if exists g on t; create trigger g before insert on t for each row execute function f()',
      'drop trigger if exists g on t; create trigger g before insert on t for each row execute function f()',
    ],
    [
      'create table t (a int)',
      'drop policy if exists g on t; create policy g on t using (a > 0)',
      'drop policy if exists g on t; create policy g on t using (a > 0)',
    ],
    [
      'create table t (a int)',
      'drop index if exists i; create index i on t (a)',
      'drop index if exists i; create index i on t (a)',
    ],
    [
      'create table t (a int)',
      'alter table t drop constraint if exists k; alter table t add constraint k check (a > 0)',
      'alter table t drop constraint if exists k; alter table t add constraint k check (a > 0)',
    ],
    [
      'create table t (a int)',
      'drop view if exists x; create view x as select a from t',
      'drop view if exists x; create view x as select a+1 as a from t',
    ],
    [
      'create table t (a int); create view x as select a from t',
      'drop view if exists x; create view x as select a from t',
      'drop view if exists x; create view x as select a from t',
    ],
    [
      'create table t (a int); create view x as select a from t',
      'drop view x; create view x as select a from t',
      'drop view x; create view x as select a from t',
    ],
    [
      'create role ra; create table t (a int); create view x as select a from t',
      'drop view if exists x; create view x as select a from t; grant select on x to ra',
      'drop view if exists x; create view x as select a from t',
    ],
    [
      'create schema s',
      "drop type if exists e; create type e as enum ('a')",
      "drop type if exists e; create type e as enum ('a')",
    ],
    [
      "create table t (a int); create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger g before insert on t for each row execute function f()",
      'drop trigger if exists g on t; create trigger g before insert on t for each row execute function f()',
      'drop trigger if exists g on t; create trigger g before insert on t for each row execute function f()',
    ],
    ['create table t (a int)', 'drop table t; create table t (a int, b int)', 'insert into t (b) values (1)'],
    [
      'create table t (a int); create view v as select * from t',
      'drop view v; create view v as select a, 1 as b from t',
      'create view w as select b from v',
    ],
    [
      'create table t (a int)',
      "do $$ begin create type e as enum ('a'); exception when duplicate_object then null; end $$",
      "do $$ begin create type e as enum ('a'); exception when duplicate_object then null; end $$",
    ],
    [
      'create table t (a int)',
      "do $$ begin create type e as enum ('a'); exception when duplicate_object then null; end $$",
      "do $$ begin create type e as enum ('a', 'b'); exception when duplicate_object then null; end $$",
    ],
    [
      'create table t (a int); create table u (a int primary key)',
      'do $$ begin alter table t add constraint k foreign key (a) references u; exception when duplicate_object then null; end $$',
      'do $$ begin alter table t add constraint k foreign key (a) references u; exception when duplicate_object then null; end $$',
    ],
    [
      'create table t (a int)',
      'alter table t disable trigger all; alter table t enable trigger all',
      'alter table t disable trigger all; update t set a = 1; alter table t enable trigger all',
    ],
    [
      'create table t (a int)',
      'alter table t set (fillfactor=50); alter table t set (fillfactor=60)',
      'alter table t set (fillfactor=60)',
    ],
    [
      'create table t (a int)',
      'alter table t alter a set default 1; alter table t alter a set default 2; alter table t alter a set default 1',
      'alter table t alter a set default 1',
    ],
    [
      'create table t (a int)',
      'alter table t alter a set default 1; alter table t alter a set default 2; alter table t alter a set default 1',
      'alter table t alter a set default 2',
    ],
    [
      'create table t (a int not null)',
      'alter table t alter a add generated always as identity; alter table t alter a drop identity',
      'alter table t alter a add generated always as identity',
    ],
    [
      'create table t (a int); create view v as select * from t',
      'drop view v; create view v as select * from t',
      'alter table t add b int; drop view v; create view v as select * from t',
    ],
    [
      'create table t (a int); create view v as select * from t',
      'drop view v; create view v as select *, 1 as x from t',
      'alter table t add b int; drop view v; create view v as select * from t',
    ],
    [
      'create table t (a int, b int); create view v as select * from t',
      'drop view v; create view v as select * from t',
      'drop view v; alter table t drop b; create view v as select * from t',
    ],
    [
      'create table t (a int, b int); create view v as select a, b from t',
      'drop view v; create view v as select a, b from t',
      'drop view v; alter table t drop b; create view v as select a from t',
    ],
    [
      'create table t (a int); create view v as select a from t',
      'drop view v; create view v as select a from t',
      'create table u as select * from v',
    ],
    [
      'create table t (a int); create view v as select a from t',
      'drop view v; create view v as select a from t',
      'create function f() returns int language sql as $$ select a from v $$',
    ],
    [
      'create table t (a int); create function f() returns int language sql as $$ select 1 $$',
      'drop function f; create function f() returns int language sql as $$ select 2 $$',
      'create index on t ((f()))',
    ],
    [
      'create table t (a int); create function f() returns int language sql as $$ select 1 $$',
      'drop function f; create function f() returns int language sql as $$ select 2 $$',
      'create table u (b int default f())',
    ],
    [
      'create table t (a int); create function f() returns int language sql as $$ select 1 $$',
      'drop function f; create function f() returns int language sql as $$ select 2 $$',
      'select f()',
    ],
    [
      'create table t (a int primary key)',
      'drop table t; create table t (a int primary key)',
      'create table u (a int references t)',
    ],
    [
      'create table t (a int primary key)',
      'drop table t; create table t (a int primary key)',
      'create index i on t (a)',
    ],
    [
      'create table t (a int primary key)',
      'drop table t; create table t (a int primary key)',
      "comment on table t is 'x'",
    ],
    [
      'create table t (a int primary key); create role ra',
      'drop table t; create table t (a int primary key)',
      'grant select on t to ra',
    ],
    [
      'create table t (a int primary key); create table u (like t)',
      'drop table t; create table t (a int primary key)',
      'create table w (like t)',
    ],
    ['create table t (a int primary key)', 'drop table t; create table t (a int primary key)', 'truncate t'],
    [
      "create type e as enum ('a'); create table t (x e)",
      "alter table t drop x; drop type e; create type e as enum ('a', 'b'); alter table t add x e",
      "insert into t values ('a')",
    ],
    [
      "create type e as enum ('a'); create table t (x e)",
      "alter table t drop x; drop type e; create type e as enum ('a', 'b'); alter table t add x e",
      'create table u (x e)',
    ],
    [
      'create table t (a int); create policy y on t using (a > 0)',
      'drop policy y on t; create policy y on t using (a > 1)',
      'alter policy y on t using (a > 3)',
    ],
    [
      'create schema s; create table s.t (a int)',
      'drop schema s cascade; create schema s; create table s.t (a int)',
      'insert into s.t values (1)',
    ],
    [
      'create schema s; create table s.t (a int)',
      'drop schema s cascade; create schema s; create table s.t (a int)',
      'create table s.u (a int)',
    ],
    [
      'create extension if not exists plpgsql; create table t (a int)',
      'create or replace view v as select a from t',
      'create or replace view v as select a from t; create view w as select a from v',
    ],
  ]),
};
