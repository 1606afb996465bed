/** Reads DROP, TRUNCATE and what else takes things away. */

import { type NodeOf, nodesOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { contextOfExecution, emit, emitOpaque, emitUse, type ReaderContext } from '../context.js';
import type { Effect } from '../effect.js';
import { namedObject } from '../named-objects.js';
import { usedRelation } from '../resolve-names.js';

/** DROP of any object but roles, databases and their like. */
export function readDrop(context: ReaderContext, statement: NodeOf<'DropStmt'>): void {
  const { objects = [], removeType, behavior, missing_ok } = statement;
  for (const object of objects) {
    const found = namedObject(context, { type: removeType, object });
    if (!found) continue;
    emit(context, { action: 'drop', object: found, ...qualifiers(behavior === 'DROP_CASCADE', missing_ok) });
    context.state.temporary.delete(found.schema === 'pg_temp' ? found.name : '');
    if (removeType === 'OBJECT_CAST') emitOpaque(context, 'a cast');
    if (removeType === 'OBJECT_EVENT_TRIGGER') emitOpaque(context, 'an event trigger');
  }
}

function qualifiers(isCascade: boolean, isConditional: boolean | undefined): Partial<Effect> {
  return { ...(isCascade ? { isCascade } : {}), ...(isConditional ? { isConditional } : {}) };
}

/** TRUNCATE takes all rows; CASCADE also those of tables that refer to them. */
export function readTruncate(context: ReaderContext, statement: NodeOf<'TruncateStmt'>): void {
  const { relations, behavior } = statement;
  const ranges = nodesOf(relations, 'RangeVar');
  const together = ranges.map((range) => usedRelation(context, range, 'table'));
  for (const range of ranges) {
    const table = usedRelation(context, range, 'table');
    emitUse(context, table, range.location);
    emit(contextOfExecution(context), {
      action: 'delete',
      object: table,
      at: range.location,
      rowAccess: 'truncation',
      together,
      ...qualifiers(behavior === 'DROP_CASCADE', false),
    });
  }
}

/** DROP ROLE. */
export function readDropRole(context: ReaderContext, { roles, missing_ok }: NodeOf<'DropRoleStmt'>): void {
  for (const { rolename } of nodesOf(roles, 'RoleSpec')) {
    emit(context, {
      action: 'drop',
      object: { kind: 'role', name: rolename ?? '' },
      ...qualifiers(false, missing_ok),
    });
  }
}

/** DROP OWNED and REASSIGN OWNED concern whatever a role happens to own. */
export function readOwned({
  isDropped,
}: {
  isDropped: boolean;
}): (context: ReaderContext, statement: { roles?: NodeOf<'DropOwnedStmt'>['roles'] }) => void {
  return (context, { roles }) => {
    for (const { rolename } of nodesOf(roles, 'RoleSpec')) {
      if (!rolename) continue;
      const object: ObjectId = { kind: 'role', name: rolename };
      emit(context, { action: 'alter', object, change: { kind: 'owned', isDropped } });
    }
    emitOpaque(context, 'everything that a role owns');
  };
}
