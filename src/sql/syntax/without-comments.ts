/** Removes comments from SQL. */

import { visitTokens } from './tokens.js';

/**
 * The text without comments, and with one blank where there were several. What is inside of strings, quoted names and bodies
 * between dollars stays as it is: two texts that are equal then make the same schema.
 * @param text SQL with plain string literals as the standard has them.
 */
export function withoutComments(text: string): string {
  let bare = '';
  let behind = 0;
  visitTokens(text, (start, end) => {
    bare += (bare !== '' && start > behind ? ' ' : '') + text.slice(start, end);
    behind = end;
  });
  return bare;
}
