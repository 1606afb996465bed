/** Pairs of which one creates, renames, moves or drops a collation, and the other uses it. */

import type { Pair } from './pairs.js';

const setup = "create collation ci (locale = 'C'); create schema s; create table t (a text)";
const renaming = 'alter collation ci rename to other';

/** By what decides. */
export const pairsOfCollations: Readonly<Record<string, readonly Pair[]>> = {
  'a collation whose name looks like one of the operating system': [
    ['rename vs index', setup, renaming, 'create index i on t (a collate ci)'],
    ['move vs index', setup, 'alter collation ci set schema s', 'create index i on t (a collate ci)'],
    ['drop vs new column', setup, 'drop collation ci', 'alter table t add column b text collate ci'],
    ['rename vs type of a column', setup, renaming, 'alter table t alter a type text collate ci'],
    ['rename vs view', setup, renaming, 'create view v as select a collate ci as a from t'],
    ['rename vs query', setup, renaming, 'select a from t order by a collate ci'],
    ['rename vs domain', setup, renaming, 'create domain d as text collate ci'],
    ['rename vs composite type', setup, renaming, 'create type c as (a text collate ci)'],
    ['rename vs range', setup, renaming, 'create type r as range (subtype = text, collation = ci)'],
    ['rename vs partition key', setup, renaming, 'create table p (a text) partition by range (a collate ci)'],
    [
      'rename vs body',
      setup,
      renaming,
      'create function f() returns text language sql begin atomic select a from t order by a collate ci; end',
    ],
    [
      'new vs index',
      'create table t (a text)',
      'create collation ci from "C"',
      'create index i on t (a collate ci)',
    ],
    ['differs in case', setup, renaming, 'create index i on t (a collate "C")'],
  ],
};
