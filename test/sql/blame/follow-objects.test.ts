/** Objects followed through a history: PGlite shows which ones exist in the end, and under which names. */

import { expect, test } from 'vitest';
import { entriesOf } from '../../../src/sql/blame/entries.js';
import { findByName, suggestNames } from '../../../src/sql/blame/find-by-name.js';
import { followObjects } from '../../../src/sql/blame/follow-objects.js';
import { displayName } from '../../../src/sql/dependencies/keys.js';
import { readEffects } from '../../../src/sql/effects/read-effects.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';
import { emptyPglite } from '../../support/pglite.js';

const history = [
  `CREATE TABLE people (id serial PRIMARY KEY, mail text NOT NULL UNIQUE, age int CHECK (age > 0), gone int);
   CREATE INDEX ON people (lower(mail));
   CREATE TYPE mood AS ENUM ('sad');
   CREATE TABLE "Odd.Table" ("A col" int);`,
  `ALTER TABLE people RENAME TO users;
   ALTER TABLE users RENAME mail TO email;
   ALTER INDEX people_lower_idx RENAME TO users_lower_email;
   ALTER INDEX people_pkey RENAME TO users_pkey;
   ALTER TABLE users DROP COLUMN gone, ADD COLUMN mood mood;`,
  `CREATE SCHEMA app;
   ALTER TABLE users SET SCHEMA app;
   CREATE VIEW app.adults AS SELECT id, email FROM app.users WHERE age > 17;
   CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
   CREATE TRIGGER touch BEFORE UPDATE ON app.users FOR EACH ROW EXECUTE FUNCTION touch();`,
  `CREATE FUNCTION grow() RETURNS void LANGUAGE plpgsql AS 'BEGIN ALTER TABLE app.users ADD COLUMN grown int; END';
   SELECT grow();
   ALTER TYPE mood RENAME TO feeling;
   ALTER TYPE feeling ADD VALUE 'glad';
   ALTER SCHEMA app RENAME TO shop;`,
  `CREATE TABLE notes (id int PRIMARY KEY, by int REFERENCES shop.users);
   DROP TABLE notes;
   CREATE TABLE notes (id int);
   DROP TABLE IF EXISTS nowhere;
   CREATE TABLE IF NOT EXISTS notes (id int);
   CREATE TABLE parents (x int) PARTITION BY LIST (x);
   CREATE TABLE child PARTITION OF parents FOR VALUES IN (1);
   DROP TABLE parents;
   DROP VIEW shop.adults;`,
];

const parser = await loadParser();
const followed = followObjects(
  history.map((text, index) => ({ id: String(index), effects: readEffects(parser, text) })),
);

/** Each entry of the object as `migration: deeds`. */
function deedsOf(name: string): string[][] {
  return findByName(followed.tracked, name).map((record) =>
    entriesOf(record).map(({ migration, deeds }) => `${migration}: ${deeds.join(', ')}`),
  );
}

test('what exists in the end, and under which names, is what PostgreSQL shows', async () => {
  const database = await emptyPglite();
  for (const text of history) await database.exec(text);
  const { rows } = await database.query<{ object: string }>(existing);
  await database.close();
  const kinds = new Set(rows.map(({ object }) => object.replace(/ .*/s, '')));
  const live = followed.tracked
    .filter(({ isDropped, object: { kind } }) => !isDropped && kinds.has(kind))
    .map(({ object }) => `${object.kind} ${displayName(object).replaceAll('"', '')}`);
  expect(live.sort()).toEqual(rows.map(({ object }) => object).sort());
});

