/** Follows DROP: removes the object and its dependent objects. */

import type { NodeOf } from '../syntax/node-of.js';
import { partsOf } from '../syntax/object-names.js';
import type { RelationName } from '../syntax/relation-name.js';
import { dropColumnOf } from './follow-alter-table.js';
import { dropFunction } from './follow-functions.js';
import { dropIndex } from './indexes.js';
import { descendantsOf, referencesTo, viewsOf } from './relatives.js';
import {
  type ColumnType,
  findRelation,
  keyOfName,
  type Relation,
  resolveParts,
  type Schema,
} from './schema.js';
import { dropSequencesOf } from './serial-sequences.js';
import { forgetUnseen } from './unseen-tables.js';

type Dropper = (schema: Schema, parts: readonly string[], isCascade: boolean) => void;

const droppers: Readonly<Record<string, Dropper>> = {
  OBJECT_INDEX: dropNamedIndex,
  OBJECT_SCHEMA: dropSchema,
  OBJECT_TYPE: dropType,
  OBJECT_DOMAIN: dropType,
  OBJECT_TRIGGER: dropPart(({ triggers }) => triggers),
  OBJECT_RULE: dropPart(({ rules }) => rules),
  OBJECT_PUBLICATION: ({ publications }, parts) => publications.delete(parts.at(-1) ?? ''),
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

/** Partitions go with their table; with CASCADE also views on it, foreign keys that refer to it, and columns of its rows' type. */
function dropRelation(schema: Schema, relation: Relation, isCascade: boolean): void {
  for (const child of descendantsOf(schema, relation)) forget(schema, child);
  if (isCascade) {
    for (const view of viewsOf(schema, relation)) forget(schema, view);
    for (const { table, constraint } of referencesTo(schema, relation))
      table.constraints.delete(constraint.name);
    dropUsesOfType(schema, relation);
  }
  forget(schema, relation);
}

function forget(schema: Schema, relation: Relation): void {
  for (const name of [...relation.indexes.keys()]) dropIndex(schema, relation, name);
  schema.relations.delete(keyOfName(relation));
  dropSequencesOf(schema, relation.columns.values());
}

function dropType(schema: Schema, parts: readonly string[], isCascade: boolean): void {
  const name = resolveParts(schema, parts, schema.types);
  schema.types.delete(keyOfName(name));
  if (isCascade) dropUsesOfType(schema, name);
}

/** With CASCADE, the columns of a type go with it, and the domains over it with theirs. A table is a type, too. */
function dropUsesOfType(schema: Schema, name: RelationName): void {
  for (const table of schema.relations.values()) {
    if (table.kind === 'view') continue;
    for (const { name: column, type } of [...table.columns.values()])
      if (isType(schema, type, name)) dropColumnOf(schema, table, { name: column });
  }
  for (const type of [...schema.types.values()]) {
    if (!isType(schema, type.domain?.base, name)) continue;
    schema.types.delete(keyOfName(type));
    dropUsesOfType(schema, type);
  }
}

function isType({ path }: Schema, type: ColumnType | undefined, name: RelationName): boolean {
  const [own, schema] = type?.parts.toReversed() ?? [];
  const schemas = schema === undefined ? ['public', ...path] : [schema];
  return own === name.name && schemas.includes(name.schema);
}

function dropSchema(schema: Schema, parts: readonly string[]): void {
  const name = parts.at(-1) ?? '';
  for (const relation of [...schema.relations.values()])
    if (relation.schema === name) dropRelation(schema, relation, true);
  for (const type of [...schema.types.values()])
    if (type.schema === name) dropType(schema, [type.schema, type.name], true);
}
