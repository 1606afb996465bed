/** Fingerprints SQL without its comments and white space: with the fingerprint of the file, it tells which edits matter. */

import { present } from '../../present.js';
import { checksum } from '../../project/folder/load.js';
import { withoutComments } from '../../sql/syntax/without-comments.js';

/** A longer text has none: to cut it into tokens would take longer than to run it. */
const maxCharacters = 1 << 20;

/** It ends a literal or does not, as `standard_conforming_strings` has it: so the text has no fingerprint. */
const ambiguousQuote = "\\'";

/**
 * Texts with the same fingerprint have the same tokens, whatever the settings of the server are.
 * @returns undefined for a text that has none, which is then compared as a whole.
 */
export function bareChecksum(sql: string): string | undefined {
  if (sql.length > maxCharacters || sql.includes(ambiguousQuote)) return undefined;
  return checksum(withoutComments(sql));
}

/** What the log keeps of an up.sql that is to be written as `sql`. */
export function checksumsOf(sql: string): { checksum: string; statementHash?: string } {
  const bare = bareChecksum(sql);
  return { checksum: checksum(sql), ...present({ statementHash: bare }) };
}
