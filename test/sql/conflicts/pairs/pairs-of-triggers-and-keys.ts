/** Pairs about what trigger functions do with NEW and OLD, and about tables with several keys of the same columns. */

import { named, type Pair } from './pairs.js';

/** The function is called for rows alone, so that only rows decide. */
export const pairsOfTriggerRows: Readonly<Record<string, readonly Pair[]>> = {
  'columns of the row that a trigger function gets': named([
    [
      "create table t (id int primary key, a text, updated_at timestamptz); insert into t values (1,'x','2019-01-01'); create function touch() returns trigger language plpgsql as 'begin new.updated_at := ''2020-01-01''; return new; end'; create trigger tg before update on t for each row execute function touch()",
      'alter table t rename column updated_at to changed_at',
      "update t set a = 'b'",
    ],
    [
      "create table t (id int primary key, a text, updated_at timestamptz); insert into t values (1,'x','2019-01-01'); create function touch() returns trigger language plpgsql as 'begin new.updated_at := ''2020-01-01''; return new; end'; create trigger tg before update on t for each row execute function touch()",
      'alter table t drop column updated_at',
      "update t set a = 'b'",
    ],
    [
      "create table t (id int, a text); insert into t values (1,'x'); create function touch() returns trigger language plpgsql as 'begin new.updated_at := ''2020-01-01''; return new; end'",
      "create trigger tg before update on t for each row execute function touch(); update t set a = 'c'",
      'alter table t add column updated_at timestamptz',
    ],
    [
      "create table t (id int primary key, a text, updated_at timestamptz); insert into t values (1,'x','2019-01-01'); create table s (id int, a text, updated_at timestamptz); insert into s values (1,'x','2019-01-01'); create function touch() returns trigger language plpgsql as 'begin new.updated_at := ''2020-01-01''; return new; end'; create trigger tg before update on t for each row execute function touch(); create trigger tg before update on s for each row execute function touch()",
      'alter table s rename column updated_at to changed_at',
      "update t set a = 'x'; update s set a = 'b'",
    ],
    [
      "create table t (id int primary key, a text, updated_at timestamptz); insert into t values (1,'x','2019-01-01'); create function touch() returns trigger language plpgsql as 'begin new.updated_at := ''2020-01-01''; return new; end'; create trigger tg before update on t for each row execute function touch(); alter table t rename to u",
      'alter table u rename column updated_at to changed_at',
      "update u set a = 'b'",
    ],
    [
      "create table t (id int primary key, a text, updated_at timestamptz); insert into t values (1,'x','2019-01-01'); create view w as select id, a from t; create function iw() returns trigger language plpgsql as 'begin update t set a = new.a where id = new.id; return new; end'; create trigger tg instead of update on w for each row execute function iw()",
      'alter view w rename column a to aa',
      'update w set id = 3 where id = 1',
    ],
    [
      "create type m as enum ('a','b'); create table t (id int, s m); insert into t values (1,'a'); create function v() returns trigger language plpgsql as 'begin if new.s = ''a'' then raise notice ''x''; end if; return new; end'; create trigger tg before insert on t for each row execute function v()",
      "alter type m rename value 'a' to 'z'",
      "insert into t values (1, 'b')",
    ],
    [
      "create table t (id int primary key, a text, updated_at timestamptz); insert into t values (1,'x','2019-01-01'); create function touch() returns trigger language plpgsql as 'begin new.updated_at := ''2020-01-01''; return new; end'; create trigger tg before update on t for each row when (old.a is distinct from new.a) execute function touch()",
      'alter table t rename column updated_at to changed_at',
      "update t set a = 'b'",
    ],
  ]),
};

