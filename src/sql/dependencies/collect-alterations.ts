/** Turns changes of objects that stay into accesses, and renames and moves. */

import { familyOf } from '../effects/context.js';
import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';
import type { Cause } from './access.js';
import { extensions, publications } from './access.js';
import { attachedTo, constraintOf, objectsIn, ownerKey } from './catalogue.js';
import { collectPart, collectPresence, touchOwner } from './collect-changes.js';
import { touchTwin } from './collect-drops.js';
import { type Collector, causeOf, touch, touchAround, touchNames } from './collector.js';
import { type Aspect, allPrivilegesOf, aspect, contentsOf, groupKey } from './keys.js';

/** Changes that concern nothing but one aspect of the object. */
const narrowChanges: Readonly<Record<string, Aspect>> = {
  comment: 'comment',
  'security label': 'comment',
  privileges: 'privileges',
  'fewer privileges': 'privileges',
  owner: 'privileges',
  'add reference': 'references',
  'add cascading reference': 'references',
  'add index': 'details',
  'add statistics': 'details',
  'set statistics': 'options',
  'set storage': 'options',
  'set compression': 'options',
};

/** Something about an object that stays. */
export function collectAlter(collector: Collector, effect: Effect): void {
  const { object, change = '', to } = effect;
  const cause = causeOf(effect);
  const key = keyOf(object);
  touchNames(collector, object, cause);
  if (to && (change === 'rename' || change === 'set schema')) {
    collectMove(collector, effect, to);
    return;
  }
  touchAround(collector, object, cause);
  if (change.includes('privileges of all')) {
    collectAllPrivileges(collector, effect);
    return;
  }
  const narrow = narrowChanges[change];
  if (narrow) collectNarrow(collector, effect, narrow);
  else if (familyOf(object.kind) === 'rel') collectRelation(collector, effect);
  else {
    touch(collector, key, 'write', cause);
    collectPart(collector, effect);
    if (change === 'set type') touchRetyped(collector, key, cause);
    if (object.kind === 'extension') touch(collector, extensions, 'write', cause);
    if (object.kind === 'publication') touch(collector, publications, 'add', cause);
  }
}

/** The indexes of a column are built anew with it, and its own sequence gets its type. */
function touchRetyped(collector: Collector, column: string, cause: Cause): void {
  const { catalogue } = collector;
  for (const user of catalogue.neededBy.get(column) ?? []) {
    const object = catalogue.objects.get(user);
    if (object?.kind === 'index' || object?.kind === 'sequence') touch(collector, user, 'write', cause);
    const index = object?.kind === 'constraint' ? indexOf(object) : undefined;
    if (index !== undefined && catalogue.objects.has(index)) touch(collector, index, 'write', cause);
  }
}

/** A key's index has its name. */
function indexOf({ schema, name }: ObjectId): string {
  return keyOf({ kind: 'index', ...(schema === undefined ? {} : { schema }), name });
}

function collectNarrow(collector: Collector, effect: Effect, name: Aspect): void {
  const { object } = effect;
  const cause = causeOf(effect);
  const key = keyOf(object);
  touch(collector, key, 'read', cause);
  touch(collector, aspect(name, key), name === 'references' || name === 'details' ? 'add' : 'write', cause);
  touch(collector, aspect('details', ownerKey(object) ?? key), 'add', cause);
  if (name !== 'privileges') return;
  const owner = ownerKey(object);
  if (owner !== undefined) touch(collector, aspect('privileges', owner), 'write', cause);
  if (object.schema !== undefined) touch(collector, allPrivilegesOf(object.schema), 'add', cause);
}

function collectAllPrivileges(collector: Collector, effect: Effect): void {
  const { object: schema, change = '' } = effect;
  const cause = causeOf(effect);
  touch(collector, keyOf(schema), 'read', cause);
  touch(collector, groupKey(schema.name, change.split(' ').at(-1) ?? ''), 'read', cause);
  touch(collector, allPrivilegesOf(schema.name), 'write', cause);
}

