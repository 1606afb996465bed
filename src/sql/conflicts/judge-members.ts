/** Judges two migrations that change who is a member of one role: GRANT and REVOKE of roles, ALTER GROUP. */

import type { StatementSettings } from '../effects/effect.js';
import type { Judgement } from './conflict.js';

/** @param one and `other` are what each migration leaves set of the role. */
export function judgeMembers(one: StatementSettings, other: StatementSettings): Judgement | undefined {
  if (makeCircle(one, other) || makeCircle(other, one))
    return { code: 'same-object', severity: 'error', failsAnyway: true };
  const differences = Object.entries(one).flatMap(([name, value]) => differenceOf(value, other[name]) ?? []);
  const severity = differences.includes('sure') ? 'error' : 'warning';
  return differences.length === 0 ? undefined : { code: 'same-object', severity };
}

/** A role is no member of its members (AddRoleMems in commands/user.c). */
function makeCircle(one: StatementSettings, other: StatementSettings): boolean {
  return Object.entries(one).some(
    ([name, value]) => value === 'true' && /^member (?!of )/.test(name) && other[circleOf(name)] === 'true',
  );
}

function circleOf(name: string): string {
  return name.replace(/^member /, 'member of ');
}

/**
 * `revoked` takes an option away from a member, and does nothing to a role that is none. `default` is what a new member gets, and
 * leaves an older one alone.
 */
function differenceOf(value: string, other: string | undefined): 'sure' | 'perhaps' | undefined {
  const values = [value, other].sort().join();
  if (values === 'false,true' || values === 'revoked,true') return 'sure';
  return values === 'default,revoked' ? 'perhaps' : undefined;
}
