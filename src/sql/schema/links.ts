/** Remembers which relations may hang together, so that looking for relatives need not go through all of them. */

import { keyOfName, type Relation, type Schema } from './schema.js';

/** Keys of relations. Some may be gone or changed since: who finds one looks again. */
export interface Links {
  /** Relations that belong to others, as partitions or heirs. */
  readonly heirs: Set<string>;
  readonly views: Set<string>;
  /** Temporary tables. */
  readonly temporary: Set<string>;
  /** From a table to those that refer to it. */
  readonly referrers: Map<string, Set<string>>;
}

/** Nothing is linked yet. */
export function noLinks(): Links {
  return { heirs: new Set(), views: new Set(), temporary: new Set(), referrers: new Map() };
}

/** To be called whenever a relation is new, has another name, or may have other relatives than before. */
export function link({ links }: Schema, relation: Relation): void {
  const key = keyOfName(relation);
  if (relation.parents.length > 0) links.heirs.add(key);
  if (relation.schema === 'pg_temp') links.temporary.add(key);
  if (relation.reads.length > 0) links.views.add(key);
  for (const { references } of relation.constraints.values()) {
    if (!references) continue;
    const referred = keyOfName(references);
    const referrers = links.referrers.get(referred);
    if (referrers) referrers.add(key);
    else links.referrers.set(referred, new Set([key]));
  }
}
