/** Finds the copies of a table that a migration makes for a while, so that their columns are those of the table in any order. */

import type { KeyAccess } from '../dependencies/access.js';
import type { AccessLog } from '../dependencies/access-log.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';
import type { PassingCopy, Side } from './conflict.js';

/** The copies of a migration that are of one table and give their rows to no other one, by their keys. */
export function findCopies(byKey: AccessLog['byKey']): ReadonlyMap<string, PassingCopy> {
  const all = [...byKey.values()].flat().filter(({ key }) => key.kind === 'shape');
  const ends = all.flatMap(endsOf);
  const found = new Map<string, PassingCopy>();
  for (const copy of all.flatMap((access) => copyOf(access) ?? [])) {
    const others = ends.filter(({ from }) => from.name === copy.name).map(({ to }) => to);
    const sources = all.filter((access) => isSame(copyOf(access), copy)).map(sourceOf);
    const [source, ...rest] = new Set([...sources, ...others]);
    if (source !== undefined && rest.length === 0)
      found.set(keyOf(copy), { of: source, named: namedColumns(byKey, copy) });
  }
  return found;
}

/** The columns that are named where the copy is read. */
function namedColumns(byKey: AccessLog['byKey'], copy: ObjectId): Set<string> {
  const columns = [...byKey.values()].flat().flatMap(({ effect, key: { object } }) => {
    if (object?.kind !== 'column' || object.parent !== copy.name) return [];
    return effect?.action === 'use' && effect.object.kind === 'column' ? object.name : [];
  });
  return new Set(columns);
}

/** The table that gets the columns of another one. */
function copyOf({ effect }: KeyAccess): ObjectId | undefined {
  if (effect?.usage === 'definition') return effect.by;
  return effect?.usage === 'copied columns' ? effect.beside : undefined;
}

function isSame(one: ObjectId | undefined, other: ObjectId): boolean {
  return one !== undefined && keyOf(one) === keyOf(other);
}

function sourceOf({ key }: KeyAccess): string {
  return key.object ? keyOf(key.object) : '';
}

/** Where columns go to: those of a copy of a copy, of a query into another table, or one by one. */
function endsOf(access: KeyAccess): { from: ObjectId; to: string }[] {
  const { effect, key } = access;
  const copy = copyOf(access);
  if (copy && key.object) return [{ from: key.object, to: keyOf(copy) }];
  if (effect?.usage !== 'leading columns') return [];
  return (effect.given?.stars ?? []).map((from) => ({ from, to: sourceOf(access) }));
}

/** Whether the columns of the relation, and with them the one that changes, go into such a copy or come from there. */
export function isForAWhile({ effect: change }: KeyAccess, access: KeyAccess, side: Side): boolean {
  const { usage, given } = access.effect ?? {};
  const copy = copyOf(access);
  const isOf = (one: ObjectId) => {
    const found = side.copyFor(one);
    const isNamed = [change?.object, change?.to].some((column) => column && found?.named.has(column.name));
    return found?.of === sourceOf(access) && !isNamed && side.takesAway(one);
  };
  if (copy) return isOf(copy);
  if (usage !== 'leading columns' || !given || given.values > 0) return false;
  return given.stars.length > 0 && given.stars.every(isOf);
}
