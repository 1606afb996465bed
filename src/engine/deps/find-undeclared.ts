/** Finds the edges that a graph lacks: between migrations in no order whose order matters, as `kat check` judges it. */

import type { Severity } from '../../findings.js';
import type { Graph } from '../../graph/graph.js';
import { ancestorSets, has } from '../../graph/number-set.js';
import type { ConflictReason } from '../../sql/conflicts/find-conflicts.js';
import { wordsOfBoth } from '../../sql/dependencies/words.js';
import type { NumberedEdges } from './compare-edges.js';
import type { ReadHistory, ReadMigration } from './read-sql.js';
import type { DependencyReason } from './result.js';
import { settleConflicts } from './settle-conflicts.js';

/** One edge that is missing, with the gravest pair that it settles. */
export interface UndeclaredEdge {
  parent: string;
  child: string;
  severity: Severity;
  reason: DependencyReason;
  /** Whether the second fails in both orders. */
  failsAnyway?: boolean | undefined;
  /** The ids of that pair. */
  pair: readonly [string, string];
}

/** @returns the edges by which the pairs come into order, without those that hardly ever matter. */
export async function findUndeclared(graph: Graph, { migrations }: ReadHistory): Promise<UndeclaredEdge[]> {
  const { findConflicts } = await import('../../sql/conflicts/find-conflicts.js');
  const numbers = new Map(graph.migrations.map(({ id }, number) => [id, number]));
  const parents: NumberedEdges = graph.migrations.map((one) =>
    one.parents.map((id) => numbers.get(id) as number),
  );
  const sets = ancestorSets(parents);
  const isAncestor = (one: number, other: number) => has(sets[other] as (typeof sets)[number], one);
  const { pairs } = findConflicts(migrations, { isAncestor });
  const { open, settled } = settleConflicts(pairs, { history: migrations, parents });
  const edges = open.flatMap(({ one, other, reasons: [best] }, index) => {
    const { parent, child, edge } = settled[index] as (typeof settled)[number];
    if (!best || best.severity === 'info') return [];
    const isOwn = edge.parent === parent && edge.child === child;
    const reason = reasonOf(best, { migrations, parent, child, isTurned: one === child });
    const pair = [migrations[one]?.id ?? '', migrations[other]?.id ?? ''] as const;
    return [{ ...edge, isOwn, severity: best.severity, reason, pair, failsAnyway: best.failsAnyway }];
  });
  return distinct(edges).map(({ parent, child, ...found }) => {
    const [first, second] = [parent, child].map((number) => (migrations[number] as ReadMigration).id);
    return {
      parent: first as string,
      child: second as string,
      severity: found.severity,
      reason: found.reason,
      failsAnyway: found.failsAnyway,
      pair: found.pair,
    };
  });
}

interface FoundEdge extends Omit<UndeclaredEdge, 'parent' | 'child'> {
  parent: number;
  child: number;
  /** Whether the pair is the edge itself. */
  isOwn: boolean;
}

/** Each edge once: by its own pair, or else by the gravest that it settles; by one that it cannot mend where there is no other. */
function distinct(edges: readonly FoundEdge[]): FoundEdge[] {
  const rank = ({ severity, isOwn, failsAnyway }: FoundEdge) =>
    (severity === 'error' ? 0 : 2) + (isOwn ? 0 : 1) + (failsAnyway ? 10 : 0);
  const found = new Map<string, FoundEdge>();
  for (const edge of [...edges].sort((a, b) => rank(a) - rank(b))) {
    const key = `${edge.parent} ${edge.child}`;
    if (!found.has(key)) found.set(key, edge);
  }
  return [...found.values()].sort((a, b) => a.child - b.child || a.parent - b.parent);
}

interface Ends {
  migrations: readonly ReadMigration[];
  parent: number;
  child: number;
  /** Whether the second of the pair comes first. */
  isTurned: boolean;
}

function reasonOf(
  { one, other, isGuess }: ConflictReason,
  { migrations, parent, child, isTurned }: Ends,
): DependencyReason {
  const [before, after] = isTurned ? [other, one] : [one, other];
  const [first, second] = [migrations[parent], migrations[child]] as [ReadMigration, ReadMigration];
  return {
    message: wordsOfBoth(after, first.id, before),
    location: second.locate(after.place),
    otherLocation: first.locate(before.place),
    isGuess,
  };
}
