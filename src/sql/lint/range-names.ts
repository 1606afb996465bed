/** Finds the tables and views that a statement names, wherever it names them. */

import type { RangeVar } from '@pgsql/types';

/** Every name of a relation in a syntax tree, but for those of its own WITH queries. */
export function findRanges(tree: unknown): RangeVar[] {
  const found: RangeVar[] = [];
  const own = new Set<string>();
  const pending: unknown[] = [tree];
  while (pending.length > 0) {
    const part = pending.pop();
    if (typeof part !== 'object' || part === null) continue;
    for (const [key, value] of Object.entries(part)) {
      if (key === 'ctename' && typeof value === 'string') own.add(value);
      if (isRange(key, value)) found.push(value);
      else pending.push(value);
    }
  }
  return found.filter(({ relname = '', schemaname }) => schemaname !== undefined || !own.has(relname));
}

/** In some places the grammar leaves the wrapping out: `relation`, `view`, `rel` and their like hold a name right away. */
function isRange(key: string, value: unknown): value is RangeVar {
  if (typeof value !== 'object' || value === null) return false;
  return key === 'RangeVar' || 'relpersistence' in value;
}
