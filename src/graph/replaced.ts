/** Computes which applied migrations have no folder because a squashed migration replaces them. */

import type { Graph } from './graph.js';

/**
 * Leaves out what a squashed migration replaces that is applied itself: the rows of these are explained by it.
 * @param applied ids, in any order.
 * @returns the others, in the same order.
 */
export function withoutReplaced(graph: Graph, applied: Iterable<string>): string[] {
  const ids = [...applied];
  const explained = explain(graph, new Set(ids));
  return explained.size === 0 ? ids : ids.filter((id) => !explained.has(id));
}

/** The applied ids that `withoutReplaced` leaves out on account of `id`, in the order of its metadata. */
export function replacedBy(graph: Graph, id: string, applied: ReadonlySet<string>): string[] {
  const replaces = (graph.has(id) && graph.get(id).replaces) || [];
  return applied.has(id) ? replaces.filter((former) => applied.has(former) && !graph.has(former)) : [];
}

function explain(graph: Graph, applied: ReadonlySet<string>): Set<string> {
  const squashed = graph.migrations.filter(({ replaces }) => replaces !== undefined);
  return new Set(squashed.flatMap(({ id }) => replacedBy(graph, id, applied)));
}

/** A squashed migration that cannot be applied, because a part of what it does is done already. */
export interface HalfReplaced {
  id: string;
  /** The applied ones of the replaced migrations. */
  applied: readonly string[];
  /** The unapplied ones, with the squashed migration itself. */
  unapplied: readonly string[];
}

/** @param applied ids; an applied migration is never half replaced. */
export function findHalfReplaced(graph: Graph, applied: ReadonlySet<string>): HalfReplaced[] {
  return graph.migrations.flatMap(({ id, replaces = [] }) => {
    const done = replaces.filter((former) => applied.has(former));
    if (applied.has(id) || done.length === 0) return [];
    return [{ id, applied: done, unapplied: [...replaces.filter((former) => !applied.has(former)), id] }];
  });
}

/**
 * Whether a migration was applied before it replaced others: then it followed some of these.
 * @param parentsThen ids, as they were when it was applied.
 */
export function isFromBefore(
  { replaces }: { replaces?: readonly string[] },
  parentsThen: readonly string[] | undefined,
): boolean {
  return replaces !== undefined && parentsThen?.some((parent) => replaces.includes(parent)) === true;
}
