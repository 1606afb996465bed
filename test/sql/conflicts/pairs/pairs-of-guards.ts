/** Pairs of migrations that ask whether an object exists before they create or rename it. */

import { named, type Pair } from './pairs.js';

export const pairsOfGuards: Readonly<Record<string, readonly Pair[]>> = {
  'what a branch creates': named([
    [
      'create table t (a int)',
      "do $$ begin if not exists (select 1 from pg_type where typname = 'e') then create type e as enum ('a'); end if; end $$",
      "do $$ begin if not exists (select 1 from pg_type where typname = 'e') then create type e as enum ('a'); end if; end $$",
    ],
    [
      'create table t (a int)',
      "do $$ begin if not exists (select from pg_tables where tablename = 'n') then create table n (a int); end if; end $$",
      'create table if not exists n (a int)',
    ],
    [
      'create table t (a int)',
      "do $$ begin if not exists (select from pg_tables where tablename = 'n') then create table n (a int); end if; end $$",
      'create table if not exists n (a int, b int)',
    ],
    [
      'create table t (a int)',
      "do $$ begin if not exists (select from information_schema.columns where table_name = 't' and column_name = 'b') then alter table t add column b int; end if; end $$",
      'alter table t add column if not exists b int',
    ],
    [
      'create table t (a int)',
      "do $$ begin if not exists (select from information_schema.columns where table_name = 't' and column_name = 'b') then alter table t add column b int; end if; end $$",
      'alter table t add column if not exists b text',
    ],
    [
      'create table t (a int)',
      "do $$ begin if not exists (select from information_schema.columns where table_name = 't' and column_name = 'b') then alter table t add column b int; end if; end $$",
      'alter table t add column b int',
    ],
    [
      'create table t (a int)',
      "do $$ begin if not exists (select from pg_indexes where indexname = 'i') then create index i on t (a); end if; end $$",
      'create index if not exists i on t (a)',
    ],
    [
      'create table t (a int)',
      "do $$ begin if not exists (select from pg_indexes where indexname = 'i') then create index i on t (a); end if; end $$",
      'create index if not exists i on t (a desc)',
    ],
    [
      'create table t (a int)',
      "do $$ begin if not exists (select from pg_indexes where indexname = 'i') then create index i on t (a); end if; end $$",
      'create index i on t (a)',
    ],
    [
      'create table t (a int)',
      "do $$ begin if not exists (select from pg_namespace where nspname = 's') then create schema s; end if; end $$",
      'create schema if not exists s',
    ],
    [
      'create table t (a int)',
      "do $$ begin if not exists (select from pg_extension where extname = 'plpgsql') then create extension plpgsql; end if; end $$",
      'create extension if not exists plpgsql',
    ],
    [
      'create table t (a int)',
      "do $$ begin if not exists (select from pg_roles where rolname = 'app14') then create role app14; end if; end $$",
      "do $$ begin if not exists (select 1 from pg_roles where rolname = 'app14') then create role app14; end if; end $$",
    ],
    [
      'create table t (a int)',
      "do $$ begin if not exists (select from pg_class where relname = 'sq') then create sequence sq; end if; end $$",
      'create sequence if not exists sq',
    ],
    [
      'create table t (a int)',
      "do $$ begin if not exists (select from pg_class where relname = 'sq') then create sequence sq; end if; end $$",
      'create sequence if not exists sq start 5',
    ],
    [
      'create table t (a int)',
      "do $$ begin if to_regclass('n') is null then create table n (a int primary key); create index n_i on n (a); end if; end $$",
      'create table if not exists n (a int primary key); create index if not exists n_i on n (a)',
    ],
    [
      'create table t (a int)',
      "do $$ begin create type e as enum ('a'); exception when duplicate_object then null; end $$",
      "do $$ begin if not exists (select 1 from pg_type where typname = 'e') then create type e as enum ('a'); end if; end $$",
    ],
    [
      'create table t (a int)',
      "do $$ begin if not exists (select from pg_matviews where matviewname = 'm') then create materialized view m as select a from t; end if; end $$",
      'create materialized view if not exists m as select a from t',
    ],
    [
      'create table t (a int)',
      "do $$ begin if not exists (select from pg_proc where proname = 'f') then create function f() returns int language sql as 'select 1'; end if; end $$",
      "create or replace function f() returns int language sql as 'select 1'",
    ],
    [
      'create table t (a int)',
      "do $$ begin if not exists (select from pg_proc where proname = 'f') then create function f() returns int language sql as 'select 1'; end if; end $$",
      "create or replace function f() returns int language sql as 'select 2'",
    ],
    [
      'create table t (a int)',
      "do $$ begin if exists (select from information_schema.columns where table_name = 't' and column_name = 'a') then alter table t drop column a; end if; end $$",
      'alter table t drop column if exists a',
    ],
    [
      'create table t (a int)',
      "do $$ begin if exists (select from information_schema.columns where table_name = 't' and column_name = 'a') then alter table t rename column a to b; end if; end $$",
      "do $$ begin if exists (select from information_schema.columns where table_name = 't' and column_name = 'a') then alter table t rename column a to b; end if; end $$",
    ],
  ]),
};
