/** Follows the statements of a history, so that it is known what each later one finds. */

import type { Node, RenameStmt } from '@pgsql/types';
import { type NodeKind, type NodeOf, nodesOf } from '../effects/node-of.js';
import { namePartsOf, partsOf } from '../effects/object-names.js';
import { pathOfSet } from '../effects/search-path.js';
import { followCommand } from './follow-alter-table.js';
import { renameConstraint, renameIndex, renameRelation } from './follow-renames.js';
import { addIndex, createdName, dropIndex, newRelation, readIndex, readTable } from './read-table.js';
import {
  findRelation,
  keyOfName,
  type Relation,
  type RelationKind,
  resolveParts,
  resolveRange,
  type Schema,
  type UserType,
} from './schema.js';

type Followers = { [Kind in NodeKind]?: (schema: Schema, node: NodeOf<Kind>, creator: string) => void };

const followers: Followers = {
  CreateStmt: (schema, create, creator) => {
    const table = readTable(schema, create, creator);
    if (create.if_not_exists && findRelation(schema, table)) return;
    addRelation(schema, table);
  },
  CreateForeignTableStmt: (schema, { base }, creator) => {
    if (base) addRelation(schema, { ...readTable(schema, base, creator), kind: 'foreign table' });
  },
  ViewStmt: (schema, { view }, creator) => addUnread(schema, view, { kind: 'view', creator }),
  CreateTableAsStmt: (schema, { into, objtype }, creator) => {
    const kind = objtype === 'OBJECT_MATVIEW' ? 'materialized view' : 'table';
    addUnread(schema, into?.rel, { kind, creator });
  },
  AlterTableStmt: followAlterTable,
  IndexStmt: (schema, statement) => {
    const name = resolveRange(schema, statement.relation);
    const table = findRelation(schema, name);
    const index = readIndex(name, statement);
    const isTaken = schema.indexOwners.has(keyOfName({ schema: name.schema, name: index.name }));
    if (table && !(statement.if_not_exists && isTaken)) addIndex(schema, table, index);
  },
  DropStmt: followDrop,
  RenameStmt: followRename,
  AlterObjectSchemaStmt: (schema, { relation, newschema = '' }) => {
    const table = relation && findRelation(schema, resolveRange(schema, relation));
    if (table) renameRelation(schema, table, { schema: newschema, name: table.name });
  },
  CreateEnumStmt: (schema, { typeName, vals }, creator) => {
    addType(schema, namePartsOf(typeName), { creator, values: namePartsOf(vals) });
  },
  CreateDomainStmt: (schema, { domainname }, creator) =>
    addType(schema, namePartsOf(domainname), { creator }),
  AlterEnumStmt: (schema, { typeName, newVal, oldVal }) => {
    const type = schema.types.get(keyOfName(resolveParts(schema, namePartsOf(typeName), schema.types)));
    if (!type?.values || newVal === undefined) return;
    if (oldVal === undefined) type.values.push(newVal);
    else type.values = type.values.map((value) => (value === oldVal ? newVal : value));
  },
  VariableSetStmt: (schema, statement) => {
    schema.path = pathOfSet(statement) ?? schema.path;
  },
};

/**
 * Carries one statement into what is known.
 * @param creator id of its migration
 */
export function followStatement(schema: Schema, statement: Node, creator: string): void {
  const [kind, node] = Object.entries(statement)[0] ?? [];
  const follower = followers[kind as NodeKind] as
    | ((schema: Schema, node: unknown, creator: string) => void)
    | undefined;
  follower?.(schema, node, creator);
}

/** The next migration begins with the path that a session has when nobody changed it, and with no temporary tables. */
export function endMigration(schema: Schema): void {
  schema.path = ['public'];
  for (const [key, relation] of schema.relations) {
    if (relation.schema === 'pg_temp') schema.relations.delete(key);
  }
}

