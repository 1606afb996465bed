/** The row that a trigger function gets: of which table, only the trigger knows that calls it. */

import type { TypeName } from '@pgsql/types';
import type { ObjectId } from '../syntax/object-id.js';
import { namePartsOf } from '../syntax/object-names.js';

/** Stands for the table in the effects of the function's body. No table has this name. */
const triggerRow: ObjectId = { kind: 'relation', name: '' };

/** NEW and OLD, as PL/pgSQL knows them. */
export const triggerRows: ReadonlyMap<string, ObjectId> = new Map([
  ['new', triggerRow],
  ['old', triggerRow],
]);

/** Whether only a trigger can call the function. */
export function isTriggerFunction({ returnType }: { returnType?: TypeName }): boolean {
  return namePartsOf(returnType?.names).at(-1) === 'trigger';
}

/** The object in the table of the trigger; undefined for objects that are not about NEW and OLD. */
export function inTriggerTable(object: ObjectId, table: ObjectId): ObjectId | undefined {
  if (object.parent === triggerRow.name) return { ...object, ...schemaOf(table), parent: table.name };
  return object.name === triggerRow.name && object.kind === 'relation' ? table : undefined;
}

/** Whether it is about NEW or OLD. */
export function isOfTriggerRow(object: ObjectId): boolean {
  return inTriggerTable(object, object) !== undefined;
}

function schemaOf({ schema }: ObjectId): Pick<ObjectId, 'schema'> {
  return schema === undefined ? {} : { schema };
}
