/** Pairs of migrations as projects write them every day. */

import { named, type Pair } from './pairs.js';

export const pairsOfEveryday: Readonly<Record<string, readonly Pair[]>> = {
  'keys that are replaced': named([
    [
      'create table users (id serial primary key, name text, email text, old_status text); insert into users (name, email) values ($$a$$, $$a@x$$), ($$b$$, $$b@x$$)',
      'alter table users drop constraint users_pkey; alter table users add primary key (email)',
      'create table c (u text references users)',
    ],
    [
      'create table users (id serial primary key, name text, email text, old_status text); insert into users (name, email) values ($$a$$, $$a@x$$), ($$b$$, $$b@x$$)',
      'alter table users drop constraint users_pkey; alter table users add primary key (email)',
      'alter table users drop constraint users_pkey; alter table users add primary key (email)',
    ],
    [
      'create table t (a int primary key, b int)',
      'create unique index t_b on t (b); alter table t drop constraint t_pkey, add constraint t_pkey primary key using index t_b',
      'create table c (a int references t)',
    ],
  ]),
  'partitions that leave and are dropped': named([
    [
      'create table ev (id bigint not null, at date not null, kind text, primary key (id, at)) partition by range (at); create table ev_1 partition of ev for values from ($$2024-01-01$$) to ($$2024-02-01$$); create table ev_2 partition of ev for values from ($$2024-02-01$$) to ($$2024-03-01$$); insert into ev values (1, $$2024-01-02$$, $$x$$)',
      'create index ev_kind on ev (kind)',
      'alter table ev detach partition ev_1; drop table ev_1',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'alter table p detach partition o; drop table o',
      'alter table p add column c int',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'alter table p detach partition o; drop table o',
      'alter table p rename column b to c',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'alter table p detach partition o; drop table o',
      'alter table p add primary key (a)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'alter table p detach partition o; drop table o',
      'alter table p alter b set not null',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'alter table p detach partition o; drop table o; create table o (a int, b int)',
      'create index on p (b)',
    ],
    [
      'create table p (a int); create table o (a int, b int) inherits (p)',
      'alter table o no inherit p; drop table o',
      'alter table p add column c int',
    ],
    [
      'create table p (a int); create table o (a int, b int) inherits (p)',
      'alter table o no inherit p; drop table o',
      'alter table p drop column a',
    ],
  ]),
  'what several migrations create unless it is there': named([
    [
      'create table users (id serial primary key, name text, email text); insert into users (name, email) values ($$a$$, $$a@x$$), ($$b$$, $$b@x$$); create role app; create role ro; create role adm',
      "do $$ begin if not exists (select from pg_roles where rolname = 'x9') then create role x9; end if; end $$; grant ro to x9",
      "do $$ begin if not exists (select from pg_roles where rolname = 'x9') then create role x9; end if; end $$; grant adm to x9",
    ],
    [
      'create table t (a int)',
      "do $$ begin create type e as enum ('a'); exception when duplicate_object then null; end $$; alter type e add value if not exists 'b'",
      "do $$ begin create type e as enum ('a'); exception when duplicate_object then null; end $$",
    ],
    [
      'create table t (a int)',
      "do $$ begin create type e as enum ('a'); exception when duplicate_object then null; end $$; alter table t add x e",
      "do $$ begin create type e as enum ('a'); exception when duplicate_object then null; end $$; alter table t add y e",
    ],
    [
      'create table t (a int)',
      "do $$ begin if to_regclass('u') is null then create table u (a int); end if; end $$; alter table u add b int",
      "do $$ begin if to_regclass('u') is null then create table u (a int); end if; end $$; insert into u values (1)",
    ],
  ]),
  'enums that are made anew': named([
    [
      "create table users (id serial primary key, name text, email text); insert into users (name, email) values ($$a$$, $$a@x$$), ($$b$$, $$b@x$$); create type status as enum ('new', 'done'); alter table users add column status status not null default 'new'",
      "alter type status rename to status_old; create type status as enum ('new', 'done', 'gone'); alter table users alter status drop default; alter table users alter status type status using status::text::status; alter table users alter status set default 'new'; drop type status_old",
      "insert into users (name, status) values ('c', 'done')",
    ],
    [
      "create table users (id serial primary key, name text, email text); insert into users (name, email) values ($$a$$, $$a@x$$), ($$b$$, $$b@x$$); create type status as enum ('new', 'done'); alter table users add column status status not null default 'new'",
      "alter type status rename to status_old; create type status as enum ('new', 'done', 'gone'); alter table users alter status drop default; alter table users alter status type status using status::text::status; alter table users alter status set default 'new'; drop type status_old",
      'create view v as select status from users',
    ],
    [
      "create table users (id serial primary key, name text, email text); insert into users (name, email) values ($$a$$, $$a@x$$), ($$b$$, $$b@x$$); create type status as enum ('new', 'done'); alter table users add column status status not null default 'new'",
      "do $$ begin create type kind as enum ('a'); exception when duplicate_object then null; end $$; create table k (k kind)",
      "do $$ begin create type kind as enum ('a'); exception when duplicate_object then null; end $$; create table k2 (k kind)",
    ],
    [
      "create table users (id serial primary key, name text); insert into users (name) values ('a'); create type status as enum ('new', 'done'); create type other as enum ('new', 'done'); alter table users add column status status not null default 'new'",
      "alter type status rename to status_old; create type status as enum ('new', 'done', 'gone'); alter table users alter status drop default; alter table users alter status type status using status::text::status; alter table users alter status set default 'new'; drop type status_old",
      "update users set status = 'done'",
    ],
    [
      "create table users (id serial primary key, name text); insert into users (name) values ('a'); create type status as enum ('new', 'done'); create type other as enum ('new', 'done'); alter table users add column status status not null default 'new'",
      "alter type status rename to status_old; create type status as enum ('new', 'done', 'gone'); alter table users alter status drop default; alter table users alter status type status using status::text::status; alter table users alter status set default 'new'; drop type status_old",
      "alter type status rename to status_old; create type status as enum ('new', 'done', 'gone'); alter table users alter status drop default; alter table users alter status type status using status::text::status; alter table users alter status set default 'new'; drop type status_old",
    ],
    [
      "create table users (id serial primary key, name text); insert into users (name) values ('a'); create type status as enum ('new', 'done'); create type other as enum ('new', 'done'); alter table users add column status status not null default 'new'",
      "alter type status rename to status_old; create type status as enum ('new', 'done', 'gone'); alter table users alter status drop default; alter table users alter status type status using status::text::status; alter table users alter status set default 'new'; drop type status_old",
      'alter table users drop column status',
    ],
    [
      "create table users (id serial primary key, name text); insert into users (name) values ('a'); create type status as enum ('new', 'done'); create type other as enum ('new', 'done'); alter table users add column status status not null default 'new'",
      "alter type status rename to status_old; create type status as enum ('new', 'done', 'gone'); alter table users alter status drop default; alter table users alter status type status using status::text::status; alter table users alter status set default 'new'; drop type status_old",
      'alter table users drop column status; drop type status',
    ],
    [
      "create table users (id serial primary key, name text); insert into users (name) values ('a'); create type status as enum ('new', 'done'); create type other as enum ('new', 'done'); alter table users add column status status not null default 'new'",
      "alter type status rename to status_old; create type status as enum ('new', 'done', 'gone'); alter table users alter status drop default; alter table users alter status type status using status::text::status; alter table users alter status set default 'new'; drop type status_old",
      'drop type status cascade',
    ],
    [
      "create table users (id serial primary key, name text); insert into users (name) values ('a'); create type status as enum ('new', 'done'); create type other as enum ('new', 'done'); alter table users add column status status not null default 'new'",
      "alter type status rename to status_old; create type status as enum ('new', 'done', 'gone'); alter table users alter status drop default; alter table users alter status type status using status::text::status; alter table users alter status set default 'new'; drop type status_old",
      'alter table users rename column status to state',
    ],
    [
      "create table users (id serial primary key, name text); insert into users (name) values ('a'); create type status as enum ('new', 'done'); create type other as enum ('new', 'done'); alter table users add column status status not null default 'new'",
      "alter type status rename to status_old; create type status as enum ('new', 'done', 'gone'); alter table users alter status drop default; alter table users alter status type status using status::text::status; alter table users alter status set default 'new'; drop type status_old",
      "create index on users (id) where status = 'new'",
    ],
    [
      "create table users (id serial primary key, name text); insert into users (name) values ('a'); create type status as enum ('new', 'done'); create type other as enum ('new', 'done'); alter table users add column status status not null default 'new'",
      "alter type status rename to status_old; create type status as enum ('new', 'done', 'gone'); alter table users alter status drop default; alter table users alter status type status using status::text::status; alter table users alter status set default 'new'; drop type status_old",
      'create function f(status) returns int language sql as $$ select 1 $$',
    ],
    [
      "create table users (id serial primary key, name text); insert into users (name) values ('a'); create type status as enum ('new', 'done'); alter table users add column status status",
      "alter type status rename to status_old; create type status as enum ('new', 'done', 'gone'); alter table users alter status type status using status::text::status; drop type status_old",
      "alter table users alter status set default 'done'",
    ],
    [
      "create table users (id serial primary key, name text); insert into users (name) values ('a'); create type status as enum ('new', 'done'); alter table users add column status status",
      "alter type status rename to status_old; create type status as enum ('new', 'done', 'gone'); alter table users alter status type status using status::text::status; drop type status_old",
      "alter table users add constraint ck check (status <> 'done')",
    ],
    [
      "create table users (id serial primary key, name text); insert into users (name) values ('a'); create type status as enum ('new', 'done'); alter table users add column status status",
      "alter type status rename to status_old; create type status as enum ('new', 'done', 'gone'); alter table users alter status type status using status::text::status; drop type status_old",
      'drop type status cascade',
    ],
    [
      "create table users (id serial primary key, name text); insert into users (name) values ('a'); create type status as enum ('new', 'done'); alter table users add column status status",
      "alter type status rename to status_old; create type status as enum ('new', 'done', 'gone'); alter table users alter status type status using status::text::status; drop type status_old",
      'drop table users; drop type status',
    ],
    [
      "create table users (id serial primary key, name text); insert into users (name) values ('a'); create type status as enum ('new', 'done'); alter table users add column status status; alter table users alter status type text",
      'drop type status',
      "insert into users (status) values ('bad')",
    ],
    [
      "create table users (id serial primary key, name text); insert into users (name) values ('a'); create type status as enum ('new', 'done'); alter table users add column status status; alter table users alter status type text",
      'drop type status cascade',
      "insert into users (status) values ('bad')",
    ],
    [
      "create table users (id serial primary key, name text); insert into users (name) values ('a'); create type status as enum ('new', 'done'); alter table users add column status status; alter table users alter status type text",
      'drop type status',
      'alter table users rename column status to z',
    ],
    [
      'create domain d as int; create table t (a d, b int); alter table t alter a type int',
      'drop domain d cascade',
      'create index on t (a)',
    ],
    [
      'create domain d as int; create table t (a d, b int)',
      'alter table t alter a type int; drop domain d',
      'create index on t (a)',
    ],
    [
      'create domain d as int; create table t (a d, b int)',
      'alter table t alter a type int; drop domain d',
      'insert into t (a) values (1)',
    ],
    [
      'create domain d as int; create table t (a d, b int)',
      'alter table t alter a type int; drop domain d',
      'create view v as select a from t',
    ],
  ]),
  'defaults that end': named([
    [
      "create sequence s; create table t (a int not null default nextval('s'), b int)",
      'drop sequence s cascade',
      'alter table t alter a drop default, alter a add generated always as identity',
    ],
    [
      'create sequence seq; create table t (id int not null default nextval($$seq$$), v int); alter sequence seq owned by t.id; create table o (id int default nextval($$seq$$))',
      'drop sequence seq cascade',
      'alter table t alter id set default 5',
    ],
    [
      'create sequence seq; create table t (id int not null default nextval($$seq$$), v int); alter sequence seq owned by t.id; create table o (id int default nextval($$seq$$))',
      'drop sequence seq cascade',
      'insert into o default values',
    ],
    [
      'create sequence seq; create table t (id int not null default nextval($$seq$$), v int); alter sequence seq owned by t.id; create table o (id int default nextval($$seq$$))',
      'drop sequence seq cascade',
      'alter table o drop column id',
    ],
    [
      'create sequence seq; create table t (id int not null default nextval($$seq$$), v int); alter sequence seq owned by t.id; create table o (id int default nextval($$seq$$))',
      'drop table t cascade',
      'insert into o default values',
    ],
    [
      'create table t (id serial primary key, v int)',
      'alter table t alter id drop default; drop sequence t_id_seq; alter table t alter id add generated by default as identity',
      'insert into t (v) values (1)',
    ],
    [
      'create function g() returns int language sql as $$ select 1 $$; create table t (a int default g(), b int)',
      'drop function g cascade',
      'alter table t alter a set default 2',
    ],
    [
      'create function g() returns int language sql as $$ select 1 $$; create table t (a int default g(), b int)',
      'drop function g cascade',
      'insert into t (b) values (1)',
    ],
    [
      'create function g() returns int language sql as $$ select 1 $$; create table t (a int default g(), b int)',
      'alter table t alter a drop default; drop function g',
      'insert into t (b) values (1)',
    ],
    [
      'create function g() returns int language sql as $$ select 1 $$; create table t (a int default g(), b int default g())',
      'alter table t alter a drop default; drop function g cascade',
      'insert into t (b) values (1)',
    ],
    [
      "create sequence s; create table t (a int default nextval('s'), b int)",
      'drop sequence s cascade',
      'drop table t',
    ],
    [
      "create sequence s; create table t (a int default nextval('s'), b int)",
      'drop sequence s cascade',
      'alter table t alter a add generated always as identity',
    ],
    [
      "create sequence s; create table t (a int not null default nextval('s'), b int)",
      'drop sequence s cascade',
      'alter table t alter a add generated always as identity',
    ],
    [
      'create table t (id serial primary key, v int)',
      'alter table t alter id drop default; drop sequence t_id_seq; alter table t alter id set default 3',
      'insert into t (v) values (2)',
    ],
  ]),
  'what functions keep of others': named([
    [
      'create table t (a int not null default 3)',
      'alter table t alter a drop default',
      'alter table t alter a add generated always as identity',
    ],
    [
      "create type s as enum ('a')",
      "drop type s; create type s as enum ('a', 'b')",
      'create function f(s) returns int language sql as $$ select 1 $$',
    ],
    [
      "create type s as enum ('a')",
      "drop type s; create type s as enum ('a', 'b')",
      "create function f() returns s language sql as $$ select 'a'::s $$",
    ],
    [
      "create type s as enum ('a')",
      "drop type s; create type s as enum ('a', 'b')",
      "create function f(x s default 'a') returns int language sql as $$ select 1 $$",
    ],
    [
      'create function g() returns int language sql as $$ select 1 $$',
      'drop function g; create function g() returns int language sql as $$ select 2 $$',
      'create function f(x int default g()) returns int language sql as $$ select 1 $$',
    ],
    [
      'create table t (a int)',
      'drop table t; create table t (a int, b int)',
      'create function f() returns setof t language sql as $$ select * from t $$',
    ],
    [
      'create table t (a int)',
      'drop table t; create table t (a int, b int)',
      'create function f(t) returns int language sql as $$ select 1 $$',
    ],
    [
      'create table t (a int); create view v as select a from t',
      'drop view v; create view v as select a from t',
      'create function f() returns setof v language sql as $$ select * from v $$',
    ],
  ]),
};
