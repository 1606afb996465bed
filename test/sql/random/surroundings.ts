/** Statements at random about schemas, roles, privileges, policies, comments, publications and foreign servers. */

import { maybe, oneOf, sql } from '../../support/random-sql.js';

const table = oneOf('users', 'posts', 'plain', 'log', 'fresh', 'adults');
const column = oneOf('id', 'email', 'name', 'age', 'mood');
const text = oneOf("'x'", "'y'", 'null');
const role = oneOf('writer', 'reader', 'public');

const objects = oneOf(
  ...['table users', 'column users.email', 'function double(int)', 'schema web', 'type mood', 'view v1'],
  ...['index posts_title', 'index users_add', 'constraint b_short on plain', 'trigger noted on posts'],
  ...['policy own on users', 'domain code', 'collation plain_order', 'statistics st', 'server away'],
  ...['constraint users_email_key on users', 'column plain.a', 'column pair.x', 'rule plain_log on plain'],
  ...['text search configuration search', 'materialized view mv', 'constraint code_not_null on domain code'],
);

export const surroundingStatements = [
  sql`create schema ${maybe('if not exists ')}${oneOf('app', 'web')}`,
  sql`drop schema app${maybe(' cascade')}`,
  sql`drop schema web${oneOf('', ' cascade')}`,
  sql`alter schema web ${oneOf('rename to www', 'owner to writer')}`,
  sql`create table app.${oneOf('users', 'things')} (id int)`,
  sql`create table web.things (id int)`,
  sql`create sequence web.things`,
  sql`set search_path to ${oneOf('web', 'web, public', 'app, public')}; create table pages2 (id int)`,
  sql`set search_path to web, public; ${oneOf('select * from pages', 'insert into pages values (1)', 'create table users (id int)', "insert into log values ('w')", 'create view seen2 as select * from users', 'create type mood as enum ()', 'create function double(n int) returns int language sql as $$ select 1 $$')}`,
  sql`select set_config('${oneOf('app.x', 'search_path')}', 'web', ${oneOf('true', 'false')})`,
  sql`create extension if not exists plpgsql`,
  sql`grant ${oneOf('select', 'all')} on ${table} to reader`,
  sql`revoke ${oneOf('select', 'all')} on ${table} from reader`,
  sql`grant ${oneOf('select', 'insert', 'all', 'select (id)', 'update (email)')} on users to ${role}`,
  sql`revoke ${oneOf('select', 'insert', 'all', 'select (id)', 'update (email)')} on users from ${role}`,
  sql`grant select on all tables in schema ${oneOf('public', 'web')} to reader`,
  sql`grant ${oneOf('usage', 'create')} on schema web to ${oneOf('writer', 'reader')}`,
  sql`grant select on plain to writer${maybe(' with grant option')}`,
  sql`revoke ${maybe('grant option for ')}select on plain from writer`,
  sql`grant ${oneOf('usage on type mood', 'usage on sequence counter', 'execute on function double(int)', 'usage on foreign server away', 'usage on domain code', 'execute on all functions in schema public', 'select on plain')} to ${role}`,
  sql`revoke ${oneOf('usage on type mood', 'usage on sequence counter', 'execute on function double(int)', 'execute on all functions in schema public', 'all on all tables in schema public')} from ${role}`,
  sql`revoke all on ${oneOf('users', 'all tables in schema public')} from ${oneOf('writer', 'public')}`,
  sql`${oneOf('grant writer to reader', 'revoke writer from reader', 'drop owned by writer', 'reassign owned by writer to reader', 'drop role writer', 'alter role writer rename to author', 'alter role writer createdb', 'create role editor', 'alter role reader set search_path to web')}`,
  sql`alter table ${oneOf('users', 'plain', 'log')} owner to ${oneOf('writer', 'reader')}`,
  sql`alter default privileges grant ${oneOf('select', 'update')} on tables to reader`,
  sql`alter default privileges in schema web grant ${oneOf('select', 'insert')} on tables to ${oneOf('writer', 'reader')}`,
  sql`alter default privileges ${oneOf('grant execute on functions to writer', 'revoke execute on functions from public', 'grant usage on types to reader', 'grant usage on sequences to writer', 'revoke usage on types from public')}`,
  sql`create policy ${oneOf('own', 'all_of')} on ${table} using (true)`,
  sql`create policy ${oneOf('p1', 'p2')} on ${oneOf('users', 'plain')} for ${oneOf('select', 'all', 'update')} to ${role} using (true)`,
  sql`create policy ${oneOf('p1', 'p2')} on ${oneOf('users', 'plain')} as restrictive for insert to ${role} with check (true)`,
  sql`drop policy own on users`,
  sql`alter policy own on users ${oneOf('using (id = 1)', 'using (id = 3)', 'rename to p1', 'to writer', 'using (age > 3)', 'to reader')}`,
  sql`alter table users ${oneOf('no force', 'force')} row level security`,
  sql`comment on table ${table} is ${text}`,
  sql`comment on column users.${column} is ${text}`,
  sql`comment on ${objects} is ${text}`,
  sql`${oneOf('drop publication pub', 'alter publication pub add table plain', 'alter publication pub add table bare', 'alter publication pub add table keyed', 'alter publication pub set table plain', 'alter publication pub drop table users', 'alter publication pub rename to pub2', "alter publication pub set (publish = 'insert')", 'alter publication pub owner to writer', 'alter publication pub add tables in schema web', 'alter publication pub add table posts (id, title)', 'alter publication pub set table users where (id > 1)')}`,
  sql`create publication ${oneOf('pub', 'pub3')} for ${oneOf('table plain', 'all tables', 'table bare', 'table keyed', 'tables in schema web', 'table bare where (id = 1)', 'table ranged', 'table parent')}${maybe(" with (publish = 'insert')")}`,
  sql`create server ${oneOf('away', 'near')} foreign data wrapper far`,
  sql`alter server away ${oneOf("options (add host 'h')", "version '2'", 'rename to afar', 'owner to writer')}`,
  sql`drop server away${maybe(' cascade')}`,
  sql`create foreign table ${oneOf('distant', 'distant2')} (id int) server away${maybe(" options (place 'p')")}`,
  sql`alter foreign table distant ${oneOf("options (add place 'q')", 'add k int', 'drop column v', 'rename to remote', 'alter v type int', 'alter id set not null', 'set schema web')}`,
  sql`drop foreign table distant`,
  sql`create user mapping for ${oneOf('writer', 'public')} server away`,
  sql`drop foreign data wrapper far${maybe(' cascade')}`,
];
