/** Pairs of which one concerns everything that a role owns. */

import type { Pair } from './pairs.js';

/** By what decides. */
export const pairsOfOwners: Readonly<Record<string, readonly Pair[]>> = {
  'user mappings of a role': [
    ...[
      ['drop', 'create user mapping for r1 server s', ''],
      ['drop', 'drop user mapping for r1 server s', '; create user mapping for r1 server s'],
      ['drop', 'drop user mapping if exists for r1 server s', '; create user mapping for r1 server s'],
      ['reassign', 'create user mapping for r1 server s', ''],
    ].map(
      ([verb, change = '', before]): Pair => [
        `${verb} owned vs ${change}`,
        `create role r1; create role r2; create foreign data wrapper w; create server s foreign data wrapper w${before}`,
        `${verb} owned by r1${verb === 'drop' ? '' : ' to r2'}`,
        change,
      ],
    ),
  ],
  'what a role owns and gets': [
    [
      'drop owned vs new owner',
      'create role r1; create table a(id int); ',
      'drop owned by r1',
      'alter table a owner to r1',
    ],
    [
      'drop owned vs column of owned table',
      'create role r1; create table a(id int); alter table a owner to r1',
      'drop owned by r1',
      'alter table a add x int',
    ],
    [
      'drop owned vs view of owned table',
      'create role r1; create table a(id int); alter table a owner to r1',
      'drop owned by r1',
      'create view v as select id from a',
    ],
    [
      'drop owned vs grant',
      'create role r1; create table a(id int); ',
      'drop owned by r1',
      'grant select on a to r1',
    ],
    [
      'drop owned vs revoke',
      'create role r1; create table a(id int); grant select on a to r1',
      'drop owned by r1',
      'revoke select on a from r1',
    ],
    [
      'drop owned vs grant of column',
      'create role r1; create table a(id int); ',
      'drop owned by r1',
      'grant select (id) on a to r1',
    ],
    [
      'drop owned vs grant on all',
      'create role r1; create table a(id int); ',
      'drop owned by r1',
      'grant select on all tables in schema public to r1',
    ],
    [
      'drop owned vs drop role',
      'create role r1; create table a(id int); grant select on a to r1',
      'drop owned by r1',
      'drop role r1',
    ],
    [
      'drop owned vs default privileges',
      'create role r1; create table a(id int); ',
      'drop owned by r1',
      'alter default privileges in schema public grant select on tables to r1',
    ],
    [
      'drop owned vs policy',
      'create role r1; create table a(id int); ',
      'drop owned by r1',
      'create policy p on a to r1',
    ],
    [
      'drop owned vs another table',
      'create role r1; create table a(id int); ',
      'drop owned by r1',
      'alter table a add x int',
    ],
    [
      'drop owned vs new table',
      'create role r1; create table a(id int); ',
      'drop owned by r1',
      'create table z (id int)',
    ],
    [
      'drop owned vs grant to another',
      'create role r1; create table a(id int); create role r2',
      'drop owned by r1',
      'grant select on a to r2',
    ],
    [
      'drop owned vs membership',
      'create role r1; create table a(id int); create role r2',
      'drop owned by r1',
      'grant r2 to r1',
    ],
    [
      'drop owned vs setting of role',
      'create role r1; create table a(id int); ',
      'drop owned by r1',
      'alter role r1 set statement_timeout = 1',
    ],
    [
      'drop owned vs comment of role',
      'create role r1; create table a(id int); ',
      'drop owned by r1',
      "comment on role r1 is 'x'",
    ],
    [
      'drop owned twice',
      'create role r1; create table a(id int); alter table a owner to r1',
      'drop owned by r1',
      'drop owned by r1',
    ],
    [
      'drop owned vs schema of role',
      'create role r1; create table a(id int); ',
      'drop owned by r1',
      'create schema s authorization r1',
    ],
    [
      'drop owned vs schema in schema of role',
      'create role r1; create table a(id int); create schema s authorization r1',
      'drop owned by r1',
      'create table s.x (id int)',
    ],
    [
      'drop owned vs function owner',
      "create role r1; create table a(id int); create function f() returns int language sql as 'select 1'",
      'drop owned by r1',
      'alter function f() owner to r1',
    ],
    [
      'reassign vs owner',
      'create role r1; create table a(id int); create role r2; alter table a owner to r1',
      'reassign owned by r1 to r2',
      'alter table a owner to r1',
    ],
    [
      'reassign vs new owner',
      'create role r1; create table a(id int); create role r2',
      'reassign owned by r1 to r2',
      'alter table a owner to r1',
    ],
    [
      'reassign vs grant',
      'create role r1; create table a(id int); create role r2',
      'reassign owned by r1 to r2',
      'grant select on a to r1',
    ],
    [
      'reassign vs column',
      'create role r1; create table a(id int); create role r2; alter table a owner to r1',
      'reassign owned by r1 to r2',
      'alter table a add x int',
    ],
    [
      'reassign vs drop owned',
      'create role r1; create table a(id int); create role r2; alter table a owner to r1',
      'reassign owned by r1 to r2',
      'drop owned by r1',
    ],
    [
      'reassign to owner',
      'create role r1; create table a(id int); create role r2',
      'reassign owned by r2 to r1',
      'grant select on a to r1',
    ],
  ],
};
