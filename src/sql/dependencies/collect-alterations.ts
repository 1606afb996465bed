/** Turns changes of objects that stay into accesses, and renames and moves. */

import { familyOf } from '../effects/context.js';
import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';
import type { Cause } from './access.js';
import { extensions, publications } from './access.js';
import { attachedTo, type Catalogue, constraintOf, objectsIn, ownerKey } from './catalogue.js';
import { collectPart, collectPresence, touchOwner } from './collect-changes.js';
import { touchTwin } from './collect-drops.js';
import { type Collector, causeOf, noteTouch, touch, touchAround, touchNames } from './collector.js';
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
    if (change === 'set type') {
      touchRetyped(collector, key, cause);
      noteRowType(collector, object, cause);
    }
    if (object.kind === 'extension') touch(collector, extensions, 'write', cause);
    if (object.kind === 'publication') touch(collector, publications, 'add', cause);
  }
}

/** Who has columns of the row type, or is a table of it, stands in the way. */
function noteRowType(collector: Collector, { schema, parent = '' }: ObjectId, cause: Cause): void {
  const type = keyOf({ kind: 'type', ...(schema === undefined ? {} : { schema }), name: parent });
  noteTouch(collector, type, 'write', { ...cause, verb: 'alters' });
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
  if (name === 'references') noteReference(collector, effect);
  if (name !== 'privileges') return;
  const owner = ownerKey(object);
  if (owner !== undefined) touch(collector, aspect('privileges', owner), 'write', cause);
  if (object.schema !== undefined) touch(collector, allPrivilegesOf(object.schema), 'add', cause);
}

/** Both ends of a foreign key must be logged alike, or the end that refers may be lost while the other stays. */
function noteReference(collector: Collector, effect: Effect): void {
  const { properties } = collector.catalogue;
  const child = effect.by && ownerKey(effect.by);
  const parent = keyOf(effect.object);
  if (child === undefined || child === parent) return;
  for (const [end, other] of [
    ['referring', parent],
    ['referred', child],
  ] as const) {
    const sets = { end, other: properties.get(other)?.persistence ?? 'permanent' };
    const cause = causeOf({ ...effect, sets });
    noteTouch(collector, aspect('persistence', end === 'referred' ? parent : child), 'read', cause);
  }
  noteKeyTypes(collector, effect, { child, parent });
}

/** The columns of a foreign key, with the types of those at the other end. */
function noteKeyTypes(
  collector: Collector,
  effect: Effect,
  { child, parent }: { child: string; parent: string },
): void {
  const { catalogue } = collector;
  const named = [...(catalogue.needs.get(keyOf(effect.by as ObjectId)) ?? [])];
  const own = named.filter((key) => isColumnOf(key, child));
  const referred = named.filter((key) => isColumnOf(key, parent));
  const others = referred.length > 0 ? referred : primaryKeyOf(catalogue, parent);
  if (own.length !== others.length) return;
  own.forEach((key, index) => {
    const other = others[index] as string;
    noteEnd(collector, effect, [key, other]);
    noteEnd(collector, effect, [other, key]);
  });
}

function noteEnd(collector: Collector, effect: Effect, [column, other]: [string, string]): void {
  const type = collector.catalogue.properties.get(other)?.['type name'];
  const use: Effect = {
    ...effect,
    action: 'use',
    change: 'foreign key',
    sets: type === undefined ? {} : { 'other end': type },
  };
  noteTouch(collector, column, 'read', { ...causeOf(use), verb: 'refers to' });
}

function isColumnOf(key: string, relation: string): boolean {
  return key.startsWith(`column:${relation.slice('rel:'.length)}.`);
}

function primaryKeyOf({ parts, properties, needs }: Catalogue, relation: string): string[] {
  const key = [...(parts.get(relation) ?? [])].find((part) => properties.get(part)?.key === 'primary');
  return [...(needs.get(key ?? '') ?? [])].filter((needed) => isColumnOf(needed, relation));
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
    collectFamily(collector, effect);
    return;
  }
  if (change === 'add unique index') {
    for (const name of ['keys', 'rules', 'details'] as const)
      touch(collector, aspect(name, key), 'add', cause);
    return;
  }
  if (effect.sets?.persistence) noteTouch(collector, aspect('persistence', key), 'write', cause);
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

/** A parent gets or loses a child. */
function collectFamily(collector: Collector, effect: Effect): void {
  const [key, cause] = [keyOf(effect.object), causeOf(effect)];
  if (effect.bounds) noteTouch(collector, aspect('bounds', key), 'write', cause);
  touch(collector, aspect('parts', key), effect.change?.startsWith('add') ? 'add' : 'write', cause);
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
