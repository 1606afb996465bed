/** Walks over the tokens of SQL; what stands between two of them is blanks and comments. */

import { TokenScanner } from './token-scanner.js';

/**
 * Calls `visit` with the place of each token, in order. A string, a quoted name and a body between dollars is one token.
 * @param text SQL with plain string literals as the standard has them.
 */
export function visitTokens(text: string, visit: (start: number, end: number) => void): void {
  let opened = 0;
  const scanner = new TokenScanner({
    word: (word, start) => visit(start, start + word.length),
    sign: (sign, start) => {
      opened = start;
      if (!opensText.test(sign)) visit(start, start + sign.length);
    },
    close: (end) => visit(opened, end),
  });
  scanner.push(text);
  scanner.push(undefined);
}

/** The openings of what the scanner does not look into. */
const opensText = /['"]$|^\$.*\$$/s;
