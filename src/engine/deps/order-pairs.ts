/** Finds the fewest edges that put pairs of migrations in order. Migrations are numbers in the order of the graph. */

import { addWithAncestors, ancestorSets, has, type NumberSet } from '../../graph/number-set.js';
import { reverseEdges, topologicalOrder } from '../../graph/order.js';
import { findMissingEdges, type NumberedEdges } from './compare-edges.js';

/** Two migrations in no order. */
export interface OpenPair {
  one: number;
  other: number;
  /** Which should come first. */
  first: number;
  /** Whether the other order would be wrong, and not only against habit. */
  isHard: boolean;
  /** How grave it is, 0 the gravest: edges of graver pairs are found as if there were no others. */
  tier: number;
}

/** A pair with the edge that settles it. */
export interface SettledPair {
  parent: number;
  child: number;
  /** The edge itself; several pairs may share one. */
  edge: NumberedEdge;
}

interface NumberedEdge {
  parent: number;
  child: number;
}

/**
 * Who should come first does, as far as no cycle closes: the hard pairs before the others, the graver ones before the lighter.
 * @returns for each pair who precedes whom, and the edge that makes it so; together they close no cycle.
 */
export function settlePairs(declared: NumberedEdges, pairs: readonly OpenPair[]): SettledPair[] {
  const wanted = withPreferredEdges(declared, pairs);
  const order = topologicalOrder(wanted, reverseEdges(wanted));
  const position = order.reduce((found, number, at) => found.set(number, at), new Map<number, number>());
  const at = (number: number) => position.get(number) as number;
  const parents = order.map((number) => (declared[number] ?? []).map(at));
  const directed = pairs.map(({ one, other }) =>
    at(one) < at(other) ? { parent: at(one), child: at(other) } : { parent: at(other), child: at(one) },
  );
  const finders = findersByTier(parents, directed, pairs);
  const numberOf = ({ parent, child }: NumberedEdge): NumberedEdge => ({
    parent: order[parent] as number,
    child: order[child] as number,
  });
  return directed.map((pair, index) => ({
    ...numberOf(pair),
    edge: numberOf(finders[pairs[index]?.tier ?? 0]?.(pair) ?? pair),
  }));
}

type EdgeFinder = (pair: NumberedEdge) => NumberedEdge;

/** For each tier what finds the edges of its pairs, among its own and those of graver ones. */
function findersByTier(
  parents: NumberedEdges,
  directed: readonly NumberedEdge[],
  pairs: readonly OpenPair[],
): EdgeFinder[] {
  const edges = parents.map((): number[] => []);
  const last = pairs.reduce((most, { tier }) => Math.max(most, tier), -1);
  return Array.from({ length: last + 1 }, (_, tier) => {
    const needs = parents.map((): number[] => []);
    directed.forEach(({ parent, child }, index) => {
      if (pairs[index]?.tier === tier) needs[child]?.push(parent);
    });
    const known = parents.map((own, child) => [...own, ...(edges[child] ?? [])]);
    findMissingEdges(known, needs).forEach((found, child) => {
      edges[child]?.push(...found);
    });
    return edgeFinder(
      parents,
      edges.map((own) => [...own]),
    );
  });
}

/**
 * Each pair adds the edge that it prefers, unless that closes a cycle with declared edges or with those of weightier pairs: those
 * whose other order would be wrong, of these the graver ones, and of equal ones those that the order of the history agrees with.
 */
function withPreferredEdges(declared: NumberedEdges, pairs: readonly OpenPair[]): number[][] {
  const parents = declared.map((own) => [...own]);
  const sets = ancestorSets(declared);
  const isAgainst = ({ one, first }: OpenPair) => (first === one ? 0 : 1);
  const byWeight = [...pairs].sort(
    (a, b) => Number(b.isHard) - Number(a.isHard) || a.tier - b.tier || isAgainst(a) - isAgainst(b),
  );
  for (const { one, other, first } of byWeight) {
    const child = first === one ? other : one;
    const before = sets[first] as NumberSet;
    if (has(before, child) || has(sets[child] as NumberSet, first)) continue;
    parents[child]?.push(first);
    for (const [number, set] of sets.entries())
      if (number === child || has(set, child)) addWithAncestors(set, first, before);
  }
  return parents;
}

/** @returns what finds among the missing edges the one by which a pair comes into order. */
function edgeFinder(parents: NumberedEdges, missing: NumberedEdges): EdgeFinder {
  const sets = ancestorSets(parents.map((own, child) => [...own, ...(missing[child] ?? [])]));
  const isUpTo = (ancestor: number, number: number) =>
    ancestor === number || has(sets[number] as (typeof sets)[number], ancestor);
  const edges = missing.flatMap((own, child) => own.map((parent) => ({ parent, child })));
  return ({ parent, child }) =>
    edges.find((edge) => edge.child === child && edge.parent === parent) ??
    edges.find((edge) => edge.child === child && isUpTo(parent, edge.parent)) ??
    edges.find((edge) => isUpTo(edge.child, child) && isUpTo(parent, edge.parent)) ?? { parent, child };
}
