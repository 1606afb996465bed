/** Pairs of migrations about NOT NULL, which is a constraint with a name since PostgreSQL 18. */

import { named, type Pair } from './pairs.js';

const free = 'create table posts (id int, a int)';
const calledSo = 'create table posts (id int, a int constraint a_set not null)';
const unchecked = `${free}; alter table posts add constraint a_set not null a not valid`;
const add = 'alter table posts add constraint a_set not null a';
const drop = 'alter table posts drop constraint a_set';
const validate = 'alter table posts validate constraint a_set';
const addKey = 'alter table posts add primary key (a)';
const allowNull = 'alter table posts alter a drop not null';
const forbidNull = 'alter table posts alter a set not null';

export const pairsOfNotNull: Readonly<Record<string, readonly Pair[]>> = {
  'one constraint NOT NULL, whoever names it': named([
    [free, add, forbidNull],
    [free, add, addKey],
    [free, add, 'alter table posts add constraint filled not null a'],
    [free, add, 'alter table posts alter a add generated always as identity'],
    [`${free}; create unique index ui on posts (a)`, add, 'alter table posts add primary key using index ui'],
    [free, 'alter table posts add constraint posts_a_not_null not null a', forbidNull],
    [free, `${add} not valid`, addKey],
    [free, `${add} not valid`, forbidNull],
    ['create table posts (id int, a int not null)', allowNull, add],
  ]),
  'NOT NULL goes with its constraint': named([
    [calledSo, drop, allowNull],
    [calledSo, drop, forbidNull],
    [calledSo, drop, addKey],
    [calledSo, 'alter table posts rename constraint a_set to filled', allowNull],
    [`${calledSo}; alter table posts rename a to b`, drop, 'alter table posts alter b drop not null'],
    [
      'create table posts (id int, a int not null)',
      'alter table posts drop constraint posts_a_not_null',
      allowNull,
    ],
    [
      'create table posts (a int constraint a_set not null primary key)',
      'alter table posts drop constraint posts_pkey',
      drop,
    ],
  ]),
  'NOT NULL that is checked later': named([
    [unchecked, validate, addKey],
    [unchecked, validate, forbidNull],
    [unchecked, validate, allowNull],
  ]),
};
