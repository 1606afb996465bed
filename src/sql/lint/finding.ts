/** Options and findings of the linter. */

import type { Severity } from '../../findings.js';
import type { SourcePosition } from '../syntax/object-id.js';
import type { Fixer, StatementFix } from './fix/statement-fix.js';
import type { BaseNames } from './follow-into.js';
import type { Found, Rule } from './rule.js';

/** A rule's finding and its place. */
export interface LintFinding {
  rule: string;
  severity: Severity;
  migration: string;
  direction: 'up' | 'down';
  place: SourcePosition;
  message: string;
  help: string;
  /** The replacement of the statement with that index. */
  fix?: { statement: number; pieces: StatementFix };
}

/** Which rules are asked, and for what. */
export interface RuleSetting {
  rules: readonly Rule[];
  /** By rule; a rule that is not in here has its own severity, and is not asked if it is optional. */
  severities: ReadonlyMap<string, Severity>;
  /** The oldest major version of PostgreSQL that migrations must run on. */
  oldestServer: number;
  /** All that a comment may accept, here or elsewhere; where it is left out, nothing is said of words that mean nothing. */
  codes?: ReadonlySet<string>;
  /** By rule; where they are left out, nothing is said of fixes. */
  fixers?: ReadonlyMap<string, Fixer>;
  /** Objects in use, although the migrations that create them here are not applied. */
  base?: BaseNames;
}

/** A rule's finding. */
export interface RuleFound extends Pick<LintFinding, 'fix'> {
  rule: Rule;
  found: Found;
}
