/** Judges two migrations that change who is a member of one role: GRANT and REVOKE of roles, ALTER GROUP. */

import type { StatementSettings } from '../../effects/effect.js';
import { type Judgement, swapped } from '../conflict.js';

/** @param one and `other` are what each migration leaves set of the role. */
export function judgeMembers(one: StatementSettings, other: StatementSettings): Judgement | undefined {
  if (makeCircle(one, other) || makeCircle(other, one))
    return { code: 'same-object', severity: 'error', failsAnyway: true };
  const ofGrants = judgeGiven(one, other) ?? swapped(judgeGiven(other, one));
  if (ofGrants) return ofGrants;
  const differences = Object.entries(one).flatMap(([name, value]) => differenceOf(value, other[name]) ?? []);
  const severity = differences.includes('sure') ? 'error' : 'warning';
  return differences.length === 0 ? undefined : { code: 'same-object', severity };
}

/** A role is no member of its members, whoever has made it one (AddRoleMems in commands/user.c). */
function makeCircle(one: StatementSettings, other: StatementSettings): boolean {
  const members = namesOf(one, /^member (?!of )/);
  return namesOf(other, /^member of /).some((name) => members.includes(name));
}

function namesOf(sets: StatementSettings, kind: RegExp): string[] {
  const given = Object.entries(sets).filter(([name, value]) => value === 'true' && kind.test(name));
  return given.map(([name]) => name.replace(kind, '').replace(/ by .*$/, ''));
}

/** @param one gives memberships, or takes them back, in the name of a role; `other` ends the right of the role to do so. */
function judgeGiven(one: StatementSettings, other: StatementSettings): Judgement | undefined {
  const ends = Object.entries(one).flatMap(([name, value]) =>
    name.startsWith('grants of ') ? `${value} ${other[name]}` : [],
  );
  const error = { code: 'same-object', severity: 'error' } as const;
  if (ends.includes('given held')) return { ...error, failsAnyway: true };
  return ends.includes('given ended') || ends.includes('taken held') ? { ...error, first: 'one' } : undefined;
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
