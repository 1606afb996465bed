/** Pairs of migrations around keys, and what refers to them. */

import { named, type Pair } from './pairs.js';

const ends = 'create table p(id int primary key); create table c(id int, pid int references p)';
const partitioned =
  'create table m(id int) partition by range (id); create table m1 partition of m for values from (0) to (9)';

/** By what decides. */
export const pairsOfReferences: Readonly<Record<string, readonly Pair[]>> = {
  'what a key or a foreign key rests on': [
    [
      'fk vs drop other constraint',
      'create table p(id int primary key, x int constraint px check (x>0)); create table c(pid int)',
      'alter table c add foreign key (pid) references p',
      'alter table p drop constraint px',
    ],
    [
      'fk vs rename parent column',
      'create table p(id int primary key); create table c(pid int)',
      'alter table c add foreign key (pid) references p',
      'alter table p rename id to pid',
    ],
    [
      'fk vs rename parent column named',
      'create table p(id int primary key); create table c(pid int)',
      'alter table c add foreign key (pid) references p(id)',
      'alter table p rename id to pid',
    ],
    [
      'drop check vs on conflict',
      'create table t(a int unique, constraint u check(a>0)); ',
      'alter table t drop constraint u',
      'insert into t values (1) on conflict (a) do nothing',
    ],
    [
      'drop exclude constraint vs on conflict',
      'create table t(a int, constraint u unique(a)); ',
      'alter table t drop constraint u',
      'insert into t values (1) on conflict (a) do nothing',
    ],
    [
      'drop fk vs fk other',
      'create table p(id int primary key); create table t(a int unique, b int constraint k references p); create table c(x int)',
      'alter table t drop constraint k',
      'alter table c add foreign key (x) references t(a)',
    ],
    [
      'fk two-col vs drop unique',
      'create table p(a int, b int, constraint u unique(a,b)); create table c(a int, b int)',
      'alter table c add foreign key (a,b) references p(a,b)',
      'alter table p drop constraint u',
    ],
    [
      'fk vs create pk',
      'create table p(id int not null); create table c(pid int)',
      'alter table c add foreign key (pid) references p',
      'alter table p add primary key (id)',
    ],
  ],
  'drops of both ends': [
    ['a table and the one that refers to it', ends, 'drop table p', 'drop table c'],
    ['the same, with cascade', ends, 'drop table p cascade', 'drop table c'],
    ['the same, if it is there', ends, 'drop table p', 'drop table if exists c'],
    ['a table and the column that refers to it', ends, 'drop table p', 'alter table c drop column pid'],
    [
      'a table and a view of it',
      `${ends}; create view v as select id from p`,
      'drop table p cascade',
      'drop view v',
    ],
    ['a table and its partition', partitioned, 'drop table m', 'drop table m1'],
    [
      'a table and its child',
      'create table p(id int); create table c() inherits (p)',
      'drop table p cascade',
      'drop table c',
    ],
  ],
  'a constraint that no migration creates, and whoever rests on a key': [
    [
      'a foreign key',
      'create table p(id int primary key, x int unique)',
      'create table c(pid int references p(id))',
      'alter table p drop constraint if exists elsewhere',
    ],
    [
      'a foreign key, and an index has the name',
      'create table p(id int primary key, x int); create unique index part on p (x) where x > 0',
      'create table c(pid int references p)',
      'alter table p drop constraint if exists part',
    ],
    [
      'on conflict',
      'create table p(id int primary key, x int)',
      'insert into p values (1, 1) on conflict (id) do nothing',
      'alter table p drop constraint if exists elsewhere',
    ],
    [
      'grouping by a key',
      'create table p(id int primary key, x int)',
      'create view v as select id, x from p group by id',
      'alter table p drop constraint if exists elsewhere',
    ],
  ],
  'emptied tables that are referred to': [
    [
      'truncate parent vs new fk',
      'create table p(id int primary key); create table c(pid int)',
      'truncate p',
      'alter table c add foreign key (pid) references p',
    ],
    [
      'truncate both vs new fk',
      'create table p(id int primary key); create table c(pid int)',
      'truncate p, c',
      'alter table c add foreign key (pid) references p',
    ],
    [
      'truncate vs new table with fk',
      'create table p(id int primary key)',
      'truncate p',
      'create table c(pid int references p)',
    ],
    [
      'truncate vs drop fk',
      'create table p(id int primary key); create table c(pid int references p)',
      'truncate p',
      'alter table c drop constraint c_pid_fkey',
    ],
    [
      'drop table vs truncate cascade',
      'create table p(id int primary key); create table c(pid int references p)',
      'truncate p cascade',
      'drop table c',
    ],
  ],
  'triggers as a whole': [
    [
      'disable trigger all vs fk',
      'create table t(id int primary key); create table c(x int)',
      'alter table t disable trigger all',
      'alter table c add foreign key (x) references t',
    ],
    [
      'disable trigger all vs own fk',
      'create table t(id int primary key); create table c(x int)',
      'alter table c disable trigger all',
      'alter table c add foreign key (x) references t',
    ],
    [
      'disable trigger user vs fk',
      'create table t(id int primary key); create table c(x int)',
      'alter table c disable trigger user',
      'alter table c add foreign key (x) references t',
    ],
    [
      'disable trigger user vs create trigger',
      'create table t(id int); create function f() returns trigger language plpgsql as $$ begin return null; end $$;',
      'alter table t disable trigger user',
      'create trigger g after insert on t for each row execute function f()',
    ],
  ],
  'columns of an index that is taken for something': [
    [
      'replica identity vs drop not null',
      'create table t (a int not null, b int); create unique index i on t (a) include (b)',
      'alter table t replica identity using index i',
      'alter table t alter a drop not null',
    ],
    [
      'replica identity vs set not null',
      'create table t (a int); create unique index i on t (a)',
      'alter table t replica identity using index i',
      'alter table t alter a set not null',
    ],
    [
      'replica identity vs not null of another column',
      'create table t (a int not null, b int); create unique index i on t (a) include (b); alter table t alter b set not null',
      'alter table t replica identity using index i',
      'alter table t alter b drop not null',
    ],
    [
      'replica identity vs drop index',
      'create table t (a int not null, b int); create unique index i on t (a) include (b)',
      'alter table t replica identity using index i',
      'drop index i',
    ],
    [
      "replica identity vs index's rename",
      'create table t (a int not null, b int); create unique index i on t (a) include (b)',
      'alter table t replica identity using index i',
      'alter index i rename to j',
    ],
    [
      "replica identity by a key's index vs drop column",
      'create table t (a int primary key)',
      'alter table t replica identity using index t_pkey',
      'alter table t drop column a',
    ],
    [
      'primary key vs drop not null',
      'create table t (a int not null); create unique index i on t (a)',
      'alter table t add primary key using index i',
      'alter table t alter a drop not null',
    ],
    [
      'primary key vs set not null',
      'create table t (a int); create unique index i on t (a)',
      'alter table t add primary key using index i',
      'alter table t alter a set not null',
    ],
    [
      'end of a primary key vs drop not null',
      'create table t (a int primary key)',
      'alter table t drop constraint t_pkey',
      'alter table t alter a drop not null',
    ],
    [
      'end of a unique constraint vs drop not null',
      'create table t (a int not null unique)',
      'alter table t drop constraint t_a_key',
      'alter table t alter a drop not null',
    ],
  ],
  'a primary key that takes the place of another': named([
    [
      '',
      'create table t (a int primary key, b int)',
      'alter table t drop constraint t_pkey; alter table t add constraint t_pkey primary key (a, b)',
    ],
    [
      '',
      'create table t (a int primary key, b int)',
      'alter table t drop constraint t_pkey, add constraint other primary key (b)',
    ],
    ['', 'create table t (a int primary key, b int)', 'alter table t drop column a, add primary key (b)'],
    [
      '',
      'create table t (a int, b int, primary key (a, b))',
      'alter table t drop column b; alter table t add column b text; alter table t add primary key (b)',
    ],
    [
      'create table t (a int, b int)',
      'alter table t add primary key (a)',
      'alter table t drop constraint if exists t_pkey; alter table t add primary key (b)',
    ],
    [
      'create table t (a int, b int)',
      'alter table t drop constraint if exists t_pkey; alter table t add primary key (a)',
      'alter table t drop constraint if exists t_pkey; alter table t add primary key (b)',
    ],
    [
      'create table t (a int, b int)',
      'alter table t add primary key (a)',
      'alter table t add constraint other primary key (b)',
    ],
    [
      'create table t (a int, b int)',
      'alter table t add primary key (a)',
      'alter table t drop column a; alter table t add primary key (b)',
    ],
  ]),
};
