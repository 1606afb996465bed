/** Statements of all kinds over one schema, of which any two may or may not get along; some are nonsense. */

import fc from 'fast-check';
import { familyStatements } from './families.js';
import { routineStatements } from './routines.js';
import { rowStatements } from './rows.js';
import { surroundingStatements } from './surroundings.js';
import { tableStatements } from './tables.js';
import { typeStatements } from './types.js';
import { viewStatements } from './views.js';

const statement: fc.Arbitrary<string> = fc.oneof(
  ...tableStatements,
  ...familyStatements,
  ...viewStatements,
  ...routineStatements,
  ...typeStatements,
  ...rowStatements,
  ...surroundingStatements,
);

/**
 * Different statements of which each is valid by itself.
 * @param isValid asks a database
 */
export async function sampleValid(
  { numRuns, seed }: { numRuns: number; seed: number },
  isValid: (text: string) => Promise<boolean>,
): Promise<string[]> {
  const found: string[] = [];
  for (const text of new Set(fc.sample(statement, { seed, numRuns }))) {
    if (await isValid(text)) found.push(text);
  }
  return found;
}

/** Pairs of different texts that share a word which few of them have, such as the name of a table. */
export function relatedPairs(texts: readonly string[]): [string, string][] {
  const wordsOf = (text: string) => new Set(text.toLowerCase().match(/\w+/g));
  const all = texts.map((text) => ({ text, words: wordsOf(text) }));
  const counts = new Map<string, number>();
  for (const word of all.flatMap(({ words }) => [...words])) counts.set(word, (counts.get(word) ?? 0) + 1);
  const isRare = (word: string) => (counts.get(word) ?? 0) < texts.length / 8 && !/^\d*$/.test(word);
  return all.flatMap(({ text, words }, index) =>
    all
      .slice(0, index)
      .filter((other) => [...words].some((word) => isRare(word) && other.words.has(word)))
      .map((other): [string, string] => [text, other.text]),
  );
}
