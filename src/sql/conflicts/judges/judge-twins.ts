/** Judges two migrations that both make an object of one name. */

import type { KeyAccess } from '../../dependencies/access.js';
import { isObjectKey } from '../../dependencies/keys.js';
import type { Effect } from '../../effects/effect.js';
import type { Judgement, Side, Sides } from '../conflict.js';
import { areNotNull, areOverloads, isDirect, isNumbered, needsFreeName } from '../roles.js';

/** Overloads are different functions, and a column is NOT NULL once, however often it is said. */
export function judgeTwins(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  // Their tables have one name, too, and say what that means.
  if (sides.one.createsOwner(one) && sides.other.createsOwner(other)) return undefined;
  const refused = clearsInherited(one, other) ? 'one' : clearsInherited(other, one) ? 'other' : undefined;
  if (refused) return { code: 'dropped-while-used', severity: 'error', first: refused };
  if (areOverloads(one, other) || areNotNull(one, other) || areEqual(one, other) || areMerged(one, other))
    return undefined;
  return areLeftAlone([one, other], sides) ? undefined : judgeNewTwins(one, other, sides);
}

/** Whether the second finds what the first has made, and that is what it would make itself. */
function areLeftAlone([one, other]: [KeyAccess, KeyAccess], sides: Sides): boolean {
  const both = bothOf(one, other);
  if (both(({ isInBranch }) => isInBranch === true)) return createTheSame(one, sides);
  if (both(({ isReplacement }) => isReplacement !== true))
    return both(({ isConditional }) => isConditional === true) && one.existed && other.existed;
  return false;
}

function bothOf(...accesses: readonly KeyAccess[]): (test: (effect: Effect) => boolean) => boolean {
  return (test) => accesses.every(({ effect }) => effect && test(effect));
}

function judgeNewTwins(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  const both = bothOf(one, other);
  if (isReplacedFunction(one, other) || isReplacedFunction(other, one)) return undefined;
  if (both(({ isReplacement }) => isReplacement === true)) return { code: 'same-object', severity: 'error' };
  const areNumbered = both(({ isGenerated, object }) => isGenerated === true && isNumbered(object));
  if (areNumbered && !sides.isNamed(one.key.text)) return { code: 'generated-names', severity: 'info' };
  // ALTER FUNCTION f RENAME does not say which overload it means.
  if (isObjectKey(one.key, 'fn') && !both(({ object }) => object.args !== undefined))
    return { code: 'same-name', severity: 'warning' };
  if (one.isCleared || other.isCleared) return judgeClearing(one, other, sides);
  const failsAnyway = isDirect(one) && isDirect(other) && both(needsFreeName);
  return { code: 'same-name', severity: 'error', failsAnyway };
}

/** Who first drops what has the name comes second without an error, and wins. */
function judgeClearing(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  if (one.isCleared && other.isCleared)
    return doTheSame(one, sides) ? undefined : { code: 'same-object', severity: 'error' };
  const first = one.isCleared ? 'other' : 'one';
  const made = { one, other }[first];
  if (isNothingElse(made, sides[first])) return undefined;
  const isOnlyOrder = made.effect !== undefined && needsFreeName(made.effect);
  return { code: 'same-name', severity: 'error', ...(isOnlyOrder ? { first } : {}) };
}

/** Whether both migrations create the object again with the same statements, and have no others about it, however they drop it. */
export function doTheSame({ key }: KeyAccess, { one, other }: Sides): boolean {
  return one.statementsLeft(key.text).join(';') === other.statementsLeft(key.text).join(';');
}

function createTheSame({ key }: KeyAccess, { one, other }: Sides): boolean {
  return one.creationsOf(key).join(';') === other.creationsOf(key).join(';');
}

/** Whether the migration has IF NOT EXISTS for the object and no other statement about it, so that it may be any object of the name. */
function isNothingElse({ effect, key }: KeyAccess, side: Side): boolean {
  const isKept = effect?.isConditional && effect.definition !== undefined && !effect.isReplacement;
  return isKept === true && side.isConfined(key.text);
}

/** Whether OR REPLACE defines the function, in both orders, that a branch of the other creates if it does not exist. */
function isReplacedFunction({ key, effect }: KeyAccess, { effect: guarded }: KeyAccess): boolean {
  const isGuarded = guarded?.isInBranch === true && guarded.isReplacement !== true;
  return isObjectKey(key, 'fn') && effect?.isReplacement === true && isGuarded;
}

/** Whether `one` drops a check of a child, to make it anew, which is refused once the child has it from its parent, too. */
function clearsInherited({ isCleared, effect }: KeyAccess, { effect: inherited }: KeyAccess): boolean {
  return isCleared === true && effect?.sets?.check !== undefined && inherited?.isInherited === true;
}

/** A child has one CHECK of equal name and condition, however many parents have it (MergeWithExistingConstraint). */
function areMerged({ effect }: KeyAccess, { effect: second }: KeyAccess): boolean {
  const [check, other] = [effect?.sets?.check, second?.sets?.check];
  return (effect?.isInherited || second?.isInherited) === true && check !== undefined && check === other;
}

/** IF NOT EXISTS and OR REPLACE of one definition. */
export function areEqual({ effect }: KeyAccess, { effect: other }: KeyAccess): boolean {
  return effect?.definition !== undefined && effect.definition === other?.definition;
}
