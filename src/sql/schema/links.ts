/** Remembers who names whom, so that a statement about one table need not look through all of a long history. */

import { keyOfName, type Relation, type Schema } from './schema.js';

/** The ways in which relations name others. */
export const linkKinds = ['children', 'defaults', 'referrers', 'readers'] as const;

/** Makes a relation known under its name, with all links that start at it. */
export function putRelation(schema: Schema, relation: Relation): void {
  const key = keyOfName(relation);
  schema.relations.set(key, relation);
  if (relation.schema === 'pg_temp') schema.links.temporary.add(key);
  link(schema, relation);
}

/** Call after a relation has got a parent, a constraint, or something to read. */
export function link({ links }: Schema, relation: Relation): void {
  const own = keyOfName(relation);
  for (const parent of relation.parents) {
    add(links.children, keyOfName(parent), own);
    if (relation.isDefaultPartition) add(links.defaults, keyOfName(parent), own);
  }
  for (const read of relation.reads) add(links.readers, keyOfName(read), own);
  for (const { name, references } of relation.constraints.values()) {
    add(links.constrained, keyOfName({ schema: relation.schema, name }), own);
    if (references) add(links.referrers, keyOfName(references), own);
  }
}

function add(map: Map<string, Set<string>>, key: string, own: string): void {
  const found = map.get(key);
  if (found) found.add(own);
  else map.set(key, new Set([own]));
}

/** The relations that name one, or did once, in the way that is asked for. */
export function naming(
  { links, relations }: Schema,
  how: (typeof linkKinds)[number],
  key: string,
): Relation[] {
  return [...(links[how].get(key) ?? [])].flatMap((own) => relations.get(own) ?? []);
}

/** Removes the temporary relations, which no other session has seen. */
export function forgetTemporary({ links, relations }: Schema): void {
  for (const key of links.temporary) relations.delete(key);
  links.temporary.clear();
}
