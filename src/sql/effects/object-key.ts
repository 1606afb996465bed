/** Gives every object one text, so that effects on the same object can be found without comparing them all. */

import type { ObjectId } from '../syntax/object-id.js';
import { nameSpaceOf } from './context.js';

/**
 * The same for all that exclude each other: a table and a view of one name share theirs, and so do functions that differ
 * in their arguments only.
 */
export function keyOf({ kind, schema, parent, name }: ObjectId): string {
  const nameSpace = nameSpaceOf(kind);
  const around = [schema, parent].filter((part) => part !== undefined);
  const path = around.length === 0 ? name : [...around, name].map(quoted).join('.');
  return `${nameSpace === 'other' ? kind : nameSpace}:${path}`;
}

/** So that no dot in a name is taken for one between names. */
function quoted(part: string): string {
  return /[."]/.test(part) ? `"${part.replaceAll('"', '""')}"` : part;
}
