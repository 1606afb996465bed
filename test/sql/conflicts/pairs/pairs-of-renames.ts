/** Pairs of migrations of which one renames what the other finds by another name, or does not name. */

import { named, type Pair } from './pairs.js';

export const pairsOfRenames: Readonly<Record<string, readonly Pair[]>> = {
  'names that PostgreSQL has made': named([
    [
      'create table t (a int primary key); alter table t rename to u',
      'alter table u drop constraint t_pkey',
      'create table v (a int references u)',
    ],
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
    ['create table t (a int unique)', 'alter table t rename to u', 'alter index t_a_key rename to y'],
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
      'create table t (a int primary key, b int unique); create table u (like t including all)',
      'alter table u drop constraint u_pkey',
      'create table v (a int references u)',
    ],
    [
      'create table t (a int primary key, b int unique); create table u (like t including all)',
      'alter table u drop constraint u_b_key',
      'alter index u_b_key rename to k',
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
      'create table t (a int primary key, b int unique); create table u (like t including all)',
      'alter table u drop constraint u_b_key',
      'insert into u values (1, 2) on conflict (b) do nothing',
    ],
    [
      'create table t (a int primary key, b int unique)',
      'create table u (like t including all)',
      'create table u_pkey (a int)',
    ],
    [
      'create table t (a int primary key, b int unique); create table u (like t including all)',
      'alter table u drop column b',
      'alter index u_b_key rename to k',
    ],
    [
      'create table t (a int generated always as identity); create table u (like t including identity)',
      'alter sequence u_a_seq restart 5',
      'alter table u alter a drop identity',
    ],
    [
      'create table t (a int primary key); create table u (like t including all)',
      'alter table t rename to w',
      'alter index u_pkey rename to k',
    ],
    [
      'create table t (a int primary key, b int unique, c text default $$x$$ check (c <> $$$$)); create table u (like t including all)',
      'alter table u drop column b',
      'insert into u (a, b) values (1, 2)',
    ],
    [
      'create table t (a int primary key, b int unique, c text default $$x$$ check (c <> $$$$)); create table u (like t including all)',
      'alter table u add d int',
      'insert into u values (1, 2, $$y$$)',
    ],
    [
      'create table t (a int primary key, b int unique, c text default $$x$$ check (c <> $$$$)); create table u (like t including all)',
      'alter table u rename column b to z',
      'create index on u (b)',
    ],
    [
      'create table t (a int primary key, b int unique, c text default $$x$$ check (c <> $$$$)); create table u (like t including all)',
      'alter table u alter c drop default',
      'alter table u alter c set default $$z$$',
    ],
    [
      'create table t (a int primary key, b int unique, c text default $$x$$ check (c <> $$$$)); create table u (like t including all)',
      'alter table u alter a drop not null',
      'alter table u drop constraint u_pkey',
    ],
    [
      'create table t (a int primary key, b int unique, c text default $$x$$ check (c <> $$$$)); create table u (like t including all)',
      'alter table t drop column b',
      'alter table u drop column b',
    ],
    [
      'create table t (a int primary key, b int unique, c text default $$x$$ check (c <> $$$$)); create table u (like t including all)',
      'drop table t',
      'alter table u drop constraint u_b_key',
    ],
    [
      'create table t (a int primary key, b int unique, c text default $$x$$ check (c <> $$$$)); create table u (like t including all)',
      'drop table u',
      'alter index u_b_key rename to k',
    ],
    [
      'create table t (a int primary key, b int unique, c text default $$x$$ check (c <> $$$$)); create table u (like t including all)',
      'alter table u drop constraint t_c_check',
      'alter table u drop column c',
    ],
    [
      'create table t (a int primary key, b int unique, c text default $$x$$ check (c <> $$$$)); create table u (like t including all)',
      'alter table u drop constraint t_c_check',
      'insert into u values (3, 4, $$x$$)',
    ],
    [
      'create table t (a int primary key, b int unique, c text default $$x$$ check (c <> $$$$)); create table u (like t including all)',
      'alter table u rename to w',
      'alter table u drop constraint u_b_key',
    ],
    [
      'create table t (a int primary key, b int unique, c text default $$x$$ check (c <> $$$$)); create table u (like t including all)',
      'alter table u add constraint k unique (c)',
      'create table v (c text references u (c))',
    ],
    [
      "create type e as enum ('a'); create table t (x e); create table u (like t)",
      "alter type e add value 'b'",
      "insert into u values ('a')",
    ],
    [
      "create type e as enum ('a'); create table t (x e); create table u (like t)",
      "alter type e rename value 'a' to 'z'",
      "insert into u values ('a')",
    ],
    [
      "create type e as enum ('a'); create table t (x e); create table u (like t)",
      'drop type e cascade',
      'alter table u drop column x',
    ],
    [
      "create type e as enum ('a'); create table t (x e); create table u (like t)",
      'alter table u drop column x; alter table t drop column x',
      'drop type e',
    ],
    [
      'create table t (a serial); create table u (like t including defaults)',
      'alter table u rename to w',
      'drop sequence t_a_seq cascade',
    ],
    [
      'create table t (a int, b int); create index i on t (b); create table u (like t)',
      'drop index i',
      'create index u_b_idx on u (b)',
    ],
    [
      'create table t (a int primary key); create table u (like t including all); create table v (like u including all)',
      'alter table v drop constraint v_pkey',
      'create table w (a int references v)',
    ],
    [
      'create table t (a int primary key); create table u (like t including all)',
      'alter table u drop constraint u_pkey',
      'insert into u values (1) on conflict do nothing',
    ],
    [
      'create table t (a int primary key); create table if not exists u (like t including all)',
      'alter table u add primary key (a)',
      'alter table u drop constraint u_pkey',
    ],
    [
      'create table u (a int); create table t (a int primary key, z int); create table if not exists u (like t including all)',
      'alter table u add z int',
      'alter table u drop column if exists z',
    ],
    [
      'create table t (a int) partition by list (a); create table o (like t including all)',
      'alter table t attach partition o for values in (1)',
      'alter table o add b int',
    ],
    [
      'create table t (a int primary key) partition by list (a); create table o (like t including all)',
      'alter table t attach partition o for values in (1)',
      'alter table o drop constraint o_pkey',
    ],
    [
      'create table t (a int, b int) partition by list (a); create index i on t (b); create table o (like t including all)',
      'alter table t attach partition o for values in (1)',
      'drop index o_b_idx',
    ],
    [
      'create table t (a int, b int) partition by list (a); create index i on t (b); create table o (like t including all)',
      'alter table t attach partition o for values in (1)',
      'create index k on o (b)',
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
