/** Names and lists as catalogs write them, with dots, commas, blanks and quotes in the names. */

import { expect, test } from 'vitest';
import { belongsTo } from '../../../src/sql/ddl/belongs-to.js';
import type { SnapshotObject } from '../../../src/sql/snapshot/snapshot.js';
import { splitList, subjectNames, withoutLastPart } from '../../../src/sql/snapshot/written-names.js';

test.each([
  ['table public.users', 'public.users', 'public'],
  ['table column public.users.email', 'public.users.email', 'public.users'],
  ['foreign table column app."my.list"."a b"', 'app."my.list"."a b"', 'app."my.list"'],
  ['materialized view public."on call"', 'public."on call"', 'public'],
  ['trigger "an on b" on public."x on y"', '"an on b" on public."x on y"', 'public."x on y"'],
  ['domain constraint positive on app.amount', 'positive on app.amount', 'app.amount'],
  ['text search dictionary public.words', 'public.words', 'public'],
  ['function public.due(timestamp with time zone)', 'public.due(timestamp with time zone)', 'public'],
  ['schema app', 'app', ''],
])('%s is about %s, which may be a part of %s', (of, subject, whole) => {
  expect(subjectNames(of)).toEqual([subject, whole]);
});

test('a quote in a name ends no part of it', () => {
  expect(withoutLastPart('public."a"".b"')).toBe('public');
  expect(splitList(`'sad, or', "a, b", numeric(3, 1), 'it''s'`)).toEqual([
    `'sad, or'`,
    '"a, b"',
    'numeric(3, 1)',
    `'it''s'`,
  ]);
});

test('a sequence belongs to the table of the column that owns it, and to no other', () => {
  const table = (name: string): SnapshotObject => ({ kind: 'table', schema: 'public', name, definition: {} });
  const sequence: SnapshotObject = {
    ...{ kind: 'sequence', schema: 'public', name: 'numbers' },
    definition: { ownedBy: '"my.list"."a.b"' },
  };
  expect(belongsTo(sequence, table('"my.list"'))).toBe(true);
  expect(belongsTo(sequence, table('"my'))).toBe(false);
  expect(belongsTo({ ...sequence, definition: { ownedBy: 'a.b' } }, table('a'))).toBe(true);
});
