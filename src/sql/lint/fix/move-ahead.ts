/** Moves statements that are unrelated to a fix before it, so that they stay in their migration. */

import type { Effect } from '../../effects/effect.js';
import { keyOf } from '../../effects/object-key.js';
import { changesSchema } from './assign-downs.js';
import type { Unit } from './units.js';

/** A unit with what it does. */
export interface ReadUnit {
  unit: Unit;
  effects: readonly Effect[];
  /** Whether it has opaque effects. */
  isOpaque: boolean;
}

/** The same units, in an order in which those that need a migration of their own come as late as they may. */
export function moveAhead(units: readonly ReadUnit[]): ReadUnit[] {
  const first = units.findIndex(({ unit }) => unit.isNew && needsOwnMigration(units, unit));
  if (first < 0) return [...units];
  const ahead = units.slice(0, first);
  const behind: ReadUnit[] = [];
  for (const one of units.slice(first)) {
    const stays = one.unit.isNew || dropsIndex(one) || behind.some((other) => !commute(one, other));
    (stays ? behind : ahead).push(one);
  }
  return [...ahead, ...behind];
}

function needsOwnMigration([first]: readonly ReadUnit[], unit: Unit): boolean {
  return unit.isApart || unit.isTransactional !== first?.unit.isTransactional;
}

/** Until the new index is there, queries may need the old one. */
function dropsIndex({ effects }: ReadUnit): boolean {
  return effects.some(({ action, object }) => action === 'drop' && object.kind === 'index');
}

function commute(one: ReadUnit, other: ReadUnit): boolean {
  if (one.isOpaque || other.isOpaque) return false;
  return !changesWhatOtherTouches(one, other) && !changesWhatOtherTouches(other, one);
}

function changesWhatOtherTouches({ effects }: ReadUnit, other: ReadUnit): boolean {
  const touched = new Set(other.effects.flatMap(keysOf));
  return effects.some((effect) => changesSchema(effect) && keysOf(effect).some((key) => touched.has(key)));
}

/** A part of a table is touched with its table where that goes or gets another name, which changes the table's own key. */
function keysOf({ object, to }: Effect): string[] {
  return [object, ...(to ? [to] : [])].map(keyOf);
}
