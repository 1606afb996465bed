/** Pairs of migrations of which one replaces a table by a new one of its name, in all the ways in which projects do it. */

import { named, type Pair } from './pairs.js';

const setup =
  "create table u (id int primary key, name text not null, age int); insert into u values (1, 'a', 3)";

const rebuilds: Readonly<Record<string, string>> = {
  'a new table takes the name':
    'create table u2 (id int primary key, name text not null, age bigint); insert into u2 select id, name, age from u; drop table u; alter table u2 rename to u',
  'a copy takes the name':
    'create table u2 (like u including all); insert into u2 select * from u; drop table u; alter table u2 rename to u',
  'the old table leaves the name to a new one':
    'alter table u rename to u_old; create table u (id int primary key, name text not null, age bigint); insert into u select id, name, age from u_old; drop table u_old',
  'the old table leaves the name to its copy':
    'alter table u rename to u_old; create table u (like u_old including all); insert into u select * from u_old; drop table u_old',
  'the result of a query takes the name':
    'create table u2 as select * from u; drop table u; alter table u2 rename to u',
};

const changes: readonly string[] = [
  'alter table u add column x int',
  'alter table u add column x int not null default 3',
  'alter table u add column if not exists x int',
  "insert into u values (2, 'b', 4)",
  "insert into u values (2, 'b')",
  "insert into u (id, name) values (2, 'b')",
  "insert into u (id, name, age) values (2, 'b', 4)",
  "update u set name = 'z'",
  'delete from u',
  'create index u_age on u (age)',
  'alter table u drop column age',
  'alter table u rename column age to years',
  'alter table u alter age type bigint',
  'alter table u alter age set default 3',
  'alter table u alter name drop not null',
  'alter table u add constraint ck check (age > 0)',
  "comment on table u is 'x'",
  'create view v as select * from u',
  'create view v as select id from u',
  'create table c (u int references u)',
  'create table w (like u)',
  'create table u2 (a int)',
  'grant select on u to public',
  'drop table u',
  'alter table u rename to z',
];

export const pairsOfRebuiltTables: Readonly<Record<string, readonly Pair[]>> = Object.fromEntries(
  Object.entries(rebuilds).map(([title, rebuild]) => [
    title,
    named(changes.map((change) => [setup, rebuild, change])),
  ]),
);
