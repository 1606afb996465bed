import { mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findStrays } from '../../src/project/folder/strays.js';
import { makeFolder, sound } from './temporary.js';

test('what looks like a migration and is not read', () => {
  const folder = makeFolder({
    ...sound('1_users'),
    '1_users/README.md': '',
    '1_users/rows.sql': '',
    '2_posts/Down.SQL': '',
    '3_tags/metadata.yml': '',
    '3_tags/metadata.yaml': '',
    '20200101_old.sql': '',
    'README.md': '',
    '.hidden/down.sql': '',
    'notes/ideas.txt': '',
    'drafts/down.sql': '',
    'unnamed/up.sql': '',
    'v2/4_nested/up.sql': '',
    'v2/5_nested/up.sql': '',
    '.kat-add-6/up.sql': '',
    '.kat-add-7/up.sql': '',
  });
  mkdirSync(join(folder, '.kat-add-8'));
  // The one with 7 may be of a command that runs now; the one with 8 is empty, and the next command removes it.
  for (const n of [6, 8]) utimesSync(join(folder, `.kat-add-${n}`), 1, 1);
  const found = findStrays(folder).map(({ message, help }) => `${message} | ${help}`);
  expect(found.sort()).toEqual([
    '2 migrations in v2 are not read, such as 4_nested: Kat reads only folders directly in the migrations folder | Move them up into the migrations folder, or put them elsewhere.',
    '20200101_old.sql is not read: migrations are folders | Put it into a folder `<timestamp>_<name>` as up.sql, or move it elsewhere.',
    '2_posts/Down.SQL is not read | Rename it to down.sql.',
    '3_tags/metadata.yml is not read | metadata.yaml exists as well; delete one of them.',
    expect.stringMatching(
      /^an interrupted command left .*\.kat-add-6 behind \| No migration needs it\. Delete it if you do not need the SQL in it/,
    ),
    'drafts is not read: its name is not a migration id, and it has no up.sql | Rename it to `<timestamp>_<name>` and add an up.sql, or move it elsewhere.',
  ]);
  expect(findStrays(`${folder}/nothing`)).toEqual([]);
});
