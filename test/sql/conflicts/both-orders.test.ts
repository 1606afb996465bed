/** What is called an error fails or changes the schema in one of both orders, and what changes rows alone is a warning. */

import type { PGlite } from '@electric-sql/pglite';
import { bloom } from '@electric-sql/pglite/contrib/bloom';
import { btree_gin } from '@electric-sql/pglite/contrib/btree_gin';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import { citext } from '@electric-sql/pglite/contrib/citext';
import { cube } from '@electric-sql/pglite/contrib/cube';
import { earthdistance } from '@electric-sql/pglite/contrib/earthdistance';
import { hstore } from '@electric-sql/pglite/contrib/hstore';
import { intarray } from '@electric-sql/pglite/contrib/intarray';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { tsm_system_rows } from '@electric-sql/pglite/contrib/tsm_system_rows';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConflictReason, findConflicts } from '../../../src/sql/conflicts/find-conflicts.js';
import { readEffects } from '../../../src/sql/effects/read-effects.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';
import { emptyPglite } from '../../support/pglite.js';
import { pairs } from './pairs/pairs.js';
import { pairsBesideReleases } from './pairs/pairs-beside-releases.js';
import { pairsOfAllKinds } from './pairs/pairs-of-all-kinds.js';
import { pairsOfCasts } from './pairs/pairs-of-casts.js';
import { pairsOfClasses } from './pairs/pairs-of-classes.js';
import { pairsOfCollations } from './pairs/pairs-of-collations.js';
import { pairsOfCopies } from './pairs/pairs-of-copies.js';
import { pairsOfDependents } from './pairs/pairs-of-dependents.js';
import { pairsOfEnds } from './pairs/pairs-of-ends.js';
import { pairsOfEveryday } from './pairs/pairs-of-everyday.js';
import { pairsOfExtensions } from './pairs/pairs-of-extensions.js';
import { pairsOfFamilies } from './pairs/pairs-of-families.js';
import { pairsOfGuards } from './pairs/pairs-of-guards.js';
import { pairsOfHeldRoles } from './pairs/pairs-of-held-roles.js';
import { pairsOfHolders } from './pairs/pairs-of-holders.js';
import { pairsOfInheritance } from './pairs/pairs-of-inheritance.js';
import { pairsOfLinks } from './pairs/pairs-of-links.js';
import { pairsOfMakers } from './pairs/pairs-of-makers.js';
import { pairsOfMembers } from './pairs/pairs-of-members.js';
import { pairsOfNotNull } from './pairs/pairs-of-not-null.js';
import { pairsOfOwners } from './pairs/pairs-of-owners.js';
import { pairsOfPublications } from './pairs/pairs-of-publications.js';
import { pairsOfRebuiltTables } from './pairs/pairs-of-rebuilt-tables.js';
import { pairsOfReferences } from './pairs/pairs-of-references.js';
import { pairsOfRejoined } from './pairs/pairs-of-rejoined.js';
import { pairsOfRemakes } from './pairs/pairs-of-remakes.js';
import { pairsOfRenames } from './pairs/pairs-of-renames.js';
import { pairsOfRoutines } from './pairs/pairs-of-routines.js';
import { pairsOfRows } from './pairs/pairs-of-rows.js';
import { pairsOfLikelyKeys, pairsOfSameKeys } from './pairs/pairs-of-same-keys.js';
import { pairsOfSurroundings } from './pairs/pairs-of-surroundings.js';
import { pairsOfTeams } from './pairs/pairs-of-teams.js';
import { pairsOfTriggerRows, pairsOfTriggersAndKeys } from './pairs/pairs-of-triggers-and-keys.js';
import { pairsOfTypes } from './pairs/pairs-of-types.js';
import { pairsThroughViews } from './pairs/pairs-through-views.js';
import { readState } from './state-by-name.js';

const parser = await loadParser();
let db: PGlite;

beforeAll(async () => {
  const extensions = {
    ...{
      citext,
      hstore,
      bloom,
      btree_gin,
      btree_gist,
      cube,
      earthdistance,
      intarray,
      pg_trgm,
      tsm_system_rows,
      unaccent,
    },
  };
  db = await emptyPglite({ extensions });
});

afterAll(() => db.close());

interface End {
  failed: boolean;
  schema: string;
  rows: string;
}

