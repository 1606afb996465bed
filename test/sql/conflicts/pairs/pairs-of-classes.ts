/** Pairs of which one makes or drops the operator class that indexes use by default. */

import type { Pair } from './pairs.js';

/** By what decides. */
export const pairsOfClasses: Readonly<Record<string, readonly Pair[]>> = {
  'default operator classes': [
    [
      'new default class and index',
      "create table t(id int, p json, q jsonb); create function jcmp(json,json) returns int language sql immutable as 'select 0'; create function jlt(json,json) returns bool language sql immutable as 'select false'; create operator <# (leftarg=json,rightarg=json,procedure=jlt); create operator <=# (leftarg=json,rightarg=json,procedure=jlt); create operator =# (leftarg=json,rightarg=json,procedure=jlt); create operator >=# (leftarg=json,rightarg=json,procedure=jlt); create operator ># (leftarg=json,rightarg=json,procedure=jlt); ",
      'create operator class jops default for type json using btree as operator 1 <# , operator 2 <=#, operator 3 =#, operator 4 >=#, operator 5 >#, function 1 jcmp(json,json)',
      'create index on t (p)',
    ],
    [
      'new default class and index of several columns',
      "create table t(id int, p json, q jsonb); create function jcmp(json,json) returns int language sql immutable as 'select 0'; create function jlt(json,json) returns bool language sql immutable as 'select false'; create operator <# (leftarg=json,rightarg=json,procedure=jlt); create operator <=# (leftarg=json,rightarg=json,procedure=jlt); create operator =# (leftarg=json,rightarg=json,procedure=jlt); create operator >=# (leftarg=json,rightarg=json,procedure=jlt); create operator ># (leftarg=json,rightarg=json,procedure=jlt); ",
      'create operator class jops default for type json using btree as operator 1 <# , operator 2 <=#, operator 3 =#, operator 4 >=#, operator 5 >#, function 1 jcmp(json,json)',
      'create index on t (id, p)',
    ],
    [
      'new default class and unique index',
      "create table t(id int, p json, q jsonb); create function jcmp(json,json) returns int language sql immutable as 'select 0'; create function jlt(json,json) returns bool language sql immutable as 'select false'; create operator <# (leftarg=json,rightarg=json,procedure=jlt); create operator <=# (leftarg=json,rightarg=json,procedure=jlt); create operator =# (leftarg=json,rightarg=json,procedure=jlt); create operator >=# (leftarg=json,rightarg=json,procedure=jlt); create operator ># (leftarg=json,rightarg=json,procedure=jlt); ",
      'create operator class jops default for type json using btree as operator 1 <# , operator 2 <=#, operator 3 =#, operator 4 >=#, operator 5 >#, function 1 jcmp(json,json)',
      'create unique index on t (p)',
    ],
    [
      'new default class and unique',
      "create table t(id int, p json, q jsonb); create function jcmp(json,json) returns int language sql immutable as 'select 0'; create function jlt(json,json) returns bool language sql immutable as 'select false'; create operator <# (leftarg=json,rightarg=json,procedure=jlt); create operator <=# (leftarg=json,rightarg=json,procedure=jlt); create operator =# (leftarg=json,rightarg=json,procedure=jlt); create operator >=# (leftarg=json,rightarg=json,procedure=jlt); create operator ># (leftarg=json,rightarg=json,procedure=jlt); ",
      'create operator class jops default for type json using btree as operator 1 <# , operator 2 <=#, operator 3 =#, operator 4 >=#, operator 5 >#, function 1 jcmp(json,json)',
      'alter table t add unique (p)',
    ],
    [
      'new default class and primary key',
      "create table t(id int, p json, q jsonb); create function jcmp(json,json) returns int language sql immutable as 'select 0'; create function jlt(json,json) returns bool language sql immutable as 'select false'; create operator <# (leftarg=json,rightarg=json,procedure=jlt); create operator <=# (leftarg=json,rightarg=json,procedure=jlt); create operator =# (leftarg=json,rightarg=json,procedure=jlt); create operator >=# (leftarg=json,rightarg=json,procedure=jlt); create operator ># (leftarg=json,rightarg=json,procedure=jlt); ",
      'create operator class jops default for type json using btree as operator 1 <# , operator 2 <=#, operator 3 =#, operator 4 >=#, operator 5 >#, function 1 jcmp(json,json)',
      'create table z (j json primary key)',
    ],
    [
      'new default class and index of another type',
      "create table t(id int, p json, q jsonb); create function jcmp(json,json) returns int language sql immutable as 'select 0'; create function jlt(json,json) returns bool language sql immutable as 'select false'; create operator <# (leftarg=json,rightarg=json,procedure=jlt); create operator <=# (leftarg=json,rightarg=json,procedure=jlt); create operator =# (leftarg=json,rightarg=json,procedure=jlt); create operator >=# (leftarg=json,rightarg=json,procedure=jlt); create operator ># (leftarg=json,rightarg=json,procedure=jlt); ",
      'create operator class jops default for type json using btree as operator 1 <# , operator 2 <=#, operator 3 =#, operator 4 >=#, operator 5 >#, function 1 jcmp(json,json)',
      'create index on t (id)',
    ],
    [
      'new default class and index of jsonb',
      "create table t(id int, p json, q jsonb); create function jcmp(json,json) returns int language sql immutable as 'select 0'; create function jlt(json,json) returns bool language sql immutable as 'select false'; create operator <# (leftarg=json,rightarg=json,procedure=jlt); create operator <=# (leftarg=json,rightarg=json,procedure=jlt); create operator =# (leftarg=json,rightarg=json,procedure=jlt); create operator >=# (leftarg=json,rightarg=json,procedure=jlt); create operator ># (leftarg=json,rightarg=json,procedure=jlt); ",
      'create operator class jops default for type json using btree as operator 1 <# , operator 2 <=#, operator 3 =#, operator 4 >=#, operator 5 >#, function 1 jcmp(json,json)',
      'create index on t (q)',
    ],
    [
      'new default class and column',
      "create table t(id int, p json, q jsonb); create function jcmp(json,json) returns int language sql immutable as 'select 0'; create function jlt(json,json) returns bool language sql immutable as 'select false'; create operator <# (leftarg=json,rightarg=json,procedure=jlt); create operator <=# (leftarg=json,rightarg=json,procedure=jlt); create operator =# (leftarg=json,rightarg=json,procedure=jlt); create operator >=# (leftarg=json,rightarg=json,procedure=jlt); create operator ># (leftarg=json,rightarg=json,procedure=jlt); ",
      'create operator class jops default for type json using btree as operator 1 <# , operator 2 <=#, operator 3 =#, operator 4 >=#, operator 5 >#, function 1 jcmp(json,json)',
      'alter table t add z json',
    ],
    [
      'new class that is no default and index',
      "create table t(id int, p json, q jsonb); create function jcmp(json,json) returns int language sql immutable as 'select 0'; create function jlt(json,json) returns bool language sql immutable as 'select false'; create operator <# (leftarg=json,rightarg=json,procedure=jlt); create operator <=# (leftarg=json,rightarg=json,procedure=jlt); create operator =# (leftarg=json,rightarg=json,procedure=jlt); create operator >=# (leftarg=json,rightarg=json,procedure=jlt); create operator ># (leftarg=json,rightarg=json,procedure=jlt); ",
      'create operator class jops for type json using btree as operator 1 <# , operator 2 <=#, operator 3 =#, operator 4 >=#, operator 5 >#, function 1 jcmp(json,json)',
      'create index on t (id)',
    ],
    [
      'dropped default class and index',
      "create table t(id int, p json, q jsonb); create function jcmp(json,json) returns int language sql immutable as 'select 0'; create function jlt(json,json) returns bool language sql immutable as 'select false'; create operator <# (leftarg=json,rightarg=json,procedure=jlt); create operator <=# (leftarg=json,rightarg=json,procedure=jlt); create operator =# (leftarg=json,rightarg=json,procedure=jlt); create operator >=# (leftarg=json,rightarg=json,procedure=jlt); create operator ># (leftarg=json,rightarg=json,procedure=jlt); create operator class jops default for type json using btree as operator 1 <# , operator 2 <=#, operator 3 =#, operator 4 >=#, operator 5 >#, function 1 jcmp(json,json)",
      'drop operator class jops using btree',
      'create index on t (p)',
    ],
    [
      'dropped default class and index of another type',
      "create table t(id int, p json, q jsonb); create function jcmp(json,json) returns int language sql immutable as 'select 0'; create function jlt(json,json) returns bool language sql immutable as 'select false'; create operator <# (leftarg=json,rightarg=json,procedure=jlt); create operator <=# (leftarg=json,rightarg=json,procedure=jlt); create operator =# (leftarg=json,rightarg=json,procedure=jlt); create operator >=# (leftarg=json,rightarg=json,procedure=jlt); create operator ># (leftarg=json,rightarg=json,procedure=jlt); create operator class jops default for type json using btree as operator 1 <# , operator 2 <=#, operator 3 =#, operator 4 >=#, operator 5 >#, function 1 jcmp(json,json)",
      'drop operator class jops using btree',
      'create index on t (id)',
    ],
    [
      'dropped class that is no default',
      "create table t(id int, p json, q jsonb); create function jcmp(json,json) returns int language sql immutable as 'select 0'; create function jlt(json,json) returns bool language sql immutable as 'select false'; create operator <# (leftarg=json,rightarg=json,procedure=jlt); create operator <=# (leftarg=json,rightarg=json,procedure=jlt); create operator =# (leftarg=json,rightarg=json,procedure=jlt); create operator >=# (leftarg=json,rightarg=json,procedure=jlt); create operator ># (leftarg=json,rightarg=json,procedure=jlt); create operator class jops for type json using btree as operator 1 <# , operator 2 <=#, operator 3 =#, operator 4 >=#, operator 5 >#, function 1 jcmp(json,json)",
      'drop operator class jops using btree',
      'create index on t (id)',
    ],
    [
      'default class of an enum and index',
      "create type e as enum('a'); create table t(x e); create function ecmp(e,e) returns int language sql immutable as 'select 0'; create function elt(e,e) returns bool language sql immutable as 'select false'; create operator <# (leftarg=e,rightarg=e,procedure=elt); create operator <=# (leftarg=e,rightarg=e,procedure=elt); create operator =# (leftarg=e,rightarg=e,procedure=elt); create operator >=# (leftarg=e,rightarg=e,procedure=elt); create operator ># (leftarg=e,rightarg=e,procedure=elt); ",
      'create operator class eops default for type e using btree as operator 1 <# , operator 2 <=#, operator 3 =#, operator 4 >=#, operator 5 >#, function 1 ecmp(e,e)',
      'create index on t (x)',
    ],
  ],
};
