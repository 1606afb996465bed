/** Decides which rules are asked, and how much each of them matters. */

import { KatError } from '../../errors.js';
import { nearest } from '../../graph/nearest.js';
import type { Rule } from '../../sql/lint/rule.js';
import type { LintPolicy, RuleLevel } from '../policy/lint-policy.js';

/** Rules with their levels. */
export interface ChosenRules {
  rules: readonly Rule[];
  severities: ReadonlyMap<string, Exclude<RuleLevel, 'off'>>;
}

/**
 * @param only ids of rules that are to be asked, whatever the policy says of them; all others are not
 * @throws KatError CONFIG_INVALID for a rule of the policy that does not exist, USAGE for one of `only`.
 */
export function chooseRules(
  all: readonly Rule[],
  { rules: levels = {} }: Pick<LintPolicy, 'rules'>,
  only: readonly string[] | undefined,
): ChosenRules {
  const known = all.map(({ id }) => id);
  for (const id of Object.keys(levels))
    if (!known.includes(id)) throw unknownRule('CONFIG_INVALID', id, known);
  for (const id of only ?? []) if (!known.includes(id)) throw unknownRule('USAGE', id, known);
  const severities = new Map<string, Exclude<RuleLevel, 'off'>>();
  for (const [id, level] of Object.entries(levels)) if (level !== 'off') severities.set(id, level);
  // Opt-in rules also run when selected by name.
  for (const { id, severity } of all)
    if (only?.includes(id) && !severities.has(id)) severities.set(id, severity);
  const isAsked = ({ id }: Rule) => (only ? only.includes(id) : levels[id] !== 'off');
  return { rules: all.filter(isAsked), severities };
}

function unknownRule(code: 'CONFIG_INVALID' | 'USAGE', id: string, known: readonly string[]): KatError {
  const [meant] = nearest(id, known, 1);
  const where = code === 'CONFIG_INVALID' ? ', named in the section `lint` of the configuration' : '';
  return new KatError(code, `there is no lint rule ${JSON.stringify(id)}${where}`, {
    help: meant === undefined ? 'Run `kat lint --list-rules` to list all rules.' : `Write \`${meant}\`.`,
  });
}
