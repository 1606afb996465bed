/** Computes the taken names when PostgreSQL chooses one for a constraint or an index. */

import { keyOfName, type Relation, type Schema } from './schema.js';

/**
 * Indexes share their names with relations, other constraints with the constraints of their schema, and the indexes of keys with both
 * (ChooseRelationName and ChooseConstraintName).
 * @param table new or known; its own constraints count even where it is not known yet
 * @param label the end of the name: see `constraintLabels`; `idx` for an index
 */
export function isTakenBeside(schema: Schema, table: Relation, label: string): (name: string) => boolean {
  const isIndex = ['idx', 'pkey', 'key', 'excl'].includes(label);
  return (name) =>
    (isIndex && isRelation(schema, table, name)) || (label !== 'idx' && isConstraint(schema, table, name));
}

function isRelation(
  { relations, indexOwners }: Schema,
  { schema, indexes }: Relation,
  name: string,
): boolean {
  const key = keyOfName({ schema, name });
  return relations.has(key) || indexOwners.has(key) || indexes.has(name);
}

function isConstraint(
  { relations, links }: Schema,
  { schema, constraints }: Relation,
  name: string,
): boolean {
  const tables = links.constrained.get(keyOfName({ schema, name })) ?? [];
  return constraints.has(name) || [...tables].some((key) => relations.get(key)?.constraints.has(name));
}
