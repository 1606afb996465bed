/** Tells which objects are parts of another: PostgreSQL drops them with it. */

import { isNote, isPart, qualifiedName, type SnapshotObject } from '../snapshot/snapshot.js';
import { noteSubject, subjectNames, withoutLastPart } from '../snapshot/written-names.js';
import { ownerName } from './words.js';

/** Parts of relations, and the privileges and comments of everything. */
export function belongsTo(part: SnapshotObject, object: SnapshotObject): boolean {
  const name = qualifiedName(object);
  const { kind, of = '' } = part;
  if (isPart(part)) return !isPart(object) && ownerName(part) === name;
  if (kind === 'sequence') return ownsSequence(object, part);
  if (kind === 'default privileges') return object.kind === 'schema' && part.schema === object.name;
  if (!isNote(part)) return false;
  return object.kind === 'schema' ? noteSubject(of) === name : subjectNames(of).includes(name);
}

/** By a column, as that of `serial` is. */
function ownsSequence(object: SnapshotObject, { schema, definition: { ownedBy } }: SnapshotObject): boolean {
  if (ownedBy === undefined) return false;
  const owner = `${schema}.${ownedBy}`;
  const name = qualifiedName(object);
  return object.kind === 'column'
    ? owner === name
    : object.kind === 'table' && withoutLastPart(owner) === name;
}
