/** Makes views, sequences, types, functions, triggers, rules and policies at random, and changes those that are there. */

import fc from 'fast-check';
import { oneOf, sql } from '../../../support/random-sql.js';
import {
  cascade,
  column,
  ifExists,
  ifNotExists,
  newName,
  role,
  schema,
  sequence,
  table,
  type,
} from './names.js';
import { query } from './tables.js';

/** What most objects can do. */
function common(object: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    sql`alter ${object} rename to ${newName}`,
    sql`alter ${object} set schema ${schema}`,
    sql`alter ${object} owner to ${role}`,
    sql`comment on ${object} is ${oneOf("'x'", "'y'", 'null')}`,
    sql`drop ${object}${cascade}`,
  );
}

const newView = oneOf('seen', '"Seen"', 'app.seen');
const views = fc.oneof(
  sql`create${oneOf('', ' or replace')} view ${newView} as ${query}`,
  sql`create view ${newView} (x, y) as select id, email from users`,
  sql`create or replace view active as select id, email${oneOf('', ', name', ', age + 1 as more')} from users`,
  sql`create materialized view${ifNotExists} ${newView} as ${query}${oneOf('', ' with no data')}`,
  sql`alter view${ifExists} active ${oneOf('set (security_invoker = true)', 'reset (security_invoker)', 'rename column email to mail')}`,
  sql`alter view active alter column ${oneOf('id', 'email')} ${oneOf('set default null', 'drop default')}`,
  sql`drop view${ifExists} ${oneOf('active', 'public.active', 'nothing')}${cascade}`,
  oneOf(
    'refresh materialized view totals',
    'create unique index on totals (user_id)',
    'create temp view v as select 1 as one',
  ),
  common(oneOf('view active', 'materialized view totals', 'view public.active')),
);

const sequences = fc.oneof(
  sql`create sequence${ifNotExists} ${oneOf('ticks', 'app.ticks', 'counter')}${oneOf('', ' as smallint', ' owned by users.age', ' start 5')}`,
  sql`alter sequence${ifExists} ${sequence} ${oneOf('increment 3', 'owned by posts.title', 'owned by none', 'restart', 'cache 5', 'as int')}`,
  common(sql`sequence ${sequence}`),
);

const types = fc.oneof(
  sql`create type ${oneOf('colour', 'app.colour', '"Colour"')} as ${oneOf("enum ('red', 'green')", 'enum ()', '(a int, b mood)', 'range (subtype = int)')}`,
  sql`alter type mood add value${ifNotExists} ${oneOf("'great'", "'ok'", "'so so' before 'ok'", "'last' after 'sad'")}`,
  sql`alter type mood rename value 'sad' to ${oneOf("'blue'", "'down'")}`,
  sql`alter type pair ${oneOf('add attribute c int', 'drop attribute b', 'alter attribute a type text', 'add attribute c mood, drop attribute a')}${oneOf('', ' cascade')}`,
  sql`alter type pair rename attribute a to ${newName}`,
  sql`create domain ${oneOf('small', 'app.small')} as ${oneOf('int', 'text', 'positive', 'numeric(4, 1)')}${oneOf('', ' not null', ' default null', ' check (value is not null) check (true)')}`,
  sql`alter domain positive ${oneOf('add check (value < 99)', 'add constraint low check (value < 99) not valid', 'drop constraint positive_check', 'set default 5', 'set not null', 'drop default', 'rename constraint positive_check to above', 'validate constraint positive_check', 'drop not null')}`,
  common(oneOf('type mood', 'type pair', 'domain positive', 'type public.mood')),
);

const body = oneOf(
  ...[
    'select 1',
    'select i from users where age = 1',
    'insert into loose values (now(), 1) returning value',
    'select count(*)::int from posts',
  ],
);
const attributes = oneOf('', ' immutable', ' strict security definer', ' set search_path to app');
const argumentList = oneOf('i int', 'i bigint', 'i int default 3', '', 'i mood, j users', 'variadic i int[]');
const functions = fc.oneof(
  sql`create${oneOf('', ' or replace')} function ${oneOf('fresh_fn', 'app.fresh_fn', 'twice')}(${argumentList}) returns int language sql${attributes} as $$ ${body} $$`,
  sql`create function fresh_fn(${argumentList}) returns ${type} language plpgsql as $$ declare r record; begin select * into r from users; return null; end $$`,
  sql`create procedure fresh_proc(${argumentList}) language plpgsql as $$ begin create table ${oneOf('made', 'app.made')} (id int); drop table made; end $$`,
  sql`create function fresh_atomic(i int) returns ${oneOf('bigint', 'int')} language sql begin atomic; select ${oneOf('count(*) from users', 'twice(i)')}; end`,
  sql`alter function twice${oneOf('', '(int)')} ${oneOf('stable', 'strict', 'security definer', 'cost 5', "set work_mem = '8MB'", 'parallel safe')}`,
  sql`create aggregate ${oneOf('total', 'app.total')}(int) (sfunc = int4pl, stype = int)`,
  sql`create operator ${oneOf('===', 'app.===')} (leftarg = int, rightarg = int, function = int4eq)`,
  sql`create cast (mood as ${oneOf('int', 'bigint')}) with inout${oneOf('', ' as assignment')}`,
  sql`drop function${ifExists} ${oneOf('twice', 'twice(int)', 'touch', 'touch()', 'public.touch()')}${cascade}`,
  common(oneOf('function twice(int)', 'function touch()', 'function public.twice(i int)')),
);

const triggers = fc.oneof(
  sql`create${oneOf('', ' or replace')} trigger ${oneOf('watched', 'touched')} ${oneOf('before', 'after')} ${oneOf('insert', 'update', 'delete or insert', 'update of id')} on ${table} for each ${oneOf('row', 'statement')} execute function touch()`,
  sql`create constraint trigger watched after insert on ${table} deferrable for each row execute function touch()`,
  sql`alter trigger touched on users rename to ${newName}`,
  sql`drop trigger${ifExists} touched on ${oneOf('users', 'posts')}${cascade}`,
  sql`create${oneOf('', ' or replace')} rule ${oneOf('ruled', 'no_delete')} as on ${oneOf('insert', 'update', 'delete')} to ${table} do ${oneOf('instead nothing', 'also insert into loose values (now(), 1)')}`,
  sql`alter rule no_delete on posts rename to ${newName}`,
  sql`drop rule${ifExists} no_delete on posts`,
  sql`create policy ${oneOf('theirs', 'mine')} on ${table} ${oneOf('', 'as restrictive ', 'for select ')}to ${role} using (${oneOf('true', 'exists (select from users)', 'id > 1')})`,
  sql`alter policy mine on posts ${oneOf('using (true)', 'to reader', 'rename to ours')}`,
  sql`drop policy${ifExists} mine on posts`,
  sql`comment on ${oneOf('trigger touched on users', 'policy mine on posts', 'rule no_delete on posts')} is 'x'`,
  sql`comment on constraint ${oneOf('users_pkey on users', 'users_age_check on users', 'positive_check on domain positive')} is 'x'`,
  sql`comment on column ${table}.${column} is 'x'`,
);

/** One statement about any of them. */
export const objects: fc.Arbitrary<string> = fc.oneof(views, sequences, types, functions, triggers);
