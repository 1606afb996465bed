/** A project's lint settings. */

import type { Severity } from '../../findings.js';

/** How much a rule matters; `off` does not ask it. */
export type RuleLevel = Severity | 'off';

/** A project's lint settings; everything has a default. */
export interface LintPolicy {
  /** The oldest major version of PostgreSQL that migrations must run on. Default 14. */
  serverVersion?: number | undefined;
  /** A timestamp, id or name: this migration and those with smaller timestamps are not linted. */
  startAfter?: string | undefined;
  /** By rule; the others have levels of their own. */
  rules?: Readonly<Record<string, RuleLevel>> | undefined;
  /** How `up` lints pending migrations: `warn` shows findings, `strict` refuses errors, `off` disables it. */
  onUp?: 'warn' | 'strict' | 'off' | undefined;
}
