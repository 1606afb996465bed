/** Pairs of migrations around functions and privileges. */

import type { Pair } from './pairs.js';

/** By what decides. */
export const pairsOfRoutines: Readonly<Record<string, readonly Pair[]>> = {
  'several functions of one name': [
    [
      'drop function args vs overload',
      "create function f(int) returns int language sql as 'select 2'",
      "create function f(text) returns int language sql as 'select 3'",
      'drop function f(int)',
    ],
    [
      'drop function unqualified vs overload',
      "create function f(int) returns int language sql as 'select 2'",
      "create function f(text) returns int language sql as 'select 3'",
      'drop function f',
    ],
    [
      'drop function vs call other overload',
      "create function f(int) returns int language sql as 'select 2'; create function f(text) returns int language sql as 'select 2'; create table u(x int)",
      'drop function f(int)',
      "insert into u select f('x'::text)",
    ],
    [
      'drop procedure overload vs call',
      "create procedure p(int) language sql as 'select 1'; create procedure p(text) language sql as 'select 1'",
      'drop procedure p(int)',
      "call p('x'::text)",
    ],
    [
      'drop function only one vs call',
      "create function f(int) returns int language sql as 'select 2'",
      'drop function f(int)',
      'create view v as select f(1)',
    ],
    [
      'overloads',
      '',
      "create function f(int) returns int language sql as 'select 2'",
      "create function f(text) returns int language sql as 'select 3'",
    ],
  ],
  'privileges of what will be created': [
    [
      'grant all functions vs new procedure',
      'create role reader',
      'grant execute on all functions in schema public to reader',
      "create procedure n() language sql as 'select 1'",
    ],
    [
      'grant all routines vs new procedure',
      'create role reader',
      'grant execute on all routines in schema public to reader',
      "create procedure n() language sql as 'select 1'",
    ],
    [
      'grant all procedures vs procedure',
      'create role reader',
      'grant execute on all procedures in schema public to reader',
      "create procedure n() language sql as 'select 1'",
    ],
    [
      'grant all procedures vs function',
      'create role reader',
      'grant execute on all procedures in schema public to reader',
      "create function n() returns int language sql as 'select 1'",
    ],
    [
      'default privileges for other role vs table',
      'create role reader; create role writer',
      'alter default privileges for role writer in schema public grant select on tables to reader',
      'create table n(a int)',
    ],
    [
      'default privileges functions vs procedure',
      'create role reader',
      'alter default privileges grant execute on functions to reader',
      "create procedure n() language sql as 'select 1'",
    ],
    [
      'default privileges vs table',
      'create role reader',
      'alter default privileges in schema public grant select on tables to reader',
      'create table n(a int)',
    ],
    [
      'default privileges other schema vs table',
      'create role reader; create schema s',
      'alter default privileges in schema s grant select on tables to reader',
      'create table n(a int)',
    ],
    [
      'revoke on all vs table',
      'create role reader',
      'revoke all on all tables in schema public from reader',
      'create table n(a int)',
    ],
    [
      'revoke on all vs table that is granted',
      'create role reader',
      'revoke all on all tables in schema public from reader',
      'create table n(a int); grant select on n to reader',
    ],
    [
      'revoke on all vs table that another gets',
      'create role reader; create role writer',
      'revoke all on all tables in schema public from reader',
      'create table n(a int); grant select on n to writer',
    ],
    [
      'revoke on all vs table after default privileges',
      'create role reader; alter default privileges grant select on tables to reader',
      'revoke all on all tables in schema public from reader',
      'create table n(a int)',
    ],
    [
      'revoke on all functions from public vs function',
      'create role reader',
      'revoke execute on all functions in schema public from public',
      "create function n() returns int language sql as 'select 1'",
    ],
    [
      'revoke on all functions vs function',
      'create role reader',
      'revoke execute on all functions in schema public from reader',
      "create function n() returns int language sql as 'select 1'",
    ],
    [
      'revoke on all from current_user vs table',
      'create role reader',
      'revoke delete on all tables in schema public from current_user',
      'create table n(a int)',
    ],
    [
      'revoke on all vs grant on a table',
      'create role reader; create table n(a int)',
      'revoke all on all tables in schema public from reader',
      'grant select on n to reader',
    ],
    [
      'grant on all vs grant with option',
      'create role reader; create table n(a int)',
      'grant select on all tables in schema public to reader with grant option',
      'grant select on n to reader',
    ],
    [
      'revoke on all vs move of a granted table',
      'create role reader; create schema s; create table s.n(a int); grant select on s.n to reader',
      'revoke all on all tables in schema public from reader',
      'alter table s.n set schema public',
    ],
    [
      'grant on all and by default vs table',
      'create role reader',
      'grant select on all tables in schema public to reader; alter default privileges grant select on tables to reader',
      'create table n(a int)',
    ],
    [
      'grant on all and by default in schema vs view',
      'create role reader',
      'alter default privileges in schema public grant select on tables to reader; grant select on all tables in schema public to reader; ',
      'create view n as select 1 as a',
    ],
    [
      'grant on all and more by default vs table',
      'create role reader',
      'grant select on all tables in schema public to reader; alter default privileges grant select, insert on tables to reader',
      'create table n(a int)',
    ],
    [
      'grant on all and by default with grant option vs table',
      'create role reader',
      'grant select on all tables in schema public to reader; alter default privileges grant select on tables to reader with grant option',
      'create table n(a int)',
    ],
    [
      'grant on all of other schema and by default vs table',
      'create role reader; create schema s',
      'grant select on all tables in schema s to reader; alter default privileges grant select on tables to reader',
      'create table n(a int)',
    ],
    [
      'grant on all and by default vs move',
      'create role reader; create schema s; create table s.n(a int)',
      'grant select on all tables in schema public to reader; alter default privileges grant select on tables to reader',
      'alter table s.n set schema public',
    ],
    [
      'grant on all sequences and by default vs serial',
      'create role reader',
      'grant select on all sequences in schema public to reader; alter default privileges grant select on sequences to reader',
      'create table n(a serial)',
    ],
    [
      'revoke on all and by default vs function',
      'create role reader',
      'revoke execute on all functions in schema public from public; alter default privileges revoke execute on functions from public',
      "create function n() returns int language sql as 'select 1'",
    ],
    [
      'revoke on all functions and by default vs procedure',
      'create role reader',
      'revoke execute on all functions in schema public from public; alter default privileges revoke execute on functions from public',
      "create procedure n() language sql as 'select 1'",
    ],
    [
      'revoke on all and by default in schema vs function',
      'create role reader',
      'revoke execute on all functions in schema public from public; alter default privileges in schema public revoke execute on functions from public',
      "create function n() returns int language sql as 'select 1'",
    ],
  ],
};
