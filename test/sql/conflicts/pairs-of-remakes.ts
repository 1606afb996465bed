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
  ]),
};
