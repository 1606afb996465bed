/** Follows renames and moves of relations, indexes and constraints. */

import { addIndex, dropIndex } from './read-table.js';
import { keyOfName, type Relation, type RelationName, type Schema } from './schema.js';

/** Gives a relation another name or schema; its indexes go along. */
export function renameRelation(schema: Schema, relation: Relation, to: RelationName): void {
  const indexes = [...relation.indexes.values()];
  for (const { name } of indexes) dropIndex(schema, relation, name);
  schema.relations.delete(keyOfName(relation));
  for (const other of schema.relations.values()) follow(other, relation, to);
  Object.assign(relation, to);
  schema.relations.set(keyOfName(relation), relation);
  for (const index of indexes) addIndex(schema, relation, index);
}

function follow(other: Relation, from: RelationName, to: RelationName): void {
  const isMeant = (name: RelationName) => keyOfName(name) === keyOfName(from);
  other.parents = other.parents.map((parent) => (isMeant(parent) ? { ...to } : parent));
  other.reads = other.reads.map((read) => (isMeant(read) ? { ...to } : read));
  for (const constraint of other.constraints.values()) {
    if (constraint.references && isMeant(constraint.references)) constraint.references = { ...to };
  }
}

/** Gives an index another name; a key has the same name as its index. */
export function renameIndex(schema: Schema, from: RelationName, to: string): void {
  const table = schema.relations.get(schema.indexOwners.get(keyOfName(from)) ?? '');
  if (table) renameConstraint(schema, table, [from.name, to]);
}

/** Gives a constraint another name, and its index if it has one. */
export function renameConstraint(
  schema: Schema,
  table: Relation,
  [from, to]: readonly [from: string, to: string],
): void {
  const constraint = table.constraints.get(from);
  const index = table.indexes.get(from);
  if (constraint) {
    table.constraints.delete(from);
    table.constraints.set(to, { ...constraint, name: to });
  }
  if (!index) return;
  dropIndex(schema, table, from);
  addIndex(schema, table, { ...index, name: to });
}
