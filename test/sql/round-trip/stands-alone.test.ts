import { expect, test } from 'vitest';
import { readEffects } from '../../../src/sql/effects/read-effects.js';
import { namesThatMatter } from '../../../src/sql/round-trip/stands-alone.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';
import { findBy } from '../lint/lint-sql.js';
import { differing, inverses, type Scene, silent } from './scenes.js';

const parser = await loadParser();

function namesOf({ up, down }: Pick<Scene, 'up' | 'down'>): string[] | undefined {
  return namesThatMatter(readEffects(parser, up), readEffects(parser, down));
}

test.each([
  ['CREATE TABLE a (id serial PRIMARY KEY)', 'DROP TABLE a'],
  ['CREATE TABLE a (id int); CREATE INDEX a_id ON a (id)', 'DROP INDEX IF EXISTS a_id; DROP TABLE a CASCADE'],
  ['ALTER TABLE a ADD COLUMN note text; CREATE INDEX a_note ON a (note)', 'ALTER TABLE a DROP COLUMN note'],
  ['CREATE TYPE mood AS ENUM (); INSERT INTO a VALUES (1)', 'DROP TYPE mood; DELETE FROM a'],
  ["CREATE TABLE a (id int); COMMENT ON TABLE b IS 'x'", ''],
])('%s, then %s: what was before does not matter', (up, down) => {
  expect(namesOf({ up, down })).toEqual([]);
});

test.each([
  ['CREATE TABLE IF NOT EXISTS a (id int)', 'DROP TABLE a', ['a']],
  ['CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1', 'DROP FUNCTION f()', ['f']],
  ['CREATE OR REPLACE VIEW v AS SELECT 1', 'DROP VIEW v', ['v']],
])('%s, then %s: it matters whether %j were there', (up, down, names) => {
  expect(new Set(namesOf({ up, down }))).toEqual(new Set(names));
});

test.each([
  ['CREATE TABLE a (id int)', 'DROP TABLE a, b'],
  ['ALTER TABLE a ADD COLUMN b int', 'ALTER TABLE a DROP COLUMN c'],
  ['ALTER TABLE a ALTER b TYPE text', 'ALTER TABLE a ALTER b TYPE int'],
  ['ALTER TABLE a RENAME TO b', 'ALTER TABLE b RENAME TO a'],
  ['DROP INDEX a_b', 'CREATE INDEX a_b ON a (b)'],
  ["DO $$ BEGIN EXECUTE 'x'; END $$", 'DROP TABLE a'],
])('%s, then %s: what was before may matter', (up, down) => {
  expect(namesOf({ up, down })).toBeUndefined();
});

const scenes = [...inverses, ...differing, ...silent].filter((scene) =>
  namesOf(scene)?.every((name) => !scene.before.includes(name)),
);

test('some scenes stand alone', () => {
  expect(scenes.length).toBeGreaterThan(5);
});

test.each(scenes.map((scene) => [scene.name, scene] as const))(
  '%s: the findings are the same without what was before',
  (_, { before, up, down }) => {
    const find = (applied: string[]) =>
      ['incomplete-down', 'down-drops-more'].flatMap((rule) => findBy(rule, { applied, up, down }));
    expect(find([])).toEqual(find([before]));
  },
);
