/** Copies the part of a catalogue that some effects can change, so that they can be tried on the copy. */

import { type Catalogue, emptyCatalogue, ownerKey } from '../dependencies/catalogue.js';
import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import { isCertainChange } from './certain.js';

/** The objects of the effects, with their parts and dependent objects. The cost depends on the copied part only. */
export function excerptOf(catalogue: Catalogue, effects: readonly Effect[]): Catalogue {
  const excerpt = { ...emptyCatalogue(), known: new Map(catalogue.known) };
  for (const key of reach(catalogue, effects)) {
    const object = catalogue.objects.get(key);
    if (object) excerpt.objects.set(key, object);
    if (catalogue.partitions.has(key)) excerpt.partitions.set(key, catalogue.partitions.get(key));
    for (const name of ['parts', 'needs', 'neededBy', 'children', 'parents'] as const) {
      const others = catalogue[name].get(key);
      if (others) excerpt[name].set(key, new Set(others));
    }
  }
  return excerpt;
}

function reach({ parts, neededBy, children }: Catalogue, effects: readonly Effect[]): Set<string> {
  const reached = new Set<string>();
  const maps = [parts, neededBy, children];
  const pending = effects.filter(isCertainChange).flatMap(keysOf);
  for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
    if (reached.has(key)) continue;
    reached.add(key);
    for (const map of maps) for (const other of map.get(key) ?? []) pending.push(other);
  }
  return reached;
}

function keysOf({ object, to }: Effect): string[] {
  const ids = to ? [object, to] : [object];
  return ids
    .flatMap((id) => (id.path ?? [id.schema]).map((schema) => withSchema(id, schema)))
    .flatMap((id) => {
      const owner = ownerKey(id);
      return owner === undefined ? [keyOf(id)] : [keyOf(id), owner];
    });
}

function withSchema(id: Effect['object'], schema: string | undefined): Effect['object'] {
  return schema === undefined ? id : { ...id, schema };
}
