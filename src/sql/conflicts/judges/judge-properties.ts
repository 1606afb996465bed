/** Judges two migrations that set properties of one object: the last value remains, so equal values commute. */

import type { StatementSettings } from '../../effects/effect.js';
import { everyProperty } from '../../effects/effect.js';
import type { Judgement } from '../conflict.js';

const different: Judgement = { code: 'same-object', severity: 'error' };
const related: Judgement = { code: 'same-object', severity: 'warning' };

/** @returns undefined when both orders end with the same values. */
export function judgeProperties(one: StatementSettings, other: StatementSettings): Judgement | undefined {
  if (everyProperty in one || everyProperty in other) return judgeAll(one, other);
  const isChanged = Object.entries(one).some(([name, value]) => name in other && other[name] !== value);
  if (isChanged || Object.keys(one).some((name) => isDoneOnce(name, one, other))) return different;
  return judgeFillings(one, other) ?? judgeTypes(one, other) ?? judgeTypes(other, one);
}

/** An identity and a member of a publication cannot be added, or a member dropped, a second time. */
function isDoneOnce(name: string, one: StatementSettings, other: StatementSettings): boolean {
  if (name.startsWith('member ')) return one[name] === other[name];
  return name === 'identity' && isAdded(one) && isAdded(other);
}

/** An effect on all properties concerns each of them. */
function judgeAll(one: StatementSettings, other: StatementSettings): Judgement | undefined {
  const isSame = JSON.stringify(one) === JSON.stringify(other);
  return isSame || [one, other].some((sets) => Object.keys(sets).length === 0) ? undefined : different;
}

/** A column is filled in one way only (ATExecAddIdentity and ATExecColumnDefault in commands/tablecmds.c). */
const fillings: readonly string[] = ['default', 'identity', 'expression'];

function judgeFillings(one: StatementSettings, other: StatementSettings): Judgement | undefined {
  const [first, second] = [one, other].map((sets) => fillings.find((name) => name in sets));
  if (isAdded(one) && other.null !== undefined) return different;
  if (isAdded(other) && one.null !== undefined) return different;
  if (!first || !second || first === second) return undefined;
  const isEnd = [one[first], other[second]].some((value) => value === '' || value === 'none');
  return isEnd ? related : different;
}

/** An identity asks for NOT NULL. */
function isAdded({ identity = '' }: StatementSettings): boolean {
  return identity.startsWith('added');
}

/** A new type brings its own storage and compression, and converts what fills the column (ATExecAlterColumnType). */
function judgeTypes({ type }: StatementSettings, other: StatementSettings): Judgement | undefined {
  if (type === undefined) return undefined;
  if ('storage' in other || 'compression' in other) return different;
  return fillings.some((name) => name in other) ? related : undefined;
}
