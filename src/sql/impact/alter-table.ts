/** Predicts ALTER TABLE, command by command. */

import type { AlterTableType } from '@pgsql/types';
import { descentOf } from '../postgres/alter-table-descent.js';
import { schemasFound } from '../schema/after-drops.js';
import { descendantsOf, typedTables } from '../schema/relatives.js';
import { findRelation, type Relation, resolveParts, resolveRange, type Schema } from '../schema/schema.js';
import { type NodeOf, nodesOf } from '../syntax/node-of.js';
import type { RelationName } from '../syntax/relation-name.js';
import * as columns from './alter-columns.js';
import type { AlterCommand } from './alter-command.js';
import * as constraints from './alter-constraints.js';
import * as partitions from './alter-partitions.js';
import { type Impact, isAtLeastLock, type LockMode } from './impact.js';
import { createImpactBuilder, type ImpactContext } from './impact-builder.js';
import { optionsLock } from './storage-options.js';

/** The cost of one command, as if it were the only one of its statement. */
export function predictCommand(schema: Schema, oldestServer: number, alter: AlterCommand): Impact {
  const builder = createImpactBuilder(schema);
  predictOne({ schema, oldestServer, builder }, alter, lockOf(alter));
  return builder.total();
}

/** ALTER TABLE, ALTER INDEX, ALTER VIEW and their kin. */
export function predictAlterTable(context: ImpactContext, statement: NodeOf<'AlterTableStmt'>): void {
  const { schema } = context;
  const { relation, cmds, objtype, missing_ok } = statement;
  const known = objtype === 'OBJECT_INDEX' ? schema.indexOwners : schema.relations;
  const parts = relation?.schemaname
    ? [relation.schemaname, relation.relname ?? '']
    : [relation?.relname ?? ''];
  const table =
    objtype === 'OBJECT_INDEX' ? resolveParts(schema, parts, known) : resolveRange(schema, relation);
  if (missing_ok && !findRelation(schema, table)) return;
  if (objtype === 'OBJECT_TYPE') {
    lockTypedTables(context, table);
    return;
  }
  const isOnly = relation?.inh !== true;
  const commands = nodesOf(cmds, 'AlterTableCmd').map((command) => ({ command, table, isOnly }));
  const strongest = commands
    .map(lockOf)
    .reduce<LockMode>((one, other) => (isAtLeastLock(one, other) ? one : other), 'ACCESS SHARE');
  const schemaFoundBy = schemasFound(schema, {
    table,
    isOnly,
    commands: commands.map(({ command }) => command),
  });
  for (const one of commands) predictOne({ ...context, schema: schemaFoundBy(one.command) }, one, strongest);
}

/** ALTER TYPE … CASCADE of a composite type reaches the tables that were made OF it. */
function lockTypedTables({ schema, builder }: ImpactContext, type: RelationName): void {
  for (const table of typedTables(schema, type)) builder.lock(table, 'ACCESS EXCLUSIVE');
}

type Predictor = (context: ImpactContext, command: AlterCommand) => void;

/** The cost of commands beside the lock on their table. */
const predictors: Partial<Record<AlterTableType, Predictor>> = {
  AT_AddColumn: columns.predictAddColumn,
  AT_DropColumn: columns.predictDropColumn,
  AT_AlterColumnType: columns.predictType,
  AT_SetNotNull: columns.predictSetNotNull,
  AT_SetExpression: columns.predictSetExpression,
  AT_AddConstraint: constraints.predictAddConstraint,
  AT_ValidateConstraint: constraints.predictValidate,
  AT_DropConstraint: constraints.predictDropConstraint,
  AT_AlterConstraint: constraints.predictAlterConstraint,
  AT_AttachPartition: partitions.predictAttach,
  AT_DetachPartition: partitions.predictDetach,
  AT_DetachPartitionFinalize: partitions.predictFinalize,
  AT_AddInherit: partitions.predictInherit,
  AT_DropInherit: partitions.predictNoInherit,
  AT_SetLogged: (context, { table }) => {
    if (findRelation(context.schema, table)?.isUnlogged !== false) context.builder.rewrite(table);
  },
  AT_SetUnLogged: (context, { table }) => {
    if (!findRelation(context.schema, table)?.isUnlogged) context.builder.rewrite(table);
  },
  AT_SetTableSpace: (context, { table, command: { name } }) => {
    const known = findRelation(context.schema, table);
    if (holdsRows(known) && known?.tablespace !== name) context.builder.rewrite(table);
  },
  AT_SetAccessMethod: (context, { table, command: { name = 'heap' } }) => {
    const known = findRelation(context.schema, table);
    if (holdsRows(known) && (known?.accessMethod ?? 'heap') !== name) context.builder.rewrite(table);
  },
};

