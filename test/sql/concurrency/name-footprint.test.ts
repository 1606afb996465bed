/** Two migrations that never meet by the names in their texts never meet by their history either. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areIndependent, type NameFootprint } from '../../../src/sql/concurrency/name-footprint.js';
import { createFootprintReader } from '../../../src/sql/concurrency/read-footprints.js';
import { createNameFootprintReader } from '../../../src/sql/concurrency/read-name-footprint.js';
import { findConflicts } from '../../../src/sql/conflicts/find-conflicts.js';
import { readEffects } from '../../../src/sql/effects/read-effects.js';
import { loadParser, tryParse } from '../../../src/sql/syntax/parse.js';
import { pairs } from '../conflicts/pairs/pairs.js';
import { pairsOfReferences } from '../conflicts/pairs/pairs-of-references.js';
import { pairsOfRoutines } from '../conflicts/pairs/pairs-of-routines.js';
import { pairsOfTypes } from '../conflicts/pairs/pairs-of-types.js';
import { judgePair } from './judge-pair.js';

const parser = await loadParser();

/** What the texts alone show of two migrations; undefined where they do not show all. */
function areIndependentTexts(one: string, other: string): boolean | undefined {
  const reader = createNameFootprintReader();
  const [first, second] = [one, other].map((text) => reader.read(text, tryParse(parser, text) ?? []));
  return first && second && areIndependent(first, second);
}

/** Why the last two must not meet, by the whole history. */
function whyApart(base: string, one: string, other: string) {
  const verdicts = judgePair(parser, base, [one, other]);
  return verdicts.whyAlone(1) ?? verdicts.whyAlone(2) ?? verdicts.whyApart(1, 2);
}

const base = `CREATE TABLE users (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, total int);
CREATE VIEW names AS SELECT name FROM users;
CREATE FUNCTION total() RETURNS int LANGUAGE sql AS 'SELECT total FROM orders';
CREATE TYPE mood AS ENUM ('sad');
CREATE FUNCTION someone() RETURNS users LANGUAGE sql AS 'SELECT * FROM users';
CREATE SCHEMA shop;`;

test.each([
  ['CREATE TABLE a (id int PRIMARY KEY)', 'CREATE TABLE b (id serial UNIQUE CHECK (id > 0))'],
  ['CREATE TABLE a (id int); CREATE INDEX ON a (id)', 'CREATE VIEW b AS SELECT id FROM users'],
  ['CREATE INDEX ON users (name)', 'CREATE INDEX ON users (id)'],
  ['CREATE INDEX CONCURRENTLY ON users (name)', 'CREATE INDEX CONCURRENTLY ON orders (total)'],
  ['ALTER TABLE users ADD a int', 'ALTER TABLE orders ADD a int DEFAULT 3'],
  ['CREATE TABLE a (u int REFERENCES users)', 'CREATE TABLE b (o int REFERENCES orders)'],
  ['CREATE TABLE a (u int REFERENCES users)', 'CREATE VIEW v AS SELECT id FROM users'],
  ["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT id FROM users'", 'CREATE TABLE a (m mood)'],
  ["CREATE TYPE size AS ENUM ('s')", 'CREATE SCHEMA stock'],
  ['COMMENT ON TABLE users IS NULL', "COMMENT ON COLUMN orders.total IS 'sum'"],
])('independent: %s | %s', (one, other) => {
  expect([areIndependentTexts(one, other), areIndependentTexts(other, one)]).toEqual([true, true]);
  expect(whyApart(base, one, other)).toBeUndefined();
});

test.each([
  ['CREATE TABLE a (id int)', 'CREATE VIEW shop.a AS SELECT 1'],
  ['CREATE TABLE a (id int)', 'CREATE TABLE b (id int, a_id a)'],
  ['CREATE TABLE a (b_c int UNIQUE)', 'CREATE TABLE a_b (c int UNIQUE)'],
  ['CREATE TABLE a (b_c serial)', 'CREATE TABLE a_b (c serial)'],
  ['CREATE TABLE a (u int REFERENCES users)', 'CREATE TABLE b (u int REFERENCES users)'],
  ['CREATE INDEX ON users (name)', 'CREATE INDEX users_name_idx ON orders (total)'],
  ['CREATE INDEX ON users (name)', 'CREATE INDEX CONCURRENTLY ON users (id)'],
  ['CREATE INDEX ON orders (total)', 'CREATE INDEX CONCURRENTLY ON users (id)'],
  ['ALTER TABLE users ADD a int', 'CREATE VIEW v AS SELECT * FROM users'],
  ['ALTER TABLE users ADD a int', `CREATE TABLE b (id int DEFAULT length('"Users"'))`],
  [
    'CREATE TABLE a (id int)',
    "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT id FROM A); END'",
  ],
  ['COMMENT ON TABLE users IS NULL', "COMMENT ON COLUMN users.name IS 'full'"],
  ["CREATE TYPE a AS ENUM ('s')", 'CREATE TABLE a ()'],
  [
    'CREATE INDEX a ON users (name); COMMENT ON TABLE users IS NULL',
    "CREATE INDEX b ON users (id); COMMENT ON COLUMN users.id IS 'key'",
  ],
  ['CREATE SCHEMA stock', 'CREATE TABLE stock.a ()'],
  ['ALTER TABLE users ADD a int', 'CREATE VIEW v AS SELECT * FROM someone()'],
  ['ALTER TABLE users ADD a int', 'CREATE TABLE a (id int CHECK ((someone()).id > 0))'],
])('not independent: %s | %s', (one, other) => {
  expect([areIndependentTexts(one, other), areIndependentTexts(other, one)]).toEqual([false, false]);
});

