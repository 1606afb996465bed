/** Computes a migration's net effect on an object's existence: created and dropped again, or the reverse. */

import type { KeyAccess } from '../dependencies/access.js';
import { keyOf } from '../effects/object-key.js';
import { isPresumed, mayBeOverloaded, roleOf } from './roles.js';

/** Such as DROP … IF EXISTS before CREATE, and helpers that the migration drops again. Other migrations never see these. */
export function netAccesses(accesses: readonly KeyAccess[]): readonly KeyAccess[] {
  const [first] = accesses;
  if (!first || !isShared(first)) return netOfOne(accesses);
  const presence = accesses.filter(changesPresence);
  const names = new Set(presence.map(nameOf));
  const isObject = first.key.kind === 'object';
  if (names.has(undefined) || (isObject && names.size < 2)) return isObject ? netOfOne(accesses) : accesses;
  const others = isObject ? [] : accesses.filter((touch) => !changesPresence(touch));
  const groups = [...names].map((name) => presence.filter((touch) => nameOf(touch) === name));
  return [...others, ...groups.flatMap(netOfOne)];
}

/** Whether the key stands for several objects: functions of one name, or parts of a table. */
function isShared({ key }: KeyAccess): boolean {
  return key.kind !== 'object' || mayBeOverloaded(key);
}

function nameOf({ key, effect }: KeyAccess): string | undefined {
  if (!effect) return undefined;
  return key.kind === 'object' ? effect.object.args : keyOf(effect.object);
}

function netOfOne(accesses: readonly KeyAccess[]): readonly KeyAccess[] {
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
