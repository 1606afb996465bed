/** Pairs of which one creates an extension, whose objects the other needs without naming them. */

import type { Pair } from './pairs.js';

/** By what decides. */
export const pairsOfExtensions: Readonly<Record<string, readonly Pair[]>> = {
  'what extensions bring': [
    [
      'btree_gin and citext',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension btree_gin',
      'create index on t using gin (c)',
    ],
    [
      'btree_gist and citext',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension btree_gist',
      'create index on t using gist (c)',
    ],
    [
      'btree_gin and domain over citext',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension btree_gin',
      'create index on u using gin (d)',
    ],
    [
      'btree_gist and citext exclude',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension btree_gist',
      'create table z (c citext, exclude using gist (c with =))',
    ],
    [
      'citext btree',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension btree_gin',
      'create index on t (c)',
    ],
    [
      'citext hash',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension btree_gin',
      'create index on t using hash (c)',
    ],
    [
      'trgm and two literals',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension pg_trgm',
      "create view v1 as select 'a' % 'b' as x",
    ],
    [
      'trgm and cast literal',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension pg_trgm',
      "create view v1 as select 'a'::text % 'b'::text as x",
    ],
    [
      'trgm and cast of a column',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension pg_trgm',
      "create view v1 as select v::text % 'b' as x from t",
    ],
    [
      'trgm and varchar cast',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension pg_trgm',
      "create view v1 as select 'a'::varchar % 'b' as x",
    ],
    [
      'trgm and citext column',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension pg_trgm',
      "create view v1 as select c % 'b' as x from t",
    ],
    [
      'trgm and numbers',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension pg_trgm',
      'create view v1 as select id % 2 as x, 7 % 2 as y, id::bigint % 3 as z from t',
    ],
    [
      'trgm and number and literal',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension pg_trgm',
      "create view v1 as select 7 % '2' as x",
    ],
    [
      'trgm and coalesce',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension pg_trgm',
      "create view v1 as select coalesce(name, '') % 'a' as x from t",
    ],
    [
      'trgm and gin_trgm_ops',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension pg_trgm',
      'create index on t using gin (name gin_trgm_ops)',
    ],
    [
      'trgm and expression index',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension pg_trgm',
      'create index on t using gin (lower(name) gin_trgm_ops)',
    ],
    [
      'btree_gin and cast expression',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension btree_gin',
      'create index on t using gin ((id::bigint))',
    ],
    [
      'btree_gin and tsvector expression',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension btree_gin',
      "create index on t using gin (to_tsvector('english', name))",
    ],
    [
      'btree_gist and distance of cast',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension btree_gist',
      'create view v1 as select id <-> 3 as d from t',
    ],
    [
      'btree_gist and distance of literals',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension btree_gist',
      'create view v1 as select 3 <-> 4 as d',
    ],
    [
      'point distance',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension btree_gist',
      'create view v1 as select p <-> p as d from t',
    ],
    [
      'intarray operator on cast',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension intarray',
      "create view v1 as select '{1}'::int[] # 3 as d",
    ],
    [
      'trgm similarity function',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension pg_trgm',
      "create view v1 as select similarity(name, 'x') as d from t",
    ],
    [
      'hstore cast',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension hstore',
      "create view v1 as select 'a=>1'::hstore as h",
    ],
    [
      'order by distance',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension pg_trgm',
      "create view v1 as select name from t order by name <-> 'x'",
    ],
    [
      'unaccent in index',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension unaccent',
      'create view v1 as select unaccent(name) as x from t',
    ],
    [
      'btree_gin and two expressions',
      'create extension citext; create table t (id int, name text, c citext, v varchar, ids int[], r int4range, x float8, p point); create domain d as citext; create table u (d d)',
      'create extension btree_gin',
      "create index on t using gin (to_tsvector('english', name), (name::varchar))",
    ],
  ],
};
