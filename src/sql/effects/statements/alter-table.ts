/** Reads ALTER TABLE and its like for views, indexes, sequences and composite types: one command after the other. */

import type { AlterTableCmd, AlterTableType, ColumnDef, Constraint, ObjectType } from '@pgsql/types';
import { type NodeOf, nodeOf } from '../../syntax/node-of.js';
import type { ObjectId, ObjectKind } from '../../syntax/object-id.js';
import { partOf } from '../../syntax/object-names.js';
import { findKeys, findNotNullNames } from '../../syntax/repeated-keys.js';
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
import { roleName, useRole } from './role-names.js';
import { genericSettings, optionSettings, resetOptions } from './settings.js';
import {
  alterColumn,
  alterTable,
  type Command,
  changePart,
  dropImplied,
  fixed,
  property,
  setFiring,
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
  // Attributes of a composite type are changed in its tables by CASCADE, not by leaving out ONLY.
  const isOnly = relation?.inh !== true && objtype !== 'OBJECT_TYPE';
  for (const command of cmds) {
    const found = nodeOf(command, 'AlterTableCmd');
    if (found) readCommand(isOnly ? { ...inner, isOnly } : inner, table, found);
  }
}

/** `internal`: PostgreSQL makes it of other commands, and the parser never does. */
const commands: Readonly<Record<AlterTableType, Command | 'internal'>> = {
  AT_AddColumn: addColumn,
  AT_DropColumn: (context, table, command) => changePart(context, table, command, ['drop', 'column']),
  AT_AlterColumnType: alterType,
  AT_ColumnDefault: setDefault,
  AT_SetNotNull: setNotNull,
  AT_DropNotNull: dropNotNull,
  AT_SetExpression: setExpression,
  AT_DropExpression: alterColumn({ kind: 'expression', isOn: false }, fixed('expression', 'none')),
  AT_SetStatistics: alterColumn({ kind: 'statistics target' }, property('statistics')),
  AT_SetOptions: alterColumn({ kind: 'options' }, ({ def }) => optionSettings(def)),
  AT_ResetOptions: alterColumn({ kind: 'options' }, ({ def }) => resetOptions(def)),
  AT_SetStorage: alterColumn({ kind: 'storage' }, property('storage')),
  AT_SetCompression: alterColumn({ kind: 'compression' }, property('compression')),
  AT_AlterColumnGenericOptions: alterColumn({ kind: 'options' }, ({ def }) => genericSettings(def)),
  AT_AddIdentity: addIdentity,
  AT_SetIdentity: setIdentity,
  AT_DropIdentity: dropIdentity,
  AT_AddConstraint: addConstraint,
  AT_DropConstraint: dropConstraint,
  AT_AlterConstraint: alterConstraint,
  AT_ValidateConstraint: validateConstraint,
  AT_ChangeOwner: changeOwner,
  AT_ClusterOn: clusterOn,
  AT_DropCluster: alterTable({ kind: 'cluster', isOn: false }, fixed('cluster', 'none')),
  AT_SetLogged: alterTable({ kind: 'logging', isOn: true }, fixed('persistence', 'permanent')),
  AT_SetUnLogged: alterTable({ kind: 'logging', isOn: false }, fixed('persistence', 'unlogged')),
  AT_SetTableSpace: alterTable({ kind: 'tablespace' }, ({ name }) => ({ tablespace: name ?? '' })),
  AT_SetAccessMethod: alterTable({ kind: 'access method' }, ({ name }) => ({ 'access method': name ?? '' })),
  AT_SetRelOptions: alterTable({ kind: 'storage options', isOn: true }, ({ def }) => optionSettings(def)),
  AT_ResetRelOptions: alterTable({ kind: 'storage options', isOn: false }, ({ def }) => resetOptions(def)),
  AT_ReplicaIdentity: setReplicaIdentity,
  AT_EnableTrig: setFiring('trigger', 'origin'),
  AT_EnableAlwaysTrig: setFiring('trigger', 'always'),
  AT_EnableReplicaTrig: setFiring('trigger', 'replica'),
  AT_DisableTrig: setFiring('trigger', 'disabled'),
  AT_EnableTrigAll: alterTable(
    { kind: 'all triggers', isOn: true, isOfUsers: false },
    fixed('enabled', 'origin'),
  ),
  AT_DisableTrigAll: alterTable(
    { kind: 'all triggers', isOn: false, isOfUsers: false },
    fixed('enabled', 'disabled'),
  ),
  AT_EnableTrigUser: alterTable(
    { kind: 'all triggers', isOn: true, isOfUsers: true },
    fixed('enabled', 'origin'),
  ),
  AT_DisableTrigUser: alterTable(
    { kind: 'all triggers', isOn: false, isOfUsers: true },
    fixed('enabled', 'disabled'),
  ),
  AT_EnableRule: setFiring('rule', 'origin'),
  AT_EnableAlwaysRule: setFiring('rule', 'always'),
  AT_EnableReplicaRule: setFiring('rule', 'replica'),
  AT_DisableRule: setFiring('rule', 'disabled'),
  AT_EnableRowSecurity: alterTable({ kind: 'row security', isOn: true }, fixed('row security', 'on')),
  AT_DisableRowSecurity: alterTable({ kind: 'row security', isOn: false }, fixed('row security', 'off')),
  AT_ForceRowSecurity: alterTable(
    { kind: 'forced row security', isOn: true },
    fixed('forced row security', 'on'),
  ),
  AT_NoForceRowSecurity: alterTable(
    { kind: 'forced row security', isOn: false },
    fixed('forced row security', 'off'),
  ),
  AT_AddInherit: changeParent('add'),
  AT_DropInherit: changeParent('drop'),
  AT_AddOf: addOf,
  AT_DropOf: alterTable({ kind: 'of type', isOn: false }, fixed('of type', 'none')),
  AT_AttachPartition: changePartition('attach'),
  AT_DetachPartition: changePartition('detach'),
  AT_DetachPartitionFinalize: changePartition('detach'),
  AT_GenericOptions: alterTable({ kind: 'options' }, ({ def }) => genericSettings(def)),
  AT_AddColumnToView: 'internal',
  AT_AddIndex: 'internal',
  AT_AddIndexConstraint: 'internal',
  AT_CookedColumnDefault: 'internal',
  AT_DropOids: 'internal',
  AT_ReAddComment: 'internal',
  AT_ReAddConstraint: 'internal',
  AT_ReAddDomainConstraint: 'internal',
  AT_ReAddIndex: 'internal',
  AT_ReAddStatistics: 'internal',
  AT_ReplaceRelOptions: 'internal',
};

