/** Records a change of a relation that stays, other than of its columns. */

import type { Effect } from '../../effects/effect.js';
import { keyOf } from '../../effects/object-key.js';
import { attachedTo } from '../catalogue.js';
import { aspect, objectKey } from '../keys.js';
import { type Collector, causeOf, recordAccess } from './collector.js';

/** A relation's storage, and dependent properties. */
export function collectRelation(collector: Collector, effect: Effect): void {
  const { object } = effect;
  const cause = causeOf(effect);
  recordAccess(collector, objectKey(object), 'read', cause);
  if (effect.sets?.persistence) recordAccess(collector, aspect('persistence', object), 'write', cause);
  recordAccess(collector, aspect('options', object), 'write', cause);
  recordAccess(collector, aspect('details', object), 'add', cause);
  for (const attached of attachedTo(collector.catalogue, keyOf(object)))
    recordAccess(collector, aspect('options', attached), 'write', cause);
  // Sequences are changed as a whole.
  if (object.kind === 'sequence') recordAccess(collector, aspect('rows', object), 'write', cause);
}
