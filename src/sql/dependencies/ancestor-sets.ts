/** Stores each migration's ancestors as bits, to omit edges that others imply. */

import { addWithAncestors, emptySet, has, type NumberSet } from '../../graph/number-set.js';

/** Sets of ancestors, in the order of the history. */
export interface AncestorSets {
  /**
   * Adds the next migration.
   * @param needs indices of earlier migrations, in any order
   * @returns those of them that the others don't imply, ascending.
   */
  add(needs: Iterable<number>): number[];
}

/** @param size how many migrations there will be */
export function createAncestorSets(size: number): AncestorSets {
  const sets: NumberSet[] = [];
  return {
    add(needs) {
      const own = emptySet(size);
      const kept: number[] = [];
      // Later migrations imply earlier ones, never the other way round.
      for (const need of [...needs].sort((a, b) => b - a)) {
        if (has(own, need)) continue;
        kept.push(need);
        addWithAncestors(own, need, sets[need] as NumberSet);
      }
      sets.push(own);
      return kept.reverse();
    },
  };
}
