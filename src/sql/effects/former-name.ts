/** Follows the names of objects backwards through a text that renames and moves them. */

import type { ObjectId } from '../syntax/object-id.js';
import type { Effect } from './effect.js';

/** @returns the object as it is called before the earlier effects rename it or its table. */
export function formerName(object: ObjectId, earlier: readonly Effect[]): ObjectId {
  return earlier.reduceRight((name, effect) => nameBefore(effect, name), object);
}

/** @returns the object as it is called before the effect. */
export function nameBefore({ change, object: former, to }: Effect, name: ObjectId): ObjectId {
  if (to === undefined || change?.kind === 'family') return name;
  if (isSameName(to, name)) return former;
  return isTableOf(to, name)
    ? { kind: name.kind, name: name.name, parent: former.name, ...schemasOf(former) }
    : name;
}

/** Whether the earlier effects create the object: not one that had the name before. */
export function wasMade(object: ObjectId, earlier: readonly Effect[]): boolean {
  let name = object;
  for (const effect of earlier.toReversed()) {
    if (effect.action === 'create' && !effect.isConditional && isSameName(effect.object, name)) return true;
    name = nameBefore(effect, name);
  }
  return false;
}

function schemasOf({ schema, path }: ObjectId): Pick<ObjectId, 'schema' | 'path'> {
  return { ...(schema === undefined ? {} : { schema }), ...(path === undefined ? {} : { path }) };
}

export function isSameName(one: ObjectId, other: ObjectId): boolean {
  return one.name === other.name && one.parent === other.parent && one.schema === other.schema;
}

function isTableOf(table: ObjectId, { kind, parent, schema }: ObjectId): boolean {
  return kind === 'column' && table.kind !== 'column' && table.name === parent && table.schema === schema;
}
