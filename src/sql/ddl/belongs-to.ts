/** Tells which objects are parts of another: PostgreSQL drops them with it. */

import { qualifiedName, type SnapshotObject } from '../snapshot/snapshot.js';
import { ownerName } from './words.js';

const partKinds: ReadonlySet<SnapshotObject['kind']> = new Set([
  ...(['column', 'constraint', 'index', 'trigger', 'rule', 'policy'] as const),
]);

/** Parts of relations, and the privileges and comments of everything. */
export function belongsTo(part: SnapshotObject, object: SnapshotObject): boolean {
  const name = qualifiedName(object);
  const { kind, of = '' } = part;
  if (partKinds.has(kind)) return !partKinds.has(object.kind) && ownerName(part) === name;
  if (kind === 'sequence') return ownsSequence(object, part);
  if (kind === 'default privileges') return object.kind === 'schema' && part.schema === object.name;
  if (kind !== 'grant' && kind !== 'revoke' && kind !== 'comment') return false;
  return of.endsWith(` ${name}`) || (object.kind !== 'schema' && of.includes(` ${name}.`));
}

/** By a column, as that of `serial` is. */
function ownsSequence(object: SnapshotObject, { schema, definition: { ownedBy } }: SnapshotObject): boolean {
  if (ownedBy === undefined) return false;
  const owner = `${schema}.${ownedBy}`;
  const name = qualifiedName(object);
  return object.kind === 'column' ? owner === name : object.kind === 'table' && owner.startsWith(`${name}.`);
}
