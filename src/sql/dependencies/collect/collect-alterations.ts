/** Converts alterations of objects into accesses. */

import type { ChangeKind } from '../../effects/change.js';
import type { Effect } from '../../effects/effect.js';
import { nameSpaceOf } from '../../effects/name-space.js';
import { keyOf } from '../../effects/object-key.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { partOf } from '../../syntax/object-names.js';
import type { Cause } from '../access.js';
import { isAttached, neededObjects, ownerOf, partKeysOf } from '../catalogue.js';
import {
  type Aspect,
  allPrivilegesOf,
  aspect,
  extensions,
  groupKey,
  objectKey,
  publications,
} from '../keys.js';
import { notNullOf } from '../not-null-constraints.js';
import { collectPart } from './collect-changes.js';
import { collectDrop } from './collect-drops.js';
import { collectFamily, collectTyping } from './collect-families.js';
import { collectMove } from './collect-moves.js';
import { collectRelation } from './collect-relation.js';
import {
  type Collector,
  causeOf,
  noteRoles,
  recordAccess,
  recordSurroundings,
  touchNames,
  withDescendants,
} from './collector.js';
import { noteReference } from './note-references.js';

type Collect = (collector: Collector, effect: Effect) => void;

/** The target of each kind of alteration: one aspect of the object, or a separate key. */
const alterations: Readonly<Record<ChangeKind, Aspect | Collect>> = {
  'access method': collectWhole,
  'all triggers': collectTriggers,
  attributes: collectWhole,
  cluster: collectWhole,
  comment: 'comment',
  compression: 'options',
  contents: collectWhole,
  default: collectWhole,
  'default privileges': collectWhole,
  'domain constraint': collectWhole,
  expression: collectWhole,
  extension: collectWhole,
  family: collectFamily,
  firing: collectWhole,
  'forced row security': collectRowSecurity,
  identity: collectWhole,
  index: collectIndex,
  logging: collectWhole,
  members: collectWhole,
  'not null': collectNotNull,
  'of type': collectTyping,
  options: collectWhole,
  owned: collectOwned,
  owner: 'privileges',
  privileges: collectPrivileges,
  properties: collectWhole,
  reference: 'references',
  rename: collectWhole,
  'replica identity': collectWhole,
  'row security': collectRowSecurity,
  'security label': 'comment',
  'set schema': collectWhole,
  settings: collectWhole,
  statistics: 'details',
  'statistics target': collectPassedSetting,
  storage: collectPassedSetting,
  'storage options': collectWhole,
  tablespace: collectWhole,
  type: collectType,
  validation: collectWhole,
  version: collectWhole,
};

/** Something about an object that stays. */
export function collectAlter(collector: Collector, effect: Effect): void {
  const { object, change, to } = effect;
  const cause = causeOf(effect);
  touchNames(collector, object, cause);
  if (to && change?.kind !== 'family') {
    collectMove(collector, effect, to);
    return;
  }
  recordSurroundings(collector, object, cause);
  const concern = change ? alterations[change.kind] : collectWhole;
  if (typeof concern === 'string') collectNarrow(collector, effect, concern);
  else concern(collector, isRepeated(collector, effect) ? { ...effect, isRepeated: true } : effect);
}

/** Whether a column is NOT NULL already, or a sequence has the type. */
function isRepeated({ catalogue }: Collector, { object, change, sets }: Effect): boolean {
  if (sets?.as !== undefined) return catalogue.properties.get(keyOf(object))?.as === sets.as;
  const isForbidden = change?.kind === 'not null' && sets?.null === 'forbidden';
  return isForbidden && catalogue.properties.get(keyOf(object))?.null === sets.null;
}

/** A primary key rests on the NOT NULL that its columns have. */
function collectNotNull(collector: Collector, effect: Effect): void {
  collectWhole(collector, effect);
  if (effect.change?.kind !== 'not null' || !effect.change.isForKey) return;
  const constraint = notNullOf(collector.catalogue, effect.object);
  const cause = causeOf({ ...effect, isImplicit: true });
  if (constraint) recordAccess(collector, objectKey(constraint), 'read', cause);
}

function collectWhole(collector: Collector, effect: Effect): void {
  const { kind } = effect.object;
  if (nameSpaceOf(kind) === 'rel') {
    collectRelation(collector, effect);
    return;
  }
  const cause = causeOf(effect);
  recordAccess(collector, objectKey(effect.object), 'write', cause);
  collectPart(collector, effect);
  if (kind === 'extension') recordAccess(collector, extensions, 'write', cause);
  if (kind === 'publication') recordAccess(collector, publications, 'add', cause);
}

/** Another type of a column. */
function collectType(collector: Collector, effect: Effect): void {
  const cause = causeOf(effect);
  collectWhole(collector, effect);
  touchRetyped(collector, keyOf(effect.object), cause);
}

