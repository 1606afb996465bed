/** Options and results of `kat deps`, as types without imports of code. */

import type { SourceLocation } from '../../errors.js';
import type { Finding, FindingCounts } from '../../findings.js';
import type { GraphShape } from './shape.js';

export interface DepsOptions {
  /** Only these, named as on the command line; default all. Not with `infer`. */
  of?: readonly string[] | undefined;
  /** Warnings make the result invalid, too. */
  strict?: boolean | undefined;
  /** Count what only may be: dynamic SQL, catalog queries, names with several meanings. */
  conservative?: boolean | undefined;
  /** Leave the declared parents out of account and say which there should be, for a history in the graph's order. */
  infer?: boolean | undefined;
  /** Add the edges that are undeclared to the `parents` in `metadata.yaml`. */
  fix?: boolean | undefined;
  /** With `infer`: put the inferred parents into every `metadata.yaml`. */
  write?: boolean | undefined;
  /** Say what `fix` or `write` would change, and change nothing. */
  dryRun?: boolean | undefined;
}

/** Why one migration must come after another. */
export interface DependencyReason {
  /** Such as `references table users, which 1679012345_create_users creates`. */
  message: string;
  location: SourceLocation;
  /** Its place in the other migration. */
  otherLocation: SourceLocation;
  /** It may be so, but the SQL does not say it. */
  isGuess: boolean;
}

/** A migration that another one needs. */
export interface Dependency {
  id: string;
  /** Whether it is an ancestor by what is declared. */
  isAncestor: boolean;
  /** Up to five, the best first. */
  reasons: readonly DependencyReason[];
}

/** An opaque part. */
export interface OpaquePart {
  reason: string;
  location: SourceLocation;
}

export interface MigrationDependencies {
  id: string;
  /** Ids, as declared. */
  parents: readonly string[];
  /** All that it uses directly, in the order of the graph. */
  needs: readonly Dependency[];
  /** The needs that no other one implies: the parents that would do. */
  inferredParents: readonly string[];
  opaque: readonly OpaquePart[];
}

/** The `parents` of one `metadata.yaml`, before and after. */
export interface ParentsChange {
  id: string;
  /** Absolute path of its `metadata.yaml`. */
  file: string;
  before: readonly string[];
  after: readonly string[];
}

export interface DepsResult {
  /** Whether there is no error, and with `strict` no warning. */
  isValid: boolean;
  /** After `fix`: what is left. */
  findings: readonly Finding[];
  counts: FindingCounts;
  /** In the order of the graph. */
  migrations: readonly MigrationDependencies[];
  /** With `infer`: what the inferred graph looks like. */
  shape?: GraphShape;
  /** With `fix` or `write`: what was changed, or would be. */
  changes?: readonly ParentsChange[];
  isDryRun: boolean;
}