/** Where one order ends. */
async function run(setup: string, texts: readonly string[]): Promise<End> {
  await db.exec(`begin; ${setup}`);
  try {
    for (const text of texts) await db.exec(text);
    const lines = (await readState(db)).split('\n');
    const isRow = (line: string) => line.startsWith('row ');
    return {
      failed: false,
      schema: lines.filter((line) => !isRow(line)).join('\n'),
      rows: lines.filter(isRow).join('\n'),
    };
  } catch {
    return { failed: true, schema: '', rows: '' };
  } finally {
    await db.exec('rollback');
  }
}

/** The severity that both orders ask for, undefined for none; whether no order works; and who must come first where only one does. */
async function judgeByRunning(setup: string, one: string, other: string) {
  const [first, second] = [await run(setup, [one, other]), await run(setup, [other, one])];
  const failsAnyway = first.failed && second.failed;
  const only = first.failed === second.failed ? undefined : second.failed ? one : other;
  if (first.failed || second.failed || first.schema !== second.schema)
    return { severity: 'error', failsAnyway, only };
  return { severity: first.rows === second.rows ? undefined : 'warning', failsAnyway, only };
}

function severityByReading(texts: readonly string[]): string | undefined {
  return reasonByReading(texts)?.severity;
}

function reasonByReading(texts: readonly string[]): ConflictReason | undefined {
  const history = texts.map((text, index) => ({
    id: String(index),
    effects: readEffects(parser, text),
    text,
  }));
  const { pairs: found } = findConflicts(history, { isAncestor: (ancestor) => ancestor === 0 });
  return found[0]?.reasons[0];
}

const all = {
  ...pairs,
  ...pairsOfAllKinds,
  ...pairsOfCollations,
  ...pairsOfCopies,
  ...pairsOfDependents,
  ...pairsOfFamilies,
  ...pairsOfReferences,
  ...pairsOfRoutines,
  ...pairsOfTriggersAndKeys,
  ...pairsOfTypes,
  ...pairsThroughViews,
  ...pairsOfClasses,
  ...pairsOfEveryday,
  ...pairsOfExtensions,
  ...pairsOfCasts,
  ...pairsOfOwners,
  ...pairsOfSurroundings,
  ...pairsOfMakers,
  ...pairsOfHolders,
  ...pairsOfHeldRoles,
  ...pairsOfLinks,
  ...pairsOfNotNull,
  ...pairsOfSameKeys,
  ...pairsOfPublications,
  ...pairsOfInheritance,
  ...pairsOfMembers,
  ...pairsOfRemakes,
  ...pairsOfRenames,
  ...pairsOfRebuiltTables,
  ...pairsOfRejoined,
  ...pairsOfGuards,
  ...pairsOfEnds,
  ...pairsOfTeams,
  ...pairsBesideReleases,
};

describe.each(Object.entries(all))('%s', (_, cases) => {
  test.each(cases)('%s', async (_name, setup, one, other) => {
    const { severity: expected, failsAnyway, only } = await judgeByRunning(setup, one, other);
    for (const order of [
      [one, other],
      [other, one],
    ]) {
      const found = reasonByReading([setup, ...order]);
      if (expected === undefined) expect(found?.severity).not.toBe('error');
      else expect(found?.severity).toBe(expected);
      if (found?.failsAnyway) expect(failsAnyway, 'no order works').toBe(true);
      if (only && found?.first) expect(order[found.first === 'one' ? 0 : 1], 'comes first').toBe(only);
    }
  });
});

describe.each(Object.entries({ ...pairsOfRows, ...pairsOfTriggerRows, ...pairsOfLikelyKeys }))(
  'only rows decide: %s',
  (_, cases) => {
    test.each(cases)('%s', async (_name, setup, one, other) => {
      expect((await judgeByRunning(setup, one, other)).severity).toBeDefined();
      expect(severityByReading([setup, one, other])).toBe('warning');
      expect(severityByReading([setup, other, one])).toBe('warning');
    });
  },
);

const beginning =
  'create domain pid as text; create table t (id int, name text, p pid, ids int[], tags jsonb, r int4range)';

