/** Pairs of migrations of which one takes away what the other one uses, takes away or makes anew. */

import { named, type Pair } from './pairs.js';

export const pairsOfEnds: Readonly<Record<string, readonly Pair[]>> = {
  'indexes and their columns': named([
    ['create table t (a int, b int); create index i on t (b)', 'drop index i', 'alter table t drop column b'],
    [
      'create table t (a int, b int); create index i on t (b)',
      'drop index if exists i',
      'alter table t drop column b',
    ],
    ['create table t (a int, b int)', 'create index i on t (b)', 'alter table t drop column b'],
    [
      'create table t (a int, b int unique)',
      'alter table t drop constraint t_b_key',
      'alter table t drop column b',
    ],
    ['create table t (a int, b int); create index i on t (b)', 'drop index i', 'drop table t'],
    [
      'create table t (a int, b int); create index i on t (b)',
      'drop index i',
      'alter table t drop column b; alter table t add column b int; create index i on t (b)',
    ],
    [
      'create table t (a int, b int); create index i on t (b)',
      'alter index i rename to j',
      'alter table t drop column b',
    ],
    [
      'create table t (a int, b int); create index i on t (a) where b > 0',
      'drop index i',
      'alter table t drop column b',
    ],
    [
      'create table t (a int, b int); create index i on t ((b + a))',
      'drop index i',
      'alter table t drop column b',
    ],
    [
      'create table t (a int, b int); create statistics s on a, b from t',
      'drop statistics s',
      'alter table t drop column b',
    ],
    [
      'create table t (a int, b int); create index i on t (a) include (b)',
      'drop index i',
      'alter table t drop column b',
    ],
  ]),
  'views that are dropped and made again': named([
    [
      'create table t (a int); create view v as select a from t',
      'drop view v',
      'drop view v; alter table t alter a type bigint; create view v as select a from t',
    ],
    [
      'create table t (a int); create view v as select a from t',
      'drop view v',
      'alter table t alter a type bigint',
    ],
    [
      'create table t (a int); create view v as select a from t',
      'drop view if exists v',
      'drop view v; alter table t alter a type bigint; create view v as select a from t',
    ],
    [
      'create table t (a int); create view v as select a from t',
      'drop view v',
      'drop view if exists v; alter table t alter a type bigint; create view v as select a from t',
    ],
    [
      'create table t (a int); create view v as select a from t',
      'drop view if exists v',
      'drop view if exists v; alter table t alter a type bigint; create view v as select a from t',
    ],
    [
      'create table t (a int); create view v as select a from t',
      'drop view v',
      'drop view v; create view v as select a, 1 as b from t',
    ],
    [
      'create table t (a int); create view v as select a from t',
      'drop view v',
      'create or replace view v as select a, 1 as b from t',
    ],
    [
      'create table t (a int); create view v as select a from t',
      'drop view v',
      'drop view if exists v; create view v as select a, 1 as b from t',
    ],
    [
      'create table t (a int); create materialized view v as select a from t',
      'drop materialized view v',
      'drop materialized view v; alter table t alter a type bigint; create materialized view v as select a from t',
    ],
  ]),
  'types and relations of one name': named([
    ["create type s as enum ('a')", 'drop type s', 'create table s (a int)'],
    ["create type s as enum ('a')", 'drop type if exists s', 'create table s (a int)'],
    ['create type s as (a int)', 'drop type s', 'create table s (a int)'],
    ['create domain s as int', 'drop domain s', 'create table s (a int)'],
    ["create type s as enum ('a')", 'drop type s', 'create view s as select 1 as a'],
    ["create type s as enum ('a')", 'drop type s', 'create sequence s'],
    ["create type s as enum ('a')", 'drop type s', "create type s as enum ('b')"],
    ['create table s (a int)', 'drop table s', "create type s as enum ('b')"],
    ["create type s as enum ('a')", 'alter type s rename to s2', 'create table s (a int)'],
    [
      "create type s as enum ('a'); create table x (s s)",
      'alter table x drop column s; drop type s',
      'create table s (a int)',
    ],
  ]),
  'values of enums that are made anew': named([
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "alter type e rename to e_old; create type e as enum ('a'); alter table t alter x type e using x::text::e; drop type e_old",
      "insert into t values ('b')",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "alter type e rename to e_old; create type e as enum ('a', 'b', 'c'); alter table t alter x type e using x::text::e; drop type e_old",
      "insert into t values ('c')",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "alter type e rename to e_old; create type e as enum ('a', 'b', 'c'); alter table t alter x type e using x::text::e; drop type e_old",
      "insert into t values ('b')",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "create type e2 as enum ('a', 'b', 'c'); alter table t alter x type e2 using x::text::e2; drop type e; alter type e2 rename to e",
      "insert into t values ('c')",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "create type e2 as enum ('a', 'b', 'c'); alter table t alter x type e2 using x::text::e2; drop type e; alter type e2 rename to e",
      "insert into t (x) values ('b')",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "create type e2 as enum ('a'); alter table t alter x type e2 using x::text::e2; drop type e; alter type e2 rename to e",
      "insert into t (x) values ('b')",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "create type e2 as enum ('a', 'c'); alter table t alter x type e2 using x::text::e2; drop type e; alter type e2 rename to e",
      "update t set x = 'b'",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "create type e2 as enum ('a', 'b', 'c'); alter table t alter x type e2 using x::text::e2; drop type e; alter type e2 rename to e",
      "alter table t alter x set default 'b'",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "create type e2 as enum ('a', 'b', 'c'); alter table t alter x type e2 using x::text::e2; drop type e; alter type e2 rename to e",
      "alter table t alter x set default 'c'",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "create type e2 as enum ('a', 'c'); alter table t alter x type e2 using x::text::e2; drop type e; alter type e2 rename to e",
      "alter table t alter x set default 'b'",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "create type e2 as enum ('a', 'b', 'c'); alter table t alter x type e2 using x::text::e2; drop type e; alter type e2 rename to e",
      "select * from t where x = 'c'",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "create type e2 as enum ('a', 'b', 'c'); alter table t alter x type e2 using x::text::e2; drop type e; alter type e2 rename to e",
      "create view v as select * from t where x = 'b'",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "create type e2 as enum ('a', 'b', 'c'); alter table t alter x type e2 using x::text::e2; drop type e; alter type e2 rename to e",
      "alter type e add value 'c'",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "create type e2 as enum ('a', 'b', 'c'); alter table t alter x type e2 using x::text::e2; drop type e; alter type e2 rename to e",
      'create table w (x e)',
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "alter table t alter x type text; drop type e; create type e as enum ('a', 'c'); alter table t alter x type e using x::e",
      "insert into t values ('c')",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "alter table t alter x type text; drop type e; create type e as enum ('a', 'c'); alter table t alter x type e using x::e",
      "insert into t values ('b')",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      'alter table t alter x type text; drop type e',
      "insert into t values ('c')",
    ],
    [
      "create type e as enum ('a', 'b'); create table t (x e)",
      "alter table t alter x type text; drop type e; alter table t add check (x in ('a', 'b', 'c'))",
      "insert into t values ('c')",
    ],
  ]),
};
