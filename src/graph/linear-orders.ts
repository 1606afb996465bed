/** Chooses orders of a graph that put its unordered pairs both ways round, and connects two orders by swaps of neighbours. */

import type { Graph } from './graph.js';

/** How many pairs of a graph are in no order, and how many of these some orders have both ways round. */
interface OrderCoverage {
  pairs: number;
  covered: number;
}

/**
 * The smallest first, the largest first, then random ones with their opposites.
 * @param count at least 2; fewer are returned where the graph has fewer
 * @param seed the same seed gives the same orders
 * @returns ids, all parents before their children; the first order is the one of `kat up`. All differ.
 */
export function chooseOrders(
  graph: Graph,
  { count, seed }: { count: number; seed: number },
): readonly (readonly string[])[] {
  const size = graph.migrations.length;
  const random = createRandom(seed);
  const found = new Map<string, string[]>();
  const add = (priorities: readonly number[]) => {
    const order = orderBy(graph, priorities);
    if (found.size < count) found.set(order.join(' '), order);
  };
  const ascending = graph.migrations.map((_, index) => index);
  add(ascending);
  add(ascending.map((index) => size - index));
  for (let attempt = 0; attempt < 2 * count && found.size < count; attempt += 1) {
    const priorities = ascending.map(() => random());
    add(priorities);
    add(priorities.map((priority) => -priority));
  }
  return [...found.values()];
}

/** Of the migrations whose parents have run, the one with the smallest priority is next. */
function orderBy({ migrations }: Graph, priorities: readonly number[]): string[] {
  const priorityOf = new Map(migrations.map(({ id }, index) => [id, priorities[index] as number]));
  const done = new Set<string>();
  const waiting = new Set(migrations);
  while (waiting.size > 0) {
    const ready = [...waiting].filter(({ parents }) => parents.every((parent) => done.has(parent)));
    const next = ready.reduce((best, one) =>
      (priorityOf.get(one.id) as number) < (priorityOf.get(best.id) as number) ? one : best,
    );
    done.add(next.id);
    waiting.delete(next);
  }
  return [...done];
}

export function countCovered(graph: Graph, orders: readonly (readonly string[])[]): OrderCoverage {
  const places = orders.map((order) => new Map(order.map((id, place) => [id, place])));
  let pairs = 0;
  let covered = 0;
  for (const [index, { id }] of graph.migrations.entries()) {
    const ancestors = graph.ancestors(id);
    for (const other of graph.migrations.slice(0, index)) {
      if (ancestors.has(other.id)) continue;
      pairs += 1;
      const ways = new Set(
        places.map((place) => (place.get(id) as number) < (place.get(other.id) as number)),
      );
      if (ways.size === 2) covered += 1;
    }
  }
  return { pairs, covered };
}

/** Mulberry32: 32 bits of state are plenty for a few orders. @returns numbers from 0 to below 1. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Only pairs that the two orders have the other way round are swapped, so each order in between keeps parents before children.
 * @returns for each swap the place of its first member, from `from` to `to`.
 */
export function swapsBetween(from: readonly string[], to: readonly string[]): number[] {
  const current = [...from];
  const swaps: number[] = [];
  for (const [target, id] of to.entries()) {
    for (let place = current.indexOf(id); place > target; place -= 1) {
      current[place] = current[place - 1] as string;
      current[place - 1] = id;
      swaps.push(place - 1);
    }
  }
  return swaps;
}

/** @returns the order after the swaps. */
export function swapAt(order: readonly string[], swaps: readonly number[]): string[] {
  const swapped = [...order];
  for (const place of swaps) {
    const first = swapped[place] as string;
    swapped[place] = swapped[place + 1] as string;
    swapped[place + 1] = first;
  }
  return swapped;
}
