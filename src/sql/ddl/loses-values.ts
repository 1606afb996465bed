/** Tells which changes of an object that stays can lose values of the rows. */

import type { SnapshotObject } from '../snapshot/snapshot.js';
import { attributesOf } from './alter-type.js';
import type { ChangedObject } from './changed-object.js';
import { keepsValues } from './type-casts.js';

/** Of a column of a table, or of a composite type, whose attributes are in the rows of any table. */
export function losesValues({ before, after, changed }: ChangedObject): boolean {
  if (before.kind === 'column') return changed.has('type') && losesColumnValues(before, after);
  if (before.kind !== 'composite type') return false;
  const next = attributesOf(after.definition.attributes);
  return [...attributesOf(before.definition.attributes)].some(([name, type]) => {
    const then = next.get(name);
    return then === undefined || !keepsValues(withoutCollation(type), withoutCollation(then));
  });
}

/** The values of a generated column are computed again. */
function losesColumnValues({ definition: old }: SnapshotObject, { definition: next }: SnapshotObject) {
  if (old.generated !== undefined && next.generated !== undefined) return false;
  return !keepsValues(old.type ?? '', next.type ?? '');
}

function withoutCollation(type: string): string {
  return type.replace(/ COLLATE .*$/s, '');
}