/** The index of a constraint counts as the constraint, and a table's row type as the table. */
const existing = `
  SELECT word || ' ' || array_to_string(nullif(nspname, 'public')::text || names, '.') AS object FROM (
    SELECT CASE relkind WHEN 'v' THEN 'view' WHEN 'S' THEN 'sequence' WHEN 'i' THEN 'index' ELSE 'table' END, relnamespace,
      ARRAY[relname] FROM pg_class WHERE relkind IN ('r', 'v', 'S', 'i', 'p')
      AND oid NOT IN (SELECT conindid FROM pg_constraint WHERE contype IN ('p', 'u', 'x'))
    UNION ALL SELECT 'column', relnamespace, ARRAY[relname, attname] FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
      WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'v')
    UNION ALL SELECT 'constraint', connamespace, ARRAY[relname, conname] FROM pg_constraint JOIN pg_class c ON c.oid = conrelid
    UNION ALL SELECT 'trigger', relnamespace, ARRAY[relname, tgname] FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
      WHERE NOT tgisinternal
    UNION ALL SELECT 'function', pronamespace, ARRAY[proname] FROM pg_proc
    UNION ALL SELECT 'type', typnamespace, ARRAY[typname] FROM pg_type WHERE typtype = 'e'
  ) AS all_objects (word, namespace, names) JOIN pg_namespace n ON n.oid = namespace
  WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`;

test('a column keeps its record through renames of itself, its table and its schema', () => {
  const statements = [
    '0: creates column people.mail',
    '0: creates index people_lower_idx',
    '1: renames table people to users',
    '1: renames column users.mail to email',
    '1: renames index people_lower_idx to users_lower_email',
    '2: moves table users to schema app',
    '3: renames schema app to shop',
  ];
  for (const name of ['shop.users.email', 'users.email', 'people.mail', 'USERS.Email'])
    expect(deedsOf(name), name).toEqual([statements]);
});

test('a table has the statements about its parts; its creation and drop are one entry', () => {
  expect(deedsOf('shop.users')).toEqual([
    [
      '0: creates table people',
      '0: creates index people_lower_idx',
      '1: renames table people to users',
      '1: renames column users.mail to email',
      '1: renames index people_lower_idx to users_lower_email',
      '1: renames index people_pkey to users_pkey',
      '1: drops column users.gone, creates column users.mood',
      '2: moves table users to schema app',
      '2: creates trigger app.users.touch',
      '3: creates column app.users.grown',
      '3: renames schema app to shop',
    ],
  ]);
  expect(deedsOf('notes')).toEqual([
    ['4: creates table notes', '4: drops table notes'],
    ['4: creates table notes', '4: creates table notes'],
  ]);
});

test('other objects, and what goes with them', () => {
  expect(deedsOf('users_pkey')).toEqual([
    [
      '0: creates constraint people.people_pkey',
      '1: renames table people to users',
      '1: renames index people_pkey to users_pkey',
      '2: moves table users to schema app',
      '3: renames schema app to shop',
    ],
  ]);
  expect(deedsOf('mood')).toEqual([
    ['0: creates type mood', '3: renames type mood to feeling', '3: creates enum value feeling.glad'],
  ]);
  expect(deedsOf('child')).toEqual([['4: creates table child', '4: drops table parents']]);
  expect(deedsOf('"Odd.Table"."A col"')).toEqual([['0: creates column "Odd.Table"."A col"']]);
});

test('a name that no migration has is unknown, and similar ones are offered', () => {
  for (const name of ['usrs', 'nowhere', 'email', '', 'public.shop.users']) expect(deedsOf(name)).toEqual([]);
  expect(suggestNames(followed.tracked, 'shop.usrs')[0]).toBe('shop.users');
});

test('objects of no migration are followed from the first statement that changes them', () => {
  const { tracked } = followObjects(
    ['ALTER TABLE old RENAME a TO b; ALTER TABLE old RENAME TO new;', 'DROP TABLE new;'].map(
      (text, index) => ({
        id: String(index),
        effects: readEffects(parser, text),
      }),
    ),
  );
  expect(
    findByName(tracked, 'new.b').map((record) => entriesOf(record).flatMap(({ deeds }) => deeds)),
  ).toEqual([['renames column old.a to b', 'renames table old to new', 'drops table new']]);
});

test('code that nobody can read may change anything', () => {
  const text = `CREATE FUNCTION f(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE t; END $$;\nSELECT f(current_user);`;
  const { unread } = followObjects([{ id: '1', effects: readEffects(parser, text) }]);
  expect(unread).toMatchObject([{ migration: 0, place: { line: 2 } }]);
});
