/** Judges two migrations that grant, revoke or give away. */

import type { KeyAccess } from '../../dependencies/access.js';
import { areSame, type PrivilegeGroup } from '../../effects/change.js';
import type { Effect, PrivilegeGrant } from '../../effects/effect.js';
import { keyOf } from '../../effects/object-key.js';
import { isOfGroup } from '../../effects/privilege-groups.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { changedBefore, type Judge, type Judgement, type Side, type Sides, swapped } from '../conflict.js';
import { isAmong, judgeChanges } from './judge-alterations.js';
import { isAboutHolder, judgeHolder } from './judge-holders.js';

/** Grants among themselves can come in any order. */
export const judgePrivileges: Judge = (one, other, sides) => {
  if (one.mode === 'read') return judgeLinkedSequence(one, other, sides.one);
  if (other.mode === 'read') return swapped(judgeLinkedSequence(other, one, sides.other));
  if (isAboutHolder(one, other)) return judgeHolder(one, other, sides);
  if ([one, other].every(({ effect }) => effect?.change?.kind === 'owner'))
    return judgeChanges(one, other, sides);
  const [isColumn, isOtherColumn] = [isOfColumn(one), isOfColumn(other)];
  const isSame = objectOf(one) === objectOf(other);
  const areParts = isColumn && isOtherColumn && !isSame;
  if (areParts && ![one, other].some(hasNewOwner)) return undefined;
  const areNamed = [one, other].every(isOnObject);
  if (areNamed && (isSame || isColumn !== isOtherColumn)) return judgeGrants([one, other], sides);
  if (isOneOf(one, other.effect) || isOneOf(other, one.effect)) return judgeGrants([one, other], sides);
  return doTheSame(one, other) ? undefined : { code: 'privileges', severity: 'warning' };
};

/** A sequence and the table that it is linked to have the same owner, and get another one together (process_owned_by, ATExecChangeOwner). */
function judgeLinkedSequence(
  { effect: link }: KeyAccess,
  { effect: change }: KeyAccess,
  linking: Side,
): Judgement | undefined {
  const sequence = link?.by;
  const owner = change?.change?.kind === 'owner' ? change.sets?.owner : undefined;
  if (link?.usage !== 'owner' || link.isImplicit || sequence === undefined) return undefined;
  if (owner === undefined || oneself.has(owner)) return undefined;
  const isGiven = linking.grantsOn(sequence).some(({ sets }) => sets?.owner === owner);
  return changedBefore(isGiven ? 'other' : 'one');
}

/** Whoever runs the migrations owns what they create. */
const oneself: ReadonlySet<string> = new Set(['current_user', 'current_role', 'session_user']);

/** The same for all spellings, such as TABLE for a view. */
function objectOf({ effect, what }: KeyAccess): string {
  return effect ? `${keyOf(effect.object)}${effect.object.args ?? ''}` : what;
}

function isOfColumn({ effect }: KeyAccess): boolean {
  return effect?.object.kind === 'column';
}

/** Whether it gives, takes or gives away the object that it names. */
function isOnObject({ effect }: KeyAccess): boolean {
  return effect?.sets !== undefined || (effect?.grants !== undefined && groupOf(effect) === undefined);
}

function groupOf(effect: Effect | undefined): PrivilegeGroup | undefined {
  return effect?.change?.kind === 'privileges' ? effect.change.group : undefined;
}

function hasNewOwner({ effect }: KeyAccess): boolean {
  return effect?.sets?.owner !== undefined;
}

/** Whether GRANT ON ALL, once it is there, means the object of the other. */
function isOneOf(access: KeyAccess, whole: Effect | undefined): boolean {
  const { effect } = access;
  const group = groupOf(whole);
  if (!effect || group === undefined || !isOnObject(access)) return false;
  return (group === 'tables' && effect.object.kind === 'column') || isOfGroup(effect, group);
}

/** Whether both grant, or both revoke. */
function doTheSame(...accesses: readonly KeyAccess[]): boolean {
  const [change, second] = accesses.map(({ effect }) => effect?.change);
  if (change?.kind !== 'privileges' || second?.kind !== 'privileges') return areSame(change, second);
  return change.isGrant === second.isGrant;
}

