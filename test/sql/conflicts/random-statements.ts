/** Small statements over one small schema, of which any two may or may not get along. */

import fc from 'fast-check';

/** What every pair finds. */
export const beginning = `
create role reader;
create schema app;
create type mood as enum ('sad', 'ok');
create domain positive as int check (value > 0);
create table users (id int primary key, email text unique, name text default 'x', age int, mood mood);
create table posts (id serial primary key, user_id int references users, title text);
create table plain (a int, b text, c text default 'c');
create table log (what text);
create sequence counter;
create view adults as select id, email from users where age > 17;
create function double(n int) returns int language sql as 'select n * 2';
create function note() returns trigger language plpgsql as $$ begin insert into log values (tg_table_name); return new; end $$;
create function tidy() returns void language plpgsql as $$ begin delete from plain where b = 'old'; end $$;
create trigger noted after insert on posts for each row execute function note();
create index posts_title on posts (title);
create policy own on users using (id = 1);
create table parted (id int, k int) partition by list (k);
create table parted_1 partition of parted for values in (1);
insert into users values (1, 'a@x', 'a', 20, 'ok'), (2, 'b@x', 'b', 10, 'sad');
insert into posts (user_id, title) values (1, 't');
insert into plain values (1, 'old', 'z'), (2, 'new', null);
`;

const table = fc.constantFrom('users', 'posts', 'plain', 'log', 'fresh', 'adults');
const column = fc.constantFrom(
  'id',
  'email',
  'name',
  'age',
  'mood',
  'title',
  'user_id',
  'a',
  'b',
  'c',
  'extra',
);
const name = fc.constantFrom('one', 'two', 'posts_title', 'noted', 'users_email_key');
const text = fc.constantFrom("'old'", "'new'", "'ok'", "'glad'", 'null', "'q'");
const number = fc.constantFrom('1', '2', '3', '4');
const type = fc.constantFrom('int', 'text', 'mood', 'positive', 'bigint');
const maybe = (words: string) => fc.constantFrom('', words);

type Part = fc.Arbitrary<string>;

/** A statement with holes. */
function say(strings: TemplateStringsArray, ...parts: Part[]): Part {
  return fc
    .tuple(...parts)
    .map((values) => strings.map((piece, index) => `${piece}${values[index] ?? ''}`).join(''));
}