function addRelation(schema: Schema, relation: Relation): void {
  schema.relations.set(keyOfName(relation), relation);
  for (const name of relation.indexes.keys())
    schema.indexOwners.set(keyOfName({ schema: relation.schema, name }), keyOfName(relation));
}

function addType(schema: Schema, parts: readonly string[], type: Omit<UserType, 'schema' | 'name'>): void {
  const name = { schema: parts.at(-2) ?? schema.path[0] ?? 'public', name: parts.at(-1) ?? '' };
  schema.types.set(keyOfName(name), { ...name, ...type });
}

/** Something whose columns come from a query. */
function addUnread(
  schema: Schema,
  range: NodeOf<'ViewStmt'>['view'],
  { kind, creator }: { kind: RelationKind; creator: string },
): void {
  const name = createdName(schema, range);
  addRelation(schema, { ...newRelation(name, kind, creator), isWhole: false });
}

function followAlterTable(schema: Schema, { relation, cmds }: NodeOf<'AlterTableStmt'>): void {
  const table = findRelation(schema, resolveRange(schema, relation));
  if (!table) return;
  for (const command of nodesOf(cmds, 'AlterTableCmd')) followCommand(schema, table, command);
}

function followDrop(schema: Schema, { removeType, objects = [] }: NodeOf<'DropStmt'>): void {
  for (const object of objects) {
    if (removeType === 'OBJECT_INDEX') dropNamedIndex(schema, partsOf(object));
    else if (removeType === 'OBJECT_SCHEMA') dropSchema(schema, partsOf(object).at(-1) ?? '');
    else if (removeType === 'OBJECT_TYPE' || removeType === 'OBJECT_DOMAIN')
      schema.types.delete(keyOfName(resolveParts(schema, partsOf(object), schema.types)));
    else if (droppedRelations.has(removeType ?? ''))
      dropRelation(schema, keyOfName(resolveParts(schema, partsOf(object), schema.relations)));
  }
}

const droppedRelations: ReadonlySet<string> = new Set([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_FOREIGN_TABLE',
]);

function dropNamedIndex(schema: Schema, parts: readonly string[]): void {
  const name = resolveParts(schema, parts, schema.indexOwners);
  const table = schema.relations.get(schema.indexOwners.get(keyOfName(name)) ?? '');
  if (table) dropIndex(schema, table, name.name);
}

function dropRelation(schema: Schema, key: string): void {
  const relation = schema.relations.get(key);
  if (!relation) return;
  for (const name of [...relation.indexes.keys()]) dropIndex(schema, relation, name);
  schema.relations.delete(key);
}

function dropSchema(schema: Schema, name: string): void {
  for (const [key, relation] of [...schema.relations]) {
    if (relation.schema === name) dropRelation(schema, key);
  }
}

function followRename(schema: Schema, statement: RenameStmt): void {
  const { renameType, relation, subname = '', newname = '' } = statement;
  if (renameType === 'OBJECT_INDEX') {
    const parts = relation?.schemaname
      ? [relation.schemaname, relation.relname ?? '']
      : [relation?.relname ?? ''];
    renameIndex(schema, resolveParts(schema, parts, schema.indexOwners), newname);
    return;
  }
  const table = relation && findRelation(schema, resolveRange(schema, relation));
  if (!table) return;
  if (renameType === 'OBJECT_COLUMN') renameColumn(table, subname, newname);
  else if (renameType === 'OBJECT_TABCONSTRAINT') renameConstraint(schema, table, [subname, newname]);
  else renameRelation(schema, table, { schema: table.schema, name: newname });
}

function renameColumn(table: Relation, from: string, to: string): void {
  const swap = <Name extends string | undefined>(name: Name) => (name === from ? to : name);
  const columns = [...table.columns.values()].map((column) => ({ ...column, name: swap(column.name) }));
  table.columns = new Map(columns.map((column) => [column.name, column]));
  for (const constraint of table.constraints.values()) constraint.columns = constraint.columns.map(swap);
  for (const index of table.indexes.values()) index.columns = index.columns.map(swap);
}
