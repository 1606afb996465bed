/** Judges two migrations of which one drops something without CASCADE, and the other changes what keeps it from being dropped. */

import type { KeyAccess } from '../../dependencies/access.js';
import type { ChangeKind } from '../../effects/change.js';
import { keyOf } from '../../effects/object-key.js';
import { memberChangeOf, type PublicationMember } from '../../effects/publication-members.js';
import { type Judgement, type Sides, swapped } from '../conflict.js';
import { type Role, roleOf } from '../roles.js';

/** Whether exactly one of both is a drop that PostgreSQL refuses as long as the object of the key is there. */
export function isAboutHolder(one: KeyAccess, other: KeyAccess): boolean {
  return (one.isHolding === true) !== (other.isHolding === true);
}

/** Whoever takes the object away, or what it needs, comes first; whoever only uses it has nothing to do with the drop. */
export function judgeHolder(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  if (!one.isHolding) return swapped(judgeHolder(other, one, sides));
  if (one.key.object?.kind === 'publication' ? !isTakenOut(one, other) : !mayRelease(other)) return undefined;
  const severity = isOneOfSeveral(one, sides) ? 'warning' : 'error';
  return { code: 'dropped-while-used', severity, first: 'other' };
}

/** Which of several functions of one name is used, only types tell. */
function isOneOfSeveral({ effect }: KeyAccess, { overloadsOf }: Sides): boolean {
  if (effect?.object.args === undefined) return false;
  return new Set(overloadsOf(keyOf(effect.object)).map(({ types }) => types.join())).size > 1;
}

/** Whether the publication goes, or no longer has the column that is dropped. */
function isTakenOut({ effect }: KeyAccess, other: KeyAccess): boolean {
  const { name = '', parent } = effect?.object ?? {};
  const change = memberChangeOf(other.effect?.sets);
  if (!change) return ends.has(roleOf(other));
  const isOfTable = ({ table, columns }: PublicationMember) =>
    table === parent && (change.verb === 'drop' || columns.includes(name));
  if (change.verb === 'add') return false;
  return change.members.some(isOfTable) === (change.verb === 'drop');
}

function mayRelease(access: KeyAccess): boolean {
  const role = roleOf(access);
  if (role === 'alter' || access.verb === 'alters') return isRedefined(access);
  return ends.has(role) || (role === 'create' && access.effect?.isReplacement === true);
}

/** ALTER POLICY says nothing but what a policy is. */
function isRedefined({ key, effect }: KeyAccess): boolean {
  const { change } = effect ?? {};
  if (key.kind === 'privileges') return change?.kind === 'owner';
  if (change?.kind === 'family') return !change.isAdded;
  if (change?.kind === 'of type') return !change.isOn;
  return change ? releasing.has(change.kind) : key.object?.kind === 'policy';
}

const ends: ReadonlySet<Role> = new Set(['drop', 'replace']);

/** What a definition needs can be something else behind these. */
const releasing: ReadonlySet<ChangeKind> = new Set(['default', 'expression', 'properties', 'type']);
