/** Adds the names that a migration reaches through functions, views and other objects of its history. */

import type { KeyAccess } from '../dependencies/access.js';
import type { KeyKind } from '../dependencies/keys.js';
import type { Footprint } from './footprint.js';
import { addLock, allColumns, type NamedLocks } from './name-footprint.js';

/** Keys of many objects, to which nearly every migration adds. */
const broadKinds: ReadonlySet<KeyKind> = new Set<KeyKind>([
  ...(['everything', 'contents', 'group', 'privileges in schema', 'extensions', 'publications'] as const),
]);

/** Keys whose change a function or view can pass on under another name. */
const shapeKinds: ReadonlySet<KeyKind> = new Set<KeyKind>(['shape', 'attributes', 'filling']);

/** @returns false if the migration concerns objects that its names do not tell. */
export function addHistory(
  locks: NamedLocks,
  { locks: held }: Footprint,
  accesses: Iterable<KeyAccess>,
): boolean {
  for (const { relation, mode } of held.values()) addLock(locks, relation.name.toLowerCase(), mode);
  for (const access of accesses) if (!addAccess(locks, access)) return false;
  return true;
}

function addAccess(locks: NamedLocks, { key: { kind, object }, mode }: KeyAccess): boolean {
  if (kind === 'name' && mode === 'read') return false;
  if (broadKinds.has(kind)) return mode !== 'write';
  if (!object) return true;
  const { name, parent } = object;
  const lock = mode === 'read' ? 'ACCESS SHARE' : 'ACCESS EXCLUSIVE';
  addLock(locks, name.toLowerCase(), lock);
  if (parent !== undefined) addLock(locks, parent.toLowerCase(), lock);
  if (mode !== 'read' && (shapeKinds.has(kind) || object.kind === 'column'))
    addLock(locks, allColumns, 'ROW EXCLUSIVE');
  return true;
}
