/** Judges two migrations that touch one object: its name, its presence, or what it is. */

import type { KeyAccess } from '../../dependencies/access.js';
import { ownerKey } from '../../dependencies/catalogue.js';
import { isObjectKey } from '../../dependencies/keys.js';
import type { Effect } from '../../effects/effect.js';
import type { RoutineParameters } from '../../effects/effect-details.js';
import { nameSpaceOf } from '../../effects/name-space.js';
import { keyOf } from '../../effects/object-key.js';
import type { Judge, Judgement, Side, Sides } from '../conflict.js';
import { swapped, swapSides } from '../conflict.js';
import { isReset } from '../replaced-properties.js';
import { areOverloads, isBound, isDirect, isNewName, isReachedByDrop, type Role, roleOf } from '../roles.js';
import { judgeAlterations } from './judge-alterations.js';
import { judgeDrop, judgeMaking } from './judge-drops.js';
import { isLinkedPart, judgeLinked } from './judge-families.js';
import { isAboutHolder, judgeHolder } from './judge-holders.js';
import { judgeNeededOverload, judgeOverload, typesFor } from './judge-overloads.js';
import { doTheSame, judgeTwins } from './judge-twins.js';
import { judgeLabel, judgeValue } from './judge-values.js';

const order: readonly Role[] = ['replace', 'borrow', 'drop', 'create', 'rename', 'value', 'alter', 'use'];

/** For the key of an object: at least one of both changes it. */
export const judgeObject: Judge = (one, other, sides) => {
  if (areTwins(one, other)) return undefined;
  const [first, second] = [order.indexOf(roleOf(one)), order.indexOf(roleOf(other))];
  if (isLinkedPart(one)) return judgeLinked(one, other);
  if (isLinkedPart(other)) return swapped(judgeLinked(other, one));
  if (first <= second) return judgeInOrder(one, other, sides);
  return swapped(judgeInOrder(other, one, swapSides(sides)));
};

/** Whether both mean the other half of one object, such as the row type of a table, which that object decides about. */
function areTwins(one: KeyAccess, other: KeyAccess): boolean {
  return isTwin(one) && isTwin(other) && ownKey(one) === ownKey(other);
}

function isTwin(access: KeyAccess): boolean {
  const [kind, own] = [access.key.object?.kind, access.effect?.object.kind];
  return (
    kind !== undefined &&
    own !== undefined &&
    nameSpaceOf(kind) !== nameSpaceOf(own) &&
    (isDirect(access) || isNewName(access))
  );
}

function ownKey({ effect }: KeyAccess): string | undefined {
  return effect && keyOf(effect.object);
}

/** @param one has a role that comes first in `order`. */
function judgeInOrder(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  const role = roleOf(one);
  if (isAboutHolder(one, other)) return judgeHolder(one, other, sides);
  if (role !== 'alter' && isFilling(other)) return undefined;
  if (roleOf(other) !== 'use' && (isArrayType(one) || isArrayType(other))) return undefined;
  if (role === 'replace') return judgeLabel(one, other, sides) ?? judgeReplace(one, other, sides);
  if (role === 'borrow') return judgeBorrowing(other);
  if (role === 'drop') return judgeEnd(one, other, sides);
  if (role === 'create') return judgeCreate(one, other, sides);
  if (role === 'rename') return knowsObject(other) ? undefined : judgeRename(one, other, sides);
  if (role === 'value') return judgeValue(one, other, sides);
  return judgeAlterations(one, other, sides);
}

function judgeEnd(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  const ofLabel = judgeLabel(one, other, sides);
  return ofLabel ?? unlessOverloaded(judgeDrop(one, other, sides), one, other, sides);
}

/** Which of several functions is called, their numbers of arguments tell, and otherwise only the types. */
function unlessOverloaded(
  judgement: Judgement | undefined,
  { key, effect }: KeyAccess,
  { effect: use }: KeyAccess,
  { overloadsOf }: Sides,
): Judgement | undefined {
  const args = effect?.object.args;
  if (!judgement || args === undefined || use?.object.args !== undefined) return judgement;
  const all = overloadsOf(key.text);
  const { call } = use ?? {};
  const callable = call ? all.filter((one) => typesFor(one, call)) : all;
  const lists = new Set(callable.map(({ types }) => `(${types.join(',')})`));
  if (lists.size > 0 && !lists.has(args)) return undefined;
  return lists.size > 1 ? { ...judgement, severity: 'warning' } : judgement;
}

/** The columns that a statement fills conflict with alterations of them; accesses to their names are recorded separately. */
function isFilling({ effect }: KeyAccess): boolean {
  const { usage } = effect ?? {};
  return usage === 'given' || usage === 'left out' || usage === 'added column';
}

/** Whether the object is found through another one, whatever it is called: by a default, a foreign key, or a drop of what it depends on. */
function knowsObject(access: KeyAccess): boolean {
  const { effect, isDependency } = access;
  if (isDependency || isBound(access) || effect?.defaultOf !== undefined) return true;
  return effect?.rowAccess === 'referring rows' || isReachedByDrop(access);
}

/** The array type that comes with a type gets another name when its own is taken (makeArrayTypeName, moveArrayTypeName). */
function isArrayType({ effect }: KeyAccess): boolean {
  return effect?.object.kind === 'type' && effect.isImplicit === true && effect.isGenerated === true;
}

