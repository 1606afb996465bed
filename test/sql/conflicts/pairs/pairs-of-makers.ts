/** Pairs of migrations of which one makes what the other takes away, replaces or renames, and no common ancestor has made it. */

import type { Pair } from './pairs.js';

const makesFunction = (value: number) => `create function f() returns int language sql as 'select ${value}'`;
const trigger =
  "create function g() returns trigger language plpgsql as 'begin return new; end'; create table t (a int)";

/** By what the second does. */
export const pairsOfMakers: Readonly<Record<string, readonly Pair[]>> = {
  'renames what the other makes': [
    ['a table', '', 'create table x (id int)', 'alter table x rename to y'],
    ['a table, if it is there', '', 'create table x (id int)', 'alter table if exists x rename to y'],
    ['a column', 'create table x (id int)', 'alter table x add c int', 'alter table x rename c to d'],
    ['an index', 'create table x (id int)', 'create index i on x (id)', 'alter index i rename to j'],
    ['a type', '', "create type e as enum ('a')", 'alter type e rename to e_old'],
    [
      'a value',
      "create type e as enum ('a')",
      "alter type e add value 'b'",
      "alter type e rename value 'b' to 'c'",
    ],
    ['a schema', '', 'create schema s', 'alter schema s rename to s_old'],
    [
      'a table, and the common ancestor has made another',
      'create table x (id int)',
      'alter table x rename to y',
      'create table x (id int, b int)',
    ],
    [
      'a table into another schema',
      'create schema s',
      'create table x (id int)',
      'alter table x set schema s',
    ],
  ],
  'drops what the other makes': [
    ['a view', '', 'create view x as select 1 as a', 'drop view x'],
    ['a view, if it is there', '', 'create view x as select 1 as a', 'drop view if exists x'],
    [
      'a constraint',
      'create table x (a int)',
      'alter table x add constraint c check (a > 0)',
      'alter table x drop constraint c',
    ],
  ],
  'replaces what the other makes': [
    ['a view by a table', '', 'create view x as select 1 as a', 'drop view x; create table x (id int)'],
    ['a view', '', 'create view x as select 1 as a', 'drop view x; create view x as select 2 as a'],
    [
      'a view, if it is there',
      '',
      'create view x as select 1 as a',
      'drop view if exists x; create view x as select 2 as a',
    ],
    [
      'a constraint',
      'create table x (a int)',
      'alter table x add constraint c check (a > 0)',
      'alter table x drop constraint c, add constraint c check (a > 1)',
    ],
    [
      'a column',
      'create table x (a int)',
      'alter table x add c int',
      'alter table x drop c; alter table x add c text',
    ],
    [
      'a type, as Prisma does it',
      '',
      "create type e as enum ('a', 'b')",
      "create type e_new as enum ('a'); alter type e rename to e_old; alter type e_new rename to e; drop type e_old",
    ],
    [
      'a table',
      '',
      'create table x (id int)',
      'create table x_new (id text); drop table x; alter table x_new rename to x',
    ],
    ['a function', '', makesFunction(1), `drop function f(); ${makesFunction(2)}`],
    [
      'a function that may be replaced',
      '',
      makesFunction(1).replace('function', 'or replace function'),
      `drop function if exists f(); ${makesFunction(2)}`,
    ],
    [
      'a trigger, if it is there',
      trigger,
      'create trigger x before insert on t for each row execute function g()',
      'drop trigger if exists x on t; create trigger x before update on t for each row execute function g()',
    ],
    [
      'an overload of it',
      "create function f(int) returns int language sql as 'select 1'",
      "create function f(text) returns int language sql as 'select 1'",
      "drop function f(int); create function f(int) returns int language sql as 'select 2'",
    ],
  ],
  'makes it anew, as the other does': [
    [
      'a function',
      '',
      `drop function if exists f(); ${makesFunction(1)}`,
      `drop function if exists f(); ${makesFunction(2)}`,
    ],
    [
      'a table',
      '',
      'drop table if exists x; create table x (a int)',
      'drop table if exists x; create table x (b int)',
    ],
    [
      'a trigger, and one does not look',
      trigger,
      'drop trigger if exists x on t; create trigger x before insert on t for each row execute function g()',
      'create trigger x before update on t for each row execute function g()',
    ],
    ...[
      'insert into x (b) values (1)',
      'create index i on x (b)',
      'create view v as select b from x',
      'alter table x add column if not exists c int',
      "comment on table x is 'b'",
      'grant select on x to public',
      'create table y (b int references x (b))',
    ].map(
      (more): Pair => [
        `a table, where the other leaves it, and ${more}`,
        '',
        'drop table if exists x; create table x (a int)',
        `create table if not exists x (b int unique); ${more}`,
      ],
    ),
    [
      'a table with a column and a key of equal names, and one does not look',
      '',
      'create table x (a int primary key)',
      'drop table if exists x; create table x (a text primary key)',
    ],
    [
      'a composite type, and one does not look',
      '',
      'create type x as (a int)',
      'drop type if exists x; create type x as (a text)',
    ],
    [
      'a table with columns and keys of equal names, where the other leaves it',
      '',
      'drop table if exists x; create table x (a text primary key, b int not null, c int unique)',
      'create table if not exists x (a int primary key, b int not null, c int unique)',
    ],
    [
      'a table that both leave, and a column',
      '',
      'create table if not exists x (a int); alter table x add c int',
      'create table if not exists x (a int); alter table x add c text',
    ],
    [
      'a table, where the other leaves it',
      '',
      'drop table if exists x; create table x (a int)',
      'create table if not exists x (b int unique)',
    ],
    [
      'a schema, where the other leaves it, and fills it',
      '',
      'drop schema if exists s; create schema s',
      'create schema if not exists s; create table s.t (a int)',
    ],
    [
      'an index, where the other leaves it',
      'create table t (a int, b int)',
      'drop index if exists i; create index i on t (a)',
      'create index if not exists i on t (b)',
    ],
  ],
  'drops what the other renames': [
    ['a table', 'create table x (id int)', 'alter table x rename to y', 'drop table x'],
    [
      'a table, if it is there',
      'create table x (id int)',
      'alter table x rename to y',
      'drop table if exists x',
    ],
    [
      'a table that is renamed if it is there',
      'create table x (id int)',
      'alter table if exists x rename to y',
      'drop table x',
    ],
    [
      'a table, and both look',
      'create table x (id int)',
      'alter table if exists x rename to y',
      'drop table if exists x',
    ],
    ['a column', 'create table x (a int, b int)', 'alter table x rename a to c', 'alter table x drop a'],
    [
      'a column, if it is there',
      'create table x (a int, b int)',
      'alter table x rename a to c',
      'alter table x drop if exists a',
    ],
    [
      'a column with its table',
      'create table x (a int, b int)',
      'alter table x rename a to c',
      'drop table x',
    ],
    ['a function', makesFunction(1), 'alter function f() rename to h', 'drop function f()'],
  ],
  'drops what uses it': [
    [
      'a table with a function in a default',
      'create table t (a int)',
      "create function f() returns int language sql as 'select 1'",
      'drop table if exists t',
    ],
  ],
};
