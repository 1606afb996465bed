/** Finds the DROP that takes an object away, directly or with something that the object rests on. */

import { ownerKey } from '../dependencies/catalogue.js';
import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId, ObjectKind } from '../syntax/object-id.js';

/** They go without a word with what they are about; everything else goes with CASCADE only. */
const followers: ReadonlySet<ObjectKind> = new Set([
  'column',
  'constraint',
  'index',
  'policy',
  'rule',
  'sequence',
  'statistics',
  'trigger',
]);

/**
 * @param effects of one way
 * @param needs what the definition of each object needs
 * @returns undefined when nothing that somebody wrote down takes it away
 */
export function findTaker(
  object: ObjectId,
  effects: readonly Effect[],
  needs: ReadonlyMap<string, ReadonlySet<string>>,
): Effect | undefined {
  const drops = effects.filter(({ action }) => action === 'drop');
  const key = keyOf(object);
  const direct = drops.find((drop) => keyOf(drop.object) === key);
  if (direct) return direct.isImplicit ? undefined : direct;
  const rests = new Set([ownerKey(object), ...(needs.get(key) ?? [])]);
  return drops.find(
    (drop) =>
      (drop.isCascade || followers.has(object.kind)) &&
      !drop.isImplicit &&
      (rests.has(keyOf(drop.object)) || rests.has(ownerOfColumn(drop))),
  );
}

/** A key of another table rests on the columns of this one. */
function ownerOfColumn({ object, isCascade }: Effect): string | undefined {
  return isCascade && object.kind === 'constraint' ? ownerKey(object) : undefined;
}
