/** Selects a part of the graph, and finds the edges that remain between its migrations. */

import type { Graph } from './graph.js';

/** The migrations themselves, and all at most so many edges before or after one of them. */
export function findNeighbourhood(graph: Graph, ids: Iterable<string>, generations: number): Set<string> {
  const start = new Set(ids);
  const before = walk(start, generations, (id) => (graph.has(id) ? graph.get(id).parents : []));
  const after = walk(start, generations, graph.children);
  return new Set([...before, ...after]);
}

function walk(
  start: ReadonlySet<string>,
  generations: number,
  neighboursOf: (id: string) => readonly string[],
): Set<string> {
  const reached = new Set(start);
  let edge: readonly string[] = [...start];
  for (let left = generations; left > 0 && edge.length > 0; left -= 1) {
    edge = edge.flatMap(neighboursOf).filter((id) => !reached.has(id));
    for (const id of edge) reached.add(id);
  }
  return reached;
}

/** The migrations of all paths from one of `from` to one of `to`, ends included; an end left out is open. */
export function findBetween(
  graph: Graph,
  { from, to }: { from?: readonly string[] | undefined; to?: readonly string[] | undefined },
): Set<string> {
  const after = from && new Set([...from, ...graph.descendants(from)]);
  const before = to && new Set([...to, ...graph.ancestors(to)]);
  const ids = graph.migrations.map(({ id }) => id);
  return new Set(ids.filter((id) => after?.has(id) !== false && before?.has(id) !== false));
}

/**
 * The edges of a part of the graph: its own, and one for each path whose other migrations are all hidden, as far as no other
 * edge implies it.
 * @returns for each shown migration the ids of its shown parents, in the order of the graph.
 */
export function linkShown(graph: Graph, shown: ReadonlySet<string>): Map<string, readonly string[]> {
  const nearest = new Map<string, ReadonlySet<string>>();
  const links = new Map<string, readonly string[]>();
  for (const { id, parents } of graph.migrations) {
    const direct = parents.filter((parent) => shown.has(parent));
    const hidden = parents.filter((parent) => !shown.has(parent));
    const all = new Set([...direct, ...hidden.flatMap((parent) => [...(nearest.get(parent) ?? [])])]);
    if (!shown.has(id)) nearest.set(id, all);
    else links.set(id, withoutImplied(graph, all, new Set(direct)));
  }
  return links;
}

function withoutImplied(graph: Graph, all: ReadonlySet<string>, direct: ReadonlySet<string>): string[] {
  if (all.size === direct.size) return [...all];
  const implied = graph.ancestors(all);
  return [...all].filter((id) => direct.has(id) || !implied.has(id));
}
