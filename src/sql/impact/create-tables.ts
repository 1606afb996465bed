/** Predicts CREATE TABLE: what it refers to, belongs to or is like. */

import type { Constraint as ConstraintNode, CreateStmt } from '@pgsql/types';
import { createdName } from '../schema/read-table.js';
import { partitionsOf } from '../schema/relatives.js';
import { findRelation, keyOfName, resolveRange } from '../schema/schema.js';
import { type NodeOf, nodesOf } from '../syntax/node-of.js';
import type { RelationName } from '../syntax/relation-name.js';
import { searchDefault } from './alter-partitions.js';
import type { ImpactContext } from './impact-builder.js';

/** CREATE TABLE. */
export function predictCreateTable(context: ImpactContext, create: CreateStmt): void {
  const { schema, builder } = context;
  const name = createdName(schema, create.relation);
  if (create.if_not_exists && findRelation(schema, name)) return;
  for (const constraint of constraintsOf(create)) lockReferenced(context, name, constraint);
  for (const parent of nodesOf(create.inhRelations, 'RangeVar')) {
    if (create.partbound)
      joinTable(context, resolveRange(schema, parent), create.partbound.is_default === true);
    else builder.lock(resolveRange(schema, parent), 'SHARE UPDATE EXCLUSIVE');
  }
  for (const { relation } of nodesOf(create.tableElts, 'TableLikeClause'))
    builder.lock(resolveRange(schema, relation), 'ACCESS SHARE');
}

/** CREATE FOREIGN TABLE. */
export function predictCreateForeignTable(
  context: ImpactContext,
  { base }: NodeOf<'CreateForeignTableStmt'>,
): void {
  if (base) predictCreateTable(context, base);
}

function constraintsOf({ tableElts }: CreateStmt): ConstraintNode[] {
  return [
    ...nodesOf(tableElts, 'Constraint'),
    ...nodesOf(tableElts, 'ColumnDef').flatMap(({ constraints }) => nodesOf(constraints, 'Constraint')),
  ];
}

function lockReferenced(
  { schema, builder }: ImpactContext,
  own: RelationName,
  { pktable }: ConstraintNode,
): void {
  if (!pktable) return;
  const referenced = resolveRange(schema, pktable);
  if (!findRelation(schema, own) && keyOfName(referenced) === keyOfName(own)) return;
  for (const table of [referenced, ...partitionsOf(schema, referenced)])
    builder.lock(table, 'SHARE ROW EXCLUSIVE');
}

/** A new partition locks its table, and what the foreign keys of that refer to. */
function joinTable(context: ImpactContext, parent: RelationName, isDefault: boolean): void {
  const { schema, builder } = context;
  builder.lock(parent, 'ACCESS EXCLUSIVE');
  if (!isDefault) searchDefault(context, parent);
  for (const { references } of findRelation(schema, parent)?.constraints.values() ?? []) {
    if (references) builder.lock(references, 'SHARE ROW EXCLUSIVE');
  }
}
