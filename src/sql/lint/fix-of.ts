/** Requests the fix of a rule's finding. */

import type { LintFinding, RuleSetting } from './finding.js';
import type { LintedStatement, Rule } from './rule.js';

/** Nothing if the rule has no fix, or fixes are not requested. */
export function fixOf(
  { fixers }: RuleSetting,
  { id }: Rule,
  { statement, at }: { statement: LintedStatement; at: number },
): Pick<LintFinding, 'fix'> {
  const pieces = fixers?.get(id)?.(statement, at);
  return pieces ? { fix: { statement: statement.index, pieces } } : {};
}