test.each([
  'INSERT INTO users VALUES (1)',
  'CREATE TABLE a PARTITION OF users DEFAULT',
  'CREATE TABLE a (LIKE users)',
  'CREATE TABLE a () INHERITS (users)',
  'CREATE TEMP TABLE a (id int)',
  'CREATE TABLE a (id int, EXCLUDE USING gist (id WITH =))',
  'CREATE INDEX ON users (lower(name))',
  'CREATE INDEX ON users (name) WHERE total() > 1',
  'ALTER TABLE users ADD a serial',
  'ALTER TABLE users ADD a mood',
  'ALTER TABLE users ADD a int DEFAULT total()',
  'ALTER TABLE users ADD a int CHECK (a > total())',
  'ALTER TABLE users DROP name',
  'CREATE OR REPLACE VIEW names AS SELECT name, id FROM users',
  'ALTER VIEW names ADD a int',
  'COMMENT ON FUNCTION total() IS NULL',
  'CREATE SCHEMA a CREATE TABLE b (id int)',
  'CREATE TABLE "a b" (id int)',
  'CREATE TABLE a (id int DEFAULT U&"b\\0063"())',
  '-- kat:requires users\nCREATE TABLE a (id int)',
  'DO $$BEGIN PERFORM 1; END$$',
])('needs the history: %s', (text) => {
  expect(areIndependentTexts(text, 'CREATE TABLE other (id int)')).toBeUndefined();
});

const collected = [pairs, pairsOfReferences, pairsOfRoutines, pairsOfTypes].flatMap((groups) =>
  Object.values(groups).flat(),
);

/** The server is asked whether there are such. */
const hasFamily = (sql: string) => /PARTITION|INHERIT/i.test(sql);

test('no pair whose order matters is called independent', () => {
  const read = collected.filter(([, , one, other]) => areIndependentTexts(one, other) !== undefined);
  expect(read.length).toBeGreaterThan(20);
  for (const [, setup, one, other] of read) {
    if (hasFamily(setup) || areIndependentTexts(one, other) === false) continue;
    expect([one, other, whyApart(setup, one, other)]).toEqual([one, other, undefined]);
  }
});

/** The second one is named by its history, as it does not show all itself; undefined where its names do not tell. */
function areIndependentByHistory(setup: string, plain: string, other: string): boolean | undefined {
  const reader = createNameFootprintReader();
  const first = reader.read(plain, tryParse(parser, plain) ?? []);
  if (!first || areIndependentTexts(other, other) !== undefined) return undefined;
  const history = [setup, plain, other].map((text, index) => ({
    id: String(index),
    effects: readEffects(parser, text),
    text,
  }));
  const footprints = createFootprintReader(parser, 14);
  const [, , footprint] = history.map((one) => footprints.read(one, tryParse(parser, one.text) ?? []));
  let second: NameFootprint | undefined;
  findConflicts(history, {
    isAncestor: (ancestor) => ancestor === 0,
    isInvolved: (number) => number === 2,
    onRead: (_, accesses) => {
      if (footprint?.alone) return;
      second = footprint && reader.readWithHistory({ text: other, footprint, accesses });
    },
  });
  return second && areIndependent(first, second);
}

test('no pair whose order matters is called independent by the names of one and the history of the other', () => {
  let read = 0;
  for (const [, setup, one, other] of collected) {
    if (hasFamily(setup)) continue;
    for (const [plain, unread] of [
      [one, other],
      [other, one],
    ] as const) {
      const areIndependentNames = areIndependentByHistory(setup, plain, unread);
      if (areIndependentNames === undefined) continue;
      read += 1;
      if (areIndependentNames)
        expect([plain, unread, whyApart(setup, plain, unread)]).toEqual([plain, unread, undefined]);
    }
  }
  expect(read).toBeGreaterThan(50);
});

