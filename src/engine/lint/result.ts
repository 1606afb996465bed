/** Options and results of `kat lint`, as types without imports of code. */

import type { LintFindings } from '../../findings.js';
import type { Trace } from '../trace/result.js';

/** At most one of `of`, `pending` and `gitBase`; all migrations where there is none. */
export interface LintOptions {
  /** Only these, named as on the command line. */
  of?: readonly string[] | undefined;
  /** Only what is pending, as the database says. What it creates counts as new. */
  pending?: boolean | undefined;
  /** Only what the branch has added since it left this git revision. What it creates counts as new. */
  gitBase?: string | undefined;
  /** Ask only these rules. */
  rules?: readonly string[] | undefined;
  /** Warnings make the result invalid, too. */
  strict?: boolean | undefined;
  /**
   * Rewrite what can be rewritten without knowing more. Needs `of`, `pending` or `gitBase`, as what is applied must stay as it
   * is.
   */
  fix?: boolean | undefined;
  /** Also run the linted migrations on an embedded database in memory, and say which locks, rewrites and scans were seen. */
  trace?: boolean | undefined;
  /** With `fix`: say what would be written, and write nothing. */
  dryRun?: boolean | undefined;
}

/** One of the migrations that take the place of one. */
export interface LintFixPart {
  /** Absent for a migration that is not written yet. */
  id?: string;
  /** The end of a new migration's name. */
  label?: string;
  up: string;
  down?: string;
  noTransaction: boolean;
}

/** A migration that was rewritten. */
export interface LintFix {
  id: string;
  /** Whose findings were fixed. */
  rules: readonly string[];
  /** The migration itself, and those that follow it now. */
  parts: readonly LintFixPart[];
}

export interface LintResult extends LintFindings {
  /** Whether there is no error, and with `strict` no warning. */
  isValid: boolean;
  /** Ids of those that were linted, in the order of the graph. */
  migrations: readonly string[];
  /** With `fix`: what was rewritten, or would be. The findings are those that are left then. */
  fixes?: readonly LintFix[];
  /** With `trace`: what was seen, beside what was predicted. */
  trace?: Trace;
}
