/** What goes with an object that the same text has joined it to; more of it is in `test/engine/down-losses.test.ts`. */
import { expect, test } from 'vitest';
import { readLosses } from '../../../src/sql/effects/lost-objects.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';

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
