/** Judges two migrations that touch one object: its name, its presence, or what it is. */

import type { Touch } from '../dependencies/touches.js';
import type { Effect } from '../effects/effect.js';
import type { Judge, Judgement, Sides } from './conflict.js';
import { swapped, swapSides } from './conflict.js';
import { judgeAlterations } from './judge-alterations.js';
import { isDirect, type Role, roleOf } from './roles.js';

const order: readonly Role[] = ['drop', 'create', 'rename', 'value', 'alter', 'use'];

/** For the key of an object: at least one of both changes it. */
export const judgeObject: Judge = (one, other, sides) => {
  const [first, second] = [order.indexOf(roleOf(one)), order.indexOf(roleOf(other))];
  if (first <= second) return judgeInOrder(one, other, sides);
  return swapped(judgeInOrder(other, one, swapSides(sides)));
};

/** @param one has a role that comes first in `order`. */
function judgeInOrder(one: Touch, other: Touch, sides: Sides): Judgement | undefined {
  const role = roleOf(one);
  if (role === 'drop') return judgeDrop(one, other);
  if (role === 'create') return judgeCreate(one, other);
  if (role === 'rename') return isBound(other) ? undefined : judgeRename(other);
  if (role === 'value') return judgeValue(one, other, sides);
  return judgeAlterations(one, other);
}

/** Something that PostgreSQL drops along, if it is there. */
function isIdle({ effect, existed }: Touch): boolean {
  return effect?.isImplicit === true && effect.isConditional === true && !existed;
}

/** A column knows its type whatever that is called, and goes with it. */
function isBound(touch: Touch): boolean {
  return touch.key.startsWith('type:') && (touch.effect?.isImplicit === true || !isDirect(touch));
}

function judgeDrop(one: Touch, other: Touch): Judgement | undefined {
  const role = roleOf(other);
  if (role === 'use' && isBound(other)) return undefined;
  if (isIdle(one) || isIdle(other)) return undefined;
  if (role === 'create') return { code: 'same-name', severity: 'error' };
  if (role !== 'drop') return { code: 'dropped-while-used', severity: 'error', first: 'other' };
  const isGoneAnyway = (touch: Touch) => touch.effect?.isConditional === true;
  if (isDirect(one) !== isDirect(other)) {
    const direct = isDirect(one) ? one : other;
    if (isGoneAnyway(direct) && goesAlong(direct, direct === one ? other : one)) return undefined;
    return { code: 'dropped-while-used', severity: 'error', first: direct === one ? 'one' : 'other' };
  }
  if (!isDirect(one)) return { code: 'dropped-while-used', severity: 'warning' };
  if (isGoneAnyway(one) && isGoneAnyway(other)) return undefined;
  return { code: 'dropped-while-used', severity: 'error' };
}

/** Without CASCADE a drop waits for these to be gone, and fails. */
const standing: ReadonlySet<string> = new Set(['view', 'materialized view', 'function', 'table']);

function goesAlong({ effect }: Touch, other: Touch): boolean {
  return other.effect?.isCascade === true || !standing.has(effect?.object.kind ?? '');
}

function judgeCreate(one: Touch, other: Touch): Judgement | undefined {
  const role = roleOf(other);
  if (role === 'create') return judgeTwins(one, other);
  if (role === 'rename') return { code: 'same-name', severity: 'error', first: 'other' };
  if (!one.existed) return { code: 'needs', severity: 'error', first: 'one' };
  return judgeReplacement(one, other);
}

/** Overloads are different functions, and a column is NOT NULL once, however often it is said. */
function judgeTwins(one: Touch, other: Touch): Judgement | undefined {
  const isOverload = one.key.startsWith('fn:') && one.what !== other.what;
  const isNotNull = [one, other].every(({ effect }) => effect?.change === 'not null');
  if (isOverload || isNotNull) return undefined;
  const areReplaced = [one, other].every(({ existed, effect }) => existed && effect?.isConditional);
  const isKept = areReplaced && !one.key.startsWith('fn:') && one.effect?.object.kind !== 'view';
  if (isKept) return undefined;
  return { code: areReplaced ? 'same-object' : 'same-name', severity: 'error' };
}

/** OR REPLACE changes what was there; IF NOT EXISTS leaves it alone. */
function judgeReplacement(one: Touch, other: Touch): Judgement | undefined {
  const kind = one.effect?.object.kind;
  const isFunction = one.key.startsWith('fn:');
  const isReplaced = one.effect?.isConditional === true && (isFunction || kind === 'view');
  if (!isReplaced) return undefined;
  if (isFunction && roleOf(other) === 'use' && other.verb !== 'calls') return undefined;
  return { code: 'changed-while-used', severity: 'warning' };
}

function judgeRename(other: Touch): Judgement {
  const role = roleOf(other);
  if (role === 'rename') return { code: 'same-object', severity: 'error' };
  return { code: 'dropped-while-used', severity: 'error', first: 'other' };
}

/** Values of an enum have the order in which they came, and matter to whoever writes them. */
function judgeValue(one: Touch, other: Touch, sides: Sides): Judgement | undefined {
  const labels = labelsOf(one);
  if (roleOf(other) !== 'value') {
    return labels.some((label) => sides.other.mentions(label))
      ? { code: 'needs', severity: 'warning', first: 'one' }
      : undefined;
  }
  const isSame = labelsOf(other).some((label) => labels.includes(label));
  const [first, second] = [one.effect as Effect, other.effect as Effect];
  if (isSame) {
    const areIdle = first.isConditional && second.isConditional;
    return areIdle ? undefined : { code: 'same-name', severity: 'error' };
  }
  const areNew = first.action === 'create' && second.action === 'create';
  return areNew ? { code: 'enum-order', severity: 'error' } : undefined;
}

function labelsOf({ effect }: Touch): string[] {
  return effect ? [effect.object.name, ...(effect.to ? [effect.to.name] : [])] : [];
}
