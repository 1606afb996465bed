/** Pairs of migrations around children that leave their parent and come back, and around what they have of it. */

import { named, type Pair } from './pairs.js';

export const pairsOfRejoined: Readonly<Record<string, readonly Pair[]>> = {
  'partitions that are detached and attached again': named([
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'alter table p add column c int',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'create index i on p (b)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'alter table o set (fillfactor=50)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'insert into p values (1, 2)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'insert into p values (2, 2)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'alter table p detach partition o2',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'create table o3 partition of p for values in (3)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'create table o3 partition of p for values in (1)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'create table o3 partition of p default',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'alter table o rename to oo',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'drop table o',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'alter table p detach partition o',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'alter table p alter b type bigint',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'alter table p alter b set not null',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'alter table p alter b set default 4',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'alter table p add check (b > 0)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'alter table p add constraint k check (b > 0)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'alter table p add primary key (a)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'alter table p drop column b',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'alter table p rename column b to c',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'drop table p',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'create index on o (b)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2); create index i on p (b)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'drop index i',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2); create index i on p (b)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'alter index o_b_idx rename to z',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2); alter table p add constraint k check (b > 0)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'alter table p drop constraint k',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2); alter table p add primary key (a)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'alter table p drop constraint p_pkey',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2); alter table p add primary key (a)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
      'create table c (a int references p)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table o add check (b > 0); alter table p attach partition o for values in (1)',
      'alter table p add column c int',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; update o set b = 1; alter table p attach partition o for values in (1)',
      'alter table p add column c int',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (5)',
      'alter table p add column c int',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (5)',
      'create table o3 partition of p for values in (5)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (5)',
      'create table o3 partition of p for values in (1)',
    ],
    [
      'create table p (a int, b int) partition by list (a); create table o partition of p for values in (1); create table o2 partition of p for values in (2)',
      'alter table p detach partition o; alter table p attach partition o for values in (5)',
      'alter table p detach partition o; alter table p attach partition o for values in (1)',
    ],
  ]),
  'children that inherit again': named([
    [
      'create table p (a int); create table o () inherits (p)',
      'alter table o no inherit p; alter table o inherit p',
      'alter table p add column b int',
    ],
    [
      'create table p (a int); create table o () inherits (p)',
      'alter table o no inherit p; alter table o inherit p',
      'alter table o no inherit p; alter table o inherit p',
    ],
    [
      'create table p (a int); create table o () inherits (p)',
      'alter table o no inherit p; alter table o inherit p',
      'alter table p alter a set not null',
    ],
    [
      'create table p (a int); create table o () inherits (p)',
      'alter table o no inherit p; alter table o inherit p',
      'alter table p drop column a',
    ],
  ]),
  'checks that a child has of its parent': named([
    [
      'create table p (a int, constraint k check (a > 0)); create table o () inherits (p)',
      'alter table o drop constraint if exists k',
      'alter table p drop constraint k',
    ],
    [
      'create table p (a int, constraint k check (a > 0)); create table o () inherits (p)',
      'alter table o drop constraint k',
      'alter table p drop constraint k',
    ],
    [
      'create table p (a int, constraint k check (a > 0)); create table o () inherits (p)',
      'alter table o drop constraint if exists k',
      'alter table o no inherit p',
    ],
    [
      'create table p (a int, constraint k check (a > 0)); create table o () inherits (p)',
      'alter table o drop constraint k',
      'alter table o no inherit p',
    ],
    [
      'create table p (a int); create table o () inherits (p)',
      'alter table o drop constraint if exists k',
      'alter table p add constraint k check (a > 0)',
    ],
    [
      'create table p (a int); create table o () inherits (p)',
      'alter table o drop constraint if exists k; alter table o add constraint k check (a > 0)',
      'alter table p add constraint k check (a > 0)',
    ],
    [
      'create table p (a int, constraint k check (a > 0)); create table o (constraint k check (a > 0)) inherits (p)',
      'alter table o drop constraint if exists k',
      'alter table p drop constraint k',
    ],
    [
      'create table p (a int, constraint k check (a > 0)); create table o () inherits (p)',
      'alter table o drop constraint if exists k',
      'alter table only p drop constraint k',
    ],
    [
      'create table p (a int, constraint k check (a > 0)) partition by list (a); create table o partition of p for values in (1)',
      'alter table o drop constraint if exists k',
      'alter table p drop constraint k',
    ],
    [
      'create table p (a int, constraint k check (a > 0)) partition by list (a); create table o partition of p for values in (1)',
      'alter table o drop constraint if exists k',
      'alter table p detach partition o',
    ],
    [
      'create table p (a int, constraint k check (a > 0)) partition by list (a); create table o partition of p for values in (1)',
      'alter table o drop constraint k',
      'drop table p',
    ],
    [
      'create table p (a int) partition by list (a); create table o partition of p for values in (1)',
      'alter table o drop constraint if exists k',
      'alter table p add constraint k check (a > 0)',
    ],
    [
      'create table p (a int); create table o (a int)',
      'alter table o drop constraint if exists k',
      'alter table p add constraint k check (a > 0); alter table o add constraint k check (a > 0); alter table o inherit p',
    ],
    [
      'create table p (a int, constraint k check (a > 0)); create table o () inherits (p)',
      'alter table o drop constraint if exists k',
      'alter table p rename constraint k to k2',
    ],
    [
      'create table p (a int, constraint k2 check (a > 0)); create table o () inherits (p)',
      'alter table o drop constraint if exists k',
      'alter table p rename constraint k2 to k',
    ],
    [
      'create table p (a int, constraint k check (a > 0)); create table o () inherits (p)',
      'alter table o drop constraint if exists k',
      'drop table p cascade',
    ],
  ]),
};
