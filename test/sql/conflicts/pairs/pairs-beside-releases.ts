/** Pairs of migrations that look like harmless ones, and are not. */

import { named, type Pair } from './pairs.js';

const logger =
  "create function f() returns trigger language plpgsql as 'begin insert into log values (1); return new; end'; create table log (a int);";

export const pairsBesideReleases: Readonly<Record<string, readonly Pair[]>> = {
  'triggers for the update of a column': named([
    [
      `${logger} create table t (a int, b int); insert into t values (1, 2); create trigger tg after update of a on t for each row execute function f(); alter table t rename a to c`,
      'update t set c = 2',
      'drop table log',
    ],
    [
      `${logger} create table t (a int, g int generated always as (a + 1) stored); insert into t values (1); create trigger tg after update of g on t for each row execute function f()`,
      'update t set a = 2',
      'drop table log',
    ],
    [
      `${logger} create table u (id int primary key); create table t (a int references u on update cascade); insert into u values (1); insert into t values (1); create trigger tg after update of a on t for each row execute function f()`,
      'update u set id = 2',
      'drop table log',
    ],
    [
      `${logger} create table t (a int, b int); insert into t values (1, 2); create trigger tg after update of a on t for each row execute function f()`,
      'alter table t rename a to z; update t set z = 2',
      'drop table log',
    ],
  ]),
  'tables for a while': named([
    [
      'create table tmp (a int, b int); create table u (a int, b int)',
      'insert into u select * from tmp; drop table tmp',
      'alter table u drop column b',
    ],
    [
      'create table v (a int, b int); create table u (a int, b int)',
      'create table tmp as select * from v; insert into u select * from tmp; drop table tmp',
      'alter table u drop column b',
    ],
    [
      'create table v (a int, b int); create table u (a int, b int)',
      'create table tmp as select * from v; insert into u select * from tmp; drop table tmp',
      'alter table v add column c int',
    ],
    [
      'create table v (a int, b int)',
      'create table tmp as select * from v; create table kept as select * from tmp; drop table tmp',
      'alter table v add column c int',
    ],
    [
      'create table v (a int, b int)',
      'create table tmp as select * from v; create table kept as select * from v; drop table tmp',
      'alter table v add column c int',
    ],
    [
      'create table v (a int, b int); create table u (a int, b int)',
      'create table tmp (like v); insert into u select * from tmp; drop table tmp',
      'alter table v add column c int',
    ],
    [
      'create table v (a int, b int)',
      'create table tmp as select * from v; insert into v select * from tmp; drop table tmp',
      'alter table v add column c int',
    ],
    [
      'create table v (a int, b int)',
      'create table tmp as select * from v; insert into v (b) select b from tmp; drop table tmp',
      'alter table v drop column a',
    ],
    [
      'create table v (a int, b int); create table u (a int, b int); insert into v values (1, 2)',
      'create table tmp as select * from v; insert into u (b) select b from tmp; drop table tmp',
      'alter table v drop column b',
    ],
  ]),
  'children that come back with something else': named([
    [
      'create table par (a int, b int); create table ch () inherits (par)',
      'alter table ch no inherit par; alter table ch inherit par',
      'alter table par add column c int',
    ],
    [
      'create table par (a int, b int); create table ch () inherits (par)',
      'alter table ch no inherit par; alter table ch inherit par',
      'alter table par add constraint k check (a > 0)',
    ],
    [
      'create table par (a int, b int); create table ch () inherits (par)',
      'alter table ch no inherit par; alter table ch inherit par',
      'alter table par alter b set default 3',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); insert into p values (1, null)',
      'alter table p detach partition o; update o set b = 1; alter table p attach partition o for values in (1)',
      'alter table p alter b set not null',
    ],
  ]),
  'an index on a partitioned table alone': named([
    [
      'create table p (a int) partition by list (a); create table o partition of p for values in (1)',
      'create index pi on only p (a)',
      'alter table p detach partition o',
    ],
    [
      'create table p (a int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'create index pi on only p (a)',
      'alter table p detach partition o',
    ],
  ]),
  'rows that are stored as values': named([
    [
      'create table t (a int, b int)',
      'create materialized view v as select t from t',
      'alter table t alter b type bigint',
    ],
  ]),
  'generated columns of a table that is replaced by a copy': named([
    [
      'create table t (a int, b int); insert into t values (1, 2)',
      'create table n (like t including all); insert into n select * from t; drop table t; alter table n rename to t',
      'alter table t add column g int generated always as (a + 1) stored',
    ],
  ]),
  'names that a renamed constraint frees': named([
    [
      'create table t (a int constraint c unique)',
      'create table c (a int)',
      'alter table t rename constraint c to d',
    ],
    [
      'create table t (a int constraint c unique)',
      'create sequence c',
      'alter table t rename constraint c to d',
    ],
    [
      'create table t (a int constraint c unique)',
      'create view c as select 1 as a',
      'alter table t rename constraint c to d',
    ],
    [
      'create table t (a int constraint c unique); create table u (a int)',
      'create index c on u (a)',
      'alter table t rename constraint c to d',
    ],
  ]),
  'columns that are made anew with nearly the type that they get': named([
    [
      'create table t (a int, c text)',
      'alter table t drop column c; alter table t add column c numeric(10, 2)',
      'alter table t alter c type numeric(5, 1)',
    ],
    [
      'create table t (a int, c text)',
      'alter table t drop column c; alter table t add column c varchar(10)',
      'alter table t alter c type varchar(20)',
    ],
    [
      'create table t (a int, c text)',
      'alter table t drop column c; alter table t add column c text collate "C"',
      'alter table t alter c type text collate "POSIX"',
    ],
    [
      'create table t (a int, c text)',
      'alter table t drop column c; alter table t add column c varchar(10)',
      'alter table t alter c type varchar(10)',
    ],
    [
      'create table t (a int, c text)',
      'create table n (a int, c varchar(10)); insert into n select * from t; drop table t; alter table n rename to t',
      'alter table t alter c type varchar(20)',
    ],
    [
      'create table t (a int, c text)',
      'create table n (a int, c varchar(10)); insert into n select * from t; drop table t; alter table n rename to t',
      'alter table t alter c type varchar(10)',
    ],
  ]),
};
