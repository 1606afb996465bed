/** Decides which ancestors can be squashed into a migration without changing the order of the others. */

import { KatError, type Problem } from '../errors.js';
import type { Graph } from './graph.js';
import type { Migration } from './migration.js';

export interface SquashSet {
  /** The last one, whose id stays. */
  target: Migration;
  /** The target and all its ancestors, in the order of the graph. */
  members: readonly Migration[];
  /** Ids of all migrations that the target will replace, in graph order: its ancestors, and those that they replace. */
  replaces: readonly string[];
}

/**
 * @throws KatError USAGE when the target has no ancestors, or when something else follows one of these: that would have to
 *   come in the middle of the squashed one.
 */
export function findSquashSet(graph: Graph, target: Migration): SquashSet {
  const ids = new Set([...graph.ancestors(target.id), target.id]);
  if (ids.size === 1) {
    throw new KatError('USAGE', `${target.id} has no parents, so there is nothing to squash`, {
      help: 'Name the last of the migrations to squash.',
    });
  }
  const members = graph.migrations.filter(({ id }) => ids.has(id));
  const covered = new Set([...ids, ...graph.descendants(target.id)]);
  const problems = members
    .filter(({ id }) => id !== target.id)
    .flatMap(({ id }) => leavingEdges(graph, id, covered));
  if (problems.length > 0) {
    throw new KatError(
      'USAGE',
      `${target.id} and its ancestors cannot be squashed: other migrations depend on some of the ancestors`,
      {
        problems,
        help: `Choose another target with --to. Or add ${target.id} to the parents of the migrations that depend on the ancestors, if they also work after it: \`kat verify\` tests that.`,
      },
    );
  }
  const replaces = members.flatMap((member) => [
    ...(member.replaces ?? []),
    ...(member.id === target.id ? [] : [member.id]),
  ]);
  return { target, members, replaces };
}

/** @param covered the members, and what comes behind all of them in any case. */
function leavingEdges(graph: Graph, id: string, covered: ReadonlySet<string>): Problem[] {
  return graph
    .children(id)
    .filter((child) => !covered.has(child))
    .map((child) => ({ message: `${child} depends on ${id}`, migration: child }));
}
