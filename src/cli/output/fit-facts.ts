/** Lays out a heading and its facts so that no line is wider than the terminal. */

import { textWidth } from '../../graph/draw/text-width.js';
import { withoutColours } from './style.js';

const indent = ' '.repeat(6);

/**
 * Joins texts by two spaces; a fact that does not fit goes to a line of its own, and a long fact is broken between words.
 * @param columns the terminal's width; undefined makes one line.
 */
export function fitFacts(
  [head, ...facts]: readonly [string, ...string[]],
  columns: number | undefined,
): string[] {
  if (columns === undefined) return [[head, ...facts].join('  ')];
  const fits = (line: string) => textWidth(withoutColours(line)) <= columns;
  const lines = [head];
  const append = (text: string, gap: string) => {
    const longer = `${lines.at(-1)}${gap}${text}`;
    if (fits(longer)) lines[lines.length - 1] = longer;
    else lines.push(indent + text);
  };
  for (const fact of facts) {
    const [first = '', ...words] = fits(indent + fact) ? [fact] : fact.split(' ');
    append(first, '  ');
    for (const word of words) append(word, ' ');
  }
  return lines.map((line) => line.trimEnd());
}
