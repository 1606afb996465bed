/** A migration that is being fixed, and what it is taken apart into. */

/** The new content of one migration's folder. */
export interface Draft {
  /** The end of a new migration's name; undefined for the one that keeps its folder. */
  label: string | undefined;
  up: string;
  /** Undefined when there is no down.sql. */
  down: string | undefined;
  isTransactional: boolean;
  /** Constraints of its history or its own are INITIALLY DEFERRED: they hold at the end of the transaction, and not before. */
  hasDeferredChecks?: boolean;
}
