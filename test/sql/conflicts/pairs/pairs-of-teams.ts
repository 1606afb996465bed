/** Pairs of migrations around whole schemas, as teams write them with their tools. */

import { named, type Pair } from './pairs.js';

const onlySchema =
  "create table ranged (id int, at date) partition by range (at); create table ranged_24 partition of ranged for values from ('2024-01-01') to ('2025-01-01'); create role reader14; create schema web";

const compSchema =
  "create table ranged (id int, at date) partition by range (at); create table ranged_24 partition of ranged for values from ('2024-01-01') to ('2025-01-01'); create role reader14; create schema web";

const fkSchema = 'create table users (id int primary key); create table posts (u int references users)';

const rebuildSchema =
  "create table users (id serial primary key, email text not null unique, name varchar(20) default 'x', age int check (age > 0)); create table posts (id serial primary key, user_id int references users, body text); create index users_name on users (name); create view v as select id, email from users; insert into users (email) values ('a'), ('b')";

const swapSchema =
  'create table a (id int primary key, v int); create table b (id int primary key, v int); create index a_v on a (v); create view va as select * from a';

const appSchema = `create type status as enum ('draft', 'live');
create table users (id bigserial primary key, email text not null unique, name text, created_at timestamptz not null default '2020-01-01', meta jsonb default '{}');
create table posts (id bigserial primary key, user_id bigint not null references users (id), title varchar(50) not null, state status not null default 'draft', body text, slug text, views int not null default 0);
create index index_posts_on_user_id on posts (user_id);
create unique index index_posts_on_slug on posts (slug);
create view live_posts as select p.id, p.title, u.email from posts p join users u on u.id = p.user_id where p.state = 'live';
insert into users (email, name) values ('a@x', 'a'), ('b@x', null);
insert into posts (user_id, title, slug) values (1, 't1', 's1'), (2, 't2', 's2')`;

const dataSchema = `create table events (id bigint generated always as identity, at date not null, kind text not null, payload jsonb, amount numeric(10,2), primary key (id, at)) partition by range (at);
create table events_2024 partition of events for values from ('2024-01-01') to ('2025-01-01');
create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01');
create table events_default partition of events default;
create index events_kind on events (kind);
create materialized view daily as select at, count(*) as n from events group by at;
create unique index daily_at on daily (at);
create sequence invoice_no start 100;
create table invoices (id int primary key default nextval('invoice_no'), total numeric not null, tax numeric generated always as (total * 0.2) stored, note text);
create table lines (invoice_id int references invoices on delete cascade, pos int, qty int not null default 1, constraint lines_pk primary key (invoice_id, pos), constraint qty_pos check (qty > 0));
insert into events (at, kind) values ('2024-02-02', 'a'), ('2025-03-03', 'b');
insert into invoices (total) values (10), (20); insert into lines values (100, 1), (101, 1)`;

const secSchema = `create schema app; create schema audit; create role h3_owner; create role h3_read; create role h3_write; grant h3_read to h3_write;
create table app.accounts (id uuid primary key default gen_random_uuid(), email text, org int not null); create table app.orgs (id int primary key, name text);
create view app.account_list as select id, email from app.accounts;
create function app.touch() returns trigger language plpgsql as $$ begin new.email := lower(new.email); return new; end $$;
create function app.org_name(o int) returns text language sql stable as $$ select name from app.orgs where id = o $$;
create trigger touch before insert or update on app.accounts for each row execute function app.touch();
alter table app.accounts enable row level security; create policy own on app.accounts using (org = 1);
grant select on app.accounts to h3_read; grant usage on schema app to h3_read;
comment on table app.accounts is 'people';
alter default privileges in schema app grant select on tables to h3_read;
create extension if not exists citext`;

