/** Notes which indexes partitions get, for themselves or along with their tables. */

import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';
import { attachedTo, type Catalogue } from './catalogue.js';
import { type Collector, causeOf, noteAccess, withAncestors, withDescendants } from './collector.js';
import { equalIndexesKey } from './keys.js';

/**
 * An index of a table takes over an equal one of a partition, and otherwise makes one there (DefineIndex). Of several the first is
 * taken over, so the index of a table only reads which there are if one was there before.
 */
export function notePartitionIndexes(collector: Collector, effect: Effect): void {
  const { beside: table, parts, isOnly } = effect;
  const definition = parts?.index;
  if (!table || definition === undefined) return;
  const { catalogue } = collector;
  for (const one of isOnly ? [table] : withDescendants(catalogue, table)) {
    if (!catalogue.partitions.has(keyOf(one))) continue;
    const isTaken = withAncestors(catalogue, one).some(
      (above) => keyOf(above) !== keyOf(table) && hasEqual(catalogue, above, definition),
    );
    noteAccess(collector, equalIndexesKey(one, definition), isTaken ? 'read' : 'write', causeOf(effect));
  }
}

function hasEqual(catalogue: Catalogue, partition: ObjectId, definition: string): boolean {
  return attachedTo(catalogue, keyOf(partition)).some(
    (index) => catalogue.definitions.get(keyOf(index))?.index === definition,
  );
}
