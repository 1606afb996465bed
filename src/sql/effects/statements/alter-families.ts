/** Reads the commands of ALTER TABLE that join a table to a parent, a partitioned table or a type. */

import type { AlterTableCmd } from '@pgsql/types';
import { nodeOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { textOfNode } from '../../syntax/text-of-node.js';
import { contextOfDefinition, emit, type ReaderContext } from '../context.js';
import type { PartitionBounds } from '../effect.js';
import { readExpression } from '../expressions/expressions.js';
import { noScope } from '../expressions/scope.js';
import { useType } from '../expressions/type-names.js';
import { usedRelation } from '../resolve-names.js';
import { partitionBounds } from './partition-bounds.js';
import type { Command } from './table-commands.js';

export function changeParent(change: string): Command {
  return (context, table, { def }) => {
    const range = nodeOf(def, 'RangeVar');
    if (range) joinFamily(context, { parent: usedRelation(context, range, 'table'), child: table, change });
  };
}

export function changePartition(change: string): Command {
  return (context, table, { def }) => {
    const command = nodeOf(def, 'PartitionCmd');
    if (!command?.name) return;
    const child = usedRelation(context, command.name, table.kind === 'index' ? 'index' : 'table');
    joinFamily(context, { parent: table, child, change, ...partitionBounds(command.bound) });
    emit(context, { action: 'read', object: child, at: command.name.location });
    readExpression(context, command.bound, noScope);
  };
}

/** Both sides must agree on their columns and constraints, and some are merged. */
interface Family {
  parent: ObjectId;
  child: ObjectId;
  change: string;
  bounds?: PartitionBounds;
}

function joinFamily(context: ReaderContext, { parent, child, change, bounds }: Family): void {
  emit(context, { action: 'use', object: parent, change: 'definition' });
  emit(context, { action: 'alter', object: parent, change, to: child, ...(bounds ? { bounds } : {}) });
  emit(context, { action: 'alter', object: child, change: `${change} of` });
}

export function addOf(context: ReaderContext, table: ObjectId, { def }: AlterTableCmd): void {
  emit(context, { action: 'alter', object: table, change: 'of type', sets: { 'of type': textOfNode(def) } });
  useType(contextOfDefinition(context, table), nodeOf(def, 'TypeName'));
}
