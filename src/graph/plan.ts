/** Decides what would be run, as plain data: a dry run prints the same steps that a run carries out. */

import type { Graph } from './graph.js';
import { NumberHeap } from './heap.js';
import type { Direction } from './migration.js';

/** How a step is sent: all of it in one transaction, or statement by statement. */
export type StepMode = 'transaction' | 'statements';

export interface Step {
  id: string;
  direction: Direction;
  mode: StepMode;
}

/** In the order in which the steps are carried out. Can be written as JSON. */
export interface Plan {
  steps: readonly Step[];
}

export interface PlanUpOptions {
  /** How many at the most; all when left out. */
  count?: number | undefined;
  /** Ids: only these and their ancestors; everything when left out. */
  targets?: readonly string[] | undefined;
}

/**
 * What is left to apply: a migration never comes before a parent that is not applied either. One that was applied while
 * a parent was not does not keep that parent from being planned.
 * @param applied ids; those that the graph does not know are ignored.
 */
export function planUp(graph: Graph, applied: ReadonlySet<string>, options: PlanUpOptions = {}): Plan {
  const { count, targets } = options;
  const wanted = targets && new Set([...targets, ...graph.ancestors(targets)]);
  const pending = graph.migrations
    .map(({ id }) => id)
    .filter((id) => !applied.has(id) && (wanted?.has(id) ?? true));
  return toPlan(graph, 'up', pending.slice(0, count));
}

/**
 * What to roll back: the most recently applied first, but never one that an applied migration still descends from.
 * @param appliedOldestFirst ids as the ledger recorded them. Those that the graph does not know are planned like all
 *   others, as migrations without parents and children in one transaction: a caller that cannot run them must refuse before.
 * @param options.count how many at the most. O(n log n) whatever it is.
 */
export function planDown(
  graph: Graph,
  appliedOldestFirst: readonly string[],
  options: { count: number },
): Plan {
  const recency = new Map(appliedOldestFirst.map((id, index) => [id, index]));
  const keepers = countKeepers(graph, recency);
  const ready = new NumberHeap();
  for (const [id, index] of recency) if (!keepers.get(id)) ready.push(-index);
  const ids: string[] = [];
  while (ids.length < options.count) {
    const next = ready.pop();
    if (next === undefined) break;
    const id = appliedOldestFirst[-next] as string;
    ids.push(id);
    for (const parent of release(graph, id, { recency, keepers }))
      ready.push(-(recency.get(parent) as number));
  }
  return toPlan(graph, 'down', ids);
}

/**
 * The rollback of these migrations and of all their applied descendants, in the order of `planDown`.
 * @param ids those that are not applied play no part.
 */
export function planDownOf(graph: Graph, appliedOldestFirst: readonly string[], ids: Iterable<string>): Plan {
  const named = [...ids];
  const gone = new Set([...named, ...graph.descendants(named)]);
  const { steps } = planDown(graph, appliedOldestFirst, { count: appliedOldestFirst.length });
  return { steps: steps.filter(({ id }) => gone.has(id)) };
}

/**
 * What to roll back so that `id` is what was applied last: all that was applied after it. What it descends from stays,
 * and so does what a migration descends from that was applied before it.
 * @param id an applied migration.
 */
export function planDownTo(graph: Graph, appliedOldestFirst: readonly string[], id: string): Plan {
  const end = appliedOldestFirst.indexOf(id) + 1;
  const staying = graph.ancestors(appliedOldestFirst.slice(0, end));
  return planDownOf(
    graph,
    appliedOldestFirst,
    appliedOldestFirst.slice(end).filter((later) => !staying.has(later)),
  );
}

/**
 * The parents that `id` waits for, in the order of the graph's ids; empty when it could be applied next.
 * @throws KatError USAGE for an id that the graph does not know.
 */
export function whyPending(graph: Graph, applied: Pick<ReadonlySet<string>, 'has'>, id: string): string[] {
  return graph.get(id).parents.filter((parent) => !applied.has(parent));
}

/** For every migration: how many of its children are applied, or have an applied descendant. */
function countKeepers(graph: Graph, recency: ReadonlyMap<string, number>): Map<string, number> {
  const keepers = new Map<string, number>();
  for (let index = graph.migrations.length - 1; index >= 0; index -= 1) {
    const migration = graph.migrations[index];
    if (!migration || !(recency.has(migration.id) || keepers.has(migration.id))) continue;
    for (const parent of migration.parents) keepers.set(parent, (keepers.get(parent) ?? 0) + 1);
  }
  return keepers;
}

/**
 * Removes a rolled-back migration from the dependents of its ancestors, through those that are not applied.
 * @returns the applied ones that nothing keeps any more.
 */
function release(
  graph: Graph,
  id: string,
  state: { recency: ReadonlyMap<string, number>; keepers: Map<string, number> },
): string[] {
  const freed: string[] = [];
  const gone = graph.has(id) ? [id] : [];
  for (let next = gone.pop(); next !== undefined; next = gone.pop()) {
    for (const parent of graph.get(next).parents) {
      const left = (state.keepers.get(parent) as number) - 1;
      state.keepers.set(parent, left);
      if (left === 0) (state.recency.has(parent) ? freed : gone).push(parent);
    }
  }
  return freed;
}

function toPlan(graph: Graph, direction: Direction, ids: readonly string[]): Plan {
  const modeOf = (id: string): StepMode =>
    graph.has(id) && graph.get(id).noTransaction ? 'statements' : 'transaction';
  return { steps: ids.map((id) => ({ id, direction, mode: modeOf(id) })) };
}
