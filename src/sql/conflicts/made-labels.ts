/** Finds the values of the enums that a migration makes. */

import type { AccessLog } from '../dependencies/access-log.js';
import { ownerKey } from '../dependencies/catalogue.js';
import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';

/** @returns the values of each enum, by the key that it has in the end. */
export function findMadeLabels(byKey: AccessLog['byKey']): Map<string, Set<string>> {
  const made = new Map<string, Set<string>>();
  for (const effect of effectsInOrder(byKey)) follow(made, effect);
  return made;
}

function effectsInOrder(byKey: AccessLog['byKey']): Effect[] {
  const effects = [...byKey.values()].flat().flatMap(({ effect }) => effect ?? []);
  return [...new Set(effects)].sort((a, b) => a.place.start - b.place.start);
}

function follow(made: Map<string, Set<string>>, { action, object, to }: Effect): void {
  if (object.kind === 'enum value') {
    if (to) made.get(ownerKey(object) ?? '')?.delete(object.name);
    if (action === 'create' || to) addLabel(made, ownerKey(object) ?? '', (to ?? object).name);
    return;
  }
  const key = keyOf(object);
  const known = made.get(key);
  if (!known || object.kind !== 'type' || !(to || action === 'drop')) return;
  made.delete(key);
  if (to) made.set(keyOf(to), known);
}

function addLabel(made: Map<string, Set<string>>, type: string, label: string): void {
  made.set(type, (made.get(type) ?? new Set()).add(label));
}
