/** Finds the explanations of a code. */

import { KatError } from '../../errors.js';
import { suggestIds } from '../../graph/list-ids.js';
import { nearest } from '../../graph/nearest.js';
import type { Explanation } from './explanations.js';

/**
 * @param code upper and lower case, `_` and `-` are the same.
 * @throws KatError USAGE for a code that has none, with the nearest ones.
 */
export function findExplanations(all: readonly Explanation[], code: string): Explanation[] {
  const found = all.filter((explanation) => fold(explanation.code) === fold(code));
  if (found.length > 0) return found;
  const codes = new Map(all.map((explanation) => [fold(explanation.code), explanation.code]));
  const similar = nearest(fold(code), codes.keys()).map((near) => codes.get(near) as string);
  throw new KatError('USAGE', `there is no code ${JSON.stringify(code)}`, {
    help: suggestIds(similar, 'Run `kat explain` to list all codes.'),
  });
}

function fold(code: string): string {
  return code.toLowerCase().replaceAll('_', '-');
}
