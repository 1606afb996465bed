/** Reads ALTER TABLE and its like for views, indexes, sequences and composite types: one command after the other. */

import type { AlterTableCmd, AlterTableType, ColumnDef, ObjectType } from '@pgsql/types';
import { type NodeOf, nodeOf } from '../../syntax/node-of.js';
import type { ObjectId, ObjectKind } from '../../syntax/object-id.js';
import { partOf } from '../../syntax/object-names.js';
import { textOfNode } from '../../syntax/text-of-node.js';
import { conditionally, emit, emitUse, type ReaderContext } from '../context.js';
import { usedRelation } from '../resolve-names.js';
import {
  addIdentity,
  alterType,
  dropIdentity,
  dropNotNull,
  setDefault,
  setExpression,
  setIdentity,
  setNotNull,
} from './alter-columns.js';
import { addOf, changeParent, changePartition } from './alter-families.js';
import { readColumnDef } from './columns.js';
import { readConstraintEffects } from './constraints.js';
import { useRole } from './role-names.js';
import { genericSettings, optionSettings } from './settings.js';
import {
  alterColumn,
  alterPart,
  alterTable,
  type Command,
  changePart,
  dropImplied,
  fixed,
  property,
} from './table-commands.js';

const relationKinds: Partial<Record<ObjectType, ObjectKind>> = {
  OBJECT_TABLE: 'table',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_INDEX: 'index',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_FOREIGN_TABLE: 'foreign table',
  OBJECT_TYPE: 'type',
};

/** Every command of one ALTER TABLE. */
export function readAlterTable(context: ReaderContext, statement: NodeOf<'AlterTableStmt'>): void {
  const { relation, cmds = [], objtype, missing_ok } = statement;
  const table = usedRelation(context, relation, relationKinds[objtype ?? 'OBJECT_TABLE'] ?? 'relation');
  const inner = missing_ok ? conditionally(context) : context;
  emitUse(inner, table, relation?.location);
  for (const command of cmds) {
    const found = nodeOf(command, 'AlterTableCmd');
    if (found) readCommand(inner, table, found);
  }
}

const commands: Partial<Record<AlterTableType, Command>> = {
  AT_AddColumn: addColumn,
  AT_DropColumn: (context, table, command) => changePart(context, table, command, ['drop', 'column']),
  AT_AlterColumnType: alterType,
  AT_ColumnDefault: setDefault,
  AT_SetNotNull: setNotNull,
  AT_DropNotNull: dropNotNull,
  AT_SetExpression: setExpression,
  AT_DropExpression: alterColumn('drop expression', fixed('expression', 'none')),
  AT_SetStatistics: alterColumn('set statistics', property('statistics')),
  AT_SetOptions: alterColumn('set options', ({ def }) => optionSettings(def)),
  AT_ResetOptions: alterColumn('reset options', ({ def }) => optionSettings(def, true)),
  AT_SetStorage: alterColumn('set storage', property('storage')),
  AT_SetCompression: alterColumn('set compression', property('compression')),
  AT_AlterColumnGenericOptions: alterColumn('set options', ({ def }) => genericSettings(def)),
  AT_AddIdentity: addIdentity,
  AT_SetIdentity: setIdentity,
  AT_DropIdentity: dropIdentity,
  AT_AddConstraint: addConstraint,
  AT_DropConstraint: dropConstraint,
  AT_AlterConstraint: alterConstraint,
  AT_ValidateConstraint: validateConstraint,
  AT_ChangeOwner: changeOwner,
  AT_ClusterOn: useIndex('cluster on'),
  AT_DropCluster: alterTable('drop cluster', fixed('cluster', 'none')),
  AT_SetLogged: alterTable('set logged', fixed('persistence', 'permanent')),
  AT_SetUnLogged: alterTable('set un logged', fixed('persistence', 'unlogged')),
  AT_SetTableSpace: alterTable('set table space', ({ name }) => ({ tablespace: name ?? '' })),
  AT_SetAccessMethod: alterTable('set access method', ({ name }) => ({ 'access method': name ?? '' })),
  AT_SetRelOptions: alterTable('set rel options', ({ def }) => optionSettings(def)),
  AT_ResetRelOptions: alterTable('reset rel options', ({ def }) => optionSettings(def, true)),
  AT_ReplicaIdentity: setReplicaIdentity,
  AT_EnableTrig: alterPart('trigger', 'enable', fixed('enabled', 'origin')),
  AT_EnableAlwaysTrig: alterPart('trigger', 'enable always', fixed('enabled', 'always')),
  AT_EnableReplicaTrig: alterPart('trigger', 'enable replica', fixed('enabled', 'replica')),
  AT_DisableTrig: alterPart('trigger', 'disable', fixed('enabled', 'disabled')),
  AT_EnableTrigAll: alterTable('enable triggers', fixed('enabled', 'origin')),
  AT_DisableTrigAll: alterTable('disable triggers', fixed('enabled', 'disabled')),
  AT_EnableTrigUser: alterTable('enable triggers', fixed('enabled', 'origin')),
  AT_DisableTrigUser: alterTable('disable triggers', fixed('enabled', 'disabled')),
  AT_EnableRule: alterPart('rule', 'enable', fixed('enabled', 'origin')),
  AT_EnableAlwaysRule: alterPart('rule', 'enable always', fixed('enabled', 'always')),
  AT_EnableReplicaRule: alterPart('rule', 'enable replica', fixed('enabled', 'replica')),
  AT_DisableRule: alterPart('rule', 'disable', fixed('enabled', 'disabled')),
  AT_EnableRowSecurity: alterTable('enable row security', fixed('row security', 'on')),
  AT_DisableRowSecurity: alterTable('disable row security', fixed('row security', 'off')),
  AT_ForceRowSecurity: alterTable('force row security', fixed('forced row security', 'on')),
  AT_NoForceRowSecurity: alterTable('no force row security', fixed('forced row security', 'off')),
  AT_AddInherit: changeParent('add child'),
  AT_DropInherit: changeParent('remove child'),
  AT_AddOf: addOf,
  AT_DropOf: alterTable('drop of', fixed('of type', 'none')),
  AT_AttachPartition: changePartition('add partition'),
  AT_DetachPartition: changePartition('remove partition'),
  AT_DetachPartitionFinalize: changePartition('remove partition'),
};

