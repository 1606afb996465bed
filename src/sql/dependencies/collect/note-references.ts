/** Notes what a new foreign key rests on at both of its ends. */

import type { Effect } from '../../effects/effect.js';
import { keyOf } from '../../effects/object-key.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { neededObjects, ownerKey, ownerOf, primaryKeyColumns } from '../catalogue.js';
import { aspect, objectKey } from '../keys.js';
import { type Collector, causeOf, noteAccess, recordAccess } from './collector.js';

/** Both ends of a foreign key must be logged alike, or the end that refers may be lost while the other stays. */
export function noteReference(collector: Collector, effect: Effect): void {
  const { properties } = collector.catalogue;
  const child = effect.by && ownerOf(effect.by);
  const parent = effect.object;
  if (!child || keyOf(child) === keyOf(parent)) return;
  for (const [end, own, other] of [
    ['referring', child, parent],
    ['referred', parent, child],
  ] as const) {
    const sets = { end, other: properties.get(keyOf(other))?.persistence ?? 'permanent' };
    recordAccess(collector, aspect('persistence', own), 'read', causeOf({ ...effect, sets }));
  }
  noteKeyTypes(collector, effect, { child, parent });
}

/** The columns of a foreign key, with the types of those at the other end. */
function noteKeyTypes(
  collector: Collector,
  effect: Effect,
  { child, parent }: { child: ObjectId; parent: ObjectId },
): void {
  const { catalogue } = collector;
  const named = neededObjects(catalogue, keyOf(effect.by as ObjectId));
  const own = named.filter((object) => isColumnOf(object, child));
  const referred = named.filter((object) => isColumnOf(object, parent));
  const others = referred.length > 0 ? referred : primaryKeyColumns(catalogue, parent);
  if (own.length !== others.length) return;
  // Only named columns must keep their names.
  const isImplicit = referred.length === 0;
  own.forEach((column, index) => {
    const other = others[index] as ObjectId;
    noteEnd(collector, effect, [column, other]);
    noteEnd(collector, { ...effect, isImplicit }, [other, column]);
  });
}

function noteEnd(collector: Collector, effect: Effect, [column, other]: [ObjectId, ObjectId]): void {
  const type = collector.catalogue.properties.get(keyOf(other))?.['type name'];
  const use: Effect = {
    ...effect,
    action: 'use',
    usage: 'foreign key',
    sets: type === undefined ? {} : { 'other end': type },
  };
  noteAccess(collector, objectKey(column), 'read', { ...causeOf(use), verb: 'refers to' });
}

function isColumnOf(object: ObjectId, relation: ObjectId): boolean {
  return object.kind === 'column' && ownerKey(object) === keyOf(relation);
}
