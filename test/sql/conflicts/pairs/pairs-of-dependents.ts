/** Pairs about what depends on an object: it finds the object under any name, and goes or stays with it. */

import type { Pair } from './pairs.js';

const plain = `
create schema app;
create table plain (a int, b text unique, constraint positive check (a > 0));
create statistics st on a, b from plain;
create index plain_a on plain (a);
create view v1 as select * from plain;
create view v2 as select * from v1;
create materialized view mv as select * from plain;
create publication pub for table plain;
`;

const functions = `
create table log (what text);
create function is_short(t text) returns boolean language sql immutable as 'select length(t) < 9';
create function add_one(n int) returns int language sql immutable as 'select n + 1';
create function add_all(n int, m int default 1) returns int language sql immutable as 'select n + m';
create function note() returns trigger language plpgsql as $$ begin insert into log values ('x'); return new; end $$;
create table plain (a int, b text check (is_short(b)));
create table indexed (a int);
create table noted (a int);
create index by_one on indexed (add_one(a));
create index by_all on indexed (add_all(a));
create trigger noted after insert on noted for each row execute function note();
create rule plain_log as on update to plain do also insert into log values ('u');
insert into plain values (1, 'x');
insert into indexed values (1);
`;

const renames = (...others: readonly string[]): readonly Pair[] =>
  others.map((other) => [`rename table vs ${other}`, plain, 'alter table plain rename to other', other]);

const partOf: Readonly<Record<string, string>> = {
  trigger:
    'create trigger part before update on t for each row execute function suppress_redundant_updates_trigger()',
  policy: 'create policy part on t',
  rule: 'create rule part as on update to t do instead nothing',
};

export const pairsOfDependents: Readonly<Record<string, readonly Pair[]>> = {
  'a renamed table and what depends on it': [
    ...renames(
      'alter statistics st rename to st2',
      'drop statistics st',
      'alter view v1 rename to v9',
      'drop view v2',
      'alter index plain_a rename to by_a',
      'drop index plain_a',
      'alter materialized view mv rename to mv2',
      "alter publication pub set (publish = 'insert')",
      'create or replace view v1 as select a, b, 1 as c from plain',
    ),
    ['move vs move of a view', plain, 'alter table plain set schema app', 'alter view v1 set schema app'],
    ['move vs drop of its index', plain, 'alter table plain set schema app', 'drop index plain_a'],
    ['drop vs drop of its view', plain, 'drop table plain cascade', 'drop view v2'],
    [
      'drop vs rename of its statistics',
      plain,
      'drop table plain cascade',
      'alter statistics st rename to st2',
    ],
  ],
  'a view of all columns that goes with one of them': [
    [
      'rename of a column',
      plain,
      'alter table plain drop column a cascade',
      'alter view v1 rename column b to bb',
    ],
    [
      'a copy',
      plain,
      'alter table plain drop column a cascade',
      'create table copy as select count(*) from v1',
    ],
    [
      'the same, through another view',
      plain,
      'alter table plain drop column a cascade',
      'create table copy as select count(*) from v2',
    ],
    [
      'a column that came later',
      `${plain} alter table plain add later int;`,
      'alter table plain drop column later cascade',
      'create table copy as select * from v1',
    ],
  ],
  'a renamed constraint and its index': [
    [
      'rename key vs drop index of its new name',
      plain,
      'alter table plain rename constraint plain_b_key to free',
      'drop index if exists free',
    ],
    [
      'rename key vs new index',
      plain,
      'alter table plain rename constraint plain_b_key to free',
      'create index free on plain (a)',
    ],
    [
      'rename check vs new index',
      plain,
      'alter table plain rename constraint positive to free',
      'create index free on plain (a)',
    ],
    [
      'rename check vs drop index',
      plain,
      'alter table plain rename constraint positive to free',
      'drop index if exists free',
    ],
  ],
  'a function that goes with what calls it': [
    ['check', functions, "insert into plain values (2, 'y')", 'drop function is_short cascade'],
    ['index', functions, 'insert into indexed values (2)', 'drop function add_one cascade'],
    ['trigger', functions, 'insert into noted values (2)', 'drop function note() cascade'],
    ['rule', functions, 'update plain set a = 5', 'drop table log cascade'],
    [
      'another function that fits the call in an index',
      functions,
      "create function add_all(n int) returns int language sql as 'select n'",
      'update indexed set a = a + 1',
    ],
    [
      'another function that fits a call',
      functions,
      "create function add_all(n int) returns int language sql as 'select n'",
      'insert into indexed values (add_all(1))',
    ],
  ],
  'rules and reads': [
    [
      'rule on update vs copy',
      functions,
      'create rule r as on update to indexed do instead nothing',
      'create table copy as select * from indexed',
    ],
    [
      'rule on insert vs update',
      functions,
      'create rule r as on insert to indexed do instead nothing',
      'update indexed set a = 7',
    ],
  ],
  'rows through a view of all columns': [
    [
      'all values vs primary key',
      plain,
      "insert into v1 values (3, 'v')",
      'alter table plain add primary key (a)',
    ],
    [
      'a value for one column vs not null',
      plain,
      'insert into v1 values (3)',
      'alter table plain alter b set not null',
    ],
    [
      'the same through two views',
      plain,
      'insert into v2 values (3)',
      'alter table plain alter b set not null',
    ],
    [
      'a value for another column',
      plain,
      "insert into v1 (b) values ('b')",
      'alter table plain alter a set not null',
    ],
  ],
  'what is there, or is not': [
    [
      'drop of no column vs insert',
      functions,
      'alter table log drop column if exists nothing',
      "insert into log values ('x')",
    ],
    [
      'drop of a column vs insert',
      functions,
      'alter table log drop column if exists what',
      "insert into log values ('x')",
    ],
    [
      'kept table vs new column',
      plain,
      'create table if not exists plain (id int, c text)',
      'alter table plain add id int',
    ],
    [
      'kept table vs kept table',
      plain,
      'create table if not exists plain (id int)',
      'create table if not exists plain (id int primary key)',
    ],
    [
      'new table vs new table',
      plain,
      'create table if not exists fresh (id int)',
      'create table if not exists fresh (id int primary key)',
    ],
    ...['trigger', 'policy', 'rule'].map(
      (kind): Pair => [
        `drop of a ${kind} vs drop of its table`,
        `create table t (id int); ${partOf[kind]}`,
        `drop ${kind} if exists part on t`,
        'drop table t cascade',
      ],
    ),
    [
      'drop of a column vs drop of its table',
      'create table t (id int)',
      'alter table t drop column if exists id',
      'drop table t',
    ],
    [
      'not null of the parent alone vs rows of a child',
      'create table parent (id int, v int default 1); create table kid () inherits (parent); insert into kid values (1)',
      'alter table only parent alter v set not null',
      'update kid set id = 2',
    ],
  ],
};
