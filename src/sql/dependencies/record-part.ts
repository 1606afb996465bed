/** Records that a table gets or loses a child, and which rows a partition is for. */

import type { Effect } from '../effects/effect.js';
import type { PartitionBounds } from '../effects/effect-details.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';
import { partOf } from '../syntax/object-names.js';
import { collectEnumValues } from './collect/collect-values.js';
import { type Collector, causeOf, noteAccess, recordAccess } from './collect/collector.js';
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
  const columns = collector.catalogue.definitions.get(keyOf(parent))?.partitionKey;
  const cause = causeOf({ ...effect, ...(columns ? { columns } : {}) });
  if (effect.bounds) noteAccess(collector, aspect('bounds', parent), 'write', cause);
  const isAdded = effect.change?.kind === 'family' && effect.change.isAdded;
  if (isAdded) for (const column of columns ?? []) collectListValues(collector, effect, column);
  recordAccess(collector, aspect('parts', parent), isAdded ? 'add' : 'write', cause);
}

/** The values of a list are values of the column that decides. */
function collectListValues(collector: Collector, effect: Effect, column: string): void {
  const values = effect.bounds?.kind === 'list' ? effect.bounds.values : [];
  const literals = values.filter((value) => value.startsWith("'")).map((value) => value.slice(1));
  collectEnumValues(collector, { ...effect, object: partOf(effect.object, 'column', column), literals });
}
