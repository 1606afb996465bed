/** Pairs of which one changes rows of a table through a view. */

import type { Pair } from './pairs.js';

/** By what decides. */
export const pairsThroughViews: Readonly<Record<string, readonly Pair[]>> = {
  'rows that go through a view': [
    [
      'view insert vs set not null',
      'create table t(id int, n int); create view v as select id from t',
      'alter table t alter n set not null',
      'insert into v values (1)',
    ],
    [
      'view insert vs new required column',
      'create table t(id int, n int); create view v as select id from t',
      'alter table t add m int not null',
      'insert into v values (1)',
    ],
    [
      'view insert names vs set not null',
      'create table t(id int, n int); create view v as select id, n from t',
      'alter table t alter n set not null',
      'insert into v (id) values (1)',
    ],
    [
      'view insert gives vs set not null',
      'create table t(id int, n int); create view v as select id, n from t',
      'alter table t alter n set not null',
      'insert into v values (1, 2)',
    ],
    [
      'view of view insert vs set not null',
      'create table t(id int, n int); create view w as select id, n from t; create view v as select id from w',
      'alter table t alter n set not null',
      'insert into v values (1)',
    ],
    [
      'view insert null vs not null',
      'create table t(id int, n int); insert into t values (1,1); create view v as select id, n as m from t',
      'alter table t alter n set not null',
      'insert into v values (1, null)',
    ],
    [
      'view insert vs drop default',
      'create table t(id int, n int not null default 1); create view v as select id from t',
      'alter table t alter n drop default',
      'insert into v values (1)',
    ],
    [
      'view insert vs generated always',
      'create table t(id int not null, n int not null default 1); create view v as select id from t',
      'alter table t alter id add generated always as identity',
      'insert into v values (1)',
    ],
    [
      'view star insert vs not null',
      'create table t(id int, n int); create view v as select * from t',
      'alter table t alter n set not null',
      'insert into v (id) values (1)',
    ],
    [
      'view alias insert vs not null',
      'create table t(id int, n int); create view v(a, b) as select id, n from t',
      'alter table t alter n set not null',
      'insert into v(a) values (1)',
    ],
    [
      'view alias insert given vs not null',
      'create table t(id int, n int); create view v(a, b) as select id, n from t',
      'alter table t alter n set not null',
      'insert into v(b, a) values (1, 2)',
    ],
    [
      'view insert vs drop not null',
      'create table t(id int, n int not null); create view v as select id from t',
      'alter table t alter n drop not null',
      'insert into v values (1)',
    ],
    [
      'view insert vs set default',
      'create table t(id int, n int not null); create view v as select id from t',
      'alter table t alter n set default 5',
      'insert into v values (1)',
    ],
    [
      'view insert vs optional column',
      'create table t(id int, n int); create view v as select id from t',
      'alter table t add m int',
      'insert into v values (1)',
    ],
    [
      'view insert vs required with default',
      'create table t(id int, n int); create view v as select id from t',
      'alter table t add m int not null default 3',
      'insert into v values (1)',
    ],
    [
      'view insert vs drop of other column',
      'create table t(id int, n int); create view v as select id from t',
      'alter table t drop n',
      'insert into v values (1)',
    ],
    [
      'view update vs not null of other',
      'create table t(id int, n int); insert into t values (1,1); create view v as select id, n from t',
      'alter table t alter n set not null',
      'update v set id = 5',
    ],
    [
      'view insert same row',
      'create table t(id int primary key, n int); create view v as select id, n as m from t',
      'insert into t values (1, 1)',
      'insert into v (id) values (1)',
    ],
    [
      'view insert other row',
      'create table t(id int primary key, n int); create view v as select id as a, n as m from t',
      'insert into t values (1, 1)',
      'insert into v (a) values (2)',
    ],
    [
      'instead of trigger insert vs not null',
      "create table t(id int, n int); create view v as select id, n as m from t; create function f() returns trigger language plpgsql as 'begin return null; end'; create trigger g instead of insert on v for each row execute function f()",
      'alter table t alter n set not null',
      'insert into v (id) values (1)',
    ],
    [
      'joined view insert',
      "create table t(id int, n int); create view v as select id, n as m from t; create view w as select t.id from t join t u on true; create function f() returns trigger language plpgsql as 'begin return null; end'; create trigger g instead of insert on w for each row execute function f()",
      'alter table t alter n set not null',
      'insert into w (id) values (1)',
    ],
    [
      'view enum insert',
      "create type e as enum('a'); create table t(id int, n e); create view v as select id, n as m from t",
      "alter type e rename value 'a' to 'b'",
      "insert into v (m) values ('a')",
    ],
    [
      'view insert select vs not null',
      'create table t(id int, n int); create table s(id int); create view v as select id from t',
      'alter table t alter n set not null',
      'insert into v select id from s',
    ],
    [
      'view renamed column insert',
      'create table t(id int, n int); create view v as select id, n from t; alter table t rename n to k',
      'alter table t alter k set not null',
      'insert into v (id) values (1)',
    ],
    [
      'view insert of renamed column',
      'create table t(id int, n int); create view v as select id, n from t; alter table t rename n to k',
      'alter table t alter k set not null',
      'insert into v (id, n) values (1, 2)',
    ],
  ],
};
