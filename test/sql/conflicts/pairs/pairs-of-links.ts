/** Pairs of migrations about what goes along with something else: sequences of a table, constraints that SET CONSTRAINTS names, indexes of partitions, arrays of domains. */

import { named, type Pair } from './pairs.js';

const owned = 'create role r; create table posts (id int, title text)';
const own = 'alter table posts owner to r';
const tree =
  'create table posts (id int primary key, up int, constraint fk foreign key (up) references posts)';

const partitioned =
  "create table p (id int not null, n text, at date not null) partition by range (at); create table p_24 partition of p for values from ('2024-01-01') to ('2025-01-01'); create index p_n on p (n)";
const domain = 'create domain email as text; create table posts (id int)';
const check = "alter domain email add constraint k check (value like '%@%')";

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
  'indexes of partitions': named([
    [partitioned, 'drop index p_n', 'alter index p_24_n_idx rename to p_24_n'],
    [partitioned, 'drop index p_n', 'create index p_24_n_idx on p_24 (n)'],
    [partitioned, 'alter index p_n rename to q_n', 'alter index p_24_n_idx rename to p_24_n'],
  ]),
  'arrays of a domain': named([
    [domain, check, 'create table users (id int, es email[])'],
    [domain, check, 'alter table posts add es email[]'],
    [domain, `${check} not valid`, 'create table users (id int, es email[])'],
    [domain, 'alter domain email set not null', 'create table users (id int, es email[])'],
    [domain, "alter domain email set default 'x'", 'create table users (id int, es email[])'],
    [domain, check, 'create table users (id int, e email)'],
  ]),
};
