/** Names with a dot, a quote or a blank in them are told apart in every analysis. */

import { describe, expect, test } from 'vitest';
import { findConflicts } from '../../../src/sql/conflicts/find-conflicts.js';
import { inferDependencies } from '../../../src/sql/dependencies/infer.js';
import { wordsOf } from '../../../src/sql/dependencies/words.js';
import { readEffects } from '../../../src/sql/effects/read-effects.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';
import { findBy } from '../lint/lint-sql.js';

const parser = await loadParser();

const read = (text: string, index: number) => ({
  id: String(index),
  text,
  effects: readEffects(parser, text),
});

/** The parents of each, such as `2<-0,1`. */
function parents(...texts: string[]): string {
  const found = inferDependencies(texts.map(read), { isConservative: false });
  return found.map((one) => `${one.id}<-${one.parents.join()}`).join(' ');
}

/** What stands between the second and the third, which follow the first. */
function between(...texts: [start: string, one: string, other: string]): string | undefined {
  const { pairs } = findConflicts(texts.map(read), { isAncestor: (one) => one === 0 });
  const [best] = pairs[0]?.reasons ?? [];
  return best && `${best.severity}[${best.code}] ${wordsOf(best.one)}`;
}

describe('what a migration needs', () => {
  test.each<[string, string[], string]>([
    [
      'a dot in the schema or in the table',
      [
        'create schema a; create schema "a.b"',
        'create table a."b.c" (id int)',
        'create table "a.b".c (id int)',
      ],
      '0<- 1<-0 2<-0',
    ],
    [
      'a dot in the table or in the column',
      ['create table "a.b" (c int)', 'create table a ("b.c" int)', 'create index on "a.b" (c)'],
      '0<- 1<- 2<-0',
    ],
    [
      'a quote before the dot',
      [
        'create table "a""" (id int)',
        'create table "a""b" ("c.d" int)',
        'create view v as select "c.d" from "a""b"',
      ],
      '0<- 1<- 2<-1',
    ],
    [
      'words of Kat as a name',
      ['create table "rows of x" (id int primary key)', 'create table y (z int references "rows of x")'],
      '0<- 1<-0',
    ],
    [
      'a value of an enum with a blank',
      [
        `create type "a mood" as enum ('so so')`,
        'create table t (m "a mood")',
        `alter type "a mood" add value 'x.y'`,
        `insert into t (m) values ('x.y')`,
      ],
      '0<- 1<-0 2<-1 3<-2',
    ],
    [
      'what a comment says',
      ['-- kat:provides "my.log" from afar\nselect 1', 'select * from "my.log"'],
      '0<- 1<-0',
    ],
  ])('%s', (_, texts, expected) => {
    expect(parents(...texts)).toBe(expected);
  });
});

describe('two migrations in no order', () => {
  test.each<[string, [string, string, string], string | undefined]>([
    [
      'a column and a table with a dot',
      [
        'create table "a.b" (c int); create table a ("b.c" int)',
        'alter table "a.b" drop c',
        'update a set "b.c" = 1',
      ],
      undefined,
    ],
    [
      'a column that is there',
      ['create table "a.b" (c int)', 'alter table "a.b" drop c', 'update "a.b" set c = 1'],
      'error[dropped-while-used] drops column "a.b".c',
    ],
    [
      'a column that is not the one with a dot',
      ['create table t (n int, "x.n" int)', 'update t set n = 1', 'create view v as select "x.n" from t'],
      undefined,
    ],
    [
      'the partitions of a table with a blank',
      [
        'create table "my log" (at int) partition by range (at)',
        'create table one partition of "my log" for values from (1) to (3)',
        'create table two partition of "my log" for values from (2) to (4)',
      ],
      'error[overlap] alters table "my log"',
    ],
  ])('%s', (_, texts, expected) => {
    expect(between(...texts)).toBe(expected);
  });
});

describe('the rules', () => {
  test('compare both ways', () => {
    const up = 'alter table "a.b" rename column "c d" to e; create table x."y.z" (id int primary key)';
    const applied = ['create schema x; create table "a.b" ("c d" int); create table "a" ("b.c d" int)'];
    expect(findBy('incomplete-down', { applied, up, down: 'drop table x."y.z"' })).toEqual([
      '1:13 down.sql does not rename the column "a.b".e back',
    ]);
  });

  test('follow tables and types', () => {
    const applied = [
      'create schema "a.b"; create schema a; create table "a.b".c (id int primary key)',
      `create type "a.b"."so so" as enum ('x'); create table t (m "a.b"."so so")`,
    ];
    const up = `alter type "a.b"."so so" add value 'y'; update t set m = 'y'`;
    expect(findBy('enum-value-used-in-transaction', { applied, up })).toHaveLength(1);
    expect(findBy('drop-table', { applied, up: 'drop table a."b.c"' })).toEqual(
      findBy('drop-table', { applied: [], up: 'drop table a."b.c"' }),
    );
  });
});
