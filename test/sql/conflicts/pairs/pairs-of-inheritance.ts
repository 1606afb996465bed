/** Pairs of migrations around what children, partitions and columns have already. */

import { named, type Pair } from './pairs.js';

export const pairsOfInheritance: Readonly<Record<string, readonly Pair[]>> = {
  'unique indexes and ON CONFLICT': named([
    [
      'create table t (a int)',
      'create unique index if not exists i on t (a)',
      'insert into t values (1) on conflict (a) do nothing',
    ],
    [
      'create table t (a int)',
      'create unique index i on t (a)',
      'insert into t values (1) on conflict (a) do nothing',
    ],
    [
      'create table t (a int); create unique index i on t (a)',
      'create unique index if not exists i on t (a)',
      'insert into t values (1) on conflict (a) do nothing',
    ],
    [
      'create table t (a int)',
      'create unique index if not exists i on t (a)',
      'create table u (a int references t (a))',
    ],
    [
      'create table t (a int); create unique index i on t (a)',
      'drop index if exists i',
      'insert into t values (1) on conflict (a) do nothing',
    ],
    [
      'create table t (a int)',
      'alter table t add column if not exists b int unique',
      'insert into t values (1, 2) on conflict (b) do nothing',
    ],
    [
      'create schema s',
      'create table if not exists t (a int primary key)',
      'create table u (a int references t)',
    ],
    [
      'create table t (a int, b int)',
      'create unique index if not exists i on t (a) where b > 0',
      'insert into t values (1) on conflict (a) where b > 0 do nothing',
    ],
  ]),
  'indexes and constraints of partitions that leave': named([
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create index i on p (b)',
      'drop index i',
      'alter table p detach partition o',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create index i on p (b)',
      'drop index o_b_idx',
      'alter table p detach partition o',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create index i on o (b)',
      'drop index i',
      'alter table p detach partition o',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); alter table p add unique (a, b)',
      'alter table p drop constraint p_a_b_key',
      'alter table p detach partition o',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); alter table p add unique (a, b)',
      'alter table o drop constraint o_a_b_key',
      'alter table p detach partition o',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); alter table o add unique (a, b)',
      'alter table o drop constraint o_a_b_key',
      'alter table p detach partition o',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); alter table p add constraint k check (b > 0)',
      'alter table o drop constraint k',
      'alter table p detach partition o',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); alter table o add constraint k check (b > 0)',
      'alter table o drop constraint k',
      'alter table p detach partition o',
    ],
    [
      'create table r (x int primary key);create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); alter table p add constraint k foreign key (b) references r',
      'alter table o drop constraint k',
      'alter table p detach partition o',
    ],
    [
      'create table r (x int primary key);create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); alter table p add constraint k foreign key (b) references r',
      'alter table p drop constraint k',
      'alter table p detach partition o',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create index i on p (b)',
      'drop index if exists o_b_idx',
      'alter table p detach partition o',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create index i on p (b)',
      'drop index i',
      'drop table o',
    ],
    [
      'create table p (b int constraint k check (b>0)); create table o () inherits (p)',
      'alter table o drop constraint k',
      'alter table o no inherit p',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'alter table o drop column b',
      'alter table p detach partition o',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create index i on p (b)',
      'alter index o_b_idx rename to z',
      'alter table p detach partition o',
    ],
    [
      "create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger t after insert on p for each row execute function f()",
      'drop trigger t on o',
      'alter table p detach partition o',
    ],
    [
      "create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger t after insert on p for each row execute function f()",
      'drop trigger t on p',
      'alter table p detach partition o',
    ],
    [
      "create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create function f() returns trigger language plpgsql as 'begin return new; end'",
      'create trigger t after insert on p for each row execute function f()',
      'alter table p detach partition o',
    ],
  ]),
  'indexes of partitions that join': named([
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table q (a int, b int); create index i on p (b)',
      'alter table p attach partition q for values in (2)',
      'create index j on q (b)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table q (a int, b int); create index i on p (b)',
      'alter table p attach partition q for values in (2)',
      'create index j on q (a)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table q (a int, b int)',
      'alter table p attach partition q for values in (2)',
      'create index j on q (b)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table q (a int, b int)',
      'alter table p attach partition q for values in (2)',
      'create index j on p (b)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table q (a int, b int); create index i on q (b)',
      'alter table p attach partition q for values in (2)',
      'create index j on p (b)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table q (a int, b int); alter table p add unique (a)',
      'alter table p attach partition q for values in (2)',
      'alter table q add unique (a)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table q (a int, b int); alter table p add primary key (a)',
      'alter table p attach partition q for values in (2)',
      'alter table q add primary key (a)',
    ],
    [
      'create table r (x int primary key);create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table q (a int, b int); alter table p add constraint k foreign key (b) references r',
      'alter table p attach partition q for values in (2)',
      'alter table q add constraint k foreign key (b) references r',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table q (a int, b int); create index i on p (b); create index j on q (b)',
      'alter table p attach partition q for values in (2)',
      'drop index j',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table q (a int, b int); create index i on p (b); create index j on q (a)',
      'alter table p attach partition q for values in (2)',
      'drop index j',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table q (a int, b int); create index i on p (b); create index j on q (b)',
      'alter table p attach partition q for values in (2)',
      'drop index i',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table q (a int, b int); create index i on p (b)',
      'alter table p attach partition q for values in (2)',
      'drop index i',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'create table q partition of p for values in (2)',
      'create index j on p (b)',
    ],
  ]),
  'defaults of partitions': named([
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'create table q partition of p (a default 1) for values in (2)',
      'alter table p alter a set default 2',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'create table q partition of p (a default 1) for values in (2)',
      'alter table p alter b set default 2',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'create table q partition of p (a default 1) for values in (2)',
      'alter table only p alter a set default 2',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'create table q partition of p for values in (2)',
      'alter table p alter a set default 2',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'create table q partition of p (a default 1) for values in (2)',
      'alter table p alter a drop default',
    ],
    [
      'create table p (a int, b int)',
      'create table q (a int default 1) inherits (p)',
      'alter table p alter a set default 2',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'create table q partition of p (b not null) for values in (2)',
      'alter table p alter b set not null',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); alter table p alter b set not null',
      'create table q partition of p (b not null) for values in (2)',
      'alter table p alter b drop not null',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'create table q partition of p (constraint k check (b > 0)) for values in (2)',
      'alter table p add constraint k check (b > 0)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'alter table o alter a set default 1',
      'alter table p alter a set default 2',
    ],
  ]),
  'equal constraints of a table and of its partition': named([
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'alter table p add constraint k unique (a)',
      'alter table o add constraint l unique (a)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'alter table p add unique (a)',
      'alter table o add unique (a)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'alter table p add constraint k unique (a)',
      'alter table o add constraint l unique (a, b)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'create unique index k on p (a)',
      'alter table o add constraint l unique (a)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'alter table p add constraint k unique (a)',
      'create unique index l on o (a)',
    ],
    [
      'create table r (x int primary key);create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'alter table p add constraint k foreign key (b) references r',
      'alter table o add constraint l foreign key (b) references r',
    ],
    [
      'create table r (x int primary key);create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'alter table p add constraint k foreign key (b) references r',
      'alter table o add constraint k foreign key (b) references r',
    ],
    [
      'create table r (x int primary key);create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'alter table p add foreign key (b) references r',
      'alter table o add foreign key (b) references r',
    ],
    [
      'create table r (x int primary key); create table s (x int primary key);create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'alter table p add constraint k foreign key (b) references r',
      'alter table o add constraint l foreign key (b) references s',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1)',
      'alter table p add primary key (a)',
      'alter table o add primary key (a)',
    ],
  ]),
  'identities and given values': named([
    [
      'create table t (a int generated by default as identity, b int)',
      'alter table t alter a drop identity',
      'update t set a = 1',
    ],
    [
      'create table t (a int generated by default as identity, b int)',
      'alter table t alter a drop identity',
      'insert into t values (1, 2)',
    ],
    [
      'create table t (a int generated always as identity, b int)',
      'alter table t alter a drop identity',
      'insert into t values (1, 2)',
    ],
    [
      'create table t (a int generated always as identity, b int); insert into t (b) values (1)',
      'alter table t alter a drop identity',
      'update t set a = 1',
    ],
    [
      'create table t (a int generated by default as identity, b int)',
      'alter table t alter a drop identity',
      'insert into t (b) values (2)',
    ],
  ]),
  'columns that are NOT NULL already': named([
    [
      'create table p (a int not null, b int) partition by list (a); create table q (a int not null, b int)',
      'alter table p alter a set not null',
      'alter table p attach partition q for values in (1)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table q (a int not null, b int)',
      'alter table p alter a set not null',
      'alter table p attach partition q for values in (1)',
    ],
    [
      'create table p (a int not null, b int) partition by list (a)',
      'alter table p alter a set not null',
      'create table q partition of p for values in (1)',
    ],
    [
      'create table p (a int not null, b int) partition by list (a); create table q (a int not null, b int)',
      'alter table q alter a set not null',
      'alter table p attach partition q for values in (1)',
    ],
    [
      'create table p (a int not null, b int) partition by list (a); create table q (a int, b int)',
      'alter table q alter a set not null',
      'alter table p attach partition q for values in (1)',
    ],
    [
      'create table p (a int not null, b int); create table q (a int not null, b int)',
      'alter table only p alter a set not null',
      'alter table q inherit p',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); alter table p alter b set not null',
      'alter table p alter b set not null',
      'alter table p detach partition o',
    ],
  ]),
  'constraints that the parent has dropped': named([
    [
      'create table p (b int constraint k check (b>0)); create table o () inherits (p)',
      'alter table p drop constraint k',
      'alter table o drop constraint k',
    ],
    [
      'create table p (b int constraint k check (b>0)); create table o () inherits (p); alter table only p drop constraint k',
      'alter table o drop constraint k',
      'alter table o no inherit p',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); alter table p add constraint k check (b>0)',
      'alter table p drop constraint k',
      'alter table o drop constraint k',
    ],
    [
      'create table p (a int, b int constraint k check (b>0)) partition by list (a); alter table p drop constraint k; create table q (a int, b int constraint k check (b>0))',
      'alter table q drop constraint k',
      'alter table p attach partition q for values in (1)',
    ],
    [
      'create table p (a int, b int constraint k check (b>0)); alter table p drop constraint k; create table q (a int, b int constraint k check (b>0))',
      'alter table q drop constraint k',
      'alter table q inherit p',
    ],
    [
      'create table p (a int, b int); alter table p drop column b; create table q (a int)',
      'alter table q add column b int',
      'alter table q inherit p',
    ],
  ]),
};