const objSchema = `create domain email as text check (value like '%@%'); create type addr as (street text, zip text); create type mood as enum ('ok', 'bad');
create table people (id int primary key, mail email, home addr, m mood default 'ok', tags text[] default '{}', score int check (score between 0 and 100));
create table logs (id int generated always as identity primary key, person int references people on delete set null, msg text, at timestamptz);
create view v_people as select id, mail, m from people where m <> 'bad';
create view v_top as select id from v_people where mail is not null;
create function full_score(p people) returns int language sql immutable as $$ select p.score + 1 $$;
create function log_it() returns trigger language plpgsql as $$ begin insert into logs (person, msg) values (new.id, 'changed'); return new; end $$;
create trigger people_log after update on people for each row when (old.score is distinct from new.score) execute function log_it();
create function norm(t text) returns text language sql immutable as $$ select lower(t) $$;
create index people_norm on people (norm(mail::text));
create rule no_del as on delete to logs do instead nothing;
create sequence batch; create table kv (k text primary key, v jsonb); insert into kv values ('a', '{"x": 1}'); insert into people (id, mail, score) values (1, 'a@b', 5), (2, 'c@d', 7)`;

const insSchema = "create table people (id int primary key, tags text[] default '{}', score int)";

const colSchema = "create table people (id int primary key, tags text[] default '{}', score int)";

