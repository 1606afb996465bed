/** Records that a table gets or loses a child, and which rows a partition is for. */

import type { Effect, PartitionBounds } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';
import { type Collector, causeOf, noteAccess, recordAccess } from './collector.js';
import { aspect } from './keys.js';

/** Which rows a partition is for: as the statement says, or as the history has it. */
export function boundsOf(
  { catalogue }: Collector,
  { bounds, child = '' }: { bounds: PartitionBounds | undefined; child: string | undefined },
): { bounds?: PartitionBounds } {
  const known = bounds ?? catalogue.partitions.get(child);
  return known ? { bounds: known } : {};
}

/** A table gets or loses a child; of a partition the columns of the key are noted. */
export function recordPart(collector: Collector, parent: ObjectId, effect: Effect): void {
  const columns = collector.catalogue.properties.get(keyOf(parent))?.['partition key']?.split('\n');
  const cause = causeOf({ ...effect, ...(columns ? { columns } : {}) });
  if (effect.bounds) noteAccess(collector, aspect('bounds', parent), 'write', cause);
  const isAdded = effect.change?.kind === 'family' && effect.change.isAdded;
  recordAccess(collector, aspect('parts', parent), isAdded ? 'add' : 'write', cause);
}