/** What one grants and the other revokes; a new owner takes over what the old one had. */
function judgeGrants([one, other]: [KeyAccess, KeyAccess], sides: Sides): Judgement | undefined {
  if ([one, other].some(hasNewOwner)) return { code: 'privileges', severity: 'warning' };
  const [grants, values] = [grantsFor(one, other), grantsFor(other, one)];
  const object = (isOnObject(one) ? one : other).effect?.object as ObjectId;
  const [own, others] = [laterGrants(sides.one, one, object), laterGrants(sides.other, other, object)];
  const isOpposite = grants.some((grant) =>
    values.some(
      (value) => areOpposite(grant, value) && !isRepeated(grant, others) && !isRepeated(value, own),
    ),
  );
  return isOpposite ? { code: 'privileges', severity: 'error' } : undefined;
}

/** REVOKE on a table holds for its columns, too; GRANT is apart from theirs (ExecGrant_Relation in catalog/aclchk.c). */
function grantsFor(access: KeyAccess, other: KeyAccess): PrivilegeGrant[] {
  const isWhole = isOfColumn(other) && !isOfColumn(access);
  return (access.effect?.grants ?? []).filter(({ result }) => !isWhole || result === 'revoked');
}

/** What the same migration says of the object behind that. */
function laterGrants(side: Side, { place }: KeyAccess, object: ObjectId): PrivilegeGrant[] {
  const later = side.grantsOn(object).filter((effect) => effect.place.start > place.start);
  return later.flatMap(({ grants = [] }) => grants);
}

function areOpposite(one: PrivilegeGrant, other: PrivilegeGrant): boolean {
  return (one.result === 'revoked') !== (other.result === 'revoked') && meanTheSame(one, other);
}

/** Whether the last of them about the privilege says the same, as a GRANT behind a REVOKE does. */
function isRepeated(grant: PrivilegeGrant, later: readonly PrivilegeGrant[]): boolean {
  const last = later.filter((other) => meanTheSame(grant, other)).at(-1);
  return last?.result === grant.result && (last.privilege === grant.privilege || isEvery(last));
}

/** The right to grant a privilege goes along with it, and may go alone. */
function meanTheSame(one: PrivilegeGrant, other: PrivilegeGrant): boolean {
  if (one.role !== other.role || isOption(one) !== isOption(other)) return false;
  return isEvery(one) || isEvery(other) || one.privilege === other.privilege;
}

function isOption({ privilege }: PrivilegeGrant): boolean {
  return privilege.startsWith('option-');
}

function isEvery({ privilege }: PrivilegeGrant): boolean {
  return privilege === 'all' || privilege === 'option-all';
}

/** GRANT ON ALL TABLES holds for those that are there. */
export const judgeContents: Judge = (one, other, sides) => {
  const reader = one.mode === 'read' ? one : other;
  const maker = reader === one ? other : one;
  if (reader.mode !== 'read' || !reader.effect || !isAmong(maker, reader.effect)) return undefined;
  return takesNothing(reader.effect, maker, sides) ? undefined : { code: 'privileges', severity: 'error' };
};

/** Whether REVOKE is from roles that have nothing of what is new in the schema. */
function takesNothing({ change, grants = [] }: Effect, maker: KeyAccess, sides: Sides): boolean {
  if (change?.kind !== 'privileges' || change.isGrant) return false;
  const moved = maker.verb === 'moves' ? maker.effect?.object : undefined;
  const isGiven = (role: string) =>
    isOwner(role) ||
    sides.getsByDefault(role) ||
    isServed(role, change) ||
    (moved && sides.isGranted(moved, role));
  return grants.length > 0 && !grants.some(({ role }) => isGiven(role));
}

function isOwner(role: string): boolean {
  return role === 'current_user' || role === 'session_user' || role === 'current_role';
}

/** Everybody may execute new functions (GRANT, "Default privileges"). */
function isServed(role: string, { group }: { group?: PrivilegeGroup }): boolean {
  return role === 'public' && group !== 'tables' && group !== 'sequences';
}
