/** Finds the commands of an ALTER TABLE in its text, because the grammar does not say where they stand. */

import { readWords, type Word, withoutLastComments } from './sql-words.js';

/**
 * Where each command begins, such as the `ADD` of ADD COLUMN.
 * @param text one ALTER TABLE statement, from its first word
 * @returns UTF-16 indices into the text, in the order of the commands
 */
export function findCommandStarts(text: string): number[] {
  const found = readWords(text);
  const first = skipName(found, skipWords(found));
  const starts = [first];
  let depth = 0;
  for (const [index, token] of found.entries()) {
    if (token.text === '(' || token.text === '[') depth += 1;
    else if (token.text === ')' || token.text === ']') depth -= 1;
    else if (token.text === ',' && depth === 0) starts.push(index + 1);
  }
  return starts.flatMap((index) => found[index]?.start ?? []);
}

/** As `findCommandStarts`, when it is asked for, and once. */
export function commandStartsOf(text: string): () => readonly number[] {
  let starts: readonly number[] | undefined;
  return () => (starts ??= findCommandStarts(text));
}

/** The text of each command, without the commas and comments between them. */
export function splitCommands(text: string): string[] {
  const starts = findCommandStarts(text);
  return starts.map((start, index) => {
    const withComma = withoutLastComments(text.slice(start, starts[index + 1]));
    return withoutLastComments(withComma.replace(/,$/, ''));
  });
}

/** Behind ALTER TABLE [IF EXISTS] [ONLY]. */
function skipWords(found: readonly Word[]): number {
  const isWord = (index: number, word: string) => found[index]?.text.toUpperCase() === word;
  let index = 2;
  if (isWord(index, 'IF') && isWord(index + 1, 'EXISTS')) index += 2;
  return isWord(index, 'ONLY') ? index + 1 : index;
}

/** Behind the table's name, which may have a schema in front, brackets around, or a star behind it. */
function skipName(found: readonly Word[], from: number): number {
  const isBracketed = found[from]?.text === '(';
  let index = from + (isBracketed ? 2 : 1);
  while (found[index]?.text === '.') index += 2;
  return isBracketed || found[index]?.text === '*' ? index + 1 : index;
}
