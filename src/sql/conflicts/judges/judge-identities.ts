/** Judges changes of what fills a column: defaults, identities and expressions exclude each other. */

import type { KeyAccess } from '../../dependencies/access.js';
import type { Effect } from '../../effects/effect.js';
import { type Judgement, type Sides, swapped } from '../conflict.js';

/** @returns the judgement in a list, which is empty where both orders end the same; undefined where neither is about that. */
export function judgeIdentities(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement[] | undefined {
  if (isRequiredAnyway(one, other) || isRequiredAnyway(other, one)) return [];
  const freed = judgeFreedColumn(one, other) ?? swapped(judgeFreedColumn(other, one));
  if (freed) return [freed];
  if (makesRoom(one, other, sides.other)) return [{ code: 'same-object', severity: 'error', first: 'one' }];
  if (makesRoom(other, one, sides.one)) return [{ code: 'same-object', severity: 'error', first: 'other' }];
  return undefined;
}

/** Whether an identity needs NOT NULL, which the column is before `one` says it again. */
function isRequiredAnyway({ effect }: KeyAccess, { effect: identity }: KeyAccess): boolean {
  const isAdded = identity?.change?.kind === 'identity' && identity.change.verb === 'add';
  return effect?.isRepeated === true && isAdded;
}

/** @param one ends an identity or an expression: before, no default may be set or dropped, and behind it, it cannot end again. */
function judgeFreedColumn({ effect: end }: KeyAccess, { effect: other }: KeyAccess): Judgement | undefined {
  if (!endsFilling(end) || end?.isConditional) return undefined;
  const judgement = { code: 'same-object', severity: 'error' } as const;
  if (other?.change?.kind === 'default' && !other.isImplicit) return { ...judgement, first: 'one' };
  const isAgain = endsFilling(other) && other?.change?.kind === end?.change?.kind;
  return isAgain && !other?.isConditional ? { ...judgement, failsAnyway: true } : undefined;
}

/** Whether it ends an identity or an expression. */
export function endsFilling({ change }: Partial<Effect> = {}): boolean {
  return change?.kind === 'identity' ? change.verb === 'drop' : change?.kind === 'expression' && !change.isOn;
}

/** Whether a column loses the default that it must not have when it becomes an identity (ATExecAddIdentity). */
function makesRoom(
  { effect: loss }: KeyAccess,
  { effect: identity }: KeyAccess,
  adding: Sides['one'],
): boolean {
  if (!identity?.sets?.identity?.startsWith('added') || loss?.sets?.default !== '') return false;
  // An identity has no default that could be dropped.
  return !loss.isImplicit || !adding.changesDefault(identity.object);
}
