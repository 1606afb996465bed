/** Writes the statements that drop one object. */

import type { SnapshotKind, SnapshotObject } from '../snapshot/snapshot.js';
import { dropFiring } from './create-programs.js';
import { alterDefaultPrivileges, commentOn, grant, oppositeDefaults, revoke } from './privileges.js';
import { constraintOwner, objectReference, ownerName } from './words.js';

type Writer = (object: SnapshotObject) => string[];

const drop: Writer = (object) => [`DROP ${objectReference(object)}`];

const special: Readonly<Partial<Record<SnapshotKind, Writer>>> = {
  column: (column) => [`ALTER TABLE ${ownerName(column)} DROP COLUMN ${column.name}`],
  constraint: (constraint) => [`ALTER ${constraintOwner(constraint)} DROP CONSTRAINT ${constraint.name}`],
  trigger: dropFiring,
  grant: revoke,
  revoke: grant,
  'default privileges': (object) => alterDefaultPrivileges(oppositeDefaults(object)),
  comment: ({ of = '' }) => [commentOn(of, undefined)],
  rows: () => [],
};

/** Without CASCADE: what others need stays. */
export function dropObject(object: SnapshotObject): string[] {
  return (special[object.kind] ?? drop)(object);
}
