/** Options and results of `kat check`, as types without imports of code. */

import type { SourceLocation } from '../../errors.js';
import type { Finding, FindingCounts, Severity } from '../../findings.js';
import type { GitBase } from '../../project/git/find-base.js';
import type { CheckCode } from './codes.js';

export interface CheckOptions {
  /**
   * The git revision that the branch will be merged into: only pairs of a migration that is new on the branch and one that the
   * revision has are checked, also those that came to it since. `none` or undefined: all pairs of the folder.
   */
  gitBase?: string | undefined;
  /** Warnings make the result invalid, too. */
  strict?: boolean | undefined;
}

/** Why the order of two migrations matters. */
export interface PairReason {
  code: CheckCode;
  severity: Severity;
  /** The effects of the first and of the second. */
  deeds: readonly [PairDeed, PairDeed];
  /** It may be so, but the SQL does not say it. */
  isGuess: boolean;
  /** Whether the second fails in both orders, so that no edge helps. */
  failsAnyway: boolean;
}

export interface PairDeed {
  /** Such as `creates table users`. */
  message: string;
  location: SourceLocation;
}

/** An edge that a graph lacks. */
export interface MissingEdge {
  parent: string;
  child: string;
}

/** Two migrations that nothing keeps in order, although their order matters. */
export interface UnorderedConflict {
  /** Ids, in the order in which the proposed edges put them. */
  ids: readonly [string, string];
  /** The edge that orders the pair; it may order several pairs. */
  edge: MissingEdge;
  /** Whether one reason or another asks for the opposite order, so that no edge settles all of it. */
  isTangled: boolean;
  /** Up to eight, the best first. */
  reasons: readonly PairReason[];
}

export interface CheckResult {
  /** Whether there is no error, and with `strict` no warning. */
  isValid: boolean;
  /** One for each pair, by its best reason, and one for each migration that Kat cannot look into. */
  findings: readonly Finding[];
  counts: FindingCounts;
  pairs: readonly UnorderedConflict[];
  /** The fewest edges that settle all pairs, but for those that fail in both orders. */
  edges: readonly MissingEdge[];
  /** How many pairs are accepted by `-- kat:ignore`. */
  accepted: number;
  /** How many migrations were looked at, those of the base included. */
  migrations: number;
  /** How many pairs of them are in no order. */
  unordered: number;
  /** The commit where the branch left the base; absent without `gitBase`. */
  base?: GitBase;
}