test.each([
  [
    'who drops a foreign key that a third migration makes drops no key that others rest on',
    [
      'create table p(id int primary key, x int); create table c(id int primary key, pid int)',
      'alter table p add constraint k foreign key (x) references c',
      'create table d(pid int references p)',
      'alter table p drop constraint k',
    ],
    [],
    [[1, 3]],
  ],
  [
    'rows that go along need the foreign key alone, which needs the table',
    [
      'create table p(id int primary key)',
      'create table c(id int primary key, pid int)',
      'alter table c add foreign key (pid) references p on delete cascade',
      'delete from p where id > 3',
    ],
    [[2, 3]],
    [[1, 2]],
  ],
  [
    'a drop needs what the dropped object was made of no more than its maker',
    [
      'create schema s',
      'create function f() returns int language sql as $$ select 1 $$',
      'create view v as select f()',
      'drop view v',
    ],
    [[2, 3]],
    [[1, 2]],
  ],
])('%s', (_, texts, edges, expected) => {
  const history = texts.map((text, index) => ({
    id: String(index),
    effects: readEffects(parser, text),
    text,
  }));
  const isAncestor = (one: number, other: number) =>
    one === 0 || edges.some(([parent, child]) => parent === one && child === other);
  const { pairs: found } = findConflicts(history, { isAncestor });
  expect(found.map(({ one, other }) => [one, other])).toEqual(expected);
});

describe('an extension comes before', () => {
  test.each([
    [
      'its default operator class',
      'btree_gist',
      'create table h (id int, r int4range, exclude using gist (id with =, r with &&))',
    ],
    ['the same, for a domain', 'btree_gist', 'create index on t using gist (p)'],
    ['the same, for one of several columns', 'btree_gin', 'create index on t using gin (tags, id)'],
    ['the same, for arrays', 'intarray', 'create index on t using gist (ids)'],
    ['its access method', 'bloom', 'create index on t using bloom (id)'],
    ['an operator that other types have, too', 'pg_trgm', "select 1 from t where name % 'x'"],
    ['an operator on what a function returns', 'pg_trgm', "select 1 from t where lower(name) % 'x'"],
    ['an operator on a text made of others', 'pg_trgm', "select 1 from t where concat(id, name) % 'x'"],
    ['an index on what a function returns', 'btree_gist', 'create index on t using gist (md5(name))'],
    ['an operator of its own', 'pg_trgm', "create view v as select id from t where name <% 'x'"],
    [
      'its dictionary',
      'unaccent',
      'create text search configuration c (copy = simple); alter text search configuration c alter mapping for word with unaccent',
    ],
    ['its sampling method', 'tsm_system_rows', 'select 1 from t tablesample system_rows (3)'],
    ['one that requires it', 'cube', 'create extension earthdistance'],
  ])('%s', async (_, extension, user) => {
    const creation = `create extension ${extension}`;
    expect((await run(beginning, [creation, user])).failed).toBe(false);
    expect((await run(beginning, [user, creation])).failed).toBe(true);
    expect(severityByReading([beginning, creation, user])).toBe('error');
    expect(severityByReading([beginning, user, creation])).toBe('error');
  });

  test.each([
    ['an index on types that have a class', 'btree_gin', 'create index on t using gin (tags)'],
    ['an index on a range', 'btree_gist', 'create index on t using gist (r)'],
    ['the same operator for numbers', 'pg_trgm', 'select 1 from t where id % 2 = 0'],
    ['the same operator for what a function counts', 'pg_trgm', 'select 1 from t where length(name) % 2 = 0'],
    ['the same operator for the end of a range', 'pg_trgm', 'select 1 from t where upper(r) % 2 = 0'],
    ['arrays that contain others', 'intarray', "select 1 from t where ids @> '{1}'"],
    ['an index on a column of another method', 'btree_gist', 'create index on t (id)'],
  ])('but not before %s', async (_, extension, user) => {
    const creation = `create extension ${extension}`;
    expect((await run(beginning, [user, creation])).failed).toBe(false);
    expect(severityByReading([beginning, creation, user])).not.toBe('error');
  });

  test('text search configurations are found by their names in texts', () => {
    const creation = 'create text search configuration c (copy = simple)';
    const user = "create index on t using gin (to_tsvector('c', name))";
    expect(severityByReading([beginning, creation, user])).toBe('error');
    expect(
      severityByReading([beginning, creation, "select to_tsvector('english', name) from t"]),
    ).toBeUndefined();
  });
});
