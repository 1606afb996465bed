/** Finds the statement that made, changed or dropped an object of a snapshot. */

import type { Effect, EffectAction, MigrationEffects } from '../../sql/effects/effect.js';
import { isNote, type SnapshotObject } from '../../sql/snapshot/snapshot.js';
import { noteSubject } from '../../sql/snapshot/written-names.js';
import { splitIdentifier } from '../../sql/syntax/identifiers.js';

/**
 * @param action what the effect should do; another one on the same object is second choice, one on its table the third.
 * @returns undefined where no effect names the object.
 */
export function findEffect(
  { effects }: MigrationEffects,
  object: SnapshotObject,
  action: EffectAction,
): Effect | undefined {
  const changes = effects.filter(
    (effect) => effect.when !== 'later' && ['create', 'alter', 'drop'].includes(effect.action),
  );
  const { names, owner } = namesOf(object);
  const about = changes.filter((effect) => namesObject(effect, names, owner));
  const ofOwner = owner === undefined ? [] : changes.filter((effect) => isNamed(effect, owner));
  return about.find((effect) => effect.action === action) ?? about.at(-1) ?? ofOwner.at(-1);
}

/** The last name of the object, that of its table, and for grants and comments those of what they are about. */
function namesOf(object: SnapshotObject): { names: string[]; owner: string | undefined } {
  const { name, of = '' } = object;
  if (!isNote(object))
    return { names: [splitIdentifier(name).at(-1) ?? name], owner: splitIdentifier(of).at(-1) };
  const parts = splitIdentifier(noteSubject(of));
  return { names: parts.slice(-2), owner: undefined };
}

function namesObject(effect: Effect, names: readonly string[], owner: string | undefined): boolean {
  const { parent } = effect.object;
  return names.some((name) => isNamed(effect, name)) && (!owner || !parent || parent === owner);
}

function isNamed({ object, to }: Effect, name: string): boolean {
  return object.name === name || to?.name === name;
}
