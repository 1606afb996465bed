/** Sorts the numbered nodes of a graph into Kat's deterministic run order. */

import { NumberHeap } from './heap.js';

/** For every node its neighbours' numbers. Nodes are numbered as `compareMigrations` sorts them. */
export type Edges = readonly (readonly number[])[];

/** The same edges seen from their other end; neighbours in ascending order. */
export function reverseEdges(edges: Edges): number[][] {
  const reversed: number[][] = edges.map(() => []);
  for (const [node, neighbours] of edges.entries()) {
    for (const neighbour of neighbours) reversed[neighbour]?.push(node);
  }
  return reversed;
}

/**
 * Parents first; among those that are ready, the smallest number first. O((n + e) log n).
 * @returns shorter than the graph when there are cycles: neither they nor what follows them is in it.
 */
export function topologicalOrder(parents: Edges, children: Edges): number[] {
  if (isInOrder(parents)) return [...parents.keys()];
  const waitingFor = parents.map((list) => list.length);
  const ready = new NumberHeap();
  for (const [node, count] of waitingFor.entries()) if (count === 0) ready.push(node);
  const order: number[] = [];
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    order.push(node);
    for (const child of children[node] ?? []) {
      waitingFor[child] = (waitingFor[child] as number) - 1;
      if (waitingFor[child] === 0) ready.push(child);
    }
  }
  return order;
}

/** Nearly always parents have smaller numbers than their children, and then each node is the smallest that is ready. */
function isInOrder(parents: Edges): boolean {
  return parents.every((list, node) => list.every((parent) => parent < node));
}
