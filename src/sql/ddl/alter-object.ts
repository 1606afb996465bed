/** Writes the statements that change one object and keep it. */

import { quoteLiteral } from '../../quote.js';
import type { SnapshotKind, SnapshotObject } from '../snapshot/snapshot.js';
import { changeColumn } from './alter-column.js';
import { alterIndex, alterSequence, alterView, changeTable } from './alter-relation.js';
import { alterComposite, alterDomain, alterEnum } from './alter-type.js';
import type { AlterWriter, ChangedObject } from './changed-object.js';
import { firingVerb, setFiringState } from './create-programs.js';
import { alterDefaultPrivileges, commentOn, grant, oppositeDefaults, revoke } from './privileges.js';
import { changeForeignOptions, objectReference } from './words.js';

const nothing: AlterWriter = ({ changed }) => (changed.size === 0 ? [] : undefined);

/** State, tables and owner can change; all else needs a new object. */
const alterFiring: AlterWriter = ({ after, changed }) =>
  [...changed].every((name) => name === 'state') ? [setFiringState(after)] : undefined;

/** CREATE OR REPLACE keeps arguments and result; the body and its settings stand behind LANGUAGE. */
const alterFunction: AlterWriter = ({ before, after }) => {
  const head = ({ definition }: SnapshotObject) => definition.definition?.split('\n LANGUAGE ')[0];
  return head(before) === head(after) ? [(after.definition.definition ?? '').trim()] : undefined;
};

const alterServer: AlterWriter = ({ before, after, changed }) => {
  const { version, options } = after.definition;
  if (![...changed].every((name) => name === 'version' || name === 'options')) return undefined;
  const alter = `ALTER ${objectReference(after)}`;
  return [
    ...(changed.has('version') && version !== undefined ? [`${alter} VERSION ${quoteLiteral(version)}`] : []),
    ...changeForeignOptions(alter, before.definition.options, options),
  ];
};

const alterPrivileges =
  (add: typeof grant, remove: typeof revoke): AlterWriter =>
  ({ before, after }) => [...remove(onlyIn(before, after)), ...add(onlyIn(after, before))];

/** The privileges of one that the other does not have. */
function onlyIn(one: SnapshotObject, other: SnapshotObject): SnapshotObject {
  const others = new Set(other.definition.privileges?.split(', '));
  const privileges =
    one.definition.privileges?.split(', ').filter((privilege) => !others.has(privilege)) ?? [];
  return { ...one, definition: privileges.length === 0 ? {} : { privileges: privileges.join(', ') } };
}

const writers: Readonly<Partial<Record<SnapshotKind, AlterWriter>>> = {
  extension: ({ after }) => [`ALTER ${objectReference(after)} SET SCHEMA ${after.definition.schema}`],
  'enum type': alterEnum,
  'composite type': alterComposite,
  domain: alterDomain,
  function: alterFunction,
  procedure: alterFunction,
  sequence: alterSequence,
  table: changeTable,
  'foreign table': changeTable,
  column: changeColumn,
  constraint: alterIndex,
  index: alterIndex,
  view: alterView,
  'materialized view': alterView,
  'statistics object': ({ after, changed }) =>
    changed.has('definition')
      ? undefined
      : [`ALTER ${objectReference(after)} SET STATISTICS ${after.definition.target ?? '-1'}`],
  trigger: alterFiring,
  rule: alterFiring,
  'event trigger': ({ after, changed }) =>
    [...changed].every((name) => name === 'state')
      ? [`ALTER ${objectReference(after)} ${firingVerb(after.definition.state)}`]
      : undefined,
  'default privileges': ({ before, after }) => [
    ...alterDefaultPrivileges(oppositeDefaults(before)),
    ...alterDefaultPrivileges(after),
  ],
  server: alterServer,
  'foreign-data wrapper': alterServer,
  grant: alterPrivileges(grant, revoke),
  revoke: alterPrivileges(revoke, grant),
  comment: ({ after }) => [commentOn(after.of ?? '', after.definition.text)],
};

/** @returns undefined where the object must be dropped and created again. */
export function alterObject(change: ChangedObject): string[] | undefined {
  const { before, after, changed } = change;
  const { owner } = after.definition;
  const owners =
    owner === before.definition.owner ? [] : [`ALTER ${objectReference(after)} OWNER TO ${owner}`];
  if (changed.size === 0) return owners;
  const statements = (writers[after.kind] ?? nothing)(change);
  return statements && [...statements, ...owners];
}
