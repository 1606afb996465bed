/** Judges two migrations of which one makes or drops a unique key, and the other rests on one. */

import type { KeyAccess } from '../dependencies/access.js';
import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import { isUniqueIndex } from './change-facts.js';
import { addsFirst, type InsertedKey, type Judge, type TableKeys } from './conflict.js';

/** A key comes or goes while somebody rests on one: a foreign key, ON CONFLICT, GROUP BY. */
export const judgeKeys: Judge = addsFirst((one, other, { keys }) => {
  if (other.mode !== 'read' || one.effect?.isImplicit || other.effect?.isImplicit) return undefined;
  const { usage } = other.effect ?? {};
  if (usage === 'definition') return { code: 'changed-while-used', severity: 'warning' };
  // Partitions get keys that come later, too, and other children get none.
  if (usage === 'inheritance' || usage === 'joined definition') return undefined;
  const changed = keysChangedBy(one, keys);
  const isOnly = isRefreshed(other) && keys.of(keyOf(other.effect.object)).length === 1;
  const rests = changed.map((key) =>
    isOnly ? 'yes' : other.effect ? restsOn(key, other.effect) : 'perhaps',
  );
  const rest = rests.find((found) => found === 'yes') ?? rests.find((found) => found === 'perhaps');
  if (!rest) return undefined;
  const severity = rest === 'yes' && !isOfNobody(one, keys) ? 'error' : 'warning';
  if (one.effect?.action === 'create' || isUniqueIndex(one.effect?.change))
    return { code: 'needs', severity, first: 'one' };
  return { code: 'dropped-while-used', severity, ...(isHeld(one, other) ? {} : { first: 'other' }) };
});

/** Whether a materialized view is refreshed concurrently, which needs any unique index (RefreshMatViewByOid). */
function isRefreshed(access: KeyAccess): access is KeyAccess & { effect: Effect } {
  return access.effect?.usage === 'keys' && access.effect.object.kind === 'materialized view';
}

/** Whether the foreign key or view that rests on the key keeps it from being dropped. */
function isHeld({ effect: drop }: KeyAccess, { effect: use }: KeyAccess): boolean {
  const isDefinition = use?.by?.kind === 'constraint' || use?.by?.kind === 'view';
  return isDefinition && drop?.action === 'drop' && drop.isCascade !== true;
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
  if (columns) return [{ columns, isPrimary: false }];
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
  { columns, isPrimary }: InsertedKey,
  { columns: named, by }: Effect,
): 'yes' | 'no' | 'perhaps' {
  if (named) return [...named].sort().join() === [...columns].sort().join() ? 'yes' : 'no';
  if (by) return isPrimary ? 'yes' : 'no';
  return 'perhaps';
}
