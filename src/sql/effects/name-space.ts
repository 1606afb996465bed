/** Groups the kinds of objects by the names that they share (PostgreSQL's unique indexes on pg_class, pg_type and pg_proc). */

import type { ObjectKind } from '../syntax/object-id.js';

/** Within a schema, a name stands for one object of each of these. */
export type NameSpace = 'rel' | 'type' | 'fn' | 'other';

const relationKinds: ReadonlySet<ObjectKind> = new Set([
  'relation',
  'table',
  'view',
  'materialized view',
  'foreign table',
  'index',
  'sequence',
]);

/** Which kinds share their names. */
export function nameSpaceOf(kind: ObjectKind): NameSpace {
  if (relationKinds.has(kind)) return 'rel';
  if (kind === 'type' || kind === 'domain') return 'type';
  return kind === 'function' || kind === 'aggregate' ? 'fn' : 'other';
}
