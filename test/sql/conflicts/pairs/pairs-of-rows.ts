/** Pairs of which only the rows of the database decide whether the order matters: these are warnings. */

import type { Pair } from './pairs.js';

export const pairsOfRows: Readonly<Record<string, readonly Pair[]>> = {
  'a constraint that old rows violate': [
    [
      'not valid check vs update of another column',
      'create table t (a int, b int); insert into t values (-1, 1)',
      'alter table t add check (a > 0) not valid',
      'update t set b = 2',
    ],
    [
      'not valid check vs update through a view',
      'create table t (a int, b int); insert into t values (-1, 1); create view v as select * from t',
      'alter table t add check (a > 0) not valid',
      'update v set b = 2',
    ],
    [
      'not valid check of a parent vs update of its rows alone',
      'create table t (a int, b int); create table u () inherits (t); insert into t values (-1, 1)',
      'alter table t add check (a > 0) no inherit not valid',
      'update only t set b = 2',
    ],
  ],
  'rows that refer to a partition that leaves and comes back': [
    [
      'detach and attach vs foreign key',
      'create table p (a int primary key) partition by list (a); create table o partition of p for values in (1); create table x (a int); insert into p values (1); insert into x values (1)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'alter table x add constraint fx foreign key (a) references p',
    ],
    [
      'detach and attach vs row that refers',
      'create table p (a int primary key) partition by list (a); create table o partition of p for values in (1); create table x (a int references p); insert into p values (1)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'insert into x values (1)',
    ],
  ],
  'what rows get from a domain': [
    [
      'default of a domain vs new column',
      'create domain d as text; create table t (a int); insert into t values (1)',
      "alter domain d set default 'x'",
      'alter table t add p d',
    ],
    [
      'not null of a domain vs new column',
      'create domain d as text not null; create table t (a int); insert into t values (1)',
      'alter domain d drop not null',
      'alter table t add p d',
    ],
    [
      'not null of the domain below a domain vs new column',
      'create domain d as text not null; create domain e as d; create table t (a int); insert into t values (1)',
      'alter domain d drop not null',
      'alter table t add p e',
    ],
  ],
  'NULL through a view': [
    [
      'update through a view vs set not null',
      'create table t (a int, b int); create view v as select * from t; insert into t values (null, 1)',
      'update v set a = 3',
      'alter table t alter a set not null',
    ],
    [
      'merge through a view vs set not null',
      'create table t (a int, b int); create view v as select a as x, b as y from t; insert into t values (null, 1)',
      'merge into v using (values (1)) s (n) on v.y = s.n when matched then update set x = 3',
      'alter table t alter a set not null',
    ],
  ],
  'rows that a trigger or RETURNING looks at': [
    [
      'update with a rule vs delete',
      "create table t (a int, b int); create table log (w text); create rule r as on update to t do also insert into log values ('u'); insert into t values (1, 1)",
      'update t set b = 2 where a = 1',
      'delete from t',
    ],
    [
      'delete with a trigger vs update of another column',
      'create table t (a int, b int); create table log (w int); create function f() returns trigger language plpgsql as $$ begin insert into log values (old.b); return old; end $$; create trigger g before delete on t for each row execute function f(); insert into t values (1, 1)',
      'update t set b = 2',
      'delete from t where a = 1',
    ],
    [
      'deleted rows that are kept elsewhere vs delete',
      'create table t (a int, b int); create table log (w int); insert into t values (1, 1)',
      'with gone as (delete from t returning a) insert into log select a from gone',
      'delete from t where b = 1',
    ],
  ],
  'rows of published tables': [
    [
      'publication of a parent vs update of parent and child',
      'create table t (id int primary key, a int); create table u () inherits (t); insert into u values (1, 1)',
      'create publication p for table t',
      'update t set a = 2',
    ],
    [
      'publication of all tables vs delete through a foreign key',
      'create table t (id int primary key); create table u (id int references t on delete cascade); insert into t values (1); insert into u values (1)',
      'create publication p for all tables',
      'delete from t',
    ],
  ],
};
