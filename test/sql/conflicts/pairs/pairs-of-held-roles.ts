/** Pairs of migrations of which one drops an extension, a role or a row type that something rests on, and the other takes that away. */

import { named, type Pair } from './pairs.js';

const owned = 'create role r; create table posts (a int); alter table posts owner to r';
const granted = 'create role r; create table posts (a int, b int); grant select on posts to r';
const citext = 'create extension citext; create table posts (a citext, b int)';
const gist =
  'create extension btree_gist; create table posts (a int, b tsrange, constraint ex exclude using gist (a with =, b with &&))';
const reading =
  "create table posts (a int, b int); create function f() returns int language sql as 'select max(b) from posts'";

export const pairsOfHeldRoles: Readonly<Record<string, readonly Pair[]>> = {
  'a role owns something': named([
    [owned, 'drop table posts', 'drop role r'],
    [owned, 'alter table posts owner to current_user', 'drop role r'],
    [owned, 'reassign owned by r to current_user', 'drop role r'],
    [owned, 'alter table posts add b int', 'reassign owned by r to current_user; drop role r'],
    ['create role r; create schema s authorization r', 'drop schema s', 'drop role r'],
    ["create role r; create type e as enum ('a'); alter type e owner to r", 'drop type e', 'drop role r'],
  ]),
  'a role was granted something': named([
    [granted, 'drop table posts', 'drop role r'],
    [granted, 'drop table posts', 'drop owned by r; drop role r'],
    [granted, 'drop table posts', 'revoke all on posts from r; drop role r'],
    [granted, 'alter table posts add c int', 'revoke all on posts from r; drop role r'],
    [`${granted}; revoke select on posts from r`, 'drop table posts', 'drop role r'],
    [`${granted}; alter table posts rename to users`, 'drop table users', 'drop role r'],
    [`${granted}; alter role r rename to q`, 'drop table posts', 'drop role q'],
    [
      'create role r; create table posts (a int, b int); grant select (a) on posts to r',
      'alter table posts drop column a',
      'drop role r',
    ],
    [
      'create role r; create table posts (a int); grant select on all tables in schema public to r',
      'drop table posts',
      'drop role r',
    ],
    [
      'create role r; create table posts (a int); grant select on all tables in schema public to r; revoke all on all tables in schema public from r',
      'drop table posts',
      'drop role r',
    ],
    ['create role r; create schema s; grant usage on schema s to r', 'drop schema s', 'drop role r'],
    [
      'create role r; create table posts (a serial); grant usage on sequence posts_a_seq to r',
      'drop table posts',
      'drop role r',
    ],
  ]),
  'something rests on an extension': named([
    [citext, 'drop table posts', 'drop extension citext'],
    [citext, 'alter table posts drop column a', 'drop extension citext'],
    [citext, 'alter table posts drop column b', 'drop table posts; drop extension citext'],
    [citext, 'alter table posts alter a type text', 'drop extension citext'],
    [citext, 'drop table posts', 'drop extension citext cascade'],
    [`${citext}; alter table posts rename to users`, 'drop table users', 'drop extension citext'],
    [
      "create extension citext; create view v as select 'a'::citext as a",
      'drop view v',
      'drop extension citext',
    ],
    [
      "create extension citext; create function f(citext) returns int language sql as 'select 1'",
      'drop function f(citext)',
      'drop extension citext',
    ],
    [
      'create extension pg_trgm; create table posts (a text); create index i on posts using gin (a gin_trgm_ops)',
      'drop index i',
      'drop extension pg_trgm',
    ],
    [gist, 'alter table posts drop constraint ex', 'drop extension btree_gist'],
    [gist, 'drop table posts', 'drop extension btree_gist'],
    ['create extension unaccent; create table posts (a text)', 'drop table posts', 'drop extension unaccent'],
  ]),
  'something rests on a row type': named([
    [
      "create table posts (a int); create function f(posts) returns int language sql as 'select 1'",
      'drop function f(posts)',
      'drop table posts',
    ],
    [
      "create table posts (a int); create function f() returns setof posts language sql as 'select * from posts'",
      'drop function f()',
      'drop table posts',
    ],
    [
      'create table posts (a int); create table users (x posts, y int)',
      'alter table users drop column x',
      'drop table posts',
    ],
    [
      'create table posts (a int); create table users (x posts, y int)',
      'drop table users',
      'drop table posts',
    ],
    [
      'create table posts (a int); create table users (x posts, y int)',
      'alter table users drop column y',
      'drop table posts cascade',
    ],
  ]),
  'bodies of functions rest on nothing': named([
    [reading, 'drop function f()', 'drop table posts'],
    [reading, 'drop function f()', 'alter table posts drop column b'],
    [reading, "create or replace function f() returns int language sql as 'select 1'", 'drop table posts'],
    [`${reading}; create view v as select f()`, 'drop view v', 'drop table posts'],
    [
      "create function g() returns int language sql as 'select 1'; create function f() returns int language sql as 'select g()'",
      'drop function f()',
      'drop function g()',
    ],
    [
      "create type e as enum ('a'); create function f() returns text language sql as 'select ''a''::e::text'",
      'drop function f()',
      'drop type e',
    ],
  ]),
};
