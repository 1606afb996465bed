/** Notes what a new foreign key rests on at both of its ends. */

import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';
import { type Catalogue, ownerKey } from './catalogue.js';
import { type Collector, causeOf, noteAccess } from './collector.js';
import { aspect } from './keys.js';

/** Both ends of a foreign key must be logged alike, or the end that refers may be lost while the other stays. */
export function noteReference(collector: Collector, effect: Effect): void {
  const { properties } = collector.catalogue;
  const child = effect.by && ownerKey(effect.by);
  const parent = keyOf(effect.object);
  if (child === undefined || child === parent) return;
  for (const [end, other] of [
    ['referring', parent],
    ['referred', child],
  ] as const) {
    const sets = { end, other: properties.get(other)?.persistence ?? 'permanent' };
    const cause = causeOf({ ...effect, sets });
    noteAccess(collector, aspect('persistence', end === 'referred' ? parent : child), 'read', cause);
  }
  noteKeyTypes(collector, effect, { child, parent });
}

/** The columns of a foreign key, with the types of those at the other end. */
function noteKeyTypes(
  collector: Collector,
  effect: Effect,
  { child, parent }: { child: string; parent: string },
): void {
  const { catalogue } = collector;
  const named = [...(catalogue.needs.get(keyOf(effect.by as ObjectId)) ?? [])];
  const own = named.filter((key) => isColumnOf(key, child));
  const referred = named.filter((key) => isColumnOf(key, parent));
  const others = referred.length > 0 ? referred : primaryKeyOf(catalogue, parent);
  if (own.length !== others.length) return;
  // Only named columns must keep their names.
  const isImplicit = referred.length === 0;
  own.forEach((key, index) => {
    const other = others[index] as string;
    noteEnd(collector, effect, [key, other]);
    noteEnd(collector, { ...effect, isImplicit }, [other, key]);
  });
}

function noteEnd(collector: Collector, effect: Effect, [column, other]: [string, string]): void {
  const type = collector.catalogue.properties.get(other)?.['type name'];
  const use: Effect = {
    ...effect,
    action: 'use',
    usage: 'foreign key',
    sets: type === undefined ? {} : { 'other end': type },
  };
  noteAccess(collector, column, 'read', { ...causeOf(use), verb: 'refers to' });
}

function isColumnOf(key: string, relation: string): boolean {
  return key.startsWith(`column:${relation.slice('rel:'.length)}.`);
}

function primaryKeyOf({ parts, properties, needs }: Catalogue, relation: string): string[] {
  const key = [...(parts.get(relation) ?? [])].find((part) => properties.get(part)?.key === 'primary');
  return [...(needs.get(key ?? '') ?? [])].filter((needed) => isColumnOf(needed, relation));
}
