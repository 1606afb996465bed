/** Reads from the graph which steps of a plan must wait for which. */

import type { Graph } from '../../graph/graph.js';
import type { Step } from '../../graph/plan.js';
import type { QueuedSteps } from '../../graph/ready-queue.js';
import type { Durations } from './read-durations.js';

/**
 * @param steps all of direction `up`, parents first.
 * @param known how long steps took before; the others count as the mean of these.
 * @returns the steps as numbers in this order.
 */
export function stepOrder(graph: Graph, steps: readonly Pick<Step, 'id'>[], known: Durations): QueuedSteps {
  const numbers = new Map(steps.map(({ id }, number) => [id, number]));
  const nearest = nearestSteps(graph, numbers);
  const mean = [...known.values()].reduce((sum, one) => sum + one, 0) / known.size || 1;
  return {
    parents: steps.map(({ id }) => [...nearest(id)].sort((a, b) => a - b)),
    durations: steps.map(({ id }) => known.get(id) ?? mean),
  };
}

/** The parents of a migration that are steps; of a parent that is applied already, its parents. */
function nearestSteps(graph: Graph, numbers: ReadonlyMap<string, number>): (id: string) => Set<number> {
  const known = new Map<string, Set<number>>();
  for (const { id, parents } of graph.migrations) {
    const found = new Set<number>();
    for (const parent of parents) {
      const number = numbers.get(parent);
      if (number !== undefined) found.add(number);
      else for (const further of known.get(parent) ?? []) found.add(further);
    }
    known.set(id, found);
  }
  return (id) => known.get(id) ?? new Set();
}
