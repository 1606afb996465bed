/** Judges two migrations that touch one object: its name, its presence, or what it is. */

import type { Touch } from '../dependencies/access.js';
import type { Effect } from '../effects/effect.js';
import type { Judge, Judgement, Sides } from './conflict.js';
import { swapped, swapSides } from './conflict.js';
import { judgeAlterations } from './judge-alterations.js';
import { judgeDrop } from './judge-drops.js';
import { isBound, type Role, roleOf } from './roles.js';

const order: readonly Role[] = ['replace', 'borrow', 'drop', 'create', 'rename', 'value', 'alter', 'use'];

/** For the key of an object: at least one of both changes it. */
export const judgeObject: Judge = (one, other, sides) => {
  const [first, second] = [order.indexOf(roleOf(one)), order.indexOf(roleOf(other))];
  if (first <= second) return judgeInOrder(one, other, sides);
  return swapped(judgeInOrder(other, one, swapSides(sides)));
};

/** @param one has a role that comes first in `order`. */
function judgeInOrder(one: Touch, other: Touch, sides: Sides): Judgement | undefined {
  const role = roleOf(one);
  if (role === 'replace') return judgeReplace(other);
  if (role === 'borrow') return judgeBorrowing(other);
  if (role === 'drop') return judgeDrop(one, other);
  if (role === 'create') return judgeCreate(one, other);
  if (role === 'rename') return isBound(other) ? undefined : judgeRename(other);
  if (role === 'value') return judgeValue(one, other, sides);
  return judgeAlterations(one, other);
}

function judgeReplace(other: Touch): Judgement {
  if (roleOf(other) === 'create' || roleOf(other) === 'drop') return { code: 'same-name', severity: 'error' };
  if (roleOf(other) !== 'use') return { code: 'same-object', severity: 'error' };
  // What follows from something else may not happen at all.
  return { code: 'changed-while-used', severity: other.effect?.isImplicit ? 'warning' : 'error' };
}

/** A name that is taken for a while must be free. */
function judgeBorrowing(other: Touch): Judgement | undefined {
  const role = roleOf(other);
  if (role === 'borrow' || role === 'use') return undefined;
  return { code: 'same-name', severity: 'error' };
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
