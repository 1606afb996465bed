import { expect, test } from 'vitest';
import { describeNotNullChange } from '../../../src/sql/snapshot/not-null-words.js';

test.each([
  [undefined, 't_a_not_null NOT NULL a', 'is now NOT NULL'],
  ['t_a_not_null NOT NULL a', undefined, 'is no longer NOT NULL'],
  [undefined, 'NOT NULL', 'is now NOT NULL'],
  [undefined, 'n NOT NULL a NOT VALID', 'is now NOT NULL NOT VALID'],
  ['one NOT NULL a', '"two x" NOT NULL a', 'NOT NULL was named one, is now named "two x"'],
  ['n NOT NULL a NOT VALID', 'n NOT NULL a', 'NOT NULL is no longer NOT VALID'],
  ['n NOT NULL a', 'n NOT NULL a NO INHERIT', 'NOT NULL is now NO INHERIT'],
  [
    '"a NOT NULL b" NOT NULL "c NOT VALID"',
    'm NOT NULL "c NOT VALID" NO INHERIT NOT VALID',
    'NOT NULL was named "a NOT NULL b", is now named m; NOT NULL is now NO INHERIT; NOT NULL is now NOT VALID',
  ],
  [undefined, 'yes', 'is now NOT NULL'],
  ['yes', 'IGNORE', 'NOT NULL is now ON CONFLICT IGNORE'],
  ['IGNORE', 'REPLACE', 'NOT NULL is no longer ON CONFLICT IGNORE; NOT NULL is now ON CONFLICT REPLACE'],
])('%s, %s', (before, after, words) => {
  expect(describeNotNullChange(before, after)).toBe(words);
});
