/** Finds the tables that hang together: partitions, tables that inherit, foreign keys, views. */

import { reachableFrom } from '../syntax/reachable.js';
import type { RelationName } from '../syntax/relation-name.js';
import { naming } from './links.js';
import {
  type ColumnType,
  type Constraint,
  findRelation,
  keyOfName,
  type Relation,
  type Schema,
  type UserType,
} from './schema.js';

/** Partitions of a table and tables that inherit from it, at any depth; without itself. */
export function descendantsOf(schema: Schema, name: RelationName): Relation[] {
  const next = (parent: RelationName) => directChildrenOf(schema, keyOfName(parent));
  return reachableFrom<Relation>(next(name), { keyOf: keyOfName, next });
}

/** The partitions of a table, at any depth; tables that inherit otherwise have keys, indexes and triggers of their own. */
export function partitionsOf(schema: Schema, name: RelationName): Relation[] {
  return findRelation(schema, name)?.kind === 'partitioned table' ? descendantsOf(schema, name) : [];
}

/** Those that have it among their parents. @param parent the key of a name */
export function directChildrenOf(schema: Schema, parent: string): Relation[] {
  return naming(schema, 'children', parent).filter(({ parents }) =>
    parents.some((name) => keyOfName(name) === parent),
  );
}

/** The partition that takes what fits no other, if one is known. */
export function defaultPartitionOf(schema: Schema, name: RelationName): Relation | undefined {
  const parent = keyOfName(name);
  return naming(schema, 'defaults', parent).find(
    ({ isDefaultPartition, parents }) =>
      isDefaultPartition && parents.some((one) => keyOfName(one) === parent),
  );
}

/** A foreign key, and the table that has it. */
export interface Reference {
  table: Relation;
  constraint: Constraint;
}

/** The foreign keys that refer to a table, those of itself among them. */
export function referencesTo(schema: Schema, name: RelationName): Reference[] {
  const key = keyOfName(name);
  const found: Reference[] = [];
  for (const table of naming(schema, 'referrers', key)) {
    for (const constraint of table.constraints.values()) {
      if (constraint.references && keyOfName(constraint.references) === key)
        found.push({ table, constraint });
    }
  }
  return found;
}

/** The views that read a table or view, or its column `column`, and the views on these, at any depth. */
export function viewsOf(schema: Schema, name: RelationName, column?: string): Relation[] {
  const first = readersOf(schema, name).filter(
    ({ columnsRead }) => column === undefined || columnsRead?.has(column) !== false,
  );
  return reachableFrom<Relation>(first, { keyOf: keyOfName, next: (view) => readersOf(schema, view) });
}

function readersOf(schema: Schema, name: RelationName): Relation[] {
  const key = keyOfName(name);
  return naming(schema, 'readers', key).filter(({ reads }) => reads.some((read) => keyOfName(read) === key));
}

/** The type of users that a column's type is, if a migration is seen to create it. */
export function userTypeOf({ types, path }: Schema, type: ColumnType | undefined): UserType | undefined {
  const [name = '', schema] = type?.parts.toReversed() ?? [];
  const schemas = schema === undefined ? ['public', ...path] : [schema];
  return schemas
    .map((one) => types.get(keyOfName({ schema: one, name })))
    .find((found) => found !== undefined);
}

/** A type and its base types as a domain, down to a type that is no domain; an unknown type ends the list. */
export function domainChain(schema: Schema, type: ColumnType | undefined): ColumnType[] {
  const next = (one: ColumnType) => {
    const base = one.isArray ? undefined : userTypeOf(schema, one)?.domain?.base;
    return base ? [base] : [];
  };
  return reachableFrom(type ? [type] : [], { keyOf: ({ name, isArray }) => `${name} ${isArray}`, next });
}

/** Tables that were made OF a composite type. */
export function typedTables({ relations }: Schema, type: RelationName): Relation[] {
  const key = keyOfName(type);
  return [...relations.values()].filter(({ ofType }) => ofType && keyOfName(ofType) === key);
}

/** Tables with a column of that type, or of a domain over it. */
export function tablesWithType(schema: Schema, type: RelationName): Relation[] {
  const key = keyOfName(type);
  const isIt = (one: ColumnType) => {
    const own = userTypeOf(schema, one);
    return own !== undefined && keyOfName(own) === key;
  };
  const isMeant = (column: ColumnType | undefined) => domainChain(schema, column).some(isIt);
  return [...schema.relations.values()].filter(
    ({ kind, columns }) => kind !== 'view' && [...columns.values()].some((column) => isMeant(column.type)),
  );
}

/** A known relation and those that inherit from it; with ONLY, the relation alone. */
export function tableFamily(
  schema: Schema,
  name: RelationName,
  { isOnly = false }: { isOnly?: boolean } = {},
): Relation[] {
  const own = findRelation(schema, name);
  return [...(own ? [own] : []), ...(isOnly ? [] : descendantsOf(schema, name))];
}
