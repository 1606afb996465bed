/** Judges two migrations of which one alters an object that stays, and the other alters or uses it. */

import type { KeyAccess } from '../../dependencies/access.js';
import { isObjectKey } from '../../dependencies/keys.js';
import { areSame } from '../../effects/change.js';
import type { Effect } from '../../effects/effect.js';
import { keyOf } from '../../effects/object-key.js';
import { isOfGroup } from '../../effects/privilege-groups.js';
import type { ObjectKind } from '../../syntax/object-id.js';
import { isChange, isLostDefault } from '../change-facts.js';
import { changedBefore, type Judgement, type Sides, type TableKeys } from '../conflict.js';
import { areOverloads, roleOf } from '../roles.js';
import { areLinks, judgeLinks } from './judge-families.js';
import { judgeIdentities } from './judge-identities.js';
import { judgeInsertedColumn } from './judge-inserted-columns.js';
import { judgeMembers } from './judge-members.js';
import { judgeNewType } from './judge-new-types.js';
import { judgeForKey, judgeNotNull } from './judge-not-null.js';
import { judgeProperties } from './judge-properties.js';
import { judgePublicationMembers } from './judge-published.js';
import { judgeSequenceLimits } from './judge-sequence-limits.js';

/** Only a DEFERRABLE constraint can be deferred by SET CONSTRAINTS (AfterTriggerSetState). */
function judgeDeferral({ effect }: KeyAccess, { effect: use }: KeyAccess): Judgement | undefined {
  if (effect?.change?.kind !== 'attributes' || use?.usage !== 'deferred') return undefined;
  return changedBefore(effect.sets?.attributes?.includes('"deferrable":true') ? 'one' : 'other');
}

/** A domain that checks its values is not checked inside of others: it gets no check once a column has arrays of it (get_rels_with_domain). */
function judgeElements({ effect }: KeyAccess, { effect: use }: KeyAccess): Judgement | undefined {
  const { change, isUnchecked } = effect ?? {};
  const isChecking = (change?.kind === 'domain constraint' || change?.kind === 'not null') && change.isOn;
  return isChecking && !isUnchecked && use?.usage === 'elements' ? changedBefore('one') : undefined;
}

/** Properties of a column that do not matter to those who use it. */
const independent: ReadonlySet<string> = new Set(['default', 'null', 'statistics', 'storage', 'compression']);

/** Using these does not depend on how they are set. */
const usableWithAnySetting: ReadonlySet<ObjectKind> = new Set([
  'role',
  'extension',
  'publication',
  'schema',
  'server',
]);

/** @param one alters; `other` alters or uses. */
export function judgeAlterations(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  if (one.effect?.object.kind === 'default privileges') return judgeDefaultPrivileges(one, other);
  if (isOwned(one) || isOwned(other)) return isOwned(one) ? judgeOwned(one, other) : judgeOwned(other, one);
  if (changesMembers(one) && changesMembers(other))
    return judgeMembers(sides.one.setsOf(one), sides.other.setsOf(other));
  return roleOf(other) === 'alter' ? judgeChanges(one, other, sides) : judgeUse(one, other, sides);
}

function changesMembers({ effect }: KeyAccess): boolean {
  return effect?.change?.kind === 'members';
}

function isOwned({ effect }: KeyAccess): boolean {
  return effect?.change?.kind === 'owned';
}

/** What the role has by then goes, or gets another owner. */
function judgeOwned({ effect }: KeyAccess, { effect: other }: KeyAccess): Judgement | undefined {
  const isDropped = effect?.change?.kind === 'owned' && effect.change.isDropped;
  if (other?.change?.kind === 'owned')
    return other.change.isDropped === isDropped
      ? undefined
      : { code: 'changed-while-used', severity: 'error' };
  const isGiven = other?.usage === 'owning' || (other?.usage === 'granted' && isDropped);
  return isGiven ? { code: 'changed-while-used', severity: 'error' } : undefined;
}

/** They hold for what is created later. */
function judgeDefaultPrivileges(one: KeyAccess, other: KeyAccess): Judgement | undefined {
  if (roleOf(other) === 'alter')
    return areSame(one.effect?.change, other.effect?.change)
      ? { code: 'privileges', severity: 'warning' }
      : undefined;
  return isAmong(other, one.effect) ? { code: 'privileges', severity: 'error' } : undefined;
}

