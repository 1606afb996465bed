/** Tells migrations whose ways can be compared without knowing what there was before. */

import { ownerKey } from '../dependencies/catalogue.js';
import type { Effect, MigrationEffects } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import { propertyOf } from './alterations.js';
import { happenings, isCertainChange, isOpaque } from './certain.js';

/**
 * Whether `compareWays` finds the same in any database that lacks certain names: the way up makes new objects and changes nothing
 * of others that its way back would have to restore, and the way down drops some of them.
 * @returns these names, of what `IF NOT EXISTS` or `OR REPLACE` may not make, and of routines, which have others of their name;
 *   undefined where it matters what there was.
 */
export function namesThatMatter(up: MigrationEffects, down: MigrationEffects): string[] | undefined {
  if (isOpaque(up) || isOpaque(down)) return undefined;
  const ups = happenings(up).filter(isCertainChange);
  const downs = happenings(down).filter(isCertainChange);
  const created = ups.filter(({ action }) => action === 'create');
  const made = new Set(created.map(({ object }) => keyOf(object)));
  const isMade = ({ object }: Effect) => made.has(keyOf(object)) || made.has(ownerKey(object) ?? '');
  const isAlone =
    [...ups, ...downs].every(({ isInBranch, to }) => !isInBranch && !to) &&
    ups.every((effect) => effect.action !== 'drop' && (isMade(effect) || propertyOf(effect) === undefined)) &&
    downs.every((effect) => effect.action === 'drop' && isMade(effect));
  return isAlone ? created.filter(mayBeOld).map((effect) => nameOf(effect, made)) : undefined;
}

function mayBeOld({ isConditional, isImplicit, object }: Effect): boolean {
  return (isConditional === true && !isImplicit) || object.args !== undefined;
}

/** A part is new with its whole. */
function nameOf({ object }: Effect, made: ReadonlySet<string>): string {
  return object.parent !== undefined && made.has(ownerKey(object) ?? '') ? object.parent : object.name;
}
