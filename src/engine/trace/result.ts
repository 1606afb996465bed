/** Results of a trace: predicted and observed effects of each statement, and their differences. */

import type { Impact, Lock, LockMode } from '../../sql/impact/impact.js';
import type { RelationName } from '../../sql/syntax/relation-name.js';

/** A migration as it is traced. */
export interface TracedMigration {
  id: string;
  up: string;
  isTransactional: boolean;
  /** Whether its statements are looked at one by one; all others are only executed, so that their tables are there. */
  isChosen: boolean;
}

export interface ObservedLock extends Lock {
  /** False for indexes and sequences. */
  isTable: boolean;
}

/** The observed effects of a statement. */
export interface Observation {
  /** The strongest lock on each relation that was there before; undefined when it ran outside of a transaction. */
  locks: readonly ObservedLock[] | undefined;
  rewrites: readonly RelationName[];
  /** Tables that were read from end to end at least once, without those that were written anew. */
  scans: readonly RelationName[];
}

/** One thing about which prediction and observation disagree. */
export type Difference =
  | {
      what: 'lock';
      relation: RelationName;
      predicted: LockMode | undefined;
      observed: LockMode | undefined;
    }
  | { what: 'rewrite' | 'scan'; relation: RelationName; isPredicted: boolean };

/** One statement of a chosen migration. */
export interface TracedStatement {
  /** Counted from 1. */
  line: number;
  column: number;
  text: string;
  predicted: Impact;
  observed: Observation;
  differences: readonly Difference[];
}

/** Why a migration, or the rest of it, was not traced. */
export interface Untraced {
  /** In the words of the embedded database, or of the parser. */
  reason: string;
  /** Of the statement that failed; undefined when the migration failed as a whole. */
  line?: number;
}

/** A chosen migration; its statements up to a failed one. */
export interface MigrationTrace {
  id: string;
  statements: readonly TracedStatement[];
  untraced?: Untraced;
}

export interface Trace {
  /** The version of the embedded database, such as `18.3`. */
  server: string;
  /** The chosen migrations, in their order. */
  migrations: readonly MigrationTrace[];
  /** Migrations that were not chosen, and could not be executed: what builds on them fails, too. */
  missing: readonly { id: string; reason: string }[];
}
