/** Lists the rules of the linter. */

import type { Severity } from '../../findings.js';

/** What there is to know of a rule without its code. */
export interface RuleSummary {
  /** Also the name of its page in the docs. */
  id: string;
  severity: Severity;
  /** What is found, without a full stop. */
  summary: string;
}

/** All rules, by their ids. */
export async function listLintRules(): Promise<RuleSummary[]> {
  const { rules } = await import('../../sql/lint/rules.js');
  return rules.map(({ id, severity, summary }) => ({ id, severity, summary }));
}
