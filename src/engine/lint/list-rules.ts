/** Lists the rules of the linter. */

import type { Severity } from '../../findings.js';

/** A rule's description, without its code. */
export interface RuleSummary {
  /** Also the name of its page in the docs. */
  id: string;
  severity: Severity;
  /** The finding, without a full stop. */
  summary: string;
  /** Whether `fix` can rewrite at least the usual cases of what it finds. */
  isFixable: boolean;
}

/** All rules, by their ids. */
export async function listLintRules(): Promise<RuleSummary[]> {
  const [{ rules }, { fixableRules }] = await Promise.all([
    import('../../sql/lint/rules.js'),
    import('../../sql/lint/fix/fixable-rules.js'),
  ]);
  return rules.map(({ id, severity, summary }) => ({
    id,
    severity,
    summary,
    isFixable: fixableRules.includes(id),
  }));
}
