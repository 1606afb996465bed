import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

const rule = 'drop-index-not-concurrent';
const applied = ['CREATE TABLE app.t (a int); CREATE INDEX "I" ON app.t (a); CREATE INDEX j ON app.t (a)'];

test('names each index and its table', () => {
  expect(findBy(rule, { applied, up: 'DROP INDEX app."I", app.j' })).toEqual([
    expect.stringMatching(/^1:1 DROP INDEX app\.I takes an ACCESS EXCLUSIVE lock on app\.t, which/),
    expect.stringMatching(/^1:1 DROP INDEX app\.j takes an ACCESS EXCLUSIVE lock on app\.t, which/),
  ]);
});

test('an index that no migration makes is somewhere', () => {
  expect(findBy(rule, { up: 'DROP INDEX i' })).toEqual([
    expect.stringContaining('DROP INDEX i takes an ACCESS EXCLUSIVE lock on its table'),
  ]);
});

test.each(['DROP INDEX IF EXISTS i', 'DROP INDEX IF EXISTS app.i, app.k'])(
  'a name that may be of no index may be of one as well: %s',
  (up) => expect(findBy(rule, { applied, up })).not.toEqual([]),
);

test('that of a table which is not there yet is in nobody’s way', () => {
  expect(findBy(rule, { pending: applied, up: 'DROP INDEX app.j' })).toEqual([]);
});
