/** Turns changes of objects that stay into accesses. */

import { nameSpaceOf } from '../effects/context.js';
import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';
import type { Cause } from './access.js';
import { extensions, publications } from './access.js';
import { attachedTo, ownerKey } from './catalogue.js';
import { collectPart } from './collect-changes.js';
import { collectMove } from './collect-moves.js';
import {
  type Collector,
  causeOf,
  noteAccess,
  recordAccess,
  recordSurroundings,
  touchNames,
} from './collector.js';
import { type Aspect, allPrivilegesOf, aspect, groupKey } from './keys.js';
import { noteReference } from './note-references.js';

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
  recordSurroundings(collector, object, cause);
  if (change.includes('privileges of all')) {
    collectAllPrivileges(collector, effect);
    return;
  }
  const narrow = narrowChanges[change];
  if (narrow) collectNarrow(collector, effect, narrow);
  else if (nameSpaceOf(object.kind) === 'rel') collectRelation(collector, effect);
  else {
    recordAccess(collector, key, 'write', cause);
    collectPart(collector, effect);
    if (change === 'set type') {
      touchRetyped(collector, key, cause);
      noteRowType(collector, object, cause);
    }
    if (object.kind === 'extension') recordAccess(collector, extensions, 'write', cause);
    if (object.kind === 'publication') recordAccess(collector, publications, 'add', cause);
  }
}

/** Who has columns of the row type, or is a table of it, stands in the way. */
function noteRowType(collector: Collector, { schema, parent = '' }: ObjectId, cause: Cause): void {
  const type = keyOf({ kind: 'type', ...(schema === undefined ? {} : { schema }), name: parent });
  noteAccess(collector, type, 'write', { ...cause, verb: 'alters' });
}

/** The indexes of a column are built anew with it, and its own sequence gets its type. */
function touchRetyped(collector: Collector, column: string, cause: Cause): void {
  const { catalogue } = collector;
  for (const user of catalogue.neededBy.get(column) ?? []) {
    const object = catalogue.objects.get(user);
    if (object?.kind === 'index' || object?.kind === 'sequence')
      recordAccess(collector, user, 'write', cause);
    const index = object?.kind === 'constraint' ? indexOf(object) : undefined;
    if (index !== undefined && catalogue.objects.has(index)) recordAccess(collector, index, 'write', cause);
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
  recordAccess(collector, key, 'read', cause);
  recordAccess(
    collector,
    aspect(name, key),
    name === 'references' || name === 'details' ? 'add' : 'write',
    cause,
  );
  recordAccess(collector, aspect('details', ownerKey(object) ?? key), 'add', cause);
  if (name === 'references') noteReference(collector, effect);
  if (name !== 'privileges') return;
  const owner = ownerKey(object);
  if (owner !== undefined) recordAccess(collector, aspect('privileges', owner), 'write', cause);
  if (object.schema !== undefined) recordAccess(collector, allPrivilegesOf(object.schema), 'add', cause);
}

function collectAllPrivileges(collector: Collector, effect: Effect): void {
  const { object: schema, change = '' } = effect;
  const cause = causeOf(effect);
  recordAccess(collector, keyOf(schema), 'read', cause);
  recordAccess(collector, groupKey(schema.name, change.split(' ').at(-1) ?? ''), 'read', cause);
  recordAccess(collector, allPrivilegesOf(schema.name), 'write', cause);
}

/** A relation as a whole: its family, its triggers and rules, or how it is stored. */
function collectRelation(collector: Collector, effect: Effect): void {
  const { object, change = '', to } = effect;
  const cause = causeOf(effect);
  const key = keyOf(object);
  recordAccess(collector, key, 'read', cause);
  const isFamily = / (partition|child)\b/.test(change);
  if (isFamily && to) {
    collectFamily(collector, effect);
    return;
  }
  if (change === 'add unique index') {
    for (const name of ['keys', 'rules', 'details'] as const)
      recordAccess(collector, aspect(name, key), 'add', cause);
    return;
  }
  if (effect.sets?.persistence) noteAccess(collector, aspect('persistence', key), 'write', cause);
  recordAccess(collector, aspect('options', key), 'write', cause);
  recordAccess(collector, aspect('details', key), 'add', cause);
  for (const attached of attachedTo(collector.catalogue, key))
    recordAccess(collector, aspect('options', attached), 'write', cause);
  if (change.endsWith(' triggers')) collectTriggers(collector, key, cause);
  if (isFamily) recordAccess(collector, aspect('shape', key), 'write', cause);
  if (isFamily)
    for (const name of ['rules', 'filling'] as const)
      recordAccess(collector, aspect(name, key), 'add', cause);
  if (isFamily || change.endsWith(' security'))
    recordAccess(collector, aspect('triggers', key), 'add', cause);
  touchDefinition(collector, object, cause);
}

/** A parent gets or loses a child. */
function collectFamily(collector: Collector, effect: Effect): void {
  const [key, cause] = [keyOf(effect.object), causeOf(effect)];
  if (effect.bounds) noteAccess(collector, aspect('bounds', key), 'write', cause);
  recordAccess(collector, aspect('parts', key), effect.change?.startsWith('add') ? 'add' : 'write', cause);
}

/** ENABLE and DISABLE TRIGGER ALL concern those that are there, and those of foreign keys. */
function collectTriggers(collector: Collector, table: string, cause: Cause): void {
  for (const name of ['triggers', 'rules'] as const)
    recordAccess(collector, aspect(name, table), 'write', cause);
  for (const part of collector.catalogue.parts.get(table) ?? []) {
    if (part.startsWith('trigger:')) recordAccess(collector, part, 'write', cause);
  }
}

/** Sequences and views are changed as a whole. */
function touchDefinition(collector: Collector, object: ObjectId, cause: Cause): void {
  if (object.kind === 'sequence') recordAccess(collector, aspect('rows', keyOf(object)), 'write', cause);
}
