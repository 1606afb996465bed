/** Results of `kat blame`, as types without imports of code. */

import type { SourceLocation } from '../../errors.js';
import type { LineCommit } from '../../project/git/line-commits.js';

/** One statement that created, changed or dropped an object. */
export interface BlamedStatement {
  migration: string;
  /** Such as `creates table users`. */
  deeds: readonly string[];
  location: SourceLocation;
  /** The whole statement. */
  statement: string;
  /** IF [NOT] EXISTS, or inside a branch that may not run. */
  isConditional: boolean;
  /** The commit that last changed the line; left out where git does not know it, and for a line of no commit. */
  commit?: LineCommit;
  /** Whether a commit has the line; left out where git does not know it. */
  isCommitted?: boolean;
}

/** One object, from its creation to its drop. */
export interface BlamedObject {
  kind: string;
  /** Its last name, such as `app.users`. */
  name: string;
  /** Its earlier names, the oldest first. */
  formerNames: readonly string[];
  /** Whether the migrations drop it. */
  isDropped: boolean;
  /** In the order of the graph. */
  statements: readonly BlamedStatement[];
}

/** SQL that Kat cannot read, so that it may change the object, too. */
export interface UnreadSql {
  migration: string;
  /** In a few words: `dynamic SQL`. */
  reason: string;
  location: SourceLocation;
  /** Whether the migration contains the object's name. */
  isNamed: boolean;
}

export interface BlameResult {
  /** All objects that have the name, or had it before. */
  objects: readonly BlamedObject[];
  unread: readonly UnreadSql[];
  /** Why git cannot tell authors; left out where it can. */
  gitProblem?: string;
}
