/** What is there before every case of the oracle's test. */

/** The schema that every case starts with. */
export const beginning = `
  create schema app;
  create type mood as enum ('sad', 'ok');
  create type pair as (a int, b text);
  create domain positive as int check (value > 0);
  create table users (id bigserial primary key, email text not null unique, name varchar(40), mood mood default 'ok',
    age int check (age > 0), created_at timestamptz default now());
  create table posts (id int generated always as identity primary key, user_id bigint references users, title text,
    body text, score numeric default 0);
  create index posts_title on posts (title);
  create view active as select id, email from users where age > 1;
  create materialized view totals as select user_id, count(*) as n from posts group by user_id;
  create sequence counter;
  create function touch() returns trigger language plpgsql as $$ begin new.created_at := now(); return new; end $$;
  create function twice(i int) returns int language sql immutable as $$ select i * 2 $$;
  create trigger touched before update on users for each row execute function touch();
  create policy mine on posts using (user_id = 1);
  create rule no_delete as on delete to posts do instead nothing;
  create table measures (at date not null, value int) partition by range (at);
  create table measures_2020 partition of measures for values from ('2020-01-01') to ('2021-01-01');
  create table loose (at date not null, value int);
  create table animals (name text, legs int);
  create table cats (lives int) inherits (animals);
  create role reader;
  create publication news for table users;
  create statistics user_stats on email, name from users;
  create collation german (locale = 'C');
  create extension if not exists pg_trgm;
  select lo_create(99999);
`;
