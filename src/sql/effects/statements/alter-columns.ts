/** Reads the commands of ALTER TABLE that change a column: its type, default, NOT NULL, identity and expression. */

import type { AlterTableCmd } from '@pgsql/types';
import { makeObjectName } from '../../postgres/generated-names.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { partOf, typeText } from '../../syntax/object-names.js';
import { textOfNode } from '../../syntax/text-of-node.js';
import { contextOfDefinition, emit, type ReaderContext } from '../context.js';
import { typeRefOf } from '../expressions/casts.js';
import { readExpression } from '../expressions/expressions.js';
import { convertedValue } from '../expressions/new-values.js';
import { scopeOf } from '../expressions/scope.js';
import { useTypeAndCollation } from '../expressions/type-names.js';
import { ownSequence, readDefault, wholeType } from './columns.js';
import { readColumnConstraint } from './constraints.js';
import { sequenceSettings } from './settings.js';
import { alterColumn, dropImplied, fixed } from './table-commands.js';

export function dropNotNull(context: ReaderContext, table: ObjectId, command: AlterTableCmd): void {
  alterColumn({ kind: 'not null', isOn: false }, fixed('null', 'allowed'))(context, table, command);
}

/** SET START and its like change the sequence, which is called so unless somebody named it otherwise. */
export function setIdentity(context: ReaderContext, table: ObjectId, command: AlterTableCmd): void {
  const options = nodeOf(command.def, 'List')?.items;
  const { generated, ...sequence } = sequenceSettings(options);
  const identity = { ...(generated === undefined ? {} : { identity: generated }) };
  alterColumn({ kind: 'identity', verb: 'set' }, () => identity)(context, table, command);
  emit(context, {
    action: 'alter',
    object: identitySequence(table, command),
    change: { kind: 'options' },
    sets: sequence,
    isImplicit: true,
    isConditional: true,
  });
  const isRestarted = nodesOf(options, 'DefElem').some(({ defname }) => defname === 'restart');
  if (isRestarted)
    emit(context, { action: 'update', object: identitySequence(table, command), rowAccess: 'restart' });
}

export function dropIdentity(context: ReaderContext, table: ObjectId, command: AlterTableCmd): void {
  alterColumn({ kind: 'identity', verb: 'drop' }, fixed('identity', 'none'))(context, table, command);
  dropImplied(context, identitySequence(table, command));
}

function identitySequence(table: ObjectId, { name }: AlterTableCmd): ObjectId {
  return { ...table, kind: 'sequence', name: makeObjectName(table.name, name, 'seq') };
}

export function alterType(
  context: ReaderContext,
  table: ObjectId,
  { name, def, behavior }: AlterTableCmd,
): void {
  const definition = nodeOf(def, 'ColumnDef');
  const column = partOf(table, 'column', name ?? '');
  if (definition && !definition.raw_default)
    emit(context, {
      action: 'use',
      object: column,
      cast: { to: typeRefOf(context, definition.typeName), isExplicit: false },
    });
  const value = convertedValue(column.name, definition?.typeName, definition?.raw_default);
  emit(context, {
    action: 'alter',
    object: column,
    change: { kind: 'type' },
    ...(value ? { overwritten: { [column.name]: value } } : {}),
    sets: {
      'type name': typeText(definition?.typeName),
      'whole type': wholeType(definition ?? {}),
      type: textOfNode([definition?.typeName, definition?.collClause, definition?.raw_default]),
    },
    at: definition?.location,
    ...(behavior === 'DROP_CASCADE' ? { isCascade: true } : {}),
  });
  useTypeAndCollation(contextOfDefinition(context, column), definition ?? {});
  readExpression(context, definition?.raw_default, scopeOf(table));
  emit(context, { action: 'read', object: table });
}

export function setDefault(context: ReaderContext, table: ObjectId, { name, def }: AlterTableCmd): void {
  const column = partOf(table, 'column', name ?? '');
  emit(context, {
    action: 'alter',
    object: column,
    change: { kind: 'default', isOn: def !== undefined },
    sets: { default: textOfNode(def) },
  });
  if (def) readDefault(context, column, def);
}

export function setNotNull(context: ReaderContext, table: ObjectId, { name }: AlterTableCmd): void {
  // It may be NOT NULL already.
  const owner = { table, hasRows: true, isConditional: true };
  readColumnConstraint(context, owner, partOf(table, 'column', name ?? ''), { contype: 'CONSTR_NOTNULL' });
}

export function setExpression(context: ReaderContext, table: ObjectId, { name, def }: AlterTableCmd): void {
  const column = partOf(table, 'column', name ?? '');
  emit(context, {
    action: 'alter',
    object: column,
    change: { kind: 'expression', isOn: true },
    sets: { expression: textOfNode(def) },
  });
  readExpression(contextOfDefinition(context, column), def, scopeOf(table));
  readExpression(context, def, scopeOf(table));
}

export function addIdentity(context: ReaderContext, table: ObjectId, { name, def }: AlterTableCmd): void {
  const column = partOf(table, 'column', name ?? '');
  const constraint = nodeOf(def, 'Constraint');
  const identity = `added ${constraint?.generated_when}`;
  emit(context, {
    action: 'alter',
    object: column,
    change: { kind: 'identity', verb: 'add' },
    sets: { identity },
  });
  ownSequence(context, column, constraint?.options);
}
