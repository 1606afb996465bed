/** Gives every object one text, so that effects on the same object can be found without comparing them all. */

import type { ObjectId } from '../syntax/object-id.js';
import { nameSpaceOf } from './context.js';

/**
 * The same for all that exclude each other: a table and a view of one name share theirs, and so do functions that differ
 * in their arguments only.
 */
export function keyOf({ kind, schema, parent, name }: ObjectId): string {
  const family = nameSpaceOf(kind);
  const inside = schema === undefined ? '' : `${schema}.`;
  const owned = parent === undefined ? '' : `${parent}.`;
  return `${family === 'other' ? kind : family}:${inside}${owned}${name}`;
}
