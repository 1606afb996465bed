/** Judges two migrations of which one changes the values of an enum, or makes the enum anew, and the other uses or changes them. */

import type { KeyAccess } from '../../dependencies/access.js';
import type { Effect } from '../../effects/effect.js';
import type { Judgement, Sides } from '../conflict.js';
import { roleOf } from '../roles.js';
import { areEqual } from './judge-twins.js';

/** Values of an enum have the order of their creation, which affects all uses. */
export function judgeValue(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  if (roleOf(other) !== 'value') return judgeUseOfValue(one, other, sides);
  const labels = labelsOf(one);
  const isSame = labelsOf(other).some((label) => labels.includes(label));
  if (isSame) return areEqual(one, other) ? undefined : { code: 'same-name', severity: 'error' };
  // Values beside one neighbour, or at the end, change places; all others find theirs.
  const anchor = one.effect?.sets?.anchor;
  const isAmbiguous = anchor !== undefined && anchor === other.effect?.sets?.anchor;
  return isAmbiguous ? { code: 'enum-order', severity: 'error' } : judgeAnchors(one, other);
}

/** A new value is placed next to a value that the other renames. */
function judgeAnchors(one: KeyAccess, other: KeyAccess): Judgement | undefined {
  const isBeside = ({ effect }: KeyAccess, { effect: renaming }: KeyAccess) =>
    [renaming?.object.name, renaming?.to?.name].some(
      (label) => renaming?.to && effect?.sets?.anchor?.replace(/^\w+ /, '') === label,
    );
  return isBeside(one, other) || isBeside(other, one)
    ? { code: 'changed-while-used', severity: 'error' }
    : undefined;
}

/**
 * A literal that is no value of the enum is refused (enum_in).
 * @param one drops the enum, or makes it anew
 */
export function judgeLabel(one: KeyAccess, other: KeyAccess, { one: side }: Sides): Judgement | undefined {
  const label = usedLabel(other);
  if (label === undefined) return undefined;
  const next = roleOf(one) === 'replace' ? side.labelsOf(one.key.text) : undefined;
  const isThereAfter = next?.has(label) ?? true;
  if (other.effect?.sets?.label === 'missing')
    return isThereAfter ? { code: 'needs', severity: 'error', first: 'one' } : undefined;
  return isThereAfter ? undefined : { code: 'dropped-while-used', severity: 'error' };
}

function usedLabel({ effect }: KeyAccess): string | undefined {
  const isValue = effect?.action === 'use' && effect.object.kind === 'enum value';
  return isValue ? effect.object.name : undefined;
}

/** Where only the text tells, a literal may be another thing. */
function judgeUseOfValue(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  const { object, to } = one.effect as Effect;
  const label = usedLabel(other);
  if (label === undefined) {
    if (sides.other.mentions((to ?? object).name))
      return { code: 'needs', severity: 'warning', first: 'one' };
    return to && sides.other.mentions(object.name)
      ? { code: 'dropped-while-used', severity: 'warning', first: 'other' }
      : undefined;
  }
  if (label === (to ?? object).name) return { code: 'needs', severity: 'error', first: 'one' };
  return label === object.name
    ? { code: 'dropped-while-used', severity: 'error', first: 'other' }
    : undefined;
}

function labelsOf({ effect }: KeyAccess): string[] {
  return effect ? [effect.object.name, ...(effect.to ? [effect.to.name] : [])] : [];
}
