/** Pairs of migrations of which one renames what the other finds by another name, or does not name. */

import { named, type Pair } from './pairs.js';

export const pairsOfRenames: Readonly<Record<string, readonly Pair[]>> = {
  'names that PostgreSQL has made': named([
    [
      'create table t (a int primary key); alter table t rename to u',
      'alter table u drop constraint t_pkey',
      'insert into u values (1) on conflict on constraint t_pkey do nothing',
    ],
    [
      'create table t (a int unique); alter table t rename to u',
      'alter index t_a_key rename to k',
      'alter table u drop constraint t_a_key',
    ],
    [
      'create schema s; create table t (a int primary key); alter table t set schema s',
      'alter table s.t drop constraint t_pkey',
      'alter index s.t_pkey rename to k',
    ],
    [
      'create schema s; create table t (a int primary key); alter table t set schema s',
      'alter index s.t_pkey rename to k',
      'alter table s.t cluster on t_pkey',
    ],
    [
      'create table t (a int primary key); alter index t_pkey rename to k',
      'alter table t drop constraint k',
      'alter table t replica identity using index k',
    ],
    [
      'create table t (a int unique); alter index t_a_key rename to k',
      'alter table t rename constraint k to z',
      'alter index k rename to y',
    ],
    ['create table t (a int unique)', 'alter index t_a_key rename to y', 'cluster t using t_a_key'],
    [
      'create table t (a int unique)',
      'alter index t_a_key rename to y',
      "comment on constraint t_a_key on t is 'x'",
    ],
    [
      'create table t (a int unique)',
      'alter table t rename constraint t_a_key to y',
      "comment on index t_a_key is 'x'",
    ],
    [
      'create table t (a int, b int); create index i on t (b); create table u (like t including indexes)',
      'drop index u_b_idx',
      'alter index u_b_idx rename to k',
    ],
    [
      'create table t (a int check (a > 0)); create table u (like t including constraints)',
      'alter table u drop constraint t_a_check',
      'alter table u rename constraint t_a_check to k',
    ],
    [
      'create table t (a int primary key, b int unique)',
      'create table u (like t including all)',
      'create table u_pkey (a int)',
    ],
    [
      'create table t (a int primary key); create table u (like t including all)',
      'alter table t rename to w',
      'alter index u_pkey rename to k',
    ],
  ]),
  'renames of tables that refer to others': named([
    [
      'create table p (a int primary key); create table c (a int references p)',
      'delete from p',
      'alter table c rename to d',
    ],
    [
      'create table p (a int primary key); create table c (a int references p on delete cascade)',
      'delete from p',
      'alter table c rename to d',
    ],
    [
      'create table p (a int primary key); create table c (a int references p on update cascade)',
      'update p set a = a + 1',
      'alter table c rename to d',
    ],
    [
      'create schema s; create table p (a int primary key); create table c (a int references p)',
      'delete from p',
      'alter table c set schema s',
    ],
    [
      'create table p (a int primary key); create table c (a int references p)',
      'delete from p',
      'alter table c rename a to b',
    ],
    [
      'create table p (a int primary key); create table c (a int references p)',
      'truncate p cascade',
      'alter table c rename to d',
    ],
    [
      'create table p (a int primary key); create table c (a int references p)',
      'insert into c values (null)',
      'alter table p rename to d',
    ],
    [
      'create table p (a int primary key); create table c (a int references p)',
      'drop table p cascade',
      'alter table c rename to d',
    ],
    [
      'create table p (a int primary key); create table c (a int primary key references p on delete cascade); create table e (a int references c)',
      'delete from p',
      'alter table e rename to d',
    ],
    [
      'create table p (a int primary key); create table c (a int references p)',
      'delete from p',
      'drop table c',
    ],
  ]),
  'renames of what uses a dropped sequence or function': named([
    ['create table t (a serial)', 'drop sequence t_a_seq cascade', 'alter table t rename to u'],
    [
      'create table t (a serial)',
      'alter table t alter a drop default; drop sequence t_a_seq',
      'alter table t rename to u',
    ],
    ['create table t (a serial)', 'drop sequence t_a_seq cascade', 'alter table t rename a to b'],
    [
      'create table t (a int); create sequence s owned by t.a',
      'drop sequence s',
      'alter table t rename to u',
    ],
    [
      "create sequence s; create table t (a int default nextval('s'))",
      'drop sequence s cascade',
      'alter table t rename to u',
    ],
    [
      "create function f() returns int language sql as 'select 1'; create table t (a int default f())",
      'drop function f cascade',
      'alter table t rename to u',
    ],
    ['create table t (a serial, b int)', 'alter table t drop column a', 'alter table t rename to u'],
    [
      "create type e as enum ('a'); create table t (a e, b int)",
      'drop type e cascade',
      'alter table t rename to u',
    ],
    ['create table t (a serial)', 'alter sequence t_a_seq rename to s', 'alter table t rename to u'],
  ]),
};
