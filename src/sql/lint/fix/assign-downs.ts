/** Computes which statements of up.sql each statement of down.sql undoes. */

import type { Effect } from '../../effects/effect.js';
import { keyOf } from '../../effects/object-key.js';

/** The effects of one statement on objects. */
type Changes = readonly Effect[];

/** Statements with a lasting effect. */
const changingActions: ReadonlySet<string> = new Set([
  'create',
  'alter',
  'drop',
  'insert',
  'update',
  'delete',
]);

/** Whether something is changed when the statement runs. */
export function changesSchema({ action, when }: Effect): boolean {
  return when !== 'later' && changingActions.has(action);
}

/** The relation of a statement of down.sql to those of up.sql, by their indices. */
export interface Assigned {
  /** Those that it takes back, in their order. */
  undone: readonly number[];
  /** Those with any of which it may go where it takes none back: they changed the same. */
  touched: readonly number[];
}

/** @param ups the changes of each statement of the up.sql */
export function assignDown(ups: readonly Changes[], down: Changes): Assigned {
  const whichHave = (matches: (one: Effect, other: Effect) => boolean) =>
    [...ups.keys()].filter((index) => ups[index]?.some((up) => down.some((effect) => matches(effect, up))));
  const undone = whichHave(undoes);
  const touched = [isContrary, areRows, isSame].map(whichHave).find((found) => found.length > 0) ?? [];
  return { undone, touched };
}

function undoes(down: Effect, up: Effect): boolean {
  const isOpposite =
    (down.action === 'drop' && up.action === 'create') || (down.action === 'create' && up.action === 'drop');
  return isOpposite && isSame(down, up);
}

/** Such as SET NOT NULL and DROP NOT NULL. */
function isContrary(down: Effect, up: Effect): boolean {
  return isSame(down, up) && down.change !== undefined && down.change.kind === up.change?.kind;
}

/** Rows are taken back with rows. */
function areRows(down: Effect, up: Effect): boolean {
  return isSame(down, up) && [down, up].every(({ action }) => rowActions.has(action));
}

const rowActions: ReadonlySet<string> = new Set(['insert', 'update', 'delete']);

function isSame(one: Effect, other: Effect): boolean {
  const keys = [other.object, ...(other.to ? [other.to] : [])].map(keyOf);
  return keys.includes(keyOf(one.object));
}