/** The storage of a partitioned table is only what new partitions get. */
function holdsRows(known: Relation | undefined): boolean {
  return known?.kind !== 'partitioned table';
}

/** @param mode the strictest that the commands of the statement need: it holds for all tables that it reaches */
function predictOne(context: ImpactContext, alter: AlterCommand, mode: LockMode): void {
  const { builder, schema } = context;
  builder.lock(alter.table, mode);
  if (isInheritedBy(context, alter)) {
    for (const child of descendantsOf(schema, alter.table)) builder.lock(child, mode);
  }
  const predictor = alter.command.subtype && predictors[alter.command.subtype];
  predictor?.(context, alter);
}

/** As AlterTableGetLockLevel has it (tablecmds.c); what is not in here takes ACCESS EXCLUSIVE. */
const lighterLocks: Partial<Record<AlterTableType, LockMode>> = {
  AT_SetStatistics: 'SHARE UPDATE EXCLUSIVE',
  AT_SetOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_ResetOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_ClusterOn: 'SHARE UPDATE EXCLUSIVE',
  AT_DropCluster: 'SHARE UPDATE EXCLUSIVE',
  AT_ValidateConstraint: 'SHARE UPDATE EXCLUSIVE',
  AT_AttachPartition: 'SHARE UPDATE EXCLUSIVE',
  AT_DetachPartitionFinalize: 'SHARE UPDATE EXCLUSIVE',
  AT_EnableTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableAlwaysTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableReplicaTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableTrigAll: 'SHARE ROW EXCLUSIVE',
  AT_EnableTrigUser: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrig: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrigAll: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrigUser: 'SHARE ROW EXCLUSIVE',
};

function lockOf({ command }: AlterCommand): LockMode {
  const { subtype } = command;
  if (subtype === 'AT_AddConstraint') return constraints.lockOfAdding(command);
  if (subtype === 'AT_DetachPartition') return partitions.lockOfDetaching(command);
  if (subtype === 'AT_SetRelOptions' || subtype === 'AT_ResetRelOptions') return optionsLock(command);
  return (subtype && lighterLocks[subtype]) ?? 'ACCESS EXCLUSIVE';
}

function isInheritedBy(
  { schema, oldestServer }: ImpactContext,
  { command, table, isOnly }: AlterCommand,
): boolean {
  const { subtype, name = '' } = command;
  if (!subtype) return false;
  const known = findRelation(schema, table);
  // Since 18 it is a constraint, whose children are looked for even with ONLY (tablecmds.c, dropconstraint_internal).
  if (subtype === 'AT_DropNotNull' && oldestServer >= 18)
    return known?.columns.get(name)?.isNotNull !== false;
  if (isOnly) return false;
  if (subtype === 'AT_DropNotNull') return true;
  // Children have it already (ATPrepSetNotNull, ATExecSetNotNull).
  if (subtype === 'AT_SetNotNull') return known?.columns.get(name)?.isNotNull !== true;
  if (subtype === 'AT_DropConstraint') return known?.constraints.has(name) === true;
  if (subtype === 'AT_ValidateConstraint') return known?.constraints.get(name)?.isValidated === false;
  if (subtype === 'AT_AddConstraint') return constraints.isInheritedConstraint(command, oldestServer);
  const descent = descentOf(command);
  return descent === 'all' || (descent === 'partitions' && known?.kind === 'partitioned table');
}
