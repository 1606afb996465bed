/** Judges two migrations that grant, revoke or give away. */

import type { KeyAccess } from '../dependencies/access.js';
import { areSame, type PrivilegeGroup } from '../effects/change.js';
import type { Effect, StatementSettings } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';
import type { Judge, Judgement, Side, Sides } from './conflict.js';
import { isAmong, isOfGroup, judgeChanges } from './judge-alterations.js';

/** Grants among themselves can come in any order. */
export const judgePrivileges: Judge = (one, other, sides) => {
  if (one.mode === 'read' || other.mode === 'read') return undefined;
  if ([one, other].every(({ effect }) => effect?.change?.kind === 'owner')) return judgeChanges(one, other);
  const [sets, values] = [one.effect?.sets, other.effect?.sets];
  const [isColumn, isOtherColumn] = [isOfColumn(one), isOfColumn(other)];
  const isSame = objectOf(one) === objectOf(other);
  const areParts = isColumn && isOtherColumn && !isSame;
  if (areParts && !sets?.owner && !values?.owner) return undefined;
  if (sets && values && (isSame || isColumn !== isOtherColumn)) return judgeGrants([one, other], sides);
  if (isOneOf(one, other.effect) || isOneOf(other, one.effect)) return judgeGrants([one, other], sides);
  return doTheSame(one, other) ? undefined : { code: 'privileges', severity: 'warning' };
};

/** The same for all spellings, such as TABLE for a view. */
function objectOf({ effect, what }: KeyAccess): string {
  return effect ? `${keyOf(effect.object)}${effect.object.args ?? ''}` : what;
}

function isOfColumn({ effect }: KeyAccess): boolean {
  return effect?.object.kind === 'column';
}

/** Whether GRANT ON ALL, once it is there, means the object of the other. */
function isOneOf({ effect }: KeyAccess, whole: Effect | undefined): boolean {
  const group = whole?.change?.kind === 'privileges' ? whole.change.group : undefined;
  const isPart = group === 'tables' && effect?.object.kind === 'column';
  return effect?.sets !== undefined && group !== undefined && (isPart || isOfGroup(effect, group));
}

/** Whether both grant, or both revoke. */
function doTheSame(...accesses: readonly KeyAccess[]): boolean {
  const [change, second] = accesses.map(({ effect }) => effect?.change);
  if (change?.kind !== 'privileges' || second?.kind !== 'privileges') return areSame(change, second);
  return change.isGrant === second.isGrant;
}

/** What one grants and the other revokes; a new owner takes over what the old one had. */
function judgeGrants([one, other]: [KeyAccess, KeyAccess], sides: Sides): Judgement | undefined {
  if ('owner' in grantsOf(one) || 'owner' in grantsOf(other))
    return { code: 'privileges', severity: 'warning' };
  const [grants, values] = [grantsFor(one, other), grantsFor(other, one)];
  const object = (one.effect?.sets ? one : other).effect?.object as ObjectId;
  const [own, others] = [laterGrants(sides.one, one, object), laterGrants(sides.other, other, object)];
  const isOpposite = grants.some((grant) =>
    values.some(
      (value) => areOpposite(grant, value) && !isRepeated(grant, others) && !isRepeated(value, own),
    ),
  );
  return isOpposite ? { code: 'privileges', severity: 'error' } : undefined;
}

/** REVOKE on a table holds for its columns, too; GRANT is apart from theirs (ExecGrant_Relation in catalog/aclchk.c). */
function grantsFor(access: KeyAccess, other: KeyAccess): Grant[] {
  const isWhole = isOfColumn(other) && !isOfColumn(access);
  return Object.entries(grantsOf(access)).filter(([, value]) => !isWhole || value === 'revoked');
}

function grantsOf({ effect }: KeyAccess): StatementSettings {
  return effect?.sets ?? effect?.grants ?? {};
}

/** What the same migration says of the object behind that. */
function laterGrants(side: Side, { place }: KeyAccess, object: ObjectId): Grant[] {
  const later = side.grantsOn(object).filter((effect) => effect.place.start > place.start);
  return later.flatMap(({ sets = {} }) => Object.entries(sets));
}

type Grant = [name: string, value: string];

function areOpposite([name, value]: Grant, [second, found]: Grant): boolean {
  return (value === 'revoked') !== (found === 'revoked') && meanTheSame(name, second);
}

/** Whether the last of them about the privilege says the same, as a GRANT behind a REVOKE does. */
function isRepeated([name, value]: Grant, later: readonly Grant[]): boolean {
  const last = later.filter(([other]) => meanTheSame(name, other)).at(-1);
  return last !== undefined && last[1] === value && [name, `${splitGrant(name)[0]} all`].includes(last[0]);
}

/** @param one such as `reader select`; `all` means every privilege */
function meanTheSame(one: string, other: string): boolean {
  const [role, privilege] = splitGrant(one);
  const [second, found] = splitGrant(other);
  return role === second && (privilege === found || privilege === 'all' || found === 'all');
}

function splitGrant(name: string): [string, string] {
  const at = name.lastIndexOf(' ');
  return [name.slice(0, at), name.slice(at + 1)];
}

/** GRANT ON ALL TABLES holds for those that are there. */
export const judgeContents: Judge = (one, other, sides) => {
  const reader = one.mode === 'read' ? one : other;
  const maker = reader === one ? other : one;
  const isIdle =
    maker.verb === 'creates' && reader.effect !== undefined && takesNothing(reader.effect, sides);
  const isMeant = reader.mode === 'read' && isAmong(maker, reader.effect) && !isIdle;
  return isMeant ? { code: 'privileges', severity: 'error' } : undefined;
};

/** Whether REVOKE is from roles that nobody gives anything of what is new. */
function takesNothing({ change, grants = {} }: Effect, { getsByDefault }: Sides): boolean {
  if (change?.kind !== 'privileges' || change.isGrant) return false;
  const roles = Object.keys(grants).map((name) => splitGrant(name)[0]);
  return (
    roles.length > 0 && !roles.some((role) => isOwner(role) || getsByDefault(role) || isServed(role, change))
  );
}

function isOwner(role: string): boolean {
  return role === 'current_user' || role === 'session_user' || role === 'current_role';
}

/** Everybody may execute new functions (GRANT, "Default privileges"). */
function isServed(role: string, { group }: { group?: PrivilegeGroup }): boolean {
  return role === 'public' && group !== 'tables' && group !== 'sequences';
}
