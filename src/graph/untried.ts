/** Computes which steps of a plan a rehearsal in one transaction cannot execute. */

import type { Graph } from './graph.js';
import type { Direction } from './migration.js';
import type { Step } from './plan.js';

/**
 * `no transaction`: it runs outside of a transaction. `new value`: it uses a value of an enum that an earlier step adds, which
 * the server allows only after a COMMIT. `transaction settings`: its SET TRANSACTION must come before the first query of a
 * transaction. `follows`: `of`, which it builds on, was not tried.
 */
export const untriedReasons = ['no transaction', 'new value', 'transaction settings', 'follows'] as const;

export interface UntriedStep {
  id: string;
  direction: Direction;
  reason: (typeof untriedReasons)[number];
  /** The migration that was not tried before. */
  of?: string;
}

/**
 * @param untried those of the steps before it that were not tried.
 * @returns undefined when the step can be tried.
 */
export function whyUntried(
  graph: Graph,
  untried: readonly UntriedStep[],
  { id, direction, mode }: Step,
): UntriedStep | undefined {
  if (mode === 'statements') return { id, direction, reason: 'no transaction' };
  const before = direction === 'up' ? graph.get(id).parents : graph.children(id);
  const of = [id, ...before].find((other) => untried.some((step) => step.id === other));
  return of === undefined ? undefined : { id, direction, reason: 'follows', of };
}
