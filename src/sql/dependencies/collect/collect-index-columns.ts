/** Notes the columns of an index that a key or a replica identity takes: they must be NOT NULL, or become it. */

import type { Effect } from '../../effects/effect.js';
import { keyOf } from '../../effects/object-key.js';
import { objectKey } from '../keys.js';
import { type Collector, causeOf, noteAccess } from './collector.js';

/** Each column of the index, as far as the history knows them. */
export function noteIndexColumns(collector: Collector, effect: Effect): void {
  const { definitions, needs, known } = collector.catalogue;
  const index = keyOf(effect.object);
  const names = definitions.get(index)?.keyColumns ?? [];
  for (const needed of needs.get(index) ?? []) {
    const column = known.get(needed)?.object;
    if (column?.kind !== 'column' || !names.includes(column.name)) continue;
    noteAccess(collector, objectKey(column), 'read', causeOf({ ...effect, object: column }));
  }
}
