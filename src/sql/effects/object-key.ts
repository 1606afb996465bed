/** Computes a text key for every object, to find effects on the same object without comparing all. */

import { joinNames } from '../syntax/identifiers.js';
import type { ObjectId } from '../syntax/object-id.js';
import { nameSpaceOf } from './name-space.js';

/**
 * The same for all that exclude each other: a table and a view of one name share theirs, and so do functions that differ
 * in their arguments only.
 */
export function keyOf(object: ObjectId): string {
  const nameSpace = nameSpaceOf(object.kind);
  return `${nameSpace === 'other' ? object.kind : nameSpace}:${pathOf(object)}`;
}

/** The name with its schema and table. Names of casts and their like are texts of their own. */
function pathOf({ schema, parent, name }: ObjectId): string {
  const isAlone = schema === undefined && parent === undefined;
  return isAlone ? name : joinNames(schema, parent, name);
}
