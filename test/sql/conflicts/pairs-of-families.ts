/** Pairs of migrations around parents, children and partitions. */

import type { Pair } from './pairs.js';

const partitioned =
  'create table p (id int, a text) partition by range (id); create table c partition of p for values from (0) to (9)';
const inherited = 'create table p (a text); create table c () inherits (p)';

/** By what decides. */
export const pairsOfFamilies: Readonly<Record<string, readonly Pair[]>> = {
  'parents and children': [
    [
      'inherit vs no inherit',
      'create table p(a int); create table c(a int) inherits (p)',
      'alter table c no inherit p',
      'alter table c inherit p',
    ],
    [
      'no inherit vs no inherit',
      'create table p(a int); create table c(a int) inherits (p)',
      'alter table c no inherit p',
      'alter table c no inherit p',
    ],
    [
      'inherit two parents',
      'create table p(a int); create table q(a int); create table c(a int)',
      'alter table c inherit p',
      'alter table c inherit q',
    ],
    [
      'no inherit two parents',
      'create table p(a int); create table q(a int); create table c(a int) inherits (p, q)',
      'alter table c no inherit p',
      'alter table c no inherit q',
    ],
    [
      'no inherit vs drop column parent',
      'create table p(a int, b int); create table c(a int) inherits (p)',
      'alter table c no inherit p',
      'alter table p drop b',
    ],
    [
      'inherit vs drop column parent',
      'create table p(a int, b int); create table c(a int, b int)',
      'alter table c inherit p',
      'alter table p drop b',
    ],
    [
      'inherit vs drop column child',
      'create table p(a int); create table c(a int)',
      'alter table c inherit p',
      'alter table c drop a',
    ],
    [
      'inherit vs rename column child',
      'create table p(a int); create table c(b int)',
      'alter table c inherit p',
      'alter table c rename b to a',
    ],
    [
      'inherit vs type child',
      'create table p(a int); create table c(a text)',
      'alter table c inherit p',
      'alter table c alter a type int using 1',
    ],
    [
      'inherit vs check parent',
      'create table p(a int); create table c(a int)',
      'alter table c inherit p',
      'alter table p add constraint k check (a > 0)',
    ],
    [
      'inherit vs check no inherit parent',
      'create table p(a int); create table c(a int)',
      'alter table c inherit p',
      'alter table p add constraint k check (a > 0) no inherit',
    ],
    [
      'inherit vs default parent',
      'create table p(a int); create table c(a int)',
      'alter table c inherit p',
      'alter table p alter a set default 3',
    ],
    [
      'inherit vs child add needed column',
      'create table p(a int); create table c(b int)',
      'alter table c inherit p',
      'alter table c add a int',
    ],
    [
      'inherit vs child add other column',
      'create table p(a int); create table c(a int)',
      'alter table c inherit p',
      'alter table c add b int',
    ],
    [
      'no inherit vs check',
      'create table p(a int); create table c() inherits (p)',
      'alter table c no inherit p',
      'alter table p add constraint k check (a > 0)',
    ],
    [
      'no inherit vs check only',
      'create table p(a int); create table c() inherits (p)',
      'alter table c no inherit p',
      'alter table p add constraint k check (a > 0) no inherit',
    ],
    [
      'no inherit vs default only',
      'create table p(a int); create table c() inherits (p)',
      'alter table c no inherit p',
      'alter table only p alter a set default 2',
    ],
    [
      'no inherit vs primary key',
      'create table p(a int not null); create table c() inherits (p)',
      'alter table c no inherit p',
      'alter table p add primary key (a)',
    ],
    [
      'no inherit vs index',
      'create table p(a int); create table c() inherits (p)',
      'alter table c no inherit p',
      'create index on p(a)',
    ],
    [
      'no inherit vs insert from parent',
      'create table p(a int); create table c() inherits (p); insert into c values (1); create table u(a int)',
      'alter table c no inherit p',
      'insert into u select a from p',
    ],
    [
      'no inherit vs update parent',
      'create table p(a int); create table c() inherits (p); insert into c values (1)',
      'alter table c no inherit p',
      'update p set a = 2',
    ],
    [
      'inherits vs default only',
      'create table p(a int)',
      'create table c(x text) inherits (p)',
      'alter table only p alter a set default 3',
    ],
    [
      'inherits vs statistics',
      'create table p(a text)',
      'create table c(x text) inherits (p)',
      'alter table p alter a set statistics 7',
    ],
  ],
  'partitions that come and go': [
    [
      'attach vs detach',
      'create table p(a int) partition by list(a); create table c partition of p for values in (1)',
      'alter table p detach partition c',
      'alter table p attach partition c for values in (1)',
    ],
    [
      'detach two',
      'create table p(a int) partition by list(a); create table c partition of p for values in (1); create table d partition of p for values in (2)',
      'alter table p detach partition c',
      'alter table p detach partition d',
    ],
    [
      'detach vs attach other same bounds',
      'create table p(a int) partition by list(a); create table c partition of p for values in (1); create table d(a int)',
      'alter table p detach partition c',
      'alter table p attach partition d for values in (1)',
    ],
    [
      'detach vs attach other bounds',
      'create table p(a int) partition by list(a); create table c partition of p for values in (1); create table d(a int)',
      'alter table p detach partition c',
      'alter table p attach partition d for values in (2)',
    ],
    [
      'drop partition vs create same bounds',
      'create table p(a int) partition by list(a); create table c partition of p for values in (1)',
      'drop table c',
      'create table d partition of p for values in (1)',
    ],
    [
      'drop vs attach apart range',
      'create table p(a int) partition by range(a); create table c partition of p for values from (1) to (10); create table e(a int)',
      'drop table c',
      'alter table p attach partition e for values from (10) to (20)',
    ],
    [
      'drop two partitions',
      'create table p(a int) partition by range(a); create table c partition of p for values from (1) to (10); create table e partition of p for values from (10) to (20)',
      'drop table c',
      'drop table e',
    ],
    [
      'detach renamed bounds',
      'create table p(a int) partition by range(a); create table c partition of p for values from (1) to (10); alter table c rename to cc',
      'drop table cc',
      'create table e partition of p for values from (1) to (10)',
    ],
    [
      'detach vs index',
      'create table p(a int) partition by list(a); create table c partition of p for values in (1)',
      'alter table p detach partition c',
      'create index on p(a)',
    ],
    [
      'detach vs primary key',
      'create table p(a int not null) partition by list(a); create table c partition of p for values in (1)',
      'alter table p detach partition c',
      'alter table p add primary key (a)',
    ],
    [
      'detach vs trigger',
      'create table p(a int) partition by list(a); create table c partition of p for values in (1); create function f() returns trigger language plpgsql as $$ begin return new; end $$',
      'alter table p detach partition c',
      'create trigger g after insert on p for each row execute function f()',
    ],
    [
      'attach vs index',
      'create table p(a int) partition by list(a); create table c(a int)',
      'alter table p attach partition c for values in (1)',
      'create index on p(a)',
    ],
    [
      'attach vs default',
      'create table p(a int) partition by list(a); create table c(a int)',
      'alter table p attach partition c for values in (1)',
      'alter table p alter a set default 1',
    ],
    [
      'attach filled vs select',
      'create table p(a int) partition by list(a); create table c(a int); insert into c values (1); create table u(a int)',
      'alter table p attach partition c for values in (1)',
      'insert into u select a from p',
    ],
  ],
  'rows that find their partition': [
    [
      'attach vs insert parent',
      'create table p(a int) partition by list(a); create table c(a int)',
      'alter table p attach partition c for values in (1)',
      'insert into p values (1)',
    ],
    [
      'partition of vs insert parent other',
      'create table p(a int) partition by list(a); create table d partition of p for values in (2)',
      'create table c partition of p for values in (1)',
      'insert into p values (2)',
    ],
    [
      'default partition vs insert',
      'create table p(a int) partition by list(a); create table d partition of p default',
      'create table c partition of p for values in (1)',
      'insert into p values (1)',
    ],
    [
      'default partition vs insert other',
      'create table p(a int) partition by list(a); create table d partition of p default',
      'create table c partition of p for values in (1)',
      'insert into p values (2)',
    ],
    [
      'attach range vs insert inside',
      'create table p(a int) partition by range(a); create table d partition of p for values from (100) to (200)',
      'create table c partition of p for values from (1) to (10)',
      'insert into p values (5)',
    ],
    [
      'attach range vs insert outside',
      'create table p(a int) partition by range(a); create table d partition of p for values from (100) to (200)',
      'create table c partition of p for values from (1) to (10)',
      'insert into p values (150)',
    ],
    [
      'range two columns vs insert',
      'create table p(a int, b int) partition by range(a, b)',
      'create table c partition of p for values from (1, 1) to (10, 1)',
      'insert into p values (5, 3)',
    ],
    [
      'date range vs insert',
      'create table p(d date) partition by range(d)',
      "create table c partition of p for values from ('2024-01-01') to ('2024-02-01')",
      "insert into p values ('2024-01-15')",
    ],
    [
      'list insert named columns',
      'create table p(x int, k text) partition by list(k)',
      "create table c partition of p for values in ('a')",
      "insert into p(k, x) values ('a', 1)",
    ],
    [
      'detach vs insert other',
      "create table p(x int, k text) partition by list(k); create table d partition of p for values in ('b'); create table c partition of p for values in ('a')",
      'alter table p detach partition c',
      "insert into p(k, x) values ('b', 1)",
    ],
  ],
  'checks that children have already': [
    [
      'of parent and child',
      'create table p (a int); create table c () inherits (p)',
      'alter table p add constraint k check (a > 0)',
      'alter table c add constraint k check (a > 0)',
    ],
    [
      'of another condition',
      'create table p (a int); create table c () inherits (p)',
      'alter table p add constraint k check (a > 0)',
      'alter table c add constraint k check (a > 1)',
    ],
    [
      'of grandparent and child',
      'create table p (a int); create table c () inherits (p); create table g () inherits (c)',
      'alter table p add constraint k check (a > 0)',
      'alter table g add constraint k check (a > 0)',
    ],
    [
      'of two parents',
      'create table p (a int); create table q (a int); create table c () inherits (p, q)',
      'alter table p add constraint k check (a > 0)',
      'alter table q add constraint k check (a > 0)',
    ],
    [
      'of two parents with other conditions',
      'create table p (a int); create table q (a int); create table c () inherits (p, q)',
      'alter table p add constraint k check (a > 0)',
      'alter table q add constraint k check (a > 2)',
    ],
    [
      'of a partition',
      'create table p (a int) partition by range (a); create table c partition of p for values from (1) to (5)',
      'alter table p add constraint k check (a > 0)',
      'alter table c add constraint k check (a > 0)',
    ],
    [
      'that are not passed on',
      'create table p (a int); create table c () inherits (p)',
      'alter table p add constraint k check (a > 0) no inherit',
      'alter table c add constraint k check (a > 1)',
    ],
  ],
  'settings of columns that children get along': [
    ...(
      [
        ['statistics', 'statistics 10', 'statistics 20'],
        ['storage', 'storage external', 'storage main'],
      ] as const
    ).flatMap(([what, one, other]): Pair[] => [
      [
        `${what} of partitioned vs partition`,
        partitioned,
        `alter table p alter a set ${one}`,
        `alter table c alter a set ${other}`,
      ],
      [
        `${what} of parent vs child`,
        inherited,
        `alter table p alter a set ${one}`,
        `alter table c alter a set ${other}`,
      ],
      [`${what} alike`, inherited, `alter table p alter a set ${one}`, `alter table c alter a set ${one}`],
      [
        `${what} of parent alone vs child`,
        inherited,
        `alter table only p alter a set ${one}`,
        `alter table c alter a set ${other}`,
      ],
      [
        `${what} of two children`,
        `${inherited}; create table d () inherits (p)`,
        `alter table c alter a set ${one}`,
        `alter table d alter a set ${other}`,
      ],
      [
        `${what} vs detach`,
        partitioned,
        `alter table p alter a set ${one}`,
        'alter table p detach partition c',
      ],
      [
        `${what} vs attach`,
        `${partitioned}; alter table p detach partition c`,
        `alter table p alter a set ${one}`,
        'alter table p attach partition c for values from (0) to (9)',
      ],
      [`${what} vs no inherit`, inherited, `alter table p alter a set ${one}`, 'alter table c no inherit p'],
      [
        `${what} vs inherit`,
        'create table p (a text); create table c (a text)',
        `alter table p alter a set ${one}`,
        'alter table c inherit p',
      ],
      [
        `${what} of child vs no inherit`,
        inherited,
        `alter table c alter a set ${one}`,
        'alter table c no inherit p',
      ],
    ]),
    [
      'default of the parent alone',
      inherited,
      "alter table only p alter a set default 'x'",
      "alter table c alter a set default 'y'",
    ],
    [
      'default of the parent',
      inherited,
      "alter table p alter a set default 'x'",
      "alter table c alter a set default 'y'",
    ],
    [
      'not null of the parent alone',
      inherited,
      'alter table only p alter a drop not null',
      'alter table c alter a set not null',
    ],
    [
      'compression stays with its table',
      inherited,
      'alter table p alter a set compression pglz',
      'alter table c alter a set compression default',
    ],
    [
      'options stay with their table',
      inherited,
      'alter table p alter a set (n_distinct = 1)',
      'alter table c alter a set (n_distinct = 2)',
    ],
  ],
};