test.each([
  ['CREATE INDEX ON orders (total)', "UPDATE users SET name = 'a'", true],
  ['CREATE TABLE a (id int)', "INSERT INTO users VALUES (1, 'x')", true],
  ['CREATE INDEX ON users (name)', "UPDATE names SET name = 'a'", false],
  ['ALTER TABLE users ADD a int', 'DROP VIEW names', false],
  ['CREATE VIEW v AS SELECT * FROM someone()', 'ALTER TABLE users DROP name', false],
  ['CREATE INDEX CONCURRENTLY ON orders (total)', "UPDATE users SET name = 'a'", false],
])('beside what needs its history: %s | %s is %s', (plain, unread, expected) => {
  expect(areIndependentByHistory(base, plain, unread)).toBe(expected);
});

test('a name that is no word is not looked for among words', () => {
  const setup = 'CREATE TABLE "order items" (id int)';
  const check = 'ALTER TABLE "order items" ADD CONSTRAINT c CHECK (id > 0)';
  const view = 'CREATE VIEW v AS SELECT id FROM "order items"';
  expect(areIndependentByHistory(setup, view, check)).toBeUndefined();
  expect(whyApart(setup, view, check)).toBeDefined();
});

test('a migration that is not asked about changes no answer about others', () => {
  let found = 0;
  for (const [, setup, one, other] of collected) {
    const history = [setup, one, other].map((text, index) => ({
      id: String(index),
      effects: readEffects(parser, text),
      text,
    }));
    const isAncestor = (ancestor: number) => ancestor === 0;
    const isAsked = (first: number) => first === 1;
    const areFound = (isInvolved: (number: number) => boolean) =>
      findConflicts(history, { isAncestor, isAsked, isInvolved }).pairs.length;
    const expected = areFound(() => true);
    found += expected;
    expect([one, other, areFound((number) => number > 0)]).toEqual([one, other, expected]);
  }
  expect(found).toBeGreaterThan(100);
});

const anyName = fc.constantFrom('a', 'b', 'users', 'orders', 'names', 'a_b', 'total', 'mood', '_a');
const anyNewName = fc.constantFrom('a', 'b', 'a_b', '_a', 'users_name_idx', 'a_b_seq');
const anyColumn = fc.constantFrom('id', 'b', 'name', 'b_c', 'total');
const anyType = fc.constantFrom('int', 'serial', 'mood', 'users', 'text', 'a');
const anyConstraint = fc.constantFrom(
  ...['', 'PRIMARY KEY', 'UNIQUE', 'CHECK (id > 0)', 'CONSTRAINT a UNIQUE', 'REFERENCES users', 'NOT NULL'],
);
const anyStatement = fc
  .record({
    kind: fc.nat(10),
    ...{ created: anyNewName, known: anyName, column: anyColumn, type: anyType, constraint: anyConstraint },
  })
  .map(
    ({ kind, created, known, column, type, constraint }) =>
      [
        `CREATE TABLE ${created} (id int, c_${column} ${type} ${constraint});`,
        `CREATE TABLE shop.${created} (id int, ${column} ${type});`,
        `CREATE INDEX ON ${known} (${column});`,
        `CREATE UNIQUE INDEX ${created} ON ${known} (${column});`,
        `CREATE VIEW ${created} AS SELECT * FROM ${known};`,
        `CREATE OR REPLACE FUNCTION ${known}() RETURNS int LANGUAGE sql AS 'SELECT 1 FROM ${created}';`,
        `ALTER TABLE ${known} ADD ${column} text;`,
        `COMMENT ON TABLE ${known} IS 'x';`,
        `CREATE TYPE ${created} AS ENUM ('x');`,
        `CREATE VIEW ${created} AS SELECT * FROM someone();`,
        `CREATE TABLE ${created} (id int CHECK ((someone()).${column} > 0));`,
      ][kind] as string,
  );
const anyMigration = fc.array(anyStatement, { minLength: 1, maxLength: 3 }).map((all) => all.join('\n'));

test('random migrations that are independent by their names are so by their history', () => {
  const property = fc.property(anyMigration, anyMigration, (one, other) => {
    if (areIndependentTexts(one, other)) expect(whyApart(base, one, other)).toBeUndefined();
  });
  fc.assert(property, { numRuns: Number(process.env.NAME_RUNS ?? 300) });
});