/** The indexes of a column are built anew with it, and the sequence of an identity gets its type. */
function touchRetyped(collector: Collector, column: string, cause: Cause): void {
  const { neededBy, objects, properties } = collector.catalogue;
  const isIdentity = (properties.get(column)?.identity ?? 'none') !== 'none';
  for (const user of neededBy.get(column) ?? []) {
    const object = objects.get(user);
    const index = object?.kind === 'constraint' ? objects.get(indexOf(object)) : undefined;
    const rebuilt = object?.kind === 'index' || (object?.kind === 'sequence' && isIdentity) ? object : index;
    if (rebuilt) recordAccess(collector, objectKey(rebuilt), 'write', cause);
  }
}

/** A key's index has its name. */
function indexOf({ schema, name }: ObjectId): string {
  return keyOf({ kind: 'index', ...(schema === undefined ? {} : { schema }), name });
}

function collectNarrow(collector: Collector, effect: Effect, name: Aspect): void {
  const { object } = effect;
  const cause = causeOf(effect);
  const owner = ownerOf(object);
  const mode = name === 'references' || name === 'details' ? 'add' : 'write';
  recordAccess(collector, objectKey(object), 'read', cause);
  recordAccess(collector, aspect(name, object), mode, cause);
  for (const whole of owner ? [owner] : wholesOf(collector, object))
    recordAccess(collector, aspect('details', whole), 'add', cause);
  if (name === 'references') noteReference(collector, effect);
  if (effect.change?.kind === 'owner') noteRoles(collector, keyOf(object), cause);
  if (name !== 'privileges') return;
  if (owner) recordAccess(collector, aspect('privileges', owner), 'write', cause);
  if (object.schema !== undefined) recordAccess(collector, allPrivilegesOf(object.schema), 'add', cause);
}

/** What LIKE copies an object with: itself, or the table of an index or of statistics. */
function wholesOf({ catalogue }: Collector, object: ObjectId): ObjectId[] {
  if (!isAttached(object)) return [object];
  const tables = neededObjects(catalogue, keyOf(object)).filter(({ kind }) => nameSpaceOf(kind) === 'rel');
  return [object, ...tables];
}

/** What children and partitions get along, unless ONLY says otherwise (ATPrepCmd in tablecmds.c). */
function collectPassedSetting(collector: Collector, effect: Effect): void {
  collectNarrow(collector, effect, 'options');
  const { object, isOnly } = effect;
  const owner = ownerOf(object);
  if (!owner || isOnly) return;
  const cause = causeOf(effect);
  for (const child of withDescendants(collector.catalogue, owner)) {
    if (child === owner) continue;
    recordAccess(collector, objectKey(child), 'read', cause);
    recordAccess(collector, aspect('options', partOf(child, 'column', object.name)), 'write', cause);
  }
}

/** DROP OWNED takes along what the history gave to the role. */
function collectOwned(collector: Collector, effect: Effect): void {
  const { object: role, change } = effect;
  recordAccess(collector, objectKey(role), 'write', causeOf(effect));
  if (change?.kind !== 'owned' || !change.isDropped) return;
  const { properties, objects } = collector.catalogue;
  for (const [key, { owner }] of properties) {
    const object = owner === role.name ? objects.get(key) : undefined;
    if (object) collectDrop(collector, { ...effect, action: 'drop', object, isConditional: true });
  }
}

/** GRANT on one object, or on all of a schema. */
function collectPrivileges(collector: Collector, effect: Effect): void {
  const { object: schema, change } = effect;
  const group = change?.kind === 'privileges' ? change.group : undefined;
  if (group === undefined) {
    collectNarrow(collector, effect, 'privileges');
    return;
  }
  const cause = causeOf(effect);
  recordAccess(collector, objectKey(schema), 'read', cause);
  recordAccess(collector, groupKey(schema.name, group), 'read', cause);
  recordAccess(collector, allPrivilegesOf(schema.name), 'write', cause);
}

/** A unique index is a key of its table. */
function collectIndex(collector: Collector, effect: Effect): void {
  const { object, change } = effect;
  if (change?.kind !== 'index' || !change.isUnique) {
    collectNarrow(collector, effect, 'details');
    return;
  }
  const cause = causeOf(effect);
  recordAccess(collector, objectKey(object), 'read', cause);
  for (const name of ['keys', 'rules', 'details'] as const)
    recordAccess(collector, aspect(name, object), 'add', cause);
}

/** ENABLE and DISABLE TRIGGER ALL concern those that are there, and those of foreign keys. */
function collectTriggers(collector: Collector, effect: Effect): void {
  const { object } = effect;
  const cause = causeOf(effect);
  collectRelation(collector, effect);
  for (const name of ['triggers', 'rules'] as const)
    recordAccess(collector, aspect(name, object), 'write', cause);
  if (effect.change?.kind === 'all triggers' && !effect.change.isOfUsers)
    recordAccess(collector, aspect('references', object), 'read', cause);
  for (const part of partKeysOf(collector.catalogue, keyOf(object)))
    if (part.kind === 'trigger') recordAccess(collector, objectKey(part), 'write', cause);
}

/** Policies come into force, or no longer. */
function collectRowSecurity(collector: Collector, effect: Effect): void {
  collectRelation(collector, effect);
  recordAccess(collector, aspect('triggers', effect.object), 'add', causeOf(effect));
}
