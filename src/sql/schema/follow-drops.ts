/** Follows DROP: removes the object and its dependent objects. */

import type { NodeOf } from '../syntax/node-of.js';
import { partsOf } from '../syntax/object-names.js';
import { dropFunction } from './follow-functions.js';
import { dropIndex } from './indexes.js';
import { descendantsOf, referencesTo, tablesWithType, viewsOf } from './relatives.js';
import { findRelation, keyOfName, type Relation, resolveParts, type Schema } from './schema.js';
import { forgetUnseen } from './unseen-tables.js';

type Dropper = (schema: Schema, parts: readonly string[], isCascade: boolean) => void;

const droppers: Readonly<Record<string, Dropper>> = {
  OBJECT_INDEX: dropNamedIndex,
  OBJECT_SCHEMA: dropSchema,
  OBJECT_TYPE: dropType,
  OBJECT_DOMAIN: dropType,
  OBJECT_TRIGGER: dropPart(({ triggers }) => triggers),
  OBJECT_RULE: dropPart(({ rules }) => rules),
  OBJECT_POLICY: dropPart(({ policies }) => policies),
  OBJECT_TABLE: dropNamedRelation,
  OBJECT_VIEW: dropNamedRelation,
  OBJECT_MATVIEW: dropNamedRelation,
  OBJECT_FOREIGN_TABLE: dropNamedRelation,
};

/** Carries a DROP into what is known. */
export function followDrop(schema: Schema, { removeType, objects = [], behavior }: NodeOf<'DropStmt'>): void {
  if (removeType === 'OBJECT_FUNCTION' || removeType === 'OBJECT_ROUTINE')
    for (const object of objects) dropFunction(schema, object);
  const dropper = droppers[removeType ?? ''];
  for (const object of objects) dropper?.(schema, partsOf(object), behavior === 'DROP_CASCADE');
}

/** Triggers, rules and policies, which are named behind their table, each kind with names of its own. */
function dropPart(namesOf: (table: Relation) => Set<string>): Dropper {
  return (schema, parts) => {
    const table = findRelation(schema, resolveParts(schema, parts.slice(0, -1), schema.relations));
    if (table) namesOf(table).delete(parts.at(-1) ?? '');
  };
}

/** Indexes of partitions go with that of their parent; there it is the one on the same columns. */
function dropNamedIndex(schema: Schema, parts: readonly string[]): void {
  const name = resolveParts(schema, parts, schema.indexOwners);
  const table = schema.relations.get(schema.indexOwners.get(keyOfName(name)) ?? '');
  const index = table?.indexes.get(name.name);
  if (!table || !index) return;
  dropIndex(schema, table, name.name);
  if (table.kind !== 'partitioned table') return;
  for (const child of descendantsOf(schema, table)) {
    const own = [...child.indexes.values()].find(({ columns }) => columns.join() === index.columns.join());
    if (own) dropIndex(schema, child, own.name);
  }
}

function dropNamedRelation(schema: Schema, parts: readonly string[], isCascade: boolean): void {
  const name = resolveParts(schema, parts, schema.relations);
  const relation = findRelation(schema, name);
  if (relation) dropRelation(schema, relation, isCascade);
  else forgetUnseen(schema, name);
}

/** Partitions go with their table; with CASCADE also views on it, and foreign keys that refer to it. */
function dropRelation(schema: Schema, relation: Relation, isCascade: boolean): void {
  for (const child of descendantsOf(schema, relation)) forget(schema, child);
  if (isCascade) {
    for (const view of viewsOf(schema, relation)) forget(schema, view);
    for (const { table, constraint } of referencesTo(schema, relation))
      table.constraints.delete(constraint.name);
  }
  forget(schema, relation);
}

function forget(schema: Schema, relation: Relation): void {
  for (const name of [...relation.indexes.keys()]) dropIndex(schema, relation, name);
  schema.relations.delete(keyOfName(relation));
}

function dropType(schema: Schema, parts: readonly string[], isCascade: boolean): void {
  const name = resolveParts(schema, parts, schema.types);
  if (isCascade) {
    for (const table of tablesWithType(schema, name)) {
      for (const column of [...table.columns.values()])
        if (column.type?.parts.at(-1) === name.name) table.columns.delete(column.name);
    }
  }
  schema.types.delete(keyOfName(name));
}

function dropSchema(schema: Schema, parts: readonly string[]): void {
  const name = parts.at(-1) ?? '';
  for (const relation of [...schema.relations.values()])
    if (relation.schema === name) dropRelation(schema, relation, true);
}