export const pairsOfTeams: Readonly<Record<string, readonly Pair[]>> = {
  'indexes on a partitioned table alone': named([
    [
      onlySchema,
      'create index ri on only ranged (id, at)',
      "create table ranged_25 partition of ranged for values from ('2025-01-01') to ('2026-01-01')",
    ],
    [onlySchema, 'create index ri on ranged (id, at)', 'alter table ranged detach partition ranged_24'],
  ]),
  'composite types and all tables': named([
    [compSchema, 'grant select on all tables in schema public to reader14', 'create type pair2 as (x int)'],
    [compSchema, 'grant select on all tables in schema public to reader14', 'create table pair2 (x int)'],
    [
      compSchema,
      'grant select on all tables in schema public to reader14',
      'alter default privileges in schema web grant insert on tables to reader14; create type pair2 as (x int, y text, z int)',
    ],
  ]),
  'foreign keys that go along': named([
    [fkSchema, 'alter table users drop constraint users_pkey cascade', 'drop table if exists posts cascade'],
    [fkSchema, 'alter table users drop constraint users_pkey cascade', 'drop table posts'],
  ]),
  'views that are made again with more columns': named([
    [
      'create table t (a int); create view v as select a from t; create table f (a int); create function g() returns trigger language plpgsql as $$ begin insert into f select * from v; return new; end $$; create trigger h after insert on t for each row execute function g()',
      'drop view v; drop table f; create view v as select a, 1 as b from t; create table f (a int, b int)',
      'insert into t values (1)',
    ],
    [
      'create table t (a int); create view v as select a from t; create table f (a int); create function g() returns trigger language plpgsql as $$ begin insert into f select * from v; return new; end $$; create trigger h after insert on t for each row execute function g()',
      'drop view v; drop table f; create view v as select a, 1 as b from t; create table f (a int, b int)',
      'delete from t',
    ],
    [
      'create table t (a int); create view v as select a from t; create table f (a int)',
      'drop view v; create view v as select a, 1 as b from t; alter table f add column b int',
      'insert into f select * from v',
    ],
  ]),
  'tables that are copied for a while': named([
    [
      rebuildSchema,
      'create table posts_new (id bigserial primary key, user_id int references users, body text, at date); insert into posts_new (id, user_id, body) select id, user_id, body from posts; drop table posts; alter table posts_new rename to posts; alter sequence posts_new_id_seq rename to posts_id_seq',
      'create table posts_new (id bigserial primary key, user_id int references users, body text, at date); insert into posts_new (id, user_id, body) select id, user_id, body from posts; drop table posts; alter table posts_new rename to posts; alter sequence posts_new_id_seq rename to posts_id_seq',
    ],
    [
      rebuildSchema,
      'alter table posts rename to posts_old; create table posts (like posts_old including defaults including constraints including indexes); alter table posts add column at date; insert into posts (id, user_id, body) select id, user_id, body from posts_old; drop table posts_old cascade',
      'create table tmp_posts as select * from posts; truncate posts; insert into posts select * from tmp_posts; drop table tmp_posts',
    ],
    [
      rebuildSchema,
      'create table tmp_posts as select * from posts; truncate posts; insert into posts select * from tmp_posts; drop table tmp_posts',
      'alter table posts add column at date',
    ],
    [
      rebuildSchema,
      'create table tmp_posts as select * from posts; truncate posts; insert into posts select * from tmp_posts; drop table tmp_posts',
      "alter table posts add column title text not null default ''",
    ],
    [
      rebuildSchema,
      'create table tmp_posts as select * from posts; truncate posts; insert into posts select * from tmp_posts; drop table tmp_posts',
      'alter table posts alter column body type varchar(100)',
    ],
    [
      rebuildSchema,
      'create table tmp_posts as select * from posts; truncate posts; insert into posts select * from tmp_posts; drop table tmp_posts',
      'alter table posts drop column body',
    ],
    [
      rebuildSchema,
      'create table tmp_posts as select * from posts; truncate posts; insert into posts select * from tmp_posts; drop table tmp_posts',
      'alter table posts rename column body to content',
    ],
  ]),
  'tables that change places': named([
    [
      swapSchema,
      'alter table a rename to c; alter table b rename to a; alter table c rename to b',
      'drop view va',
    ],
    [
      swapSchema,
      'alter table a rename to c; alter table b rename to a; alter table c rename to b',
      'drop index a_v',
    ],
  ]),
  'columns that are made anew': named([
    [
      "create table t (id int primary key, old_name text, qty int default 1 not null); insert into t (id, old_name) values (1, 'a')",
      'alter table t drop column qty, add column qty bigint not null default 1',
      'alter table t alter column qty type bigint',
    ],
  ]),
  'a blog': named([
    [
      appSchema,
      'drop index index_posts_on_user_id',
      'alter table posts rename to articles; create view posts as select * from articles',
    ],
    [
      appSchema,
      'alter table posts drop constraint posts_user_id_fkey; alter table posts add constraint posts_user_id_fkey foreign key (user_id) references users (id) on delete cascade',
      'alter table posts disable trigger all; update posts set slug = title; alter table posts enable trigger all',
    ],
    [
      appSchema,
      'alter table posts add constraint fk_rails_1 foreign key (user_id) references users (id) not valid; alter table posts validate constraint fk_rails_1',
      'alter table posts disable trigger all; update posts set slug = title; alter table posts enable trigger all',
    ],
    [
      appSchema,
      "alter type status add value 'archived'",
      "insert into posts (user_id, title, state) select id, 'hello', 'live' from users",
    ],
    [
      appSchema,
      "alter type status rename value 'live' to 'published'",
      "insert into posts (user_id, title, state) select id, 'hello', 'live' from users",
    ],
    [
      appSchema,
      "drop view live_posts; alter table posts alter column title type text; create view live_posts as select p.id, p.title, u.email from posts p join users u on u.id = p.user_id where p.state = 'live'",
      "drop view live_posts; alter table posts alter column title type text; create view live_posts as select p.id, p.title, u.email from posts p join users u on u.id = p.user_id where p.state = 'live'",
    ],
    [
      appSchema,
      "drop view live_posts; alter table posts alter column title type text; create view live_posts as select p.id, p.title, u.email from posts p join users u on u.id = p.user_id where p.state = 'live'",
      'alter table posts rename to articles; create view posts as select * from articles',
    ],
    [
      appSchema,
      "drop view live_posts; alter table posts alter column title type text; create view live_posts as select p.id, p.title, u.email from posts p join users u on u.id = p.user_id where p.state = 'live'",
      "drop view live_posts; alter table posts alter column state drop default; alter table posts alter column state type text using state::text; alter table posts alter column state set default 'draft'; drop type status",
    ],
    [
      appSchema,
      'drop view live_posts',
      'alter table posts rename to articles; create view posts as select * from articles',
    ],
    [appSchema, 'drop table posts cascade', 'alter table users alter column id type numeric'],
    [
      appSchema,
      'alter table posts rename to articles; create view posts as select * from articles',
      'delete from users where name is null and id not in (select user_id from posts)',
    ],
    [
      appSchema,
      'alter table posts rename to articles; create view posts as select * from articles',
      "drop view live_posts; alter table posts alter column state drop default; alter table posts alter column state type text using state::text; alter table posts alter column state set default 'draft'; drop type status",
    ],
    [
      appSchema,
      'create table comments (id bigserial primary key, post_id bigint not null references posts (id) on delete cascade, body text)',
      'alter table posts disable trigger all; update posts set slug = title; alter table posts enable trigger all',
    ],
    [
      appSchema,
      'create table tags (id serial primary key, name text unique); create table posts_tags (post_id bigint references posts, tag_id int references tags, primary key (post_id, tag_id))',
      'alter table posts disable trigger all; update posts set slug = title; alter table posts enable trigger all',
    ],
  ]),
  'events and invoices': named([
    [
      dataSchema,
      "create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01')",
      "create table if not exists events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01')",
    ],
    [
      dataSchema,
      "create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01')",
      'create index events_amount on only events (amount); create index events_2024_amount_idx on events_2024 (amount); alter index events_amount attach partition events_2024_amount_idx',
    ],
    [
      dataSchema,
      "create table if not exists events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01')",
      "create table if not exists events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01')",
    ],
    [
      dataSchema,
      "create table if not exists events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01')",
      'create index events_amount on only events (amount); create index events_2024_amount_idx on events_2024 (amount); alter index events_amount attach partition events_2024_amount_idx',
    ],
    [
      dataSchema,
      "alter table events detach partition events_default; create table events_2027 partition of events for values from ('2027-01-01') to ('2028-01-01'); alter table events attach partition events_default default",
      'create index events_amount on only events (amount); create index events_2024_amount_idx on events_2024 (amount); alter index events_amount attach partition events_2024_amount_idx',
    ],
    [
      dataSchema,
      "alter table events detach partition events_2025; alter table events attach partition events_2025 for values from ('2025-01-01') to ('2026-01-01')",
      'create index events_amount on only events (amount); create index events_2024_amount_idx on events_2024 (amount); alter index events_amount attach partition events_2024_amount_idx',
    ],
    [dataSchema, 'refresh materialized view concurrently daily', 'drop index daily_at'],
    [
      dataSchema,
      'alter table invoices alter column id drop default; drop sequence invoice_no',
      'alter table invoices alter column id drop default; alter table invoices alter column id add generated by default as identity',
    ],
    [
      dataSchema,
      'alter table invoices alter column total type numeric(12, 2)',
      'alter table invoices alter column tax drop expression',
    ],
    [
      dataSchema,
      'alter table invoices alter column tax drop expression',
      'alter table invoices alter column tax drop expression',
    ],
    [
      dataSchema,
      'create table lines_new (like lines including defaults including constraints); insert into lines_new select * from lines; drop table lines; alter table lines_new rename to lines; alter table lines add constraint lines_pk primary key (invoice_id, pos)',
      'create table lines_new (like lines including defaults including constraints); insert into lines_new select * from lines; drop table lines; alter table lines_new rename to lines; alter table lines add constraint lines_pk primary key (invoice_id, pos)',
    ],
    [
      dataSchema,
      'create table lines_new (like lines including defaults including constraints); insert into lines_new select * from lines; drop table lines; alter table lines_new rename to lines; alter table lines add constraint lines_pk primary key (invoice_id, pos)',
      'delete from invoices where total > 15',
    ],
    [
      dataSchema,
      'create table lines_new (like lines including defaults including constraints); insert into lines_new select * from lines; drop table lines; alter table lines_new rename to lines; alter table lines add constraint lines_pk primary key (invoice_id, pos)',
      'truncate invoices cascade',
    ],
  ]),
  'accounts of an application': named([
    [
      secSchema,
      'alter schema app rename to core',
      'create or replace function app.touch() returns trigger language plpgsql as $$ begin new.email := trim(lower(new.email)); return new; end $$',
    ],
    [secSchema, 'alter schema app rename to core', 'drop function app.touch() cascade'],
    [
      secSchema,
      'drop schema audit',
      'create schema if not exists audit; create table if not exists audit.log (id bigserial, at timestamptz, who text)',
    ],
    [
      secSchema,
      'create or replace function app.touch() returns trigger language plpgsql as $$ begin new.email := trim(lower(new.email)); return new; end $$',
      'alter table app.accounts disable trigger touch',
    ],
    [
      secSchema,
      'drop function app.org_name(int); create function app.org_name(o bigint) returns text language sql stable as $$ select name from app.orgs where id = o $$',
      'drop function app.org_name(int); create function app.org_name(o bigint) returns text language sql stable as $$ select name from app.orgs where id = o $$',
    ],
    [
      secSchema,
      'drop extension if exists citext',
      'create extension if not exists citext; create table app.tags (name citext primary key)',
    ],
  ]),
  'people with types, views and functions': named([
    [
      objSchema,
      'drop domain email cascade',
      'create view v_score as select id, full_score(p) as s from people p',
    ],
    [
      objSchema,
      "drop view v_top, v_people; alter table people alter column mail type text; create view v_people as select id, mail, m from people where m <> 'bad'; create view v_top as select id from v_people where mail is not null",
      "alter type mood rename to mood_old; create type mood as enum ('ok', 'bad', 'meh'); alter table people alter column m drop default; drop view v_top; drop view v_people; alter table people alter column m type mood using m::text::mood; alter table people alter column m set default 'ok'; drop type mood_old; create view v_people as select id, mail, m from people where m <> 'bad'; create view v_top as select id from v_people where mail is not null",
    ],
    [
      objSchema,
      "drop view v_top, v_people; alter table people alter column mail type text; create view v_people as select id, mail, m from people where m <> 'bad'; create view v_top as select id from v_people where mail is not null",
      'create view v_score as select id, full_score(p) as s from people p',
    ],
    [
      objSchema,
      'alter table people drop column home; drop type addr',
      'create view v_score as select id, full_score(p) as s from people p',
    ],
    [
      objSchema,
      "alter type mood rename to mood_old; create type mood as enum ('ok', 'bad', 'meh'); alter table people alter column m drop default; drop view v_top; drop view v_people; alter table people alter column m type mood using m::text::mood; alter table people alter column m set default 'ok'; drop type mood_old; create view v_people as select id, mail, m from people where m <> 'bad'; create view v_top as select id from v_people where mail is not null",
      'create view v_score as select id, full_score(p) as s from people p',
    ],
    [
      objSchema,
      "update people set m = 'bad' where score < 6",
      'alter table logs rename column msg to message',
    ],
    [objSchema, "update people set m = 'bad' where score < 6", 'alter table logs rename to audit_logs'],
    [
      objSchema,
      'create view v_score as select id, full_score(p) as s from people p',
      'alter table people rename column score to points',
    ],
    [
      objSchema,
      'create view v_score as select id, full_score(p) as s from people p',
      "alter table people add column labels text[] not null default '{}'; update people set labels = tags; alter table people drop column tags",
    ],
    [
      objSchema,
      'alter table logs rename column msg to message',
      "alter table people add column labels text[] not null default '{}'; update people set labels = tags; alter table people drop column tags",
    ],
    [
      objSchema,
      'alter table logs rename to audit_logs',
      "alter table people add column labels text[] not null default '{}'; update people set labels = tags; alter table people drop column tags",
    ],
    [
      objSchema,
      "insert into kv values ('b', '{}') on conflict (k) do update set v = excluded.v",
      'alter table kv drop constraint kv_pkey; alter table kv add column id bigserial primary key',
    ],
  ]),
  'tables as Django writes them': named([
    [
      'create table auth_user (id bigint generated by default as identity primary key, username varchar(150) not null unique); create table shop_order (id bigint generated by default as identity primary key, user_id bigint not null constraint shop_order_user_fk references auth_user deferrable initially deferred, total numeric(8,2) not null); create index shop_order_user_id_1 on shop_order (user_id); create index auth_user_username_like on auth_user (username varchar_pattern_ops)',
      'alter table auth_user alter column id drop identity if exists',
      'alter table auth_user alter column id drop identity if exists',
    ],
  ]),
  'identities and sequences': named([
    [
      'create table t (id int primary key, n int); create sequence s; create table h (id bigserial primary key, t int)',
      'alter table t alter column id add generated by default as identity',
      'alter table t drop constraint t_pkey; alter table t add primary key (id, n)',
    ],
  ]),
  'rows without columns beside columns that go': named([
    [insSchema, "insert into people values (4, '{}', 9)", 'alter table people drop column tags'],
    [
      insSchema,
      "insert into people values (4, '{}', 5)",
      'alter table people drop column score; alter table people add column points int',
    ],
  ]),
  'rows as one value': named([
    [
      colSchema,
      'create view v as select * from people',
      "alter table people add column labels text[] not null default '{}'; alter table people drop column tags",
    ],
    [
      colSchema,
      'create view v as select p from people p',
      "alter table people add column labels text[] not null default '{}'",
    ],
    [colSchema, 'create view v as select p from people p', 'alter table people drop column tags'],
    [colSchema, 'create view v as select p from people p', 'alter table people alter score type bigint'],
    [
      colSchema,
      'create view v as select to_jsonb(p) from people p',
      'alter table people alter score type bigint',
    ],
  ]),
  'triggers that fire for some changes': named([
    [
      "create table t (a int, b int); create table l (m text); insert into t values (1, 1); create function f() returns trigger language plpgsql as $$ begin insert into l (m) values ('x'); return new; end $$; create trigger g after update of a on t for each row execute function f()",
      'update t set b = 2',
      'alter table l rename column m to n',
    ],
    [
      "create table t (a int, b int); create table l (m text); insert into t values (1, 1); create function f() returns trigger language plpgsql as $$ begin insert into l (m) values ('x'); return new; end $$; create trigger g after update of a on t for each row execute function f()",
      'update t set a = 2',
      'alter table l rename column m to n',
    ],
    [
      "create table t (a int, b int); create table l (m text); insert into t values (1, 1); create function f() returns trigger language plpgsql as $$ begin insert into l (m) values ('x'); return new; end $$; create trigger g after insert or update of a on t for each row execute function f()",
      'insert into t values (4, 4)',
      'alter table l rename column m to n',
    ],
    [
      "create table t (a int, b int); create table l (m text); insert into t values (1, 1); create function f() returns trigger language plpgsql as $$ begin insert into l (m) values ('x'); return new; end $$; create trigger g after update on t for each row when (old.a is distinct from new.a) execute function f()",
      'update t set b = 2',
      'alter table l rename column m to n',
    ],
    [
      "create table t (a int, b int); create table l (m text); insert into t values (1, 1); create function f() returns trigger language plpgsql as $$ begin insert into l (m) values ('x'); return new; end $$; create trigger g after update on t for each row execute function f()",
      'update t set b = 2',
      'alter table l rename column m to n',
    ],
  ]),
};
