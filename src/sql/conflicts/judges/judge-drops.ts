/** Judges two migrations of which one drops an object, by itself or along with another. */

import type { KeyAccess } from '../../dependencies/access.js';
import { ownerKey } from '../../dependencies/catalogue.js';
import { keyOf } from '../../effects/object-key.js';
import { isLostDefault } from '../change-facts.js';
import type { Judgement, Side, Sides, TableKeys } from '../conflict.js';
import {
  areOverloads,
  isBound,
  isDirect,
  isPresumed,
  isReachedByDrop,
  needsFreeName,
  roleOf,
} from '../roles.js';

/** @param one drops; `other` drops, too, or does anything else. */
export function judgeDrop(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  const role = roleOf(other);
  if (isIdle(one) || isIdle(other)) return undefined;
  if (role === 'drop') return judgeDrops(one, other, sides.keys);
  if (areOverloads(one, other)) return undefined;
  if (role === 'create') return judgeMaking(one, other);
  if (role === 'rename' && isDirect(one)) return judgeNaming(one, other);
  return judgeUseOfDropped(one, other, sides);
}

function judgeUseOfDropped(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  const role = roleOf(other);
  // An index is built anew with its column as long as it is there.
  if (role === 'alter' && other.effect?.change?.kind === 'type' && !isDirect(other)) return undefined;
  // What a default does ends with its column, or with another default.
  if (isOfDefault(other, one) || isLostDefault(other) || endsDefault(other, sides.one)) return undefined;
  // Rows that refer to others are looked at only as long as their table is there.
  if (other.effect?.rowAccess === 'referring rows') return undefined;
  // IF NOT EXISTS does nothing in one order, and makes the object again in the other one.
  if (other.isAlternative && isDirect(other)) return { code: 'dropped-while-used', severity: 'error' };
  const isAlong = isReachedByDrop(other) && other.effect?.isCascade === true;
  const isIndifferent = isAlong || isBound(other) || (role === 'use' && mayBeGone(other));
  if (isIndifferent) return undefined;
  return sides.other.makesIfMissing(one.key.text) ? dropped : { ...dropped, first: 'other' };
}

/** @param one takes away the object that `other` creates. */
export function judgeMaking(one: KeyAccess, other: KeyAccess): Judgement {
  if (isPresumed(one) && !other.existed) return { code: 'needs', severity: 'error', first: 'other' };
  return { code: 'same-name', severity: 'error', ...(freesName(one, other) ? { first: 'one' } : {}) };
}

/** Whether the name is taken until `one` takes the object away, so that `other` fails before. */
function freesName(one: KeyAccess, { effect, existed }: KeyAccess): boolean {
  const isDrop = roleOf(one) === 'drop' && one.existed && existed;
  return isDrop && isDirect(one) && effect !== undefined && needsFreeName(effect);
}

/** Both mean the object by its old name: the drop, and `other`, which renames or moves it, by itself or with its table. */
function judgeNaming(one: KeyAccess, other: KeyAccess): Judgement {
  const judgement = { code: 'dropped-while-used', severity: 'error' } as const;
  const canBeSecond = one.effect?.isConditional === true;
  const isAlong = !isDirect(other) || other.effect?.isImplicit === true;
  const canOtherBeSecond = isAlong || other.effect?.isConditional === true;
  if (canBeSecond !== canOtherBeSecond) return { ...judgement, first: canBeSecond ? 'other' : 'one' };
  return canBeSecond ? judgement : { ...judgement, failsAnyway: true };
}

function isOfDefault({ effect }: KeyAccess, { effect: drop }: KeyAccess): boolean {
  const column = effect?.defaultOf;
  return column !== undefined && drop !== undefined && keyOf(column) === keyOf(drop.object);
}

function endsDefault({ effect }: KeyAccess, { changesDefault }: Side): boolean {
  return effect?.defaultOf !== undefined && changesDefault(effect.defaultOf);
}

function judgeDrops(one: KeyAccess, other: KeyAccess, keys: TableKeys): Judgement | undefined {
  if (isRefusedOfChild(one, other, keys)) return { ...dropped, first: 'other' };
  if (isRefusedOfChild(other, one, keys)) return { ...dropped, first: 'one' };
  if (isDirect(one) && !isDirect(other)) return judgeAlong(one, other, 'one');
  if (!isDirect(one) && isDirect(other)) return judgeAlong(other, one, 'other');
  if (!isDirect(one)) return judgeBothAlong(one, other);
  const conditional = [one, other].filter(({ effect }) => effect?.isConditional);
  if (conditional.length === 2) return undefined;
  return { code: 'dropped-while-used', severity: 'error', failsAnyway: conditional.length === 0 };
}

const dropped: Judgement = { code: 'dropped-while-used', severity: 'error' };

/** Whether `one` drops a constraint of a child, which is refused until `parent` drops the one that the child has it from (ATExecDropConstraint). */
function isRefusedOfChild(one: KeyAccess, { effect: parent }: KeyAccess, keys: TableKeys): boolean {
  const own = one.effect?.object;
  if (own?.kind !== 'constraint' || parent?.action !== 'drop' || parent.object.kind !== 'constraint')
    return false;
  const isOfChild =
    isDirect(one) && ownerKey(own) !== ownerKey(parent.object) && own.name === parent.object.name;
  return isOfChild && keys.isInherited(keyOf(parent.object));
}

/** One drops the object itself, the other something that it belongs to. */
function judgeAlong(direct: KeyAccess, along: KeyAccess, first: 'one' | 'other'): Judgement | undefined {
  const goesAlong =
    along.effect?.isCascade === true || !blocksDropWithoutCascade.has(direct.effect?.object.kind ?? '');
  if (direct.effect?.isConditional && goesAlong) return undefined;
  return { code: 'dropped-while-used', severity: 'error', first };
}

/** If both drop the object that it belongs to, that object decides. */
function judgeBothAlong(one: KeyAccess, other: KeyAccess): Judgement | undefined {
  const [object, second] = [one, other].map(({ effect }) => effect && keyOf(effect.object));
  return object === second ? undefined : { code: 'dropped-while-used', severity: 'warning' };
}

/** Without CASCADE a drop fails while these exist. */
const blocksDropWithoutCascade: ReadonlySet<string> = new Set([
  'view',
  'materialized view',
  'function',
  'table',
]);

/** Something that PostgreSQL drops along, if it is there. */
function isIdle({ effect, existed }: KeyAccess): boolean {
  return effect?.action === 'drop' && effect.isImplicit === true && effect.isConditional === true && !existed;
}

/** DROP … IF EXISTS of a whole object, or of a part whose table may be missing, too (does_not_exist_skipping, dropcmds.c). */
function mayBeGone({ effect }: KeyAccess): boolean {
  if (effect?.action !== 'drop' || !effect.isConditional) return false;
  const { kind, parent } = effect.object;
  return parent === undefined || kind === 'trigger' || kind === 'policy' || kind === 'rule';
}