/** Whether `GRANT … ON ALL TABLES` and the like change the object that is created or comes from another schema. */
export function isAmong({ verb, existed, effect }: KeyAccess, grant: Effect | undefined): boolean {
  const isNew = verb === 'moves' || (verb === 'creates' && !(existed && effect?.isConditional));
  const change = grant?.change;
  const group = change && 'group' in change ? change.group : undefined;
  if (!isNew || group === undefined || effect === undefined) return false;
  const isThroughout = grant?.grantedThroughout?.some(
    (objects) => objects.schema === effect.object.schema && isOfGroup(effect, objects.group),
  );
  return isOfGroup(effect, group) && !(isThroughout && verb === 'creates');
}

/** Two changes of one object: the last value of a property holds. */
export function judgeChanges(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  if (areOverloads(one, other)) return undefined;
  if (areLinks(one, other)) return judgeLinks(one, other);
  if (areDefaults(one, other) && (isLostDefault(one) || isLostDefault(other))) return undefined;
  const ofName = judgeNotNull(one, other);
  if (ofName) return ofName;
  const ofFilling = judgeIdentities(one, other, sides);
  if (ofFilling) return ofFilling[0];
  const ofLimits = judgeSequenceLimits(one, other);
  if (ofLimits) return ofLimits;
  const [sets, values] = [sides.one.finalSets(one), sides.other.finalSets(other)];
  if (!sets || !values) return judgeOtherChanges(one, other);
  const ofMembers =
    one.key.object?.kind === 'publication' ? judgePublicationMembers(sets, values) : undefined;
  return ofMembers ?? judgeProperties(sets, values);
}

function judgeOtherChanges(one: KeyAccess, other: KeyAccess): Judgement | undefined {
  const change = one.effect?.change;
  const isSame = areSame(change, other.effect?.change);
  if (isSame && isChange(one.effect, 'repeatable')) return undefined;
  const isVague = !change || !isSame || isObjectKey(one.key, 'fn') || one.what !== other.what;
  return { code: 'same-object', severity: isVague ? 'warning' : 'error' };
}

function areDefaults(...accesses: readonly KeyAccess[]): boolean {
  return accesses.every(({ effect }) => effect?.change?.kind === 'default');
}

function judgeUse(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  return (
    judgeDeferral(one, other) ??
    judgeElements(one, other) ??
    judgeForKey(one, other) ??
    judgeSequenceLimits(one, other) ??
    judgeUseOfSettings(one, other, sides)
  );
}

function judgeUseOfSettings(
  one: KeyAccess,
  other: KeyAccess,
  { keys, one: side }: Sides,
): Judgement | undefined {
  const kind = one.effect?.object.kind;
  if (kind !== undefined && usableWithAnySetting.has(kind)) return undefined;
  const usage = other.effect?.usage;
  if (usage === 'added column') return judgeAddedColumn(one);
  if (usage === 'left out' || usage === 'given') return judgeInsertedColumn(one, other, side.setsOf(one));
  if (kind === 'column' && isIndependent(one)) return judgeNullness(one.effect?.sets?.null, other, keys);
  if (isObjectKey(one.key, 'fn') && other.verb !== 'calls') return undefined;
  if (one.effect?.sets && 'type' in one.effect.sets) return judgeNewType(one.effect.sets, other, side);
  // A definition that names a type does not rest on how it is set; rows do.
  const isDefinition = isObjectKey(one.key, 'type') && other.effect?.by !== undefined;
  if (one.effect?.change?.kind === 'validation' || isDefinition) return undefined;
  return { code: 'changed-while-used', severity: 'warning' };
}

/** Rows that exist get the default of a domain in a new column of it, or NULL, which it may forbid. */
function judgeAddedColumn({ effect }: KeyAccess): Judgement | undefined {
  const isFilling = ['default', 'null'].some((name) => name in (effect?.sets ?? {}));
  return isFilling ? { code: 'rows-meet-rules', severity: 'warning' } : undefined;
}

/** Columns of a primary key and of a replica identity are NOT NULL (ATExecDropNotNull, ATExecReplicaIdentity). */
function judgeNullness(
  nullness: string | undefined,
  { effect }: KeyAccess,
  keys: TableKeys,
): Judgement | undefined {
  if (nullness === undefined) return undefined;
  const isEnd =
    effect?.action === 'drop' && keys.get(keyOf(effect.object)).some(({ isPrimary }) => isPrimary);
  if (isEnd && nullness === 'allowed') return changedBefore('other');
  if (effect?.usage === 'key index') return nullness === 'allowed' ? changedBefore('one') : undefined;
  if (effect?.usage !== 'identity index') return undefined;
  return nullness === 'forbidden' ? changedBefore('one') : { code: 'changed-while-used', severity: 'error' };
}

function isIndependent({ effect }: KeyAccess): boolean {
  const names = Object.keys(effect?.sets ?? {});
  return (
    effect?.sets !== undefined && names.every((name) => independent.has(name) || name.startsWith('option '))
  );
}
