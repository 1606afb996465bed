/** Judges two migrations of which one drops something without CASCADE, and the other changes what keeps it from being dropped. */

import type { KeyAccess } from '../dependencies/access.js';
import type { ChangeKind } from '../effects/change.js';
import { type Judgement, swapped } from './conflict.js';
import { type Role, roleOf } from './roles.js';

/** Whether exactly one of both is a drop that PostgreSQL refuses as long as the object of the key is there. */
export function isAboutHolder(one: KeyAccess, other: KeyAccess): boolean {
  return (one.isHolding === true) !== (other.isHolding === true);
}

/** Whoever takes the object away, or what it needs, comes first; whoever only uses it has nothing to do with the drop. */
export function judgeHolder(one: KeyAccess, other: KeyAccess): Judgement | undefined {
  if (!one.isHolding) return swapped(judgeHolder(other, one));
  return mayRelease(other) ? { code: 'dropped-while-used', severity: 'error', first: 'other' } : undefined;
}

function mayRelease(access: KeyAccess): boolean {
  const role = roleOf(access);
  if (role === 'alter') return isRedefined(access);
  return ends.has(role) || (role === 'create' && access.effect?.isReplacement === true);
}

/** ALTER POLICY says nothing but what a policy is. */
function isRedefined({ key, effect }: KeyAccess): boolean {
  const { change } = effect ?? {};
  return change ? releasing.has(change.kind) : key.object?.kind === 'policy';
}

const ends: ReadonlySet<Role> = new Set(['drop', 'replace']);

/** What a definition needs can be something else behind these. */
const releasing: ReadonlySet<ChangeKind> = new Set([
  'default',
  'expression',
  'family',
  'of type',
  'properties',
  'type',
]);
