/** Switches `no_transaction` on in the text of a `metadata.yaml`, leaving everything else in it alone. */

import { KatError } from '../../errors.js';
import { parseMetadata } from './metadata.js';

/**
 * Takes the place of the line that says the contrary, or of the one that `kat add` writes as a comment; else it comes last.
 * @param file for messages
 * @throws KatError FILES_INVALID for a text whose layout leaves no place for it.
 */
export async function setNoTransaction(file: string, text: string): Promise<string> {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const setting = 'no_transaction: true';
  const line = /^(?:# ?)?no_transaction:[^\r\n]*/m;
  const ended = text === '' || text.endsWith('\n') ? text : text + newline;
  const edited = line.test(text) ? text.replace(line, setting) : `${ended}${setting}${newline}`;
  const { value } = await parseMetadata(file, edited);
  if (value?.noTransaction) return edited;
  const help = `Write \`${setting}\` into it by hand.`;
  throw new KatError('FILES_INVALID', `${file} has a layout that Kat cannot add no_transaction to`, { help });
}
