/** Orders the pairs whose order matters, for `kat check` and `kat deps`. Migrations are numbers in graph order. */

import type { Severity } from '../../findings.js';
import type { ConflictingPair } from '../../sql/conflicts/find-conflicts.js';
import { parseIgnoredCodes } from '../../sql/effects/ignored-codes.js';
import { compareAges } from './ages.js';
import type { NumberedEdges } from './compare-edges.js';
import { type OpenPair, type SettledPair, settlePairs } from './order-pairs.js';
import type { ReadMigration } from './read-sql.js';

/** The graph around the pairs. */
interface Surroundings {
  history: readonly ReadMigration[];
  parents: NumberedEdges;
  /** In a pull request: which migrations the branch adds. */
  isNew?: readonly boolean[] | undefined;
}

/** Pairs that no comment accepts, each with the edge that orders it. */
interface SettledConflicts {
  open: readonly ConflictingPair[];
  /** In the order of `open`. */
  settled: readonly SettledPair[];
  /** The codes that each migration accepts. */
  ignored: readonly ReadonlySet<string>[];
}

/** Leaves out what `-- kat:ignore` accepts, and finds the fewest edges for the rest. */
export function settleConflicts(
  pairs: readonly ConflictingPair[],
  { history, parents, isNew }: Surroundings,
): SettledConflicts {
  const ignored = history.map(ignoredCodes);
  const open = pairs.map((pair) => withoutIgnored(pair, ignored)).filter(({ reasons }) => reasons.length > 0);
  const compare = compareAges(
    history.map(({ id }) => id),
    parents,
  );
  const wanted = open.map((pair) => ({ ...pair, ...preference(pair, compare, isNew), tier: tierOf(pair) }));
  return { open, settled: settlePairs(parents, wanted), ignored };
}

function ignoredCodes({ effects: { directives } }: ReadMigration): ReadonlySet<string> {
  const values = directives.filter(({ word }) => word === 'ignore').map(({ value }) => value);
  return new Set(values.flatMap((value) => parseIgnoredCodes(value).codes));
}

function withoutIgnored(pair: ConflictingPair, ignored: readonly ReadonlySet<string>[]): ConflictingPair {
  const isAccepted = (code: string) => [pair.one, pair.other].some((index) => ignored[index]?.has(code));
  return { ...pair, reasons: pair.reasons.filter(({ code }) => !isAccepted(code)) };
}

const tiers: readonly Severity[] = ['error', 'warning', 'info'];

function tierOf({ reasons: [best] }: ConflictingPair): number {
  return best ? tiers.indexOf(best.severity) : tiers.length;
}

/** Merged migrations come first; otherwise the best reason decides, or the age. */
function preference(
  { one, other, reasons }: ConflictingPair,
  compare: (one: number, other: number) => number,
  isNew: readonly boolean[] | undefined,
): Pick<OpenPair, 'first' | 'isHard'> {
  if (isNew) return { first: isNew[one] ? other : one, isHard: true };
  const [best] = reasons;
  if (best?.first) return { first: best.first === 'one' ? one : other, isHard: true };
  return { first: compare(one, other) < 0 ? one : other, isHard: false };
}
