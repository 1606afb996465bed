/** Converts conflicts into findings: adds file lines, and the edge that orders each pair. */

import type {
  AccessSummary,
  ConflictReason,
  Conflicts,
  ConflictingPair as Found,
} from '../../sql/conflicts/find-conflicts.js';
import { wordsOf, wordsOfBoth } from '../../sql/dependencies/words.js';
import type { NumberedEdges } from '../deps/compare-edges.js';
import type { SettledPair } from '../deps/order-pairs.js';
import type { ReadMigration } from '../deps/read-sql.js';
import { settleConflicts } from '../deps/settle-conflicts.js';
import type { KnownEvidence } from '../evidence/judge.js';
import type { BaseBranch } from './base-branch.js';
import { opaqueFinding, pairFinding } from './findings-of.js';
import type { CheckResult, MissingEdge, PairDeed, PairReason, UnorderedConflict } from './result.js';

/** The migrations that were looked at, by their numbers in the order of the graph. */
export interface Unordered {
  history: readonly ReadMigration[];
  parents: NumberedEdges;
  /** Whether two migrations are in no order and asked about; the smaller number first. */
  isOpen(one: number, other: number): boolean;
}

type Report = Pick<CheckResult, 'findings' | 'pairs' | 'edges' | 'accepted'>;

/** Findings come in the order of the graph, pairs by their first migration. */
export function reportPairs(
  unordered: Unordered,
  conflicts: Conflicts,
  { branch, evidence }: { branch?: BaseBranch | undefined; evidence?: KnownEvidence } = {},
): Report {
  const { history, parents } = unordered;
  const isNew = branch && history.map(({ id }) => branch.added.has(id));
  const { open, settled, ignored } = settleConflicts(conflicts.pairs, { history, parents, isNew });
  const pairs = open.map((pair, index) => describe(pair, settled[index] as SettledPair, history));
  const found = pairs.map((pair, index) => {
    const [conflict, { parent }] = [open[index] as Found, settled[index] as SettledPair];
    const finding = pairFinding(pair, { words: wordsOfPair(conflict, parent, history), branch });
    const shown = evidence?.ofPair(pair.ids, finding.severity);
    return shown ? { ...finding, evidence: shown } : finding;
  });
  const opaque = conflicts.opaque.flatMap(({ index, words, place }) => {
    const beside = countBeside(unordered, index);
    const migration = history[index] as ReadMigration;
    if (beside === 0 || ignored[index]?.has('opaque')) return [];
    return [opaqueFinding({ id: migration.id, words, location: migration.locate(place), beside })];
  });
  return {
    findings: [...found, ...opaque],
    pairs,
    edges: distinctEdges(pairs),
    accepted: conflicts.pairs.length - open.length,
  };
}

function describe(
  { one, other, reasons }: Found,
  { parent, child, edge }: SettledPair,
  history: readonly ReadMigration[],
): UnorderedConflict {
  const at = (index: number) => history[index] as ReadMigration;
  const isTurned = parent === other;
  const wanted = isTurned ? 'other' : 'one';
  return {
    ids: [at(parent).id, at(child).id],
    edge: { parent: at(edge.parent).id, child: at(edge.child).id },
    isTangled: reasons.some(({ first, severity }) => severity === 'error' && first && first !== wanted),
    reasons: reasons.map((reason) =>
      reasonOf(reason, isTurned ? [at(other), at(one)] : [at(one), at(other)], isTurned),
    ),
  };
}

/** The effects of both, by the most severe reason, in the words of the second. */
function wordsOfPair(
  { other, reasons: [best] }: Found,
  parent: number,
  history: readonly ReadMigration[],
): string {
  if (!best) return '';
  const [before, after] = parent === other ? [best.other, best.one] : [best.one, best.other];
  return wordsOfBoth(after, (history[parent] as ReadMigration).id, before);
}

function reasonOf(
  { code, severity, one, other, isGuess, failsAnyway = false }: ConflictReason,
  [first, second]: readonly [ReadMigration, ReadMigration],
  isTurned: boolean,
): PairReason {
  const deed = (found: AccessSummary, { locate }: ReadMigration): PairDeed => ({
    message: wordsOf(found),
    location: locate(found.place),
  });
  const [mine, theirs] = isTurned ? [other, one] : [one, other];
  return { code, severity, deeds: [deed(mine, first), deed(theirs, second)], isGuess, failsAnyway };
}

function countBeside({ history, isOpen }: Unordered, index: number): number {
  return history.filter(
    (_, other) => other !== index && isOpen(Math.min(index, other), Math.max(index, other)),
  ).length;
}

function distinctEdges(pairs: readonly UnorderedConflict[]): MissingEdge[] {
  const edges = pairs.filter(({ reasons: [best] }) => !best?.failsAnyway).map(({ edge }) => edge);
  return [...new Map(edges.map((edge) => [`${edge.parent} ${edge.child}`, edge])).values()];
}
