/** A project's lint settings. */

import type { Severity } from '../../findings.js';

/** How much a rule matters; `off` does not ask it. */
export type RuleLevel = Severity | 'off';

/** What a project says about linting; everything has a default. */
export interface LintPolicy {
  /** The oldest major version of PostgreSQL that migrations must run on. Default 14. */
  serverVersion?: number | undefined;
  /** A timestamp, id or name: this migration and those with smaller timestamps are not linted. */
  startAfter?: string | undefined;
  /** By rule; the others have levels of their own. */
  rules?: Readonly<Record<string, RuleLevel>> | undefined;
  /** What `up` does about what it is about to apply: `warn` shows findings, `strict` refuses errors, `off` does not look. */
  onUp?: 'warn' | 'strict' | 'off' | undefined;
}
