/** Reads ALTER TABLE and its like for views, indexes, sequences and composite types: one command after the other. */

import type { AlterTableCmd, AlterTableType, ColumnDef, ObjectType } from '@pgsql/types';
import { makeObjectName } from '../../postgres/generated-names.js';
import { type NodeOf, nodeOf } from '../../syntax/node-of.js';
import type { ObjectId, ObjectKind } from '../../syntax/object-id.js';
import { partOf, typeText } from '../../syntax/object-names.js';
import { textOfNode } from '../../syntax/text-of-node.js';
import { type Context, conditionally, defining, emit, emitUse } from '../context.js';
import type { EffectAction, PartitionBounds, Settings } from '../effect.js';
import { readExpression } from '../expressions/expressions.js';
import { noScope, scopeOf } from '../expressions/scope.js';
import { useType } from '../expressions/type-names.js';
import { usedRelation } from '../resolve-names.js';
import { ownSequence, readColumnDef, readDefault } from './columns.js';
import { readColumnConstraint, readConstraint } from './constraints.js';
import { partitionBounds } from './partition-bounds.js';
import { useRole } from './role-names.js';
import { genericSettings, optionSettings, sequenceSettings } from './settings.js';

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
export function readAlterTable(context: Context, statement: NodeOf<'AlterTableStmt'>): void {
  const { relation, cmds = [], objtype, missing_ok } = statement;
  const table = usedRelation(context, relation, relationKinds[objtype ?? 'OBJECT_TABLE'] ?? 'relation');
  const inner = missing_ok ? conditionally(context) : context;
  emitUse(inner, table, relation?.location);
  for (const command of cmds) {
    const found = nodeOf(command, 'AlterTableCmd');
    if (found) readCommand(inner, table, found);
  }
}

type Command = (context: Context, table: ObjectId, command: AlterTableCmd) => void;

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

