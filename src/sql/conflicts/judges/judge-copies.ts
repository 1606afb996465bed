/** Judges LIKE beside a change of the table that it copies: LIKE takes over columns and NOT NULL, and the rest on request. */

import type { KeyAccess } from '../../dependencies/access.js';
import { type ChangeKind, type ConstraintType, isKey, likeOptions } from '../../effects/change.js';
import type { Effect } from '../../effects/effect.js';
import { keyOf } from '../../effects/object-key.js';
import type { Judgement, TableKeys } from '../conflict.js';

/** What LIKE must include to take over a change: all of these bits, nothing at all, or what is never taken over. */
export type Requirement = number | 'never';

const always = 0;

/**
 * @returns the judgement in a list, which is empty where LIKE leaves out what changes; undefined where neither copies the other, or
 *   the copied columns themselves come and go.
 */
export function judgeCopied(one: KeyAccess, other: KeyAccess, keys: TableKeys): Judgement[] | undefined {
  const [copy, change] = likeOf(one) === undefined ? [other, one] : [one, other];
  const like = likeOf(copy);
  const required = change.effect && requirementOf(change.effect, keys);
  if (like === undefined || required === undefined) return undefined;
  const isTaken = required !== 'never' && (like & required) === required;
  if (!isTaken) return [];
  return [{ code: 'changed-while-used', severity: isUnknown(change, keys) ? 'warning' : 'error' }];
}

/** A constraint that the history has not made may be of any type. */
function isUnknown({ effect }: KeyAccess, keys: TableKeys): boolean {
  if (effect?.object.kind !== 'constraint') return false;
  return (effect.constraint ?? keys.constraintOf(keyOf(effect.object))) === undefined;
}

function likeOf({ effect }: KeyAccess): number | undefined {
  const like = effect?.usage === 'definition' ? effect.sets?.like : undefined;
  return like === undefined ? undefined : Number(like);
}

/** @returns undefined for what LIKE has nothing to do with. */
export function requirementOf(effect: Effect, keys: TableKeys): Requirement | undefined {
  const { object, action, change } = effect;
  if (object.kind === 'constraint') return requirementOfConstraint(effect, keys);
  if (object.kind === 'index') return requirementOfObject(effect, likeOptions.indexes);
  if (object.kind === 'statistics') return requirementOfObject(effect, likeOptions.statistics);
  if (object.kind === 'column')
    return action === 'alter' && change && !effect.to ? ofColumns[change.kind] : undefined;
  if (change?.kind === 'index') return likeOptions.indexes;
  if (change?.kind === 'statistics') return likeOptions.statistics;
  return change?.kind === 'comment' ? 'never' : undefined;
}

/** @param copied what LIKE must include to copy the object at all */
function requirementOfObject({ action, change }: Effect, copied: number): Requirement | undefined {
  if (action === 'drop') return copied;
  return change?.kind === 'comment' ? copied | likeOptions.comments : undefined;
}

const ofColumns: Readonly<Partial<Record<ChangeKind, Requirement>>> = {
  comment: likeOptions.comments,
  compression: likeOptions.compression,
  default: likeOptions.defaults,
  expression: likeOptions.generated,
  identity: likeOptions.identity,
  'not null': always,
  options: 'never',
  owner: 'never',
  privileges: 'never',
  'security label': 'never',
  'statistics target': 'never',
  storage: likeOptions.storage,
  type: always,
};

function requirementOfConstraint(effect: Effect, keys: TableKeys): Requirement | undefined {
  const { object, change, to } = effect;
  if (change?.kind === 'validation') return 'never';
  const type = effect.constraint ?? keys.constraintOf(keyOf(object));
  const required = type ? ofConstraint(type) : likeOptions.constraints;
  if (required === 'never') return required;
  // The copy of an index gets a name of its own.
  if (to && isKey(type)) return 'never';
  return change?.kind === 'comment' ? required | likeOptions.comments : required;
}

function ofConstraint(type: ConstraintType): Requirement {
  if (isKey(type)) return likeOptions.indexes;
  if (type === 'foreign key') return 'never';
  return type === 'check' ? likeOptions.constraints : always;
}