function readCommand(context: ReaderContext, table: ObjectId, command: AlterTableCmd): void {
  const reader = commands[command.subtype ?? 'AT_DropOids'];
  if (reader !== 'internal') reader(context, table, command);
}

function addColumn(
  context: ReaderContext,
  table: ObjectId,
  { def, missing_ok, behavior }: AlterTableCmd,
): void {
  const definition = nodeOf(def, 'ColumnDef');
  if (!definition) return;
  const owner = {
    table,
    hasRows: true,
    keys: findKeys([{ ColumnDef: definition }]),
    notNullNames: findNotNullNames([{ ColumnDef: definition }]),
    ...(missing_ok ? { isConditional: true } : {}),
    ...(behavior === 'DROP_CASCADE' ? { isCascade: true } : {}),
  };
  const isOptional = missing_ok || context.isInBranch;
  readColumnDef(isOptional ? addingIfMissing(context, definition) : context, owner, definition);
}

/** IF NOT EXISTS, or a branch that asks whether the column or constraint exists. */
function addingIfMissing(context: ReaderContext, definition: ColumnDef | Constraint): ReaderContext {
  return {
    ...conditionally(context),
    definition: { text: textOfNode(definition), isReplacement: false },
  };
}

/** The index of a key is dropped with it; other constraints have none. */
function dropConstraint(context: ReaderContext, table: ObjectId, command: AlterTableCmd): void {
  changePart(context, table, command, ['drop', 'constraint']);
  dropImplied(context, { ...table, kind: 'index', name: command.name ?? '' });
}

function addConstraint(context: ReaderContext, table: ObjectId, { def }: AlterTableCmd): void {
  const constraint = nodeOf(def, 'Constraint');
  const isNotNull = constraint?.contype === 'CONSTR_NOTNULL';
  const owner = { table, hasRows: true, ...(isNotNull ? { isConditional: true } : {}) };
  const inner = constraint && context.isInBranch ? addingIfMissing(context, constraint) : context;
  if (constraint) readConstraintEffects(inner, owner, constraint);
}

function alterConstraint(context: ReaderContext, table: ObjectId, { def }: AlterTableCmd): void {
  const { conname = '', ...attributes } = nodeOf(def, 'ATAlterConstraint') ?? {};
  emit(context, {
    action: 'alter',
    object: partOf(table, 'constraint', conname),
    change: { kind: 'attributes' },
    sets: { attributes: textOfNode(attributes) },
  });
}

function validateConstraint(context: ReaderContext, table: ObjectId, { name }: AlterTableCmd): void {
  emit(context, {
    action: 'alter',
    object: partOf(table, 'constraint', name ?? ''),
    change: { kind: 'validation' },
    sets: { validated: 'yes' },
  });
  emit(context, { action: 'read', object: table, rowAccess: 'validation' });
}

function changeOwner(context: ReaderContext, table: ObjectId, { newowner }: AlterTableCmd): void {
  emit(context, {
    action: 'alter',
    object: table,
    change: { kind: 'owner' },
    sets: { owner: roleName(newowner) },
  });
  useRole(context, newowner, 'owning');
}

function clusterOn(context: ReaderContext, table: ObjectId, { name = '' }: AlterTableCmd): void {
  const words = {
    action: 'alter',
    change: { kind: 'cluster', isOn: true },
    sets: { cluster: name },
  } as const;
  emit(context, { ...words, object: table });
  emit(context, { ...words, object: { ...table, kind: 'index', name } });
}

function setReplicaIdentity(context: ReaderContext, table: ObjectId, { def }: AlterTableCmd): void {
  const name = nodeOf(def, 'ReplicaIdentityStmt')?.name;
  const words = {
    action: 'alter',
    change: { kind: 'replica identity' },
    sets: { 'replica identity': textOfNode(def) },
  } as const;
  emit(context, { ...words, object: table });
  if (name) {
    const object: ObjectId = { ...table, kind: 'index', name };
    emitUse(context, object, undefined, 'identity index');
    emit(context, { ...words, object });
  }
  emitUse(context, table, undefined, 'keys');
}
