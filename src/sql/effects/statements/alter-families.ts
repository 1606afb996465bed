/** Reads the commands of ALTER TABLE that join a table to a parent, a partitioned table or a type. */

import type { AlterTableCmd, TypeName } from '@pgsql/types';
import { nodeOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { namePartsOf } from '../../syntax/object-names.js';
import { textOfNode } from '../../syntax/text-of-node.js';
import type { Change, FamilyLink } from '../change.js';
import { contextOfDefinition, emit, type ReaderContext } from '../context.js';
import type { PartitionBounds } from '../effect-details.js';
import { readExpression } from '../expressions/expressions.js';
import { noScope } from '../expressions/scope.js';
import { useType } from '../expressions/type-names.js';
import { usedName, usedRelation } from '../resolve-names.js';
import { partitionBounds } from './partition-bounds.js';
import type { Command } from './table-commands.js';

/** @param link whether the command makes the link to the parent, or ends it */
export function changeParent(link: 'add' | 'drop'): Command {
  return (context, table, { def }) => {
    const range = nodeOf(def, 'RangeVar');
    if (!range) return;
    const parent = usedRelation(context, range, 'table');
    joinFamily(context, { parent, child: table, link: 'inheritance', isAdded: link === 'add' });
  };
}

/** @param link whether the command attaches the partition, or detaches it */
export function changePartition(link: 'attach' | 'detach'): Command {
  return (context, table, { def }) => {
    const command = nodeOf(def, 'PartitionCmd');
    if (!command?.name) return;
    const child = usedRelation(context, command.name, table.kind === 'index' ? 'index' : 'table');
    joinFamily(context, {
      parent: table,
      child,
      link: 'partition',
      isAdded: link === 'attach',
      ...partitionBounds(command.bound),
    });
    emit(context, { action: 'read', object: child, at: command.name.location });
    readExpression(context, command.bound, noScope);
  };
}

/** Both sides must agree on their columns and constraints, and some are merged. */
interface Family {
  parent: ObjectId;
  child: ObjectId;
  link: FamilyLink;
  isAdded: boolean;
  bounds?: PartitionBounds;
}

function joinFamily(context: ReaderContext, { parent, child, bounds, ...join }: Family): void {
  const change = (end: 'parent' | 'child'): Change => ({ kind: 'family', ...join, end });
  const joined = { object: parent, change: change('parent'), to: child };
  emit(context, { action: 'use', usage: 'joined definition', ...joined });
  const words = { change: change('parent'), to: child, ...(bounds ? { bounds } : {}) };
  emit(context, { action: 'alter', object: parent, ...words });
  emit(context, { action: 'alter', object: child, change: change('child'), to: parent });
}

export function addOf(context: ReaderContext, table: ObjectId, { def }: AlterTableCmd): void {
  emit(context, {
    action: 'alter',
    object: table,
    change: { kind: 'of type', isOn: true },
    sets: { 'of type': textOfNode(def) },
  });
  const type = nodeOf(def, 'TypeName');
  useType(contextOfDefinition(context, table), type);
  if (type) linkToType(context, table, type);
}

/** A table OF a type gets what ALTER TYPE … CASCADE does, as children do. */
export function linkToType(context: ReaderContext, table: ObjectId, { names }: TypeName): void {
  const type = usedName(context, 'type', namePartsOf(names));
  emit(context, {
    action: 'alter',
    object: { ...type, kind: 'relation' },
    change: { kind: 'family', link: 'type', isAdded: true, end: 'parent' },
    to: table,
  });
}
