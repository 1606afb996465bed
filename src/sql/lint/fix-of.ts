/** Asks for the fix of what a rule has found. */

import type { LintFinding, RuleSetting } from './finding.js';
import type { LintedStatement, Rule } from './rule.js';

/** Nothing where the rule has no fix, or nobody asks for fixes. */
export function fixOf(
  { fixers }: RuleSetting,
  { id }: Rule,
  { statement, at }: { statement: LintedStatement; at: number },
): Pick<LintFinding, 'fix'> {
  const pieces = fixers?.get(id)?.(statement, at);
  return pieces ? { fix: { statement: statement.index, pieces } } : {};
}