function readCommand(context: ReaderContext, table: ObjectId, command: AlterTableCmd): void {
  const reader = command.subtype && commands[command.subtype];
  if (reader) reader(context, table, command);
  // What is left changes settings of the table alone: storage parameters, persistence, tablespace, access method.
  else emit(context, { action: 'alter', object: table, change: wordsOf(command.subtype) });
}

/** `AT_SetRelOptions` becomes `set rel options`. */
function wordsOf(subtype: AlterTableType | undefined): string {
  return (subtype ?? '')
    .replace('AT_', '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
}

function addColumn(context: ReaderContext, table: ObjectId, { def, missing_ok }: AlterTableCmd): void {
  const definition = nodeOf(def, 'ColumnDef');
  if (!definition) return;
  const owner = { table, hasRows: true, ...(missing_ok ? { isConditional: true } : {}) };
  readColumnDef(missing_ok ? addingIfMissing(context, definition) : context, owner, definition);
}

function addingIfMissing(context: ReaderContext, definition: ColumnDef): ReaderContext {
  return {
    ...conditionally(context),
    definition: { text: textOfNode(definition), isReplacement: false },
  };
}

/** The index of a key goes with it; other constraints have none. */
function dropConstraint(context: ReaderContext, table: ObjectId, command: AlterTableCmd): void {
  changePart(context, table, command, ['drop', 'constraint']);
  dropImplied(context, { ...table, kind: 'index', name: command.name ?? '' });
}

function addConstraint(context: ReaderContext, table: ObjectId, { def }: AlterTableCmd): void {
  const constraint = nodeOf(def, 'Constraint');
  const isNotNull = constraint?.contype === 'CONSTR_NOTNULL';
  const owner = { table, hasRows: true, ...(isNotNull ? { isConditional: true } : {}) };
  if (constraint) readConstraintEffects(context, owner, constraint);
}

function alterConstraint(context: ReaderContext, table: ObjectId, { def }: AlterTableCmd): void {
  const { conname = '', ...attributes } = nodeOf(def, 'ATAlterConstraint') ?? {};
  emit(context, {
    action: 'alter',
    object: partOf(table, 'constraint', conname),
    change: 'alter constraint',
    sets: { attributes: textOfNode(attributes) },
  });
}

function validateConstraint(context: ReaderContext, table: ObjectId, { name }: AlterTableCmd): void {
  emit(context, {
    action: 'alter',
    object: partOf(table, 'constraint', name ?? ''),
    change: 'validate',
    sets: { validated: 'yes' },
  });
  emit(context, { action: 'read', object: table, change: 'validate' });
}

function changeOwner(context: ReaderContext, table: ObjectId, { newowner }: AlterTableCmd): void {
  emit(context, { action: 'alter', object: table, change: 'owner', sets: { owner: textOfNode(newowner) } });
  useRole(context, newowner);
}

function useIndex(change: string): Command {
  return (context, table, { name }) => {
    const sets = { cluster: name ?? '' };
    emit(context, { action: 'alter', object: table, change, sets });
    emit(context, { action: 'alter', object: { ...table, kind: 'index', name: name ?? '' }, change, sets });
  };
}

function setReplicaIdentity(context: ReaderContext, table: ObjectId, { def }: AlterTableCmd): void {
  const name = nodeOf(def, 'ReplicaIdentityStmt')?.name;
  const words = {
    action: 'alter',
    change: 'replica identity',
    sets: { 'replica identity': textOfNode(def) },
  } as const;
  emit(context, { ...words, object: table });
  if (name) emit(context, { ...words, object: { ...table, kind: 'index', name } });
  emitUse(context, table, undefined, 'keys');
}
