/** Pairs of migrations about sequences that are linked to a table of some owner, and about constraints that SET CONSTRAINTS names. */

import { named, type Pair } from './pairs.js';

const owned = 'create role r; create table posts (id int, title text)';
const own = 'alter table posts owner to r';
const tree =
  'create table posts (id int primary key, up int, constraint fk foreign key (up) references posts)';

export const pairsOfLinks: Readonly<Record<string, readonly Pair[]>> = {
  'owners of sequences': named([
    [owned, own, 'create sequence s owned by posts.id'],
    [`${owned}; create sequence s`, own, 'alter sequence s owned by posts.id'],
    [owned, own, 'create sequence s; alter sequence s owner to r; alter sequence s owned by posts.id'],
    [owned, own, 'alter table posts add n serial'],
    [owned, own, 'alter table posts add n int generated always as identity'],
    [owned, 'alter table posts owner to current_user', 'create sequence s owned by posts.id'],
  ]),
  'constraints that are deferred': named([
    [
      tree,
      'alter table posts alter constraint fk deferrable',
      'set constraints fk deferred; insert into posts values (1, 2), (2, 1)',
    ],
    [
      'create table posts (id int primary key, up int)',
      'alter table posts add constraint fk foreign key (up) references posts deferrable',
      'set constraints fk deferred',
    ],
    [tree, 'alter table posts drop constraint fk', 'set constraints fk immediate'],
    [tree, 'alter table posts rename constraint fk to fk2', 'set constraints fk immediate'],
    [tree, 'drop table posts', 'set constraints fk immediate'],
    [
      `${tree}; create table users (id int)`,
      'alter table posts alter constraint fk deferrable',
      'insert into users values (1)',
    ],
  ]),
};
