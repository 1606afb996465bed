/** What goes with an object that the same text has joined it to; more of it is in `test/engine/down-losses.test.ts`. */
import { expect, test } from 'vitest';
import { readLosses } from '../../../src/sql/effects/lost-objects.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';

async function lostBy(text: string): Promise<string[]> {
  const { objects } = readLosses(await loadParser('standard'), text);
  return [...new Set(objects.map(({ schemas, names }) => [...schemas, ...names].join('.')))];
}

test.each([
  [
    'that gets its name back',
    'ALTER TABLE t RENAME TO old; CREATE TABLE t (x int); DROP TABLE t; ALTER TABLE old RENAME TO t; DROP TABLE t;',
    ['public.t'],
  ],
  [
    'whose name another table got before it joined',
    'ALTER TABLE t RENAME TO old; CREATE TABLE t (x int); ALTER TABLE p ATTACH PARTITION old DEFAULT; DROP TABLE p;',
    ['public.p', 'public.t'],
  ],
  ['that is new', 'CREATE TABLE n (x int); ALTER TABLE n RENAME TO t; DROP TABLE t;', []],
  [
    'that is new and a partition',
    'CREATE TABLE n (x int); ALTER TABLE n RENAME TO t; ALTER TABLE p ATTACH PARTITION t DEFAULT; DROP TABLE p;',
    ['public.p'],
  ],
])('a table %s is the one that it was before the text', async (_, text, lost) => {
  expect(await lostBy(text)).toEqual(lost);
});

test('a long text with many foreign keys is read in a time that grows with its length', async () => {
  const count = 1000;
  const statements = Array.from(
    { length: count },
    (_, index) =>
      `ALTER TABLE child${index} ADD FOREIGN KEY (x) REFERENCES parent${index} ON DELETE CASCADE;\nDELETE FROM parent${index};`,
  );
  const { objects } = readLosses(await loadParser('standard'), statements.join('\n'));
  expect(objects.map(({ names }) => names)).toEqual(
    Array.from({ length: count }, (_, index) => [[`parent${index}`], [`child${index}`]]).flat(),
  );
}, 20_000);
