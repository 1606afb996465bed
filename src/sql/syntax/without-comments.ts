/** Removes comments from SQL. */

import { TokenScanner } from './token-scanner.js';

/**
 * The text without comments, and with one blank where there were several. What is inside of strings, quoted names and bodies
 * between dollars stays as it is: two texts that are equal then make the same schema.
 * @param text SQL with plain string literals as the standard has them.
 */
export function withoutComments(text: string): string {
  let bare = '';
  let end = 0;
  let opened = 0;
  const add = (from: number, to: number) => {
    bare += (bare !== '' && from > end ? ' ' : '') + text.slice(from, to);
    end = to;
  };
  const scanner = new TokenScanner({
    word: (word, start) => add(start, start + word.length),
    sign: (sign, start) => {
      opened = start;
      if (!opensText.test(sign)) add(start, start + sign.length);
    },
    close: (at) => add(opened, at),
  });
  scanner.push(text);
  scanner.push(undefined);
  return bare;
}

/** The openings of what the scanner does not look into. */
const opensText = /['"]$|^\$.*\$$/s;
