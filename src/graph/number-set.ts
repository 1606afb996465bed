/** Sets of migrations as bits, numbered by graph order, so that ancestors of long histories fit into memory. */

export type NumberSet = Uint32Array;

/** An empty set for numbers below `size`. */
export function emptySet(size: number): NumberSet {
  return new Uint32Array(Math.ceil(size / 32));
}

export function has(set: NumberSet, number: number): boolean {
  return ((set[number >> 5] as number) & (1 << (number & 31))) !== 0;
}

/** Adds a migration and its ancestors. */
export function addWithAncestors(set: NumberSet, number: number, ancestors: NumberSet): void {
  for (let word = 0; word < set.length; word += 1) {
    set[word] = (set[word] as number) | (ancestors[word] as number);
  }
  set[number >> 5] = (set[number >> 5] as number) | (1 << (number & 31));
}

/** Whether `found` has all that both `wanted` and `known` have. */
export function hasCommon(found: NumberSet, wanted: NumberSet, known: NumberSet): boolean {
  return found.every((word, index) => {
    const common = (wanted[index] as number) & (known[index] as number);
    return (common & ~word) === 0;
  });
}

/** The ancestors of each migration; `parents` before their children, as numbers. */
export function ancestorSets(parents: readonly (readonly number[])[]): NumberSet[] {
  const sets: NumberSet[] = [];
  for (const own of parents) {
    const set = emptySet(parents.length);
    for (const parent of own) addWithAncestors(set, parent, sets[parent] as NumberSet);
    sets.push(set);
  }
  return sets;
}
