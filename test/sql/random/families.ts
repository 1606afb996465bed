/** Statements at random about partitions, inheritance and tables of a type. */

import { maybe, oneOf, sql } from '../../support/random-sql.js';

export const familyStatements = [
  sql`create table parted_2 partition of parted for values in (2)`,
  sql`alter table parent add column ${oneOf('n1', 'n2')} int${maybe(' not null default 5')}`,
  sql`alter table kid add column ${oneOf('n1', 'n2')} int`,
  sql`alter table ${oneOf('parent', 'kid', 'only parent')} alter v ${oneOf('set default 2', 'drop not null', 'set not null', 'type bigint', 'drop default')}`,
  sql`alter table parent ${oneOf('drop column w', 'rename w to ww', 'rename v to vv', 'drop column v')}`,
  sql`alter table kid ${oneOf('no inherit parent', 'alter w set not null', 'add check (v > 0)', 'rename to kid2', 'drop column w', 'rename w to ww', 'alter w set default 1')}`,
  sql`alter table parent add constraint ${oneOf('vpos', 'vneg')} check (v > ${oneOf('0', '-5', '3')})${maybe(' no inherit')}${maybe(' not valid')}`,
  sql`create table kid_b () inherits (${oneOf('parent', 'kid')})`,
  sql`create table kid_c (id int not null, v int not null, w text)`,
  sql`alter table plain inherit log`,
  sql`create table ranged_25 partition of ranged for values from ('2025-01-01') to ('${oneOf('2026-01-01', '2025-06-01')}')`,
  sql`create table ranged_sub partition of ranged for values from ('2030-01-01') to ('2031-01-01') partition by list (id)`,
  sql`alter table ranged attach partition standalone for values from ('${oneOf('2025-01-01', '2023-01-01')}') to ('${oneOf('2026-01-01', '2023-06-01')}')`,
  sql`alter table ranged detach partition ${oneOf('ranged_24', 'ranged_def')}`,
  sql`alter table ranged add ${oneOf('extra int', 'constraint rc check (id > 0)', "column k text default 'k'")}`,
  sql`alter table ${oneOf('ranged', 'ranged_24', 'only ranged')} ${oneOf('alter id set default 4', 'add unique (at, id)', 'drop constraint ranged_pkey', 'alter id type bigint', 'rename id to ident', 'add check (id < 100) not valid')}`,
  sql`create table hashed_1 partition of hashed for values with (modulus 2, remainder 1)`,
  sql`create table hashed_${oneOf('a', 'b')} partition of hashed for values with (modulus 4, remainder ${oneOf('1', '3')})`,
  sql`alter table hashed ${oneOf('add k int', 'add primary key (id)', 'detach partition hashed_0', 'rename note to notes', 'add unique (id, note)')}`,
  sql`alter table of_pair ${oneOf('not of', 'add check (x > 0)', 'alter y set default 1')}`,
  sql`create table of_pair2 of pair`,
  sql`alter table plain of pair`,
];
