/** Reads CREATE SEQUENCE and ALTER SEQUENCE. */

import type { Node } from '@pgsql/types';
import { type NodeOf, nodesOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { namePartsOf } from '../../syntax/object-names.js';
import { conditionally, emit, emitCreate, emitUse, type ReaderContext } from '../context.js';
import { useType } from '../expressions/type-names.js';
import { createdRelation, usedRelation } from '../resolve-names.js';
import { ownerColumn } from './columns.js';
import { sequenceSettings } from './settings.js';

/** A sequence, and the column that owns it. */
export function readCreateSequence(context: ReaderContext, statement: NodeOf<'CreateSeqStmt'>): void {
  const { sequence, options, if_not_exists } = statement;
  const object = createdRelation(context, 'sequence', sequence ?? {});
  const type = sequenceSettings(options).as;
  emitCreate(context, object, {
    at: sequence?.location,
    ...(type === undefined ? {} : { sets: { as: type } }),
    ...(if_not_exists ? { isConditional: true } : {}),
  });
  readOptions(context, object, options);
}

/** Restarting or resizing a sequence, or giving it to another column. */
export function readAlterSequence(context: ReaderContext, statement: NodeOf<'AlterSeqStmt'>): void {
  const { sequence, options, missing_ok } = statement;
  const inner = missing_ok ? conditionally(context) : context;
  const object = usedRelation(inner, sequence, 'sequence');
  emit(inner, {
    action: 'alter',
    object,
    at: sequence?.location,
    change: { kind: 'options' },
    sets: sequenceSettings(options),
  });
  readOptions(inner, object, options);
}

function readOptions(context: ReaderContext, sequence: ObjectId, options: readonly Node[] | undefined): void {
  for (const { defname, arg } of nodesOf(options, 'DefElem')) {
    if (defname === 'owned_by') readOwner(context, sequence, arg);
    if (defname === 'restart') emit(context, { action: 'update', object: sequence, rowAccess: 'restart' });
    if (defname === 'as' && arg && 'TypeName' in arg) useType(context, arg.TypeName);
  }
}

function readOwner(context: ReaderContext, sequence: ObjectId, arg: Node | undefined): void {
  const column = arg && 'List' in arg ? ownerColumn(context, namePartsOf(arg.List.items)) : undefined;
  if (!column) return;
  emitUse({ ...context, by: sequence }, column, undefined, 'owner');
}