function readCommand(context: Context, table: ObjectId, command: AlterTableCmd): void {
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

function addColumn(context: Context, table: ObjectId, { def, missing_ok }: AlterTableCmd): void {
  const definition = nodeOf(def, 'ColumnDef');
  if (!definition) return;
  const owner = { table, hasRows: true, ...(missing_ok ? { isConditional: true } : {}) };
  readColumnDef(missing_ok ? addingIfMissing(context, definition) : context, owner, definition);
}

function addingIfMissing(context: Context, definition: ColumnDef): Context {
  return {
    ...conditionally(context),
    definition: { text: textOfNode(definition), isReplacement: false },
  };
}

function changePart(
  context: Context,
  table: ObjectId,
  { name, behavior, missing_ok }: AlterTableCmd,
  [action, kind]: [EffectAction, ObjectKind],
): void {
  emit(context, {
    action,
    object: partOf(table, kind, name ?? ''),
    ...(behavior === 'DROP_CASCADE' ? { isCascade: true } : {}),
    ...(missing_ok ? { isConditional: true } : {}),
  });
}

/** The index of a key goes with it; other constraints have none. */
function dropConstraint(context: Context, table: ObjectId, command: AlterTableCmd): void {
  changePart(context, table, command, ['drop', 'constraint']);
  dropImplied(context, { ...table, kind: 'index', name: command.name ?? '' });
}

function dropNotNull(context: Context, table: ObjectId, command: AlterTableCmd): void {
  alterColumn('drop not null', fixed('null', 'allowed'))(context, table, command);
  dropImplied(context, partOf(table, 'constraint', makeObjectName(table.name, command.name, 'not_null')));
}

/** SET START and its like change the sequence, which is called so unless somebody named it otherwise. */
function setIdentity(context: Context, table: ObjectId, command: AlterTableCmd): void {
  const options = nodeOf(command.def, 'List')?.items;
  const { generated, ...sequence } = sequenceSettings(options);
  const identity = { ...(generated === undefined ? {} : { identity: generated }) };
  alterColumn('set identity', () => identity)(context, table, command);
  emit(context, {
    action: 'alter',
    object: identitySequence(table, command),
    change: 'set options',
    sets: sequence,
    isImplicit: true,
    isConditional: true,
  });
}

function dropIdentity(context: Context, table: ObjectId, command: AlterTableCmd): void {
  alterColumn('drop identity', fixed('identity', 'none'))(context, table, command);
  dropImplied(context, identitySequence(table, command));
}

function identitySequence(table: ObjectId, { name }: AlterTableCmd): ObjectId {
  return { ...table, kind: 'sequence', name: makeObjectName(table.name, name, 'seq') };
}

function dropImplied(context: Context, object: ObjectId): void {
  emit(context, { action: 'drop', object, isImplicit: true, isConditional: true });
}

/** What a command sets. */
type Setter = (command: AlterTableCmd) => Settings;

/** A property that gets the value which the command gives. */
function property(name: string): Setter {
  return ({ def }) => ({ [name]: textOfNode(def) });
}

/** A property that gets one value. */
function fixed(name: string, value: string): Setter {
  return () => ({ [name]: value });
}

function alterColumn(change: string, setter: Setter): Command {
  return alterPart('column', change, setter);
}

/** Columns of indexes have numbers. */
function alterPart(kind: ObjectKind, change: string, setter: Setter): Command {
  return (context, table, command) => {
    const object = partOf(table, kind, command.name ?? String(command.num ?? ''));
    emit(context, { action: 'alter', object, change, sets: setter(command) });
  };
}

function alterTable(change: string, setter: Setter): Command {
  return (context, table, command) =>
    emit(context, { action: 'alter', object: table, change, sets: setter(command) });
}

function alterType(context: Context, table: ObjectId, { name, def, behavior }: AlterTableCmd): void {
  const definition = nodeOf(def, 'ColumnDef');
  const column = partOf(table, 'column', name ?? '');
  emit(context, {
    action: 'alter',
    object: column,
    change: 'set type',
    sets: {
      'type name': typeText(definition?.typeName),
      type: textOfNode([definition?.typeName, definition?.collClause, definition?.raw_default]),
    },
    at: definition?.location,
    ...(behavior === 'DROP_CASCADE' ? { isCascade: true } : {}),
  });
  useType(defining(context, column), definition?.typeName);
  readExpression(context, definition?.raw_default, scopeOf(table));
  emit(context, { action: 'read', object: table });
}

function setDefault(context: Context, table: ObjectId, { name, def }: AlterTableCmd): void {
  const column = partOf(table, 'column', name ?? '');
  emit(context, {
    action: 'alter',
    object: column,
    change: def ? 'set default' : 'drop default',
    sets: { default: textOfNode(def) },
  });
  if (def) readDefault(context, column, def, false);
}

function setNotNull(context: Context, table: ObjectId, { name }: AlterTableCmd): void {
  // It may be NOT NULL already.
  const owner = { table, hasRows: true, isConditional: true };
  readColumnConstraint(context, owner, partOf(table, 'column', name ?? ''), { contype: 'CONSTR_NOTNULL' });
}

function setExpression(context: Context, table: ObjectId, { name, def }: AlterTableCmd): void {
  const column = partOf(table, 'column', name ?? '');
  emit(context, {
    action: 'alter',
    object: column,
    change: 'set expression',
    sets: { expression: textOfNode(def) },
  });
  readExpression(defining(context, column), def, scopeOf(table));
  readExpression(context, def, scopeOf(table));
}

function addIdentity(context: Context, table: ObjectId, { name, def }: AlterTableCmd): void {
  const column = partOf(table, 'column', name ?? '');
  const constraint = nodeOf(def, 'Constraint');
  const identity = `added ${constraint?.generated_when}`;
  emit(context, { action: 'alter', object: column, change: 'add identity', sets: { identity } });
  ownSequence(context, column, constraint?.options);
}

function addConstraint(context: Context, table: ObjectId, { def }: AlterTableCmd): void {
  const constraint = nodeOf(def, 'Constraint');
  const isNotNull = constraint?.contype === 'CONSTR_NOTNULL';
  const owner = { table, hasRows: true, ...(isNotNull ? { isConditional: true } : {}) };
  if (constraint) readConstraint(context, owner, constraint);
}

function alterConstraint(context: Context, table: ObjectId, { def }: AlterTableCmd): void {
  const { conname = '', ...attributes } = nodeOf(def, 'ATAlterConstraint') ?? {};
  emit(context, {
    action: 'alter',
    object: partOf(table, 'constraint', conname),
    change: 'alter constraint',
    sets: { attributes: textOfNode(attributes) },
  });
}

function validateConstraint(context: Context, table: ObjectId, { name }: AlterTableCmd): void {
  emit(context, {
    action: 'alter',
    object: partOf(table, 'constraint', name ?? ''),
    change: 'validate',
    sets: { validated: 'yes' },
  });
  emit(context, { action: 'read', object: table, change: 'validate' });
}

function changeOwner(context: Context, table: ObjectId, { newowner }: AlterTableCmd): void {
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

function setReplicaIdentity(context: Context, table: ObjectId, { def }: AlterTableCmd): void {
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

function changeParent(change: string): Command {
  return (context, table, { def }) => {
    const range = nodeOf(def, 'RangeVar');
    if (range) joinFamily(context, { parent: usedRelation(context, range, 'table'), child: table, change });
  };
}

function changePartition(change: string): Command {
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

function joinFamily(context: Context, { parent, child, change, bounds }: Family): void {
  emit(context, { action: 'use', object: parent, change: 'definition' });
  emit(context, { action: 'alter', object: parent, change, to: child, ...(bounds ? { bounds } : {}) });
  emit(context, { action: 'alter', object: child, change: `${change} of` });
}

function addOf(context: Context, table: ObjectId, { def }: AlterTableCmd): void {
  emit(context, { action: 'alter', object: table, change: 'of type', sets: { 'of type': textOfNode(def) } });
  useType(defining(context, table), nodeOf(def, 'TypeName'));
}
