/** Finds the edges of needs that are only guesses. */

import { reverseEdges, topologicalOrder } from '../../graph/order.js';
import { findMissingEdges } from './compare-edges.js';
import type { Comparison } from './comparison.js';
import type { UndeclaredEdge } from './find-undeclared.js';
import type { Dependency, MigrationDependencies } from './result.js';

/**
 * @param sure edges that come first: what they imply is left out, and what goes against the order that they make
 * @returns an edge for each guess that nothing else settles
 */
export function findGuessed(
  { graph, migrations }: Comparison,
  sure: readonly UndeclaredEdge[],
): UndeclaredEdge[] {
  const numbers = new Map(graph.migrations.map(({ id }, index) => [id, index]));
  const toNumbers = (ids: readonly string[]) => ids.map((id) => numbers.get(id) as number);
  const wanted = graph.migrations.map(({ id, parents }) =>
    toNumbers([...parents, ...sure.filter(({ child }) => child === id).map(({ parent }) => parent)]),
  );
  // A sure edge may lead from a later migration to an earlier one.
  const order = topologicalOrder(wanted, reverseEdges(wanted));
  const position = order.reduce((found, number, at) => found.set(number, at), new Map<number, number>());
  const placesOf = (found: readonly number[]) => found.map((number) => position.get(number) as number);
  const declared = order.map((number) => placesOf(wanted[number] ?? []));
  const needs = order.map((number, at) =>
    placesOf(toNumbers(guessesOf(migrations[number]).map(({ id }) => id))).filter((need) => need < at),
  );
  const idAt = (at: number) => graph.migrations[order[at] ?? 0]?.id ?? '';
  return findMissingEdges(declared, needs).flatMap((missing, at) =>
    missing.flatMap((need) => edgeOf(idAt(need), migrations[order[at] ?? 0])),
  );
}

function guessesOf(migration: MigrationDependencies | undefined): Dependency[] {
  return (migration?.needs ?? []).filter(
    ({ isAncestor, reasons }) => !isAncestor && reasons[0]?.isGuess === true,
  );
}

function edgeOf(parent: string, migration: MigrationDependencies | undefined): UndeclaredEdge[] {
  const [reason] = migration?.needs.find(({ id }) => id === parent)?.reasons ?? [];
  if (!migration || !reason) return [];
  return [{ parent, child: migration.id, severity: 'warning', reason, pair: [parent, migration.id] }];
}
