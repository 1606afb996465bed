/** Judges two migrations of which one makes or drops a unique key, and the other rests on one. */

import type { KeyAccess } from '../../dependencies/access.js';
import type { Effect } from '../../effects/effect.js';
import { keyOf } from '../../effects/object-key.js';
import { isUniqueIndex } from '../change-facts.js';
import { addsFirst, type InsertedKey, type Judge, type TableKeys } from '../conflict.js';

/** A key comes or goes while somebody rests on one: a foreign key, ON CONFLICT, GROUP BY. */
export const judgeKeys: Judge = addsFirst((one, other, { keys }) => {
  if (other.mode !== 'read' || one.effect?.isImplicit || other.effect?.isImplicit) return undefined;
  const { usage } = other.effect ?? {};
  if (usage === 'definition') return { code: 'changed-while-used', severity: 'warning' };
  // Partitions get keys that come later, too, and other children get none.
  if (usage === 'inheritance' || usage === 'joined definition') return undefined;
  const changed = keysChangedBy(one, keys);
  const certainty = howSurely(changed, other, keys);
  if (certainty === 'no') return undefined;
  const severity = certainty === 'yes' && !isOfNobody(one, keys) ? 'error' : 'warning';
  const isSpare = changed.every((key) => hasTwin(one, key, keys));
  if (isNewKey(one)) return isSpare ? undefined : { code: 'needs', severity, first: 'one' };
  if (isHeld(one, other)) return { code: 'dropped-while-used', severity };
  // ON CONFLICT takes any key, whenever it runs; a foreign key keeps that with which it was made.
  const isFree = isSpare && other.effect?.by?.kind !== 'constraint';
  return isFree ? undefined : { code: 'dropped-while-used', severity, first: 'other' };
});

/** Whether the other rests on any of the keys. */
function howSurely(
  changed: readonly InsertedKey[],
  other: KeyAccess,
  keys: TableKeys,
): ReturnType<typeof restsOn> {
  const { effect } = other;
  const isOnly = isRefreshed(other) && keys.of(keyOf(other.effect.object)).length === 1;
  const rests = changed.map((key) => (isOnly ? 'yes' : effect ? restsOn(key, effect) : 'perhaps'));
  return rests.find((found) => found === 'yes') ?? rests.find((found) => found === 'perhaps') ?? 'no';
}

function isNewKey({ effect }: KeyAccess): boolean {
  return effect?.action === 'create' || isUniqueIndex(effect?.change);
}

/** Whether a materialized view is refreshed concurrently, which needs any unique index (RefreshMatViewByOid). */
function isRefreshed(access: KeyAccess): access is KeyAccess & { effect: Effect } {
  return access.effect?.usage === 'keys' && access.effect.object.kind === 'materialized view';
}

/** Whether the foreign key or view that rests on the key keeps it from being dropped. */
function isHeld({ effect: drop }: KeyAccess, { effect: use }: KeyAccess): boolean {
  const isDefinition = use?.by?.kind === 'constraint' || use?.by?.kind === 'view';
  return isDefinition && drop?.action === 'drop' && drop.isCascade !== true;
}

/** Whether the table has another key with the same columns, on which the other may rest as well. */
function hasTwin({ key }: KeyAccess, { columns, isPartial }: InsertedKey, keys: TableKeys): boolean {
  const all = key.object ? keys.of(keyOf(key.object)) : [];
  const same = all.filter((one) => !one.isPartial && haveSameNames(one.columns, columns));
  return same.length > (isPartial ? 0 : 1);
}

function haveSameNames(one: readonly string[], other: readonly string[]): boolean {
  return [...one].sort().join() === [...other].sort().join();
}

/** A constraint or index is a key; a column may be in several. */
function keysChangedBy({ key, effect, existed }: KeyAccess, keys: TableKeys): readonly InsertedKey[] {
  if (!effect) return [];
  const { object, columns, action } = effect;
  const own = keys.get(keyOf(object));
  if (own.length > 0) return own;
  // What is there and no key is none.
  if (object.kind !== 'column' && action === 'drop' && existed) return [];
  const isConstraint = object.kind === 'constraint' && action === 'drop';
  if (isConstraint && (effect.isConditional || keys.constraintOf(keyOf(object)) !== undefined)) return [];
  const { change } = effect;
  const isPartial = change?.kind === 'index' && change.isPartial === true;
  if (columns) return [{ columns, isPrimary: false, isPartial, isComputed: false }];
  const all = key.object ? keys.of(keyOf(key.object)) : [];
  return object.kind === 'column' ? all.filter((one) => one.columns.includes(object.name)) : all;
}

/** Whether it drops a constraint that no migration creates: if it is there, it may be any key. */
function isOfNobody({ effect }: Pick<KeyAccess, 'effect'>, keys: TableKeys): boolean {
  if (effect?.action !== 'drop' || effect.object.kind !== 'constraint') return false;
  return keys.constraintOf(keyOf(effect.object)) === undefined;
}

/** A foreign key that names no columns means the primary key; ON CONFLICT that names none means all keys. */
function restsOn(
  { columns, isPrimary, isPartial }: InsertedKey,
  { columns: named, by, usage }: Effect,
): 'yes' | 'no' | 'perhaps' {
  if (isPartial && usage !== 'keys of some rows') return 'no';
  if (named) return haveSameNames(named, columns) ? 'yes' : 'no';
  if (by) return isPrimary ? 'yes' : 'no';
  return 'perhaps';
}