export const pairsOfTriggersAndKeys: Readonly<Record<string, readonly Pair[]>> = {
  'triggers that have nothing to do with the other column or table': named([
    [
      "create table t (id int primary key, a text, updated_at timestamptz); insert into t values (1,'x','2019-01-01'); create function touch() returns trigger language plpgsql as 'begin new.updated_at := ''2020-01-01''; return new; end'; create trigger tg before update on t for each row execute function touch()",
      'alter table t add column z int',
      "update t set a = 'b'",
    ],
    [
      "create table t (id int primary key, a text, updated_at timestamptz); insert into t values (1,'x','2019-01-01'); create table s (id int, a text, updated_at timestamptz); insert into s values (1,'x','2019-01-01'); create function touch() returns trigger language plpgsql as 'begin new.updated_at := ''2020-01-01''; return new; end'; create trigger tg before update on t for each row execute function touch(); create trigger tg before update on s for each row execute function touch()",
      'alter table s rename column updated_at to changed_at',
      "update t set a = 'x'",
    ],
    [
      "create table t (id int primary key, a text, updated_at timestamptz); insert into t values (1,'x','2019-01-01'); create function n() returns trigger language plpgsql as 'begin return null; end'; create trigger tg after update on t execute function n()",
      'alter table t rename column updated_at to changed_at',
      "update t set a = 'b'",
    ],
    [
      "create table t (id int primary key, a text, updated_at timestamptz); insert into t values (1,'x','2019-01-01'); create function touch() returns trigger language plpgsql as 'begin new.updated_at := ''2020-01-01''; return new; end'",
      'create trigger tg before update on t for each row execute function touch()',
      'alter table t rename column updated_at to changed_at',
    ],
    [
      "create table t (id int primary key, a text, updated_at timestamptz); insert into t values (1,'x','2019-01-01'); create function touch() returns trigger language plpgsql as 'begin new.updated_at := ''2020-01-01''; return new; end'; create trigger tg before update on t for each row execute function touch()",
      "alter table t rename column updated_at to changed_at; create or replace function touch() returns trigger language plpgsql as 'begin new.changed_at := ''2020-01-01''; return new; end'",
      "update t set a = 'b'",
    ],
    [
      "create type m as enum ('a','b'); create table t (id int, s m); create function v() returns trigger language plpgsql as 'begin if new.s = ''a'' then raise notice ''x''; end if; return new; end'; create trigger tg before update on t for each row execute function v()",
      "alter type m rename value 'a' to 'z'",
      'update t set id = 2',
    ],
  ]),
  'partial and second keys': named([
    [
      'create table u (id int primary key, email text constraint u_email unique, tenant int, deleted_at date)',
      'create unique index u_live on u (email) where deleted_at is null',
      'create table r (e text references u (email))',
    ],
    [
      'create table u (id int primary key, email text constraint u_email unique, tenant int, deleted_at date); create unique index u_live on u (email) where deleted_at is null',
      'drop index u_live',
      'create table r (e text references u (email))',
    ],
    [
      'create table u (id int primary key, email text constraint u_email unique, tenant int, deleted_at date); create unique index u_live on u (email) where deleted_at is null; create table r (e text references u (email))',
      'drop index u_live',
      'drop table r',
    ],
    [
      'create table u (id int primary key, email text constraint u_email unique, tenant int, deleted_at date)',
      'create unique index u_email2 on u (email)',
      "insert into u (id, email) values (1, 'a') on conflict (email) do nothing",
    ],
    [
      'create table u (id int primary key, email text, deleted_at date)',
      'create unique index u_email2 on u (email)',
      "insert into u (id, email) values (1, 'a') on conflict (email) do nothing",
    ],
    [
      'create table u (id int primary key, email text, deleted_at date)',
      'create unique index u_email2 on u (email) where deleted_at is null',
      "insert into u (id, email) values (1, 'a') on conflict (email) where deleted_at is null do nothing",
    ],
    [
      'create table u (a int, b int, unique (a, b))',
      'alter table u add constraint u_ba unique (b, a)',
      'create table r (x int, y int, foreign key (x, y) references u (a, b))',
    ],
    [
      'create table u (a int, b int)',
      'alter table u add constraint u_ba unique (b, a)',
      'create table r (x int, y int, foreign key (x, y) references u (a, b))',
    ],
    [
      'create table u (id int primary key, email text constraint u_email unique, tenant int, deleted_at date); create unique index u_email2 on u (email)',
      'drop index u_email2',
      "insert into u (id, email) values (1, 'a') on conflict (email) do nothing",
    ],
    [
      'create table u (id int primary key, email text constraint u_email unique, tenant int, deleted_at date)',
      'create unique index u_email2 on u (email); alter table u drop constraint u_email',
      "insert into u (id, email) values (1, 'a') on conflict (email) do nothing",
    ],
  ]),
  'moduli that do not divide': named([
    [
      'create table h (id int) partition by hash (id)',
      'create table h0 partition of h for values with (modulus 4, remainder 0)',
      'create table h1 partition of h for values with (modulus 6, remainder 1)',
    ],
    [
      'create table h (id int) partition by hash (id)',
      'create table h0 partition of h for values with (modulus 4, remainder 0)',
      'create table h1 partition of h for values with (modulus 8, remainder 1)',
    ],
  ]),
};
