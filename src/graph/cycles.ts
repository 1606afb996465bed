/** Finds the cycles that keep migrations from being a graph, each as the shortest path that shows it. */

import { type Edges, reverseEdges } from './order.js';

/** Searching from every node of a huge knot would take minutes; its first hundred nodes are enough to show a cycle. */
const maxStarts = 100;

/**
 * One cycle for every knot of nodes that wait for each other, and one for every node that is its own child.
 * @param children for every node the nodes that follow it.
 * @returns every cycle along its edges, beginning with its smallest node, without repeating it at the end.
 */
export function findCycles(children: Edges): number[][] {
  const ownChildren = children.flatMap((list, node) => (list.includes(node) ? [[node]] : []));
  const knots = findKnots(children).map((knot) => shortestCycle(knot, children));
  return [...ownChildren, ...knots].sort((a, b) => (a[0] as number) - (b[0] as number));
}

/** The strongly connected components of more than one node, by Kosaraju's two passes, without recursion. */
function findKnots(children: Edges): number[][] {
  const parents = reverseEdges(children);
  const isTaken = new Uint8Array(children.length);
  const knots: number[][] = [];
  for (const node of postorder(children).reverse()) {
    if (isTaken[node]) continue;
    const knot = flood(node, parents, isTaken);
    if (knot.length > 1) knots.push(knot.sort((a, b) => a - b));
  }
  return knots;
}

/** Every node behind all that can be reached from it, apart from cycles. */
function postorder(edges: Edges): number[] {
  const isSeen = new Uint8Array(edges.length);
  const nextEdge = new Uint32Array(edges.length);
  const order: number[] = [];
  for (const start of edges.keys()) {
    if (isSeen[start]) continue;
    isSeen[start] = 1;
    const path = [start];
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const edge = nextEdge[node] as number;
      nextEdge[node] = edge + 1;
      const neighbour = edges[node]?.[edge];
      if (neighbour === undefined) {
        order.push(node);
        path.pop();
      } else if (!isSeen[neighbour]) {
        isSeen[neighbour] = 1;
        path.push(neighbour);
      }
    }
  }
  return order;
}

/** Takes `start` and all that can be reached from it and was not taken before. */
function flood(start: number, edges: Edges, isTaken: Uint8Array): number[] {
  const reached = [start];
  isTaken[start] = 1;
  for (const node of reached) {
    for (const neighbour of edges[node] ?? []) {
      if (isTaken[neighbour]) continue;
      isTaken[neighbour] = 1;
      reached.push(neighbour);
    }
  }
  return reached;
}

/** Asks the smallest nodes first, so that the cycle begins with its own smallest. */
function shortestCycle(knot: readonly number[], children: Edges): number[] {
  const isInKnot = new Set(knot);
  let shortest: number[] | undefined;
  for (const start of knot.slice(0, maxStarts)) {
    const cycle = wayBack(start, children, isInKnot);
    if (!shortest || cycle.length < shortest.length) shortest = cycle;
    if (shortest.length === 2) break;
  }
  return shortest ?? [];
}

/** The shortest way from `start` to itself inside its knot, by breadth-first search. */
function wayBack(start: number, children: Edges, isInKnot: ReadonlySet<number>): number[] {
  const cameFrom = new Map<number, number>();
  const reached = [start];
  for (const node of reached) {
    for (const child of children[node] ?? []) {
      if (child === start && node !== start) return pathTo(node, start, cameFrom);
      if (child === start || cameFrom.has(child) || !isInKnot.has(child)) continue;
      cameFrom.set(child, node);
      reached.push(child);
    }
  }
  return [];
}

function pathTo(end: number, start: number, cameFrom: ReadonlyMap<number, number>): number[] {
  const path = [end];
  for (let node = end; node !== start; ) {
    node = cameFrom.get(node) as number;
    path.push(node);
  }
  return path.reverse();
}
