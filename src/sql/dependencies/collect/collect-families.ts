/** Converts commands that join a table to a parent or a type, or part them, into accesses. */

import type { Effect, PassedParts } from '../../effects/effect.js';
import { keyOf } from '../../effects/object-key.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { partOf } from '../../syntax/object-names.js';
import { columnsOf, parentsOf, partKeysOf } from '../catalogue.js';
import { aspect, objectKey } from '../keys.js';
import { boundsOf, recordPart } from '../record-part.js';
import { typeOfRelation } from '../row-types.js';
import { collectRelation } from './collect-relation.js';
import { type Collector, causeOf, recordAccess } from './collector.js';
import { noteLinkedParts } from './note-partition-parts.js';

/** A parent gets or loses a child, and a child a parent. */
export function collectFamily(collector: Collector, effect: Effect): void {
  const { object, change, bounds, to } = effect;
  if (change?.kind !== 'family' || change.end === 'child') {
    collectChild(collector, effect);
    return;
  }
  const child = to && keyOf(to);
  recordAccess(collector, objectKey(object), 'read', causeOf(effect));
  recordPart(collector, object, { ...effect, ...boundsOf(collector, { bounds, child }) });
}

function collectChild(collector: Collector, given: Effect): void {
  const { object, to: parent } = given;
  const effect = parent ? { ...given, passed: passedParts(collector, keyOf(parent)) } : given;
  const cause = causeOf(effect);
  collectRelation(collector, effect);
  recordAccess(collector, aspect('shape', object), 'write', cause);
  // Its constraints must be those of the parent.
  recordAccess(collector, aspect('rules', object), 'write', cause);
  for (const name of ['filling', 'triggers'] as const)
    recordAccess(collector, aspect(name, object), 'add', cause);
  if (!parent) return;
  // Its rows are rows of the parent from now on, or no longer.
  if (object.kind !== 'index') recordAccess(collector, aspect('rows', parent), 'write', cause);
  if (given.change?.kind === 'family' && given.change.link === 'partition' && object.kind !== 'index')
    noteLinkedParts(collector, effect, { parent, child: object });
  for (const column of columnsOf(collector.catalogue, keyOf(parent))) {
    recordAccess(collector, aspect('options', column), 'read', cause);
    recordAccess(collector, aspect('options', partOf(object, 'column', column.name)), 'read', cause);
  }
}

function passedParts({ catalogue }: Collector, parent: string): PassedParts {
  const namesOf = (parts: readonly ObjectId[]) => parts.map(({ name }) => name);
  const parts = partKeysOf(catalogue, parent);
  const isCheck = (part: ObjectId) => catalogue.properties.get(keyOf(part))?.check !== undefined;
  return { columns: namesOf(columnsOf(catalogue, parent)), checks: namesOf(parts.filter(isCheck)) };
}

/** A table becomes one OF a type, or is none any more: then its columns are its own. */
export function collectTyping(collector: Collector, effect: Effect): void {
  const { object, change } = effect;
  const cause = causeOf(effect);
  collectRelation(collector, effect);
  recordAccess(collector, aspect('shape', object), 'write', cause);
  if (change?.kind === 'of type' && change.isOn) return;
  for (const parent of parentsOf(collector.catalogue, keyOf(object)))
    recordAccess(collector, aspect('attributes', typeOfRelation(parent)), 'read', cause);
}