/** A relation as a whole: its family, its triggers and rules, or how it is stored. */
function collectRelation(collector: Collector, effect: Effect): void {
  const { object, change = '', to } = effect;
  const cause = causeOf(effect);
  const key = keyOf(object);
  touch(collector, key, 'read', cause);
  const isFamily = / (partition|child)\b/.test(change);
  if (isFamily && to) {
    touch(collector, aspect('parts', key), change.startsWith('add') ? 'add' : 'write', cause);
    return;
  }
  if (change === 'add unique index') {
    touch(collector, aspect('keys', key), 'add', cause);
    touch(collector, aspect('rules', key), 'add', cause);
    touch(collector, aspect('details', key), 'add', cause);
    return;
  }
  touch(collector, aspect('options', key), 'write', cause);
  touch(collector, aspect('details', key), 'add', cause);
  for (const attached of attachedTo(collector.catalogue, key))
    touch(collector, aspect('options', attached), 'write', cause);
  if (change.endsWith(' triggers')) collectTriggers(collector, key, cause);
  if (isFamily) touch(collector, aspect('shape', key), 'write', cause);
  if (isFamily)
    for (const name of ['rules', 'filling'] as const) touch(collector, aspect(name, key), 'add', cause);
  if (isFamily || change.endsWith(' security')) touch(collector, aspect('triggers', key), 'add', cause);
  touchDefinition(collector, object, cause);
}

/** ENABLE and DISABLE TRIGGER ALL concern those that are there, and those of foreign keys. */
function collectTriggers(collector: Collector, table: string, cause: Cause): void {
  for (const name of ['triggers', 'rules'] as const) touch(collector, aspect(name, table), 'write', cause);
  for (const part of collector.catalogue.parts.get(table) ?? []) {
    if (part.startsWith('trigger:')) touch(collector, part, 'write', cause);
  }
}

/** Sequences and views are changed as a whole. */
function touchDefinition(collector: Collector, object: ObjectId, cause: Cause): void {
  if (object.kind === 'sequence') touch(collector, aspect('rows', keyOf(object)), 'write', cause);
}

/** The old name is free, the new one taken, and all that has the object in its name goes along. */
function collectMove(collector: Collector, effect: Effect, to: ObjectId): void {
  const { object } = effect;
  const cause = causeOf(effect);
  collectPresence(collector, object, cause);
  collectPresence(collector, to, cause);
  collectPart(collector, effect);
  collectPart(collector, { ...effect, object: to });
  if (object.kind === 'enum value') touchOwner(collector, object, 'write', cause);
  if (object.kind === 'schema') touch(collector, contentsOf(object.name), 'write', cause);
  for (const inside of objectsIn(collector.catalogue, object))
    moveAlong(collector, effect, [inside, { ...inside, schema: to.name }]);
  touchTwin(collector, object, cause);
  touchTwin(collector, to, cause);
  const constraint = constraintOf(collector.catalogue, object);
  if (constraint && to.name !== object.name)
    moveAlong(collector, effect, [constraint, { ...constraint, name: to.name }]);
  if (familyOf(object.kind) !== 'rel') return;
  if (object.schema !== to.schema) collectFollowers(collector, effect, to);
}

function moveAlong(collector: Collector, effect: Effect, [object, to]: [ObjectId, ObjectId]): void {
  collectMove(collector, { ...effect, object, to }, to);
}

/** Indexes and sequences move to the schema of their table. */
function collectFollowers(collector: Collector, effect: Effect, to: ObjectId): void {
  const { catalogue } = collector;
  for (const user of attachedTo(catalogue, keyOf(effect.object))) {
    const id = catalogue.objects.get(user);
    if (!id || to.schema === undefined) continue;
    for (const object of [id, { ...id, schema: to.schema }])
      collectPresence(collector, object, causeOf(effect));
  }
}
