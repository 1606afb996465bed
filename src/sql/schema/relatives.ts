/** Finds the tables that hang together: partitions, tables that inherit, foreign keys, views. */

import type { RelationName } from '../syntax/relation-name.js';
import { naming } from './links.js';
import {
  type Constraint,
  findRelation,
  keyOfName,
  type Relation,
  type Schema,
  type UserType,
} from './schema.js';

/** Partitions of a table and tables that inherit from it, at any depth; without itself. */
export function descendantsOf(schema: Schema, name: RelationName): Relation[] {
  const found = new Map<string, Relation>();
  const visit = (key: string): void => {
    for (const child of childrenOf(schema, key)) {
      const own = keyOfName(child);
      if (found.has(own)) continue;
      found.set(own, child);
      visit(own);
    }
  };
  visit(keyOfName(name));
  return [...found.values()];
}

function childrenOf(schema: Schema, parent: string): Relation[] {
  return naming(schema, 'children', parent).filter(({ parents }) =>
    parents.some((name) => keyOfName(name) === parent),
  );
}

/** The partition that takes what fits no other, if one is known. */
export function defaultPartitionOf(schema: Schema, name: RelationName): Relation | undefined {
  return childrenOf(schema, keyOfName(name)).find(({ isDefaultPartition }) => isDefaultPartition);
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
  const found = new Map<string, Relation>();
  const visit = (key: string, named: string | undefined): void => {
    for (const view of naming(schema, 'readers', key)) {
      const own = keyOfName(view);
      if (found.has(own) || !view.reads.some((read) => keyOfName(read) === key)) continue;
      if (named !== undefined && view.columnsRead?.has(named) === false) continue;
      found.set(own, view);
      visit(own, undefined);
    }
  };
  visit(keyOfName(name), column);
  return [...found.values()];
}

/** The type of users that a column's type is, if a migration is seen to create it. */
export function userTypeOf(schema: Schema, type: { name: string } | undefined): UserType | undefined {
  if (!type) return undefined;
  const parts = type.name.split('.');
  return schema.types.get(parts.length === 1 ? `public.${type.name}` : type.name) ?? onPath(schema, parts);
}

function onPath({ path, types }: Schema, parts: readonly string[]): UserType | undefined {
  if (parts.length !== 1) return undefined;
  return path.map((schema) => types.get(`${schema}.${parts[0]}`)).find((type) => type !== undefined);
}

/** Tables that were made OF a composite type. */
export function typedTables({ relations }: Schema, type: RelationName): Relation[] {
  const key = keyOfName(type);
  return [...relations.values()].filter(({ ofType }) => ofType && keyOfName(ofType) === key);
}

/** Tables with a column of that type, or of a domain over it. */
export function tablesWithType(schema: Schema, type: RelationName): Relation[] {
  const key = keyOfName(type);
  const isMeant = (name: { name: string } | undefined): boolean => {
    const own = userTypeOf(schema, name);
    return own !== undefined && (keyOfName(own) === key || isMeant(own.domain?.base));
  };
  return [...schema.relations.values()].filter(
    ({ kind, columns }) => kind !== 'view' && [...columns.values()].some((column) => isMeant(column.type)),
  );
}

/** What is known of a relation and of those that inherit from it; without those when only itself is meant. */
export function familyOf(schema: Schema, name: RelationName, isOnly: boolean): Relation[] {
  const own = findRelation(schema, name);
  return [...(own ? [own] : []), ...(isOnly ? [] : descendantsOf(schema, name))];
}