/** One statement. */
export const statement: Part = fc.oneof(
  say`create table ${maybe('if not exists ')}${fc.constantFrom('fresh', 'other', 'log')} (id int ${maybe('primary key')}, ${column} text)`,
  say`create table copy (like ${table})`,
  say`create table ${fc.constantFrom('fresh', 'child')} (id int references users, v ${type})`,
  say`create table other as select * from ${table}`,
  say`create table parted_2 partition of parted for values in (2)`,
  say`drop table ${maybe('if exists ')}${table}${maybe(' cascade')}`,
  say`alter table ${table} rename to ${fc.constantFrom('fresh', 'renamed')}`,
  say`alter table ${table} rename ${column} to ${column}`,
  say`alter table ${table} set schema app`,
  say`alter table ${table} add ${maybe('if not exists ')}${fc.constantFrom('extra', 'more')} ${type}${maybe(" default '1'")}`,
  say`alter table ${table} add extra int not null`,
  say`alter table ${table} add more int not null default ${number}`,
  say`alter table ${table} drop ${maybe('if exists ')}${column}${maybe(' cascade')}`,
  say`alter table ${table} alter ${column} set default ${text}`,
  say`alter table ${table} alter ${column} drop default`,
  say`alter table ${table} alter ${column} ${fc.constantFrom('set', 'drop')} not null`,
  say`alter table ${table} alter ${column} type ${type}`,
  say`alter table ${table} alter ${column} type text using upper(${column}::text)`,
  say`alter table ${table} alter ${column} set statistics ${fc.constantFrom('10', '20')}`,
  say`alter table ${table} add check (${column} is not null)`,
  say`alter table ${table} add constraint ${name} check (${column} is not null)${maybe(' not valid')}`,
  say`alter table ${table} add ${maybe('constraint one ')}unique (${column})`,
  say`alter table ${table} add ${maybe('constraint two ')}primary key (${column})`,
  say`alter table ${table} add foreign key (${column}) references ${table}${maybe(' on delete cascade')}`,
  say`alter table ${table} drop constraint ${fc.constantFrom('users_pkey', 'users_email_key', 'posts_user_id_fkey', 'one')}${maybe(' cascade')}`,
  say`alter table users rename constraint users_email_key to ${name}`,
  say`alter table ${table} ${fc.constantFrom('enable', 'disable', 'force')} row level security`,
  say`alter table ${table} set (fillfactor = ${fc.constantFrom('50', '60')})`,
  say`alter table ${table} ${fc.constantFrom('disable', 'enable')} trigger ${fc.constantFrom('noted', 'all')}`,
  say`alter table ${table} add unique using index ${name}`,
  say`create ${maybe('unique ')}index ${maybe('if not exists one ')}on ${table} (${column})`,
  say`create index ${name} on ${table} (${column})`,
  say`drop index ${maybe('if exists ')}${name}`,
  say`alter index posts_title rename to ${name}`,
  say`create ${maybe('or replace ')}view ${fc.constantFrom('adults', 'seen')} as select ${fc.constantFrom('*', 'id, email', 'id')} from users`,
  say`create view seen as select ${column} as x from ${table}`,
  say`drop view ${maybe('if exists ')}${fc.constantFrom('adults', 'seen')}`,
  say`create ${maybe('or replace ')}function ${fc.constantFrom('double', 'triple')}(n ${fc.constantFrom('int', 'text')}) returns ${fc.constantFrom('int', 'text')} language sql as 'select ${fc.constantFrom('n', 'null')}'`,
  say`create or replace function tidy() returns void language plpgsql as $$ begin delete from ${table} where ${column} = ${text}; end $$`,
  say`drop function ${maybe('if exists ')}${fc.constantFrom('double', 'tidy', 'note cascade', 'triple(int)')}`,
  say`alter function double rename to triple`,
  say`alter function double(int) ${fc.constantFrom('strict', 'immutable', 'volatile')}`,
  say`select tidy()`,
  say`insert into plain (a) values (double(${number}))`,
  say`create trigger ${fc.constantFrom('noted', 'seen')} after ${fc.constantFrom('insert', 'update', 'delete')} on ${table} for each row execute function note()`,
  say`drop trigger ${maybe('if exists ')}noted on posts`,
  say`create policy ${fc.constantFrom('own', 'all_of')} on ${table} using (true)`,
  say`drop policy own on users`,
  say`alter policy own on users using (id = ${number})`,
  say`alter type mood add value ${maybe('if not exists ')}${fc.constantFrom("'glad'", "'mad'")}${maybe(" before 'ok'")}`,
  say`alter type mood rename value ${fc.constantFrom("'ok'", "'sad'")} to ${fc.constantFrom("'fine'", "'glad'")}`,
  say`alter type mood rename to temper`,
  say`create type ${fc.constantFrom('temper', 'mood')} as enum ('hot', 'cold')`,
  say`drop type ${maybe('if exists ')}${fc.constantFrom('mood', 'temper')}${maybe(' cascade')}`,
  say`alter domain positive ${fc.constantFrom('set not null', 'drop not null', 'set default 1', 'set default 2', 'drop default')}`,
  say`alter domain positive add check (value < ${fc.constantFrom('100', '200')})`,
  say`create sequence ${maybe('if not exists ')}${fc.constantFrom('counter', 'more_counter')}`,
  say`alter sequence counter ${fc.constantFrom('restart with 5', 'increment 2', 'increment 3', 'owned by users.id')}`,
  say`select nextval('counter')`,
  say`select setval('counter', ${number})`,
  say`create schema ${maybe('if not exists ')}${fc.constantFrom('app', 'web')}`,
  say`drop schema app${maybe(' cascade')}`,
  say`create table app.${fc.constantFrom('users', 'things')} (id int)`,
  say`grant ${fc.constantFrom('select', 'all')} on ${table} to reader`,
  say`revoke ${fc.constantFrom('select', 'all')} on ${table} from reader`,
  say`grant select on all tables in schema public to reader`,
  say`alter default privileges grant ${fc.constantFrom('select', 'update')} on tables to reader`,
  say`comment on table ${table} is ${text}`,
  say`comment on column users.${column} is ${text}`,
  say`insert into users values (${number}, ${text}, ${text}, ${number}, 'ok')${maybe(' on conflict do nothing')}`,
  say`insert into users (id, email) values (${number}, ${text})${maybe(' on conflict (id) do nothing')}`,
  say`insert into users (id, mood) values (${number}, ${text})`,
  say`insert into posts (user_id, title) values (${number}, ${text})`,
  say`insert into posts (id, user_id) values (${number}, ${number})${maybe(' on conflict (id) do update set title = excluded.title')}`,
  say`insert into plain (a, b) values (${number}, ${text})`,
  say`insert into plain values (${number}, ${text})`,
  say`insert into plain (a, b) select id, ${column} from ${table}`,
  say`insert into parted values (${number}, ${fc.constantFrom('1', '2')})`,
  say`insert into log select what from log`,
  say`update users set ${column} = ${text} where ${column} = ${text}`,
  say`update users set age = age + 1 where id = ${number}`,
  say`update users set id = id + 10`,
  say`update plain set ${fc.constantFrom('b', 'c')} = ${text} where ${fc.constantFrom('a = 1', 'a = 2', "b = 'old'", 'true', "b in ('old', 'new')")}`,
  say`update plain set a = (select count(*) from ${table})`,
  say`delete from ${table}${maybe(' where id = 1')}`,
  say`delete from plain where ${fc.constantFrom('a = 1', "b = 'old'", 'a > (select count(*) from log)')}`,
  say`truncate ${table}${maybe(' cascade')}`,
);

/** What one migration does. */
export const migration: Part = fc
  .array(statement, { minLength: 1, maxLength: 2 })
  .map((statements) => statements.join(';\n'));
