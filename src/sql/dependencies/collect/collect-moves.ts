/** Converts renames and moves to another schema into accesses. */

import type { Effect } from '../../effects/effect.js';
import { nameSpaceOf } from '../../effects/name-space.js';
import { keyOf } from '../../effects/object-key.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { attachedTo, constraintOf, objectsOfSchema } from '../catalogue.js';
import { contentsOf } from '../keys.js';
import { noteFormer } from '../remade-tables.js';
import { renamedCasts } from '../renamed-casts.js';
import { collectPart, collectPresence, touchOwner } from './collect-changes.js';
import { recordTwin } from './collect-drops.js';
import { type Collector, causeOf, recordAccess } from './collector.js';

/** The old name is free, the new one taken, and all that has the object in its name goes along. */
export function collectMove(collector: Collector, effect: Effect, to: ObjectId): void {
  moveOne(collector, effect, to);
  for (const ends of renamedCasts(collector.catalogue, effect.object, to)) moveAlong(collector, effect, ends);
}

function moveOne(collector: Collector, effect: Effect, to: ObjectId): void {
  const { object } = effect;
  const cause = causeOf(effect);
  noteFormer(collector, effect);
  collectPresence(collector, object, cause);
  collectPresence(collector, to, cause);
  collectPart(collector, effect);
  collectPart(collector, { ...effect, object: to });
  if (object.kind === 'enum value') touchOwner(collector, object, 'write', cause);
  if (object.kind === 'schema') recordAccess(collector, contentsOf(object.name), 'write', cause);
  for (const inside of objectsOfSchema(collector.catalogue, object))
    moveAlong(collector, effect, [inside, { ...inside, schema: to.name }]);
  recordTwin(collector, object, cause);
  recordTwin(collector, to, cause);
  const constraint = constraintOf(collector.catalogue, object);
  if (constraint && to.name !== object.name)
    collectConstraint(collector, effect, [constraint, { ...constraint, name: to.name }]);
  if (nameSpaceOf(object.kind) !== 'rel') return;
  if (object.schema !== to.schema) collectFollowers(collector, effect, to);
}

function moveAlong(collector: Collector, effect: Effect, [object, to]: [ObjectId, ObjectId]): void {
  moveOne(collector, { ...effect, object, to, isImplicit: true }, to);
}

/** The constraint of an index has its name, and is found through it, whatever the table is called by now. */
function collectConstraint(collector: Collector, effect: Effect, [object, to]: [ObjectId, ObjectId]): void {
  const cause = { ...causeOf({ ...effect, object, to }), isDependency: true };
  for (const name of [object, to]) collectPresence(collector, name, cause);
  for (const name of [object, to]) collectPart(collector, { ...effect, object: name, to });
}

/** Indexes and sequences move to the schema of their table. */
function collectFollowers(collector: Collector, effect: Effect, to: ObjectId): void {
  const { catalogue } = collector;
  for (const attached of attachedTo(catalogue, keyOf(effect.object))) {
    if (to.schema === undefined) continue;
    for (const object of [attached, { ...attached, schema: to.schema }])
      collectPresence(collector, object, causeOf(effect));
  }
}
