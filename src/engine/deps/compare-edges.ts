/** Compares declared edges with needed edges. Migrations are numbers in the order of the graph. */

import {
  addWithAncestors,
  ancestorSets,
  emptySet,
  has,
  hasCommon,
  type NumberSet,
} from '../../graph/number-set.js';

/** For each migration others that come before it. */
export type NumberedEdges = readonly (readonly number[])[];

/**
 * The fewest edges that make every need an ancestor.
 * @returns for each migration what it lacks, ascending.
 */
export function findMissingEdges(declared: NumberedEdges, needs: NumberedEdges): number[][] {
  const sets: NumberSet[] = [];
  return declared.map((parents, index) => {
    const own = emptySet(declared.length);
    for (const parent of parents) addWithAncestors(own, parent, sets[parent] as NumberSet);
    const missing: number[] = [];
    // Later migrations may imply earlier ones, never the other way round.
    for (const need of [...(needs[index] ?? [])].sort((a, b) => b - a)) {
      if (has(own, need)) continue;
      missing.push(need);
      addWithAncestors(own, need, sets[need] as NumberSet);
    }
    sets.push(own);
    return missing.reverse();
  });
}

/** Parents that are ancestors of other parents. */
export function findRedundantEdges(declared: NumberedEdges): number[][] {
  const sets = ancestorSets(declared);
  return declared.map((parents) =>
    parents.filter((parent) => parents.some((other) => has(sets[other] as NumberSet, parent))),
  );
}

/**
 * Edges that could all be taken away together, and every migration would still have all the ancestors that it needs.
 * @param inferred the parents that each migration needs, guesses included
 * @param kept edges that are not asked about
 */
export function findUnneededEdges(
  declared: NumberedEdges,
  inferred: NumberedEdges,
  kept: (child: number, parent: number) => boolean,
): number[][] {
  const wanted = ancestorSets(inferred);
  const known = ancestorSets(declared);
  const parents = declared.map((own) => [...own]);
  const sets = [...known];
  const isEnough = (index: number, found: NumberSet) =>
    hasCommon(found, wanted[index] as NumberSet, known[index] as NumberSet);
  return declared.map((own, child) =>
    own.filter((parent) => {
      if (kept(child, parent) || has(wanted[child] as NumberSet, parent)) return false;
      const changed = without({ parents, sets, isEnough }, child, parent);
      if (!changed) return false;
      for (const [index, set] of changed) sets[index] = set;
      parents[child] = (parents[child] as number[]).filter((other) => other !== parent);
      return true;
    }),
  );
}

interface Trial {
  parents: NumberedEdges;
  sets: readonly NumberSet[];
  isEnough(index: number, found: NumberSet): boolean;
}

/** @returns the ancestors that change without the edge; undefined if somebody would lack one. */
function without(
  { parents, sets, isEnough }: Trial,
  child: number,
  removed: number,
): Map<number, NumberSet> | undefined {
  const changed = new Map<number, NumberSet>();
  for (let index = child; index < parents.length; index += 1) {
    if (index !== child && !has(sets[index] as NumberSet, child)) continue;
    const found = emptySet(parents.length);
    for (const parent of parents[index] ?? []) {
      if (index === child && parent === removed) continue;
      addWithAncestors(found, parent, changed.get(parent) ?? (sets[parent] as NumberSet));
    }
    if (!isEnough(index, found)) return undefined;
    changed.set(index, found);
  }
  return changed;
}
