import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

const notes = 'CREATE TABLE notes (id bigint PRIMARY KEY);';
const closed = `${notes} ALTER TABLE notes ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON notes USING (true);`;
const find = (applied: string, up: string) =>
  findBy('row-security-without-policy', { applied: [applied], up });
const enable = 'ALTER TABLE notes ENABLE ROW LEVEL SECURITY';

test.each([
  [notes, enable],
  [notes, `${enable}, FORCE ROW LEVEL SECURITY`],
  [`${notes} ${enable};`, 'ALTER TABLE notes FORCE ROW LEVEL SECURITY'],
  [closed, 'DROP POLICY p ON notes'],
  ['', enable],
])('%s %s: no rows are seen', (applied, up) => {
  expect(find(applied, up)).toHaveLength(1);
});

test.each([
  [notes, `${enable}; CREATE POLICY p ON notes USING (true)`],
  [notes, `CREATE POLICY p ON notes USING (true); ${enable}`],
  ['', `CREATE POLICY p ON notes USING (true); ${enable}`],
  [notes, 'ALTER TABLE notes FORCE ROW LEVEL SECURITY'],
  [notes, `${enable}; ALTER TABLE notes DISABLE ROW LEVEL SECURITY`],
  [closed, 'DROP POLICY p ON notes; CREATE POLICY q ON notes USING (true)'],
  [closed, 'CREATE POLICY q ON notes USING (true); DROP POLICY p ON notes'],
  [`${notes} CREATE POLICY p ON notes USING (true);`, 'DROP POLICY p ON notes'],
  ['', `${notes} ${enable}`],
  ['', 'DROP POLICY p ON notes'],
  [notes, `${enable}; ALTER TABLE notes RENAME TO kept; CREATE POLICY p ON kept USING (true)`],
  [notes, `${enable}; DROP TABLE notes`],
  ['', `${enable}; ALTER TABLE notes DISABLE ROW LEVEL SECURITY`],
  ['CREATE POLICY p ON notes USING (true)', enable],
  ['', 'ALTER TABLE IF EXISTS notes FORCE ROW LEVEL SECURITY'],
  [
    notes,
    `${enable}; DO $$ BEGIN EXECUTE format('CREATE POLICY p ON %I USING (true)', current_user); END $$`,
  ],
  [notes, `${enable}; SELECT make_policies()`],
])('%s %s: rows are seen', (applied, up) => {
  expect(find(applied, up)).toEqual([]);
});

test('with FORCE the owner sees none either', () => {
  expect(find(notes, enable)).toEqual([expect.stringContaining('all roles but its owner see no rows')]);
  expect(find(notes, `${enable}, FORCE ROW LEVEL SECURITY`)).toEqual([
    expect.stringContaining('its owner and all other roles see no rows'),
  ]);
});
