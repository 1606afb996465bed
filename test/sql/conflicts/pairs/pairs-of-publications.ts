/** Pairs of migrations about publications, their column lists and filters, and about the type and limits of sequences. */

import { named, type Pair } from './pairs.js';

const posts =
  "create table posts (id int primary key, title text, x int); insert into posts values (1, 'a', 1)";
const inApp =
  'create schema app; create table app.posts (id int primary key, title text); create publication p';
const update = "update posts set title = 'x' where id = 1";
const listed = `${posts}; create publication p for table posts (id, title)`;
const dropTitle = 'alter table posts drop column title';
const sequence = 'create sequence s as int';
const identity = 'create table posts (id int generated always as identity primary key)';
const serial = 'create table posts (id serial primary key)';

export const pairsOfPublications: Readonly<Record<string, readonly Pair[]>> = {
  'members of a publication': named([
    [
      inApp,
      'alter publication p add table app.posts (id, title)',
      'alter publication p add tables in schema app',
    ],
    [inApp, 'alter publication p add table app.posts', 'alter publication p add tables in schema app'],
    [
      inApp,
      'alter publication p add table app.posts where (id > 1)',
      'alter publication p add tables in schema app',
    ],
  ]),
  'rows that a publication must identify': named([
    [posts, 'create publication p for table posts where (x > 5)', update],
    [posts, 'create publication p for table posts where (id > 5)', update],
    [posts, 'create publication p for table posts where (x > 5)', 'delete from posts where id = 1'],
    [posts, "create publication p for table posts where (x > 5) with (publish = 'insert')", update],
    [posts, 'create publication p for table posts (title)', update],
    [posts, 'create publication p for table posts (title)', "insert into posts values (2, 'b', 2)"],
    [posts, 'create publication p for table posts (id, title)', update],
    [`${posts}; create publication p`, 'alter publication p add table posts where (x > 5)', update],
    [
      `${posts}; alter table posts replica identity full`,
      'create publication p for table posts where (x > 5)',
      update,
    ],
    [
      `${posts}; alter table posts rename id to uid`,
      'create publication p for table posts (uid, title)',
      "update posts set title = 'x' where uid = 1",
    ],
  ]),
  'columns that a publication lists': named([
    [listed, dropTitle, 'alter publication p set table posts (id, x)'],
    [listed, dropTitle, 'alter publication p drop table posts'],
    [listed, dropTitle, 'drop publication p'],
    [listed, `${dropTitle} cascade`, 'drop publication p'],
    [listed, 'alter table posts drop column x', 'alter publication p set table posts (id)'],
    [listed, 'drop table posts', 'drop publication p'],
    [
      `${listed}; create table users (id int primary key)`,
      'alter table posts drop column x',
      'alter publication p add table users',
    ],
    [
      `${posts}; create publication p for table posts where (x > 5)`,
      'alter table posts drop column x',
      'alter publication p set table posts',
    ],
  ]),
  'limits of a sequence': named([
    [sequence, 'alter sequence s as bigint', 'alter sequence s maxvalue 5000000000'],
    [sequence, 'alter sequence s as bigint', 'alter sequence s minvalue -5000000000'],
    [sequence, 'alter sequence s as bigint', 'alter sequence s maxvalue 50000'],
    [sequence, 'alter sequence s as bigint', 'alter sequence s no maxvalue'],
    [sequence, 'alter sequence s as smallint', 'alter sequence s maxvalue 100000'],
    ['create sequence s as bigint', 'alter sequence s as bigint', 'alter sequence s maxvalue 5000000000'],
    [
      'create sequence s minvalue 2 maxvalue 10',
      'alter sequence s no minvalue',
      'alter sequence s no maxvalue',
    ],
    [sequence, 'alter sequence s increment -1', 'alter sequence s no maxvalue'],
    [
      identity,
      'alter table posts alter id type bigint',
      'alter table posts alter id set maxvalue 5000000000',
    ],
    [identity, 'alter table posts alter id type bigint', 'alter sequence posts_id_seq maxvalue 5000000000'],
    [identity, 'alter table posts alter id type bigint', 'alter table posts alter id set increment 5'],
    [serial, 'alter sequence posts_id_seq as bigint', 'alter sequence posts_id_seq maxvalue 5000000000'],
    [serial, 'alter table posts alter id type bigint', 'alter sequence posts_id_seq as bigint'],
  ]),
};