function judgeReplace(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  if (roleOf(other) !== 'use' && areOverloads(one, other)) return undefined;
  if (roleOf(other) === 'replace' && doTheSame(one, sides)) return undefined;
  if (getsType(one, other, sides)) return undefined;
  if (roleOf(other) === 'create') return judgeMaking(one, other);
  if (roleOf(other) === 'drop') return { code: 'same-name', severity: 'error' };
  if (roleOf(other) !== 'use') return { code: 'same-object', severity: 'error' };
  if (isLeftUnderNewName(one, sides.one) && knowsObject(other)) return undefined;
  const by = other.effect?.by;
  // Whoever comes second drops the view or the like that rests on the object, and may create it again.
  if (by && by.kind !== 'table' && sides.one.takesAway(by)) return undefined;
  // Consequences of other effects may not happen at all.
  const isSure = !other.effect?.isImplicit && leavesDependency(other);
  return { code: 'changed-while-used', severity: isSure ? 'error' : 'warning' };
}

/** Whether the column that `one` makes anew has the type that `other` gives it. */
function getsType(one: KeyAccess, { effect }: KeyAccess, { one: side }: Sides): boolean {
  const type = effect?.change?.kind === 'type' ? effect.sets?.['whole type'] : undefined;
  return type !== undefined && type === side.setsOf(one)['whole type'];
}

/** Whether the object that had the name is still there. */
function isLeftUnderNewName({ effect }: KeyAccess, side: Side): boolean {
  return effect?.to !== undefined && effect.change?.kind !== 'family' && !side.takesAway(effect.to);
}

/** Whether something rests on the object afterwards, unlike after a statement that reads or changes rows; bodies of functions are texts. */
function leavesDependency({ effect }: KeyAccess): boolean {
  if (effect === undefined) return true;
  if (effect.rowAccess === 'referring rows') return false;
  if (effect.by !== undefined) return effect.by.kind !== 'function' || effect.isAtomic === true;
  return effect.rowAccess === undefined && !momentary.has(effect.action);
}

const momentary: ReadonlySet<Effect['action']> = new Set([
  'use',
  'call',
  'read',
  'insert',
  'update',
  'delete',
]);

/** A name that is taken for a while must be free. */
function judgeBorrowing(other: KeyAccess): Judgement | undefined {
  const role = roleOf(other);
  if (role === 'borrow' || role === 'use') return undefined;
  return { code: 'same-name', severity: 'error' };
}

function judgeCreate(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  const role = roleOf(other);
  if (role === 'create') return judgeTwins(one, other, sides);
  if (role === 'rename') return areOverloads(one, other) ? undefined : judgeFreed(one, other);
  if (!one.existed && isNeededByMaker(other)) return undefined;
  const isThereAnyway = other.existed && one.effect?.isConditional === true;
  const functions = { all: sides.overloadsOf(one.key.text), parameters: parametersOf(one, sides) };
  if (!one.existed && !isThereAnyway)
    return judgeNeededOverload(one, other, functions, judgeNeed(one, sides));
  const replaced = judgeReplacement(one, other, sides);
  if (replaced || isBound(other)) return replaced;
  return judgeOverload(one, other, functions);
}

/** A view that is made anew may have had the column before, as `*` does not tell which there are. */
function judgeNeed({ key, effect }: KeyAccess, { one }: Sides): Judgement {
  const isOfQuery = effect?.object.kind === 'column' && effect.isImplicit === true;
  const owner = isOfQuery && key.object ? ownerKey(key.object) : undefined;
  const severity = owner !== undefined && one.remakes(owner) ? 'warning' : 'error';
  return { code: 'needs', severity, first: 'one' };
}

/** Whether the object was there before what leads to it: something that depends on it, or a foreign key of its own. */
function isNeededByMaker({ isDependency, effect }: KeyAccess): boolean {
  return isDependency === true || effect?.rowAccess === 'referring rows';
}

/** @param other renames the object, so that the name is free for `one`, or for the second of two. */
function judgeFreed(one: KeyAccess, other: KeyAccess): Judgement | undefined {
  // Whoever names the schema is judged by that.
  if (isMovedAlong(other) && other.existed) return undefined;
  // A column keeps the name that OR REPLACE gives it.
  if (one.effect?.isReplacement && one.key.object?.kind === 'column')
    return { code: 'same-name', severity: 'error', first: 'one' };
  if (other.existed) return { code: 'same-name', severity: 'error', first: 'other' };
  return swapped(judgeMaking(other, one)) as Judgement;
}

/** Whether the schema of the object is renamed. */
function isMovedAlong({ effect }: KeyAccess): boolean {
  return effect?.isImplicit === true && effect.to !== undefined && effect.to.schema !== effect.object.schema;
}

/** Of a function that is new, or that gets a name. */
function parametersOf({ effect }: KeyAccess, { overloadsOf }: Sides): RoutineParameters | undefined {
  const { parameters, object, to } = effect ?? {};
  if (parameters || !object || !to) return parameters;
  return overloadsOf(keyOf(object)).find(({ types }) => `(${types.join(',')})` === object.args);
}

/** OR REPLACE changes what was there; IF NOT EXISTS leaves it alone. */
function judgeReplacement(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  const isFunction = isObjectKey(one.key, 'fn');
  if (!one.effect?.isReplacement) return undefined;
  const alteration = areOverloads(one, other) || !isDirect(other) ? undefined : other.effect;
  if (alteration?.action === 'alter' && isReset(sides.one.setsOf(one), sides.other.setsOf(other), alteration))
    return { code: 'same-object', severity: 'error' };
  if (isFunction && roleOf(other) === 'use' && other.verb !== 'calls') return undefined;
  return { code: 'changed-while-used', severity: 'warning' };
}

function judgeRename(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  const role = roleOf(other);
  const areGuarded = [one, other].every(({ effect }) => effect?.isInBranch === true);
  if (role === 'rename' && areGuarded && doTheSame(one, sides)) return undefined;
  if (role === 'rename') return { code: 'same-object', severity: 'error' };
  return { code: 'dropped-while-used', severity: 'error', first: 'other' };
}
