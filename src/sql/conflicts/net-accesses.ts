/** Computes a migration's net effect on an object's existence: created and dropped again, or the reverse. */

import type { KeyAccess } from '../dependencies/access.js';
import { isPresumed, roleOf } from './roles.js';

/** Such as DROP … IF EXISTS before CREATE, and helpers that the migration drops again. Other migrations never see these. */
export function netAccesses(accesses: readonly KeyAccess[]): readonly KeyAccess[] {
  const presence = accesses.filter(changesPresence);
  const [first, last] = [presence[0], presence.at(-1)];
  if (!first || !last) return accesses;
  const isMixed = presence.some((touch) => roleOf(touch) !== roleOf(first));
  return isMixed ? summaryOf(presence, first, roleOf(last) === 'create') : presence;
}

function changesPresence(touch: KeyAccess): boolean {
  const role = roleOf(touch);
  return role === 'create' || role === 'drop' || role === 'rename';
}

function summaryOf(presence: readonly KeyAccess[], first: KeyAccess, isThere: boolean): readonly KeyAccess[] {
  const existed = first.existed || isPresumed(first);
  if (existed === isThere)
    return [{ ...first, verb: existed ? 'drops and creates again' : 'creates and drops again' }];
  const isCleared = roleOf(first) !== 'create';
  return presence
    .filter((touch) => (roleOf(touch) === 'create') === isThere)
    .map((touch) => (isCleared ? { ...touch, isCleared } : touch));
}
