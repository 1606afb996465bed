/** Judges a table that is replaced by another of its name beside other changes of the table, which are lost or carried over. */

import type { KeyAccess } from '../../dependencies/access.js';
import { ownerKey } from '../../dependencies/catalogue.js';
import type { RemadeTable, TableCopy } from '../../dependencies/remaking.js';
import { type ConstraintType, isKey, likeOptions } from '../../effects/change.js';
import type { Effect } from '../../effects/effect.js';
import { nameSpaceOf } from '../../effects/name-space.js';
import { keyOf } from '../../effects/object-key.js';
import type { Side, Sides, TableKeys } from '../conflict.js';
import { roleOf } from '../roles.js';
import { requirementOf } from './judge-copies.js';

/** Whether one replaces a table by a copy, or by one that says the same, so that the change of the other is in both ends. */
export function isCarriedOver(
  one: KeyAccess,
  other: KeyAccess,
  { one: side, other: second, keys }: Sides,
): boolean {
  return isIn(one, other, { side, second, keys }) || isIn(other, one, { side: second, second: side, keys });
}

interface Ends {
  /** Of the migration that may replace the table. */
  side: Side;
  second: Side;
  keys: TableKeys;
}

function isIn(access: KeyAccess, { effect }: KeyAccess, { side, second, keys }: Ends): boolean {
  const table = tableOf(access);
  const remade = table === undefined ? undefined : side.remade(table);
  if (!table || !remade || !effect) return false;
  if (second.remade(table)) return isSameText(table, side, second);
  if (remade.copy && (isCopying(access) || isCopied(effect, { ...remade, copy: remade.copy }, keys)))
    return true;
  return access.key.kind === 'object' && isSaidAgain(access, effect, side);
}

/** Whether both replace the table with the same statements. */
function isSameText(table: string, side: Side, second: Side): boolean {
  return side.statementsLeft(table).join(';') === second.statementsLeft(table).join(';');
}

/** The key of the table that the access is about, of itself or of a part. */
function tableOf({ key: { object } }: KeyAccess): string | undefined {
  if (!object) return undefined;
  return ownerKey(object) ?? (nameSpaceOf(object.kind) === 'rel' ? keyOf(object) : undefined);
}

/** It takes the columns as they are, whichever there are. */
function isCopying({ effect }: KeyAccess): boolean {
  return effect?.usage !== undefined && copying.has(effect.usage);
}

const copying: ReadonlySet<string> = new Set([
  'definition',
  'copied columns',
  'inserted columns',
  'leading columns',
]);

function isCopied(
  effect: Effect,
  { copy, named }: RemadeTable & { copy: TableCopy },
  keys: TableKeys,
): boolean {
  const { object, by, usage, sets = {} } = effect;
  if (usage === 'definition') return !copy.isOfQuery && (Number(sets.like) & ~copy.options) === 0;
  if (by?.kind === 'column') return true;
  const constraint = by?.kind === 'constraint' ? by : object.kind === 'constraint' ? object : undefined;
  if (constraint) {
    const isIdle = effect.action === 'drop' && effect.isConditional === true;
    return isIdle || isCopiedConstraint(effect.constraint ?? keys.constraintOf(keyOf(constraint)), copy);
  }
  if (object.kind !== 'column') return false;
  const isNamed = [object, effect.to].some((column) => column && named.has(column.name));
  if (effect.action === 'drop' || effect.to) return !isNamed;
  // The rows that are copied come with a value, which a generated column takes from nobody.
  if (effect.action === 'create')
    return (
      !isNamed && !('expression' in sets) && Object.keys(sets).every((name) => isCopiedSetting(name, copy))
    );
  return isCopiedChange(effect, copy, keys);
}

function isCopiedConstraint(type: ConstraintType | undefined, { options, isOfQuery }: TableCopy): boolean {
  // The copy of a key gets a name of its own.
  if (type === undefined || isKey(type) || type === 'foreign key' || isOfQuery) return false;
  return type === 'not null' || (options & likeOptions.constraints) !== 0;
}

const settings: Readonly<Record<string, number>> = {
  default: likeOptions.defaults,
  identity: likeOptions.identity,
};

function isCopiedSetting(name: string, { options, isOfQuery }: TableCopy): boolean {
  if (name === 'null') return !isOfQuery;
  const option = settings[name];
  return option === undefined || (options & option) !== 0;
}

function isCopiedChange(effect: Effect, { options, isOfQuery }: TableCopy, keys: TableKeys): boolean {
  const { change } = effect;
  // What the copy leaves out is gone in both orders.
  if (
    (change?.kind === 'default' || change?.kind === 'not null') &&
    !change.isOn &&
    effect.sets?.null !== 'forbidden'
  )
    return true;
  if (change?.kind === 'not null' && isOfQuery) return false;
  const required = change && requirementOf(effect, keys);
  return typeof required === 'number' && (options & required) === required;
}

/** Whether the new table has the column with that type anyway, or the column is judged for itself. */
function isSaidAgain(access: KeyAccess, effect: Effect, side: Side): boolean {
  if (roleOf(access) !== 'replace' || effect.object.kind !== 'column') return false;
  const column = keyOf(effect.object);
  const { text } = access.key;
  if (text !== column) return text === ownerKey(effect.object) && side.remakes(column);
  const type = access.effect?.sets?.['whole type'];
  return effect.change?.kind === 'type' && type !== undefined && type === effect.sets?.['whole type'];
}
