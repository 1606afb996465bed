/** Removes comments from SQL. */

import { visitTokens } from './tokens.js';

/**
 * The text without comments, and with white space only where it may part tokens. What is inside of strings, quoted names and
 * bodies between dollars stays as it is: two texts that are equal then make the same schema.
 * @param text SQL with plain string literals as the standard has them.
 */
export function withoutComments(text: string): string {
  const parts: string[] = [];
  let behind = 0;
  visitTokens(text, (start, end) => {
    if (parts.length > 0) parts.push(separator(text.slice(behind, start), text[behind - 1], text[start]));
    parts.push(text.slice(start, end));
    behind = end;
  });
  return parts.join('');
}

/** No token of several characters has these in it (scan.l, `self` without `op_chars`, `.` and `:`). */
const alone = /[(),;[\]]/;

function separator(gap: string, before = '', after = ''): string {
  if (gap === '' || alone.test(before) || alone.test(after)) return '';
  // Only behind a line break does a string go on.
  return before === "'" && after === "'" && /[\r\n]/.test(gap) ? '\n' : ' ';
}
