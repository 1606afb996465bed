/** Reads the comments in which people tell Kat what it can't see. */

import type { Placer } from '../syntax/text-places.js';
import type { Directive } from './effect.js';

/**
 * Every `-- kat:requires NAME`, `-- kat:provides NAME` and `-- kat:ignore RULE reason` that stands alone on its line or
 * behind a statement.
 */
export function readDirectives(text: string, placeAt: Placer): Directive[] {
  const found = text.matchAll(/--[ \t]*kat:(requires|provides|ignore):?[ \t]+([^\r\n]*)/g);
  return [...found].map((match) => ({
    word: match[1] as Directive['word'],
    value: (match[2] as string).trim(),
    place: placeAt(match.index),
  }));
}
