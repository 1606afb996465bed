/** Formats the effects of migrations as words. */

import type { Verb } from './access.js';

/** A migration's action and its target. */
export interface ActionWords {
  verb: Verb;
  /** Such as `table users`. */
  what: string;
}

/** Such as `creates table users`. */
export function wordsOf({ verb, what }: ActionWords): string {
  return `${verb} ${what}`;
}

/** Such as `references table users, which ID creates`, if both access one object. */
export function wordsOfBoth(one: ActionWords, id: string, other: ActionWords): string {
  const isSame = one.what === other.what && !rowVerbs.has(other.verb);
  return isSame
    ? `${wordsOf(one)}, which ${id} ${other.verb}`
    : `${wordsOf(one)}, and ${id} ${wordsOf(other)}`;
}

/** Each of two may mean rows of its own. */
const rowVerbs: ReadonlySet<Verb> = new Set([
  'deletes rows of',
  'inserts rows into',
  'reads rows of',
  'updates rows of',
]);
