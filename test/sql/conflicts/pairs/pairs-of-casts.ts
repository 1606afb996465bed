/** Pairs of which one makes or drops a cast. */

import type { Pair } from './pairs.js';

/** By what decides. */
export const pairsOfCasts: Readonly<Record<string, readonly Pair[]>> = {
  'casts and values that need them': [
    [
      'cast and column of a view',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (e as int) with function ei(e)',
      'create view v as select x::int as i from t',
    ],
    [
      'cast and constant',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (int as e) with function ie(int) as assignment',
      'create view v as select 1::e as i',
    ],
    [
      'cast and nested',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (int as e) with function ie(int) as assignment',
      "create view v as select '1'::int::e as i",
    ],
    [
      'cast and cast()',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (e as int) with function ei(e)',
      'create view v as select cast(t.x as integer) as i from t',
    ],
    [
      'cast and default',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (int as e) with function ie(int) as assignment',
      'alter table t alter x set default 1',
    ],
    [
      'cast and default of new column',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (int as e) with function ie(int) as assignment',
      'alter table t add z e default 1',
    ],
    [
      'cast and insert select',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (int as e) with function ie(int) as assignment',
      'insert into t (x) select y from s',
    ],
    [
      'cast and insert values',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (int as e) with function ie(int) as assignment',
      'insert into t (x) values (1)',
    ],
    [
      'cast and update from column',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (int as e) with function ie(int) as assignment',
      'update t set x = id',
    ],
    [
      'cast and update constant',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (int as e) with function ie(int) as assignment',
      'update t set x = 1',
    ],
    [
      'cast and type of column',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (int as e) with function ie(int) as assignment',
      'alter table t alter id type e',
    ],
    [
      'cast and text',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (int as e) with function ie(int) as assignment',
      "create view v as select x::text as i, 'a'::e as j, p::e as k from t",
    ],
    [
      'cast and assigned text',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (e as text) with inout as assignment',
      'insert into s (z) select x from t',
    ],
    [
      'cast and update of text',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (e as text) with inout as assignment',
      'update t set p = x',
    ],
    [
      'cast and same type',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (int as e) with function ie(int) as assignment',
      'insert into t (x) select w from s',
    ],
    [
      'cast and another type',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (int as e) with function ie(int) as assignment',
      'insert into t (n) select y from s',
    ],
    [
      'cast and literal text',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (int as e) with function ie(int) as assignment',
      "insert into t (x) values ('a')",
    ],
    [
      'cast from text and insert',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (text as e) with inout as assignment',
      'insert into t (x) select z from s',
    ],
    [
      'cast from text and explicit',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (text as e) with inout',
      'create view v as select z::e as i from s',
    ],
    [
      'cast and function body',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (e as int) with function ei(e)',
      "create function f() returns int language sql as 'select x::int from t'",
    ],
    [
      'cast and index',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (e as int) with function ei(e)',
      'create index on t ((x::int))',
    ],
    [
      'cast and other direction',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; create cast (e as int) with function ei(e); ",
      'create cast (int as e) with function ie(int) as assignment',
      'create view v as select x::int as i from t',
    ],
    [
      'drop cast and use',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; create cast (e as int) with function ei(e); ",
      'drop cast (e as int)',
      'create view v as select x::int as i from t',
    ],
    [
      'drop cast and text',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; create cast (e as int) with function ei(e); ",
      'drop cast (e as int)',
      'create view v as select x::text as i from t',
    ],
    [
      'cast and domain',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (int as e) with function ie(int)',
      'create view v as select id::e as i from t',
    ],
    [
      'two casts',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create function ie(int) returns e language sql immutable as $$select 'a'::e$$; create function ei(e) returns int language sql immutable as 'select 1'; ",
      'create cast (int as e) with function ie(int)',
      'create cast (e as int) with function ei(e)',
    ],
    [
      'cast and composite',
      "create type e as enum('a'); create table t(id int, x e, p text, n bigint); create table s(y int, z text, w e); create type c as (a int); create table u (k c); create function ci(c) returns int language sql immutable as 'select 1'; ",
      'create cast (c as int) with function ci(c)',
      'create view v as select k::int as i from u',
    ],
    [
      'cast and column in schema',
      "create schema a; create type a.e as enum('x'); create table u (k a.e); create function ei(a.e) returns int language sql immutable as 'select 1'; ",
      'create cast (a.e as int) with function ei(a.e)',
      'create view v as select k::int as i from u',
    ],
  ],
};
