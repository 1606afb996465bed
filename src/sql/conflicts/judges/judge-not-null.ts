/** Judges two changes of one column of which both ask for NOT NULL, or one checks what the other rests on. */

import type { KeyAccess } from '../../dependencies/access.js';
import type { Change } from '../../effects/change.js';
import { makeObjectName } from '../../postgres/generated-names.js';
import { changedBefore, type Judgement } from '../conflict.js';

/**
 * A column has one constraint NOT NULL: who names it comes first, as SET NOT NULL and keys take any, and a second name is refused
 * (AdjustNotNullInheritance of PostgreSQL 18). A key takes only one that holds for all rows (MergeAttributes and ATPrepAddPrimaryKey).
 */
export function judgeNotNull(one: KeyAccess, other: KeyAccess): Judgement | undefined {
  const [asked, second] = [asksFor(one), asksFor(other)];
  if (!asked || !second) return undefined;
  if (asked.name !== undefined && second.name !== undefined)
    return asked.name === second.name
      ? undefined
      : { code: 'same-object', severity: 'error', failsAnyway: true };
  const [named, unnamed] = asked.name === undefined ? [second, asked] : [asked, second];
  if (named.name === undefined || named.name === unnamed.madeName) return undefined;
  if (named.isUnchecked && unnamed.isForKey)
    return { code: 'same-object', severity: 'error', failsAnyway: true };
  return { code: 'same-object', severity: 'error', first: named === asked ? 'one' : 'other' };
}

type NotNull = Extract<Change, { kind: 'not null' }>;

interface Asked extends Pick<NotNull, 'name' | 'isForKey'> {
  /** What PostgreSQL calls it where nobody does. */
  madeName: string;
  isUnchecked: boolean;
}

/** What asks for NOT NULL of a column that was not so. */
function asksFor({ effect }: KeyAccess): Asked | undefined {
  if (effect?.change?.kind !== 'not null' || !effect.change.isOn || effect.isRepeated) return undefined;
  const { object, change, isUnchecked = false } = effect;
  return { ...change, madeName: makeObjectName(object.parent ?? '', object.name, 'not_null'), isUnchecked };
}

/** @param one names NOT NULL, or checks it: before another migration makes a key of the column, which takes no unchecked one. */
export function judgeForKey({ effect }: KeyAccess, { effect: other }: KeyAccess): Judgement | undefined {
  const { change } = effect ?? {};
  if (change?.kind === 'not null' && change.name !== undefined && !effect?.isRepeated)
    return other?.usage === 'key index' ? changedBefore('one') : undefined;
  if (change?.kind !== 'validation') return undefined;
  return other?.change?.kind === 'not null' && other.change.isForKey ? changedBefore('one') : undefined;
}
