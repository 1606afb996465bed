/** Shared code of ALTER TABLE commands that set a property of the table, or of a part of it. */

import type { AlterTableCmd } from '@pgsql/types';
import type { ObjectId, ObjectKind } from '../../syntax/object-id.js';
import { partOf } from '../../syntax/object-names.js';
import { textOfNode } from '../../syntax/text-of-node.js';
import type { Change, FiringState } from '../change.js';
import { conditionally, emit, type ReaderContext } from '../context.js';
import type { EffectAction, StatementSettings } from '../effect.js';

export type Command = (context: ReaderContext, table: ObjectId, command: AlterTableCmd) => void;

export function changePart(
  context: ReaderContext,
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

export function dropImplied(context: ReaderContext, object: ObjectId): void {
  emit(context, { action: 'drop', object, isImplicit: true, isConditional: true });
}

/** The property that a command sets. */
type Setter = (command: AlterTableCmd) => StatementSettings;

/** A property that gets the value which the command gives. */
export function property(name: string): Setter {
  return ({ def }) => ({ [name]: textOfNode(def) });
}

/** A property that gets one value. */
export function fixed(name: string, value: string): Setter {
  return () => ({ [name]: value });
}

export function alterColumn(change: Change, setter: Setter): Command {
  return alterPart('column', change, setter);
}

/** Columns of indexes have numbers. */
function alterPart(kind: ObjectKind, change: Change, setter: Setter): Command {
  return (context, table, command) => {
    const object = partOf(table, kind, command.name ?? String(command.num ?? ''));
    const inner = command.missing_ok ? conditionally(context) : context;
    emit(inner, { action: 'alter', object, change, sets: setter(command) });
  };
}

export function alterTable(change: Change, setter: Setter): Command {
  return (context, table, command) =>
    emit(context, { action: 'alter', object: table, change, sets: setter(command) });
}

/** ENABLE and DISABLE of one trigger or rule. */
export function setFiring(kind: 'trigger' | 'rule', state: FiringState): Command {
  return alterPart(kind, { kind: 'firing', state }, fixed('enabled', state));
}
