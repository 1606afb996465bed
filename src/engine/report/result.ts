/** Options and results of `kat report`, as types without imports of code. */

import type { LintFindings } from '../../findings.js';
import type { GitBase } from '../../project/git/find-base.js';
import type { PlannedStep } from '../plan/move-plan.js';
import type { GraphMigration } from '../read/graph-description.js';
import type { Trace } from '../trace/result.js';
import type { VerifyResult } from '../verify/result.js';

export const reportFormats = ['markdown', 'html'] as const;

export type ReportFormat = (typeof reportFormats)[number];

export interface ReportOptions {
  /** The git revision that the branch will be merged into. */
  gitBase: string;
  /** Also execute the new migrations up, down and up again in memory. */
  verify?: boolean | undefined;
  /** Warnings make the result invalid, too. */
  strict?: boolean | undefined;
  /** Of the text. Default `markdown`. */
  format?: ReportFormat | undefined;
}

/** What a branch does to the migrations. */
export interface BranchReport {
  base: GitBase | undefined;
  /** Those that the branch adds or edits, with their parents; empty where the folder is invalid. */
  graph: readonly GraphMigration[];
  /** Ids. */
  added: readonly string[];
  edited: readonly string[];
  /** What `kat up` would apply where the migrations of the base are applied. */
  steps: readonly PlannedStep[];
  /** Of the new migrations; absent where there are none. */
  trace?: Trace;
  /** With `verify`. */
  verified?: VerifyResult;
  /** By the command that finds them. */
  checks: Readonly<Partial<Record<ReportCheck, LintFindings>>>;
}

export type ReportCheck = 'validate' | 'lint' | 'check' | 'verify';

export interface ReportResult extends LintFindings, Pick<BranchReport, 'added' | 'edited' | 'steps'> {
  /** Whether there is no error, and with `strict` no warning. */
  isValid: boolean;
  base?: GitBase;
  trace?: Trace;
  format: ReportFormat;
  /** The report, to be published. */
  text: string;
}
