/** Keeps psql from expanding parts of SQL as its variables. */

import type { ScanToken } from 'libpg-query';
import type { Parser } from '../syntax/parse.js';

/** Text that psql would replace with a variable's value, outside of quotes and comments. */
const variable = /(?<!:):(?=['"\w\u0080-\uffff])/;

const colon = ':'.charCodeAt(0);

/**
 * Puts a space behind each colon that psql would read as the beginning of a variable, as in `list[1:n]`: to PostgreSQL it
 * says the same. Nothing inside of quotes, dollar quotes and comments is touched; psql leaves these alone, too.
 * @param text SQL that the parser takes.
 */
export function hideFromPsql(parser: Pick<Parser, 'scanSync'>, text: string): string {
  if (!variable.test(text)) return text;
  const bytes = Buffer.from(text);
  const { tokens } = parser.scanSync(text);
  const ends = tokens
    .filter(({ tokenType, end }, index) => tokenType === colon && isName(tokens[index + 1], end))
    .map(({ end }) => end);
  const pieces = [0, ...ends].map((start, index) => bytes.toString('utf8', start, ends[index]));
  return pieces.join(' ');
}

function isName(token: ScanToken | undefined, start: number): boolean {
  return token?.start === start && /^['"\w\u0080-\uffff]/.test(token.text);
}
