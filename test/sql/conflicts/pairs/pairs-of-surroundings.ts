/** Pairs about publications, foreign servers, and what else surrounds tables. */

import type { Pair } from './pairs.js';

const bare = 'create table t (a int, b int)';

export const pairsOfSurroundings: Readonly<Record<string, readonly Pair[]>> = {
  'publications and changes of rows': [
    ['publication vs update', bare, 'create publication p for table t', 'update t set a = 1'],
    ['publication vs delete', bare, 'create publication p for table t', 'delete from t'],
    ['publication vs insert', bare, 'create publication p for table t', 'insert into t values (1)'],
    [
      'publication of inserts vs update',
      bare,
      "create publication p for table t with (publish = 'insert')",
      'update t set a = 1',
    ],
    [
      'publication of updates vs delete',
      bare,
      "create publication p for table t with (publish = 'insert, update')",
      'delete from t',
    ],
    [
      'publication vs update with a primary key',
      'create table t (a int primary key, b int)',
      'create publication p for table t',
      'update t set b = 1',
    ],
    [
      'publication vs update with a replica identity',
      `${bare}; alter table t replica identity full`,
      'create publication p for table t',
      'update t set b = 1',
    ],
    [
      'publication of all tables vs update',
      bare,
      'create publication p for all tables',
      'update t set b = 1',
    ],
    [
      'publication of a schema vs update',
      'create schema s; create table s.t (a int)',
      'create publication p for tables in schema s',
      'update s.t set a = 1',
    ],
    [
      'publication of a schema vs update elsewhere',
      `create schema s; ${bare}`,
      'create publication p for tables in schema s',
      'update t set a = 1',
    ],
    [
      'added to a publication vs update',
      `${bare}; create publication p`,
      'alter publication p add table t',
      'update t set a = 1',
    ],
    [
      'added to a publication of inserts vs update',
      `${bare}; create publication p with (publish = 'insert')`,
      'alter publication p add table t',
      'update t set a = 1',
    ],
    [
      'publication of another table vs update',
      `${bare}; create table u (a int)`,
      'create publication p for table u',
      'update t set a = 1',
    ],
    [
      'publication vs merge',
      bare,
      'create publication p for table t',
      'merge into t using (values (1)) s (n) on t.a = s.n when matched then delete',
    ],
    [
      'publication of a partitioned table without partitions vs update',
      'create table t (a int) partition by list (a)',
      'create publication p for table t',
      'update t set a = 1',
    ],
  ],
  'publications that lose a table': [
    [
      'drop of a table vs drop of its publication',
      `${bare}; create publication p for table t`,
      'drop table t cascade',
      'drop publication p',
    ],
    [
      'drop of a table vs name of its publication',
      `${bare}; create publication p for table t`,
      'drop table t cascade',
      'alter publication p rename to q',
    ],
    [
      'drop of a table vs its removal from a publication',
      `${bare}; create publication p for table t`,
      'drop table t cascade',
      'alter publication p drop table t',
    ],
  ],
  'foreign servers': [
    [
      'drop of a wrapper vs grant on its server',
      'create role reader; create foreign data wrapper w; create server s foreign data wrapper w',
      'drop foreign data wrapper w cascade',
      'grant usage on foreign server s to reader',
    ],
    [
      'drop of a wrapper vs change of a foreign table',
      'create foreign data wrapper w; create server s foreign data wrapper w; create foreign table f (a int) server s',
      'drop foreign data wrapper w cascade',
      'alter foreign table f add b int',
    ],
    [
      'drop of a server vs drop of a user mapping',
      'create foreign data wrapper w; create server s foreign data wrapper w; create user mapping for public server s',
      'drop server s cascade',
      'drop user mapping for public server s',
    ],
  ],
  'privileges of types and moved tables': [
    [
      'default privileges of types vs table',
      'create role reader',
      'alter default privileges grant usage on types to reader',
      'create table t (a int)',
    ],
    [
      'default privileges of types vs composite type',
      'create role reader',
      'alter default privileges grant usage on types to reader',
      'create type c as (a int)',
    ],
    [
      'default privileges of types vs view',
      'create role reader',
      'alter default privileges revoke usage on types from public',
      'create view v as select 1 as a',
    ],
    [
      'revoke on all vs move of a table that nobody may use',
      'create role reader; create schema s; create table s.t (a int)',
      'revoke all on all tables in schema public from reader',
      'alter table s.t set schema public',
    ],
    [
      'revoke on all vs move of a table granted with all of its schema',
      'create role reader; create schema s; create table s.t (a int); grant select on all tables in schema s to reader',
      'revoke all on all tables in schema public from reader',
      'alter table s.t set schema public',
    ],
  ],
  'comments that LIKE copies': [
    [
      'comment on an index vs like',
      'create table t (a int); create index i on t (a)',
      "comment on index i is 'x'",
      'create table u (like t including all)',
    ],
    [
      'comment on an index vs like without comments',
      'create table t (a int); create index i on t (a)',
      "comment on index i is 'x'",
      'create table u (like t including indexes)',
    ],
    [
      'comment on statistics vs like',
      'create table t (a int, b int); create statistics s on a, b from t',
      "comment on statistics s is 'x'",
      'create table u (like t including all)',
    ],
    [
      'comment on an index vs like of another table',
      'create table t (a int); create index i on t (a); create table o (a int)',
      "comment on index i is 'x'",
      'create table u (like o including all)',
    ],
  ],
  'functions that get a name': [
    [
      'rename to the signature of a new function',
      "create function f(n int) returns int language sql as 'select 1'",
      'alter function f(int) rename to g',
      "create function g(n int) returns int language sql as 'select 2'",
    ],
    [
      'rename to the name of a new overload',
      "create function f(n int) returns int language sql as 'select 1'",
      'alter function f(int) rename to g',
      "create function g(n text) returns int language sql as 'select 2'",
    ],
    [
      'rename vs new overload of the old name',
      "create function f(n int) returns int language sql as 'select 1'",
      'alter function f(int) rename to g',
      "create function f(n text) returns int language sql as 'select 2'",
    ],
    [
      'rename vs new function of the old signature',
      "create function f(n int) returns int language sql as 'select 1'",
      'alter function f(int) rename to g',
      "create function f(n int) returns int language sql as 'select 2'",
    ],
  ],
  'values of enums that are there': [
    [
      'value that is there vs new value',
      "create type mood as enum ('sad', 'ok')",
      "alter type mood add value if not exists 'ok' after 'sad'",
      "alter type mood add value 'mad' after 'sad'",
    ],
    [
      'value that is there by a rename vs new value',
      "create type mood as enum ('sad', 'ok')",
      "alter type mood rename value 'sad' to 'glad'; alter type mood add value if not exists 'glad' before 'ok'",
      "alter type mood add value 'mad' before 'ok'",
    ],
    [
      'value that is there vs its rename',
      "create type mood as enum ('sad', 'ok')",
      "alter type mood add value if not exists 'ok'",
      "alter type mood rename value 'ok' to 'fine'",
    ],
  ],
  'families of operator classes': [
    [
      'drop of a class vs drop of its own family',
      'create operator class c for type int using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(int, int)',
      'drop operator class c using btree',
      'drop operator family c using btree cascade',
    ],
  ],
  'functions and operators that calls may mean': [
    [
      'rename to another overload of a called function',
      "create function f(n int, m int default 1) returns int language sql as 'select 1'; create function g(n int) returns int language sql as 'select 1'; create table t (a int)",
      'alter function f(int, int) rename to g',
      'insert into t values (g(1))',
    ],
    [
      'rename to an overload with other types',
      "create function f(n int, m int) returns int language sql as 'select 1'; create function g(n int) returns int language sql as 'select 1'; create table t (a int)",
      'alter function f(int, int) rename to g',
      'insert into t values (g(1))',
    ],
    [
      'new operator vs move of one for other types',
      'create schema s; create operator === (leftarg = int, rightarg = int, function = int4eq)',
      'create operator === (leftarg = text, rightarg = text, function = texteq)',
      'alter operator === (int, int) set schema s',
    ],
    [
      'new operator vs drop of one of the same types',
      'create table t (a int)',
      'drop operator if exists === (none, int)',
      'create operator === (rightarg = int, function = int4um)',
    ],
  ],
  'columns of parents': [
    [
      'new attribute vs insert into a table of the type',
      'create type c as (x int, y text); create table t of c (x primary key)',
      'alter type c add attribute z int cascade',
      "insert into t values (4, 'a')",
    ],
    [
      'new attribute vs insert that needs it',
      'create type c as (x int, y text); create table t of c (x primary key)',
      'alter type c add attribute z int cascade',
      "insert into t values (4, 'a', 7)",
    ],
    [
      'new column of a parent vs insert into a child that needs it',
      'create table p (a int); create table c () inherits (p)',
      'alter table p add b int',
      'insert into c values (1, 2)',
    ],
    [
      'drop of a column vs name of a child',
      'create table p (a int, b int); create table c () inherits (p)',
      'alter table p drop column b',
      'alter table c rename to d',
    ],
    [
      'new column vs drop of a child',
      'create table p (a int, b int); create table c () inherits (p)',
      'alter table p add column d int',
      'drop table c',
    ],
    [
      'set not null of an inherited column vs insert without it',
      'create table p (a int, b int); create table c () inherits (p)',
      'alter table c alter b set not null',
      'insert into c (a) values (1)',
    ],
    [
      'set not null of an inherited column vs insert with it',
      'create table p (a int, b int); create table c () inherits (p)',
      'alter table c alter b set not null',
      'insert into c (a, b) values (1, 2)',
    ],
    [
      'default of an inherited column vs insert without it',
      'create table p (a int, b int not null); create table c () inherits (p)',
      'alter table c alter b set default 1',
      'insert into c (a) values (1)',
    ],
    [
      'set not null of an inherited column vs insert into the parent',
      'create table p (a int, b int); create table c () inherits (p)',
      'alter table c alter b set not null',
      'insert into p (a) values (1)',
    ],
  ],
  'columns that go': [
    [
      'drop of a serial column vs insert without it',
      'create table t (id serial, a int)',
      'alter table t drop column id',
      'insert into t (a) values (1)',
    ],
    [
      'drop of an identity column vs insert without it',
      'create table t (id int generated always as identity, a int)',
      'alter table t drop column id',
      'insert into t (a) values (1)',
    ],
    [
      'drop of a serial column vs nextval',
      'create table t (id serial, a int)',
      'alter table t drop column id',
      "select nextval('t_id_seq')",
    ],
    [
      'drop of a serial column vs insert with it',
      'create table t (id serial, a int)',
      'alter table t drop column id',
      'insert into t (id, a) values (7, 1)',
    ],
  ],
  'views that are replaced': [
    [
      'same columns vs a view of all columns',
      'create table t (a int, b int); create view v as select a, b from t',
      'create or replace view v as select a, b from t where a > 1',
      'create view w as select * from v',
    ],
    [
      'one column more vs a view of all columns',
      'create table t (a int, b int); create view v as select a from t',
      'create or replace view v as select a, b from t',
      'create view w as select * from v',
    ],
  ],
  'new partitions': [
    [
      'key of the table alone vs partition',
      'create table t (a int, b int) partition by list (a)',
      'alter table only t add unique (a)',
      'create table t1 partition of t for values in (1)',
    ],
    [
      'key of a parent alone vs child',
      'create table t (a int, b int)',
      'alter table only t add unique (a)',
      'create table u () inherits (t)',
    ],
    [
      'type of a column vs partition that is divided by it',
      'create table t (a int, b int) partition by list (a)',
      'alter table t alter b type bigint',
      'create table t1 partition of t for values in (1) partition by list (b)',
    ],
    [
      'name of a column vs partition that is divided by it',
      'create table t (a int, b int) partition by list (a)',
      'alter table t rename b to c',
      'create table t1 partition of t for values in (1) partition by list (b)',
    ],
    [
      'type of another column vs partition that is divided',
      'create table t (a int, b int, c int) partition by list (a)',
      'alter table t alter c type bigint',
      'create table t1 partition of t for values in (1) partition by list (b)',
    ],
  ],
};
