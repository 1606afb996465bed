/** Stores each migration's ancestors as bits, to omit edges that others imply. */

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
  const words = Math.ceil(size / 32);
  const sets: Uint32Array[] = [];
  return {
    add(needs) {
      const own = new Uint32Array(words);
      const kept: number[] = [];
      // Later migrations imply earlier ones, never the other way round.
      for (const need of [...needs].sort((a, b) => b - a)) {
        if (has(own, need)) continue;
        kept.push(need);
        unite(own, sets[need] as Uint32Array);
        own[need >> 5] = (own[need >> 5] as number) | (1 << (need & 31));
      }
      sets.push(own);
      return kept.reverse();
    },
  };
}

function has(set: Uint32Array, index: number): boolean {
  return ((set[index >> 5] as number) & (1 << (index & 31))) !== 0;
}

function unite(set: Uint32Array, other: Uint32Array): void {
  for (let word = 0; word < other.length; word += 1)
    set[word] = (set[word] as number) | (other[word] as number);
}
