/** Predicts CREATE TABLE: what it refers to, belongs to or is like. */

import type { Constraint as ConstraintNode, CreateStmt } from '@pgsql/types';
import { createdName } from '../schema/read-table.js';
import { familyOf } from '../schema/relatives.js';
import { findRelation, keyOfName, resolveRange } from '../schema/schema.js';
import { type NodeOf, nodesOf } from '../syntax/node-of.js';
import type { RelationName } from '../syntax/relation-name.js';
import { searchDefault } from './alter-partitions.js';
import type { Scene } from './tally.js';

/** CREATE TABLE. */
export function predictCreateTable(scene: Scene, create: CreateStmt): void {
  const { schema, tally } = scene;
  const name = createdName(schema, create.relation);
  if (create.if_not_exists && findRelation(schema, name)) return;
  for (const constraint of constraintsOf(create)) lockReferenced(scene, name, constraint);
  for (const parent of nodesOf(create.inhRelations, 'RangeVar')) {
    if (create.partbound)
      joinTable(scene, resolveRange(schema, parent), create.partbound.is_default === true);
    else tally.lock(resolveRange(schema, parent), 'SHARE UPDATE EXCLUSIVE');
  }
  for (const { relation } of nodesOf(create.tableElts, 'TableLikeClause'))
    tally.lock(resolveRange(schema, relation), 'ACCESS SHARE');
}

/** CREATE FOREIGN TABLE. */
export function predictCreateForeignTable(scene: Scene, { base }: NodeOf<'CreateForeignTableStmt'>): void {
  if (base) predictCreateTable(scene, base);
}

function constraintsOf({ tableElts }: CreateStmt): ConstraintNode[] {
  return [
    ...nodesOf(tableElts, 'Constraint'),
    ...nodesOf(tableElts, 'ColumnDef').flatMap(({ constraints }) => nodesOf(constraints, 'Constraint')),
  ];
}

function lockReferenced({ schema, tally }: Scene, own: RelationName, { pktable }: ConstraintNode): void {
  if (!pktable) return;
  const referenced = resolveRange(schema, pktable);
  if (!findRelation(schema, own) && keyOfName(referenced) === keyOfName(own)) return;
  for (const table of [referenced, ...familyOf(schema, referenced, false)])
    tally.lock(table, 'SHARE ROW EXCLUSIVE');
}

/** A new partition locks its table, and what the foreign keys of that refer to. */
function joinTable(scene: Scene, parent: RelationName, isDefault: boolean): void {
  const { schema, tally } = scene;
  tally.lock(parent, 'ACCESS EXCLUSIVE');
  if (!isDefault) searchDefault(scene, parent);
  for (const { references } of findRelation(schema, parent)?.constraints.values() ?? []) {
    if (references) tally.lock(references, 'SHARE ROW EXCLUSIVE');
  }
}
