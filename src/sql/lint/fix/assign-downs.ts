/** Finds out which statement of an up.sql each statement of the down.sql takes back. */

import type { Effect, MigrationEffects } from '../../effects/effect.js';
import { keyOf } from '../../effects/object-key.js';

/** What one statement does to objects. */
type Changes = readonly Effect[];

/** What leaves something else behind than it found. */
const changingActions: ReadonlySet<string> = new Set([
  'create',
  'alter',
  'drop',
  'insert',
  'update',
  'delete',
]);

/** Whether something is changed when the statement runs. */
export function isChange({ action, when }: Effect): boolean {
  return when !== 'later' && changingActions.has(action);
}

/** The changes of each statement of a text. */
export function changesByStatement({ effects }: MigrationEffects, count: number): Changes[] {
  const found: Effect[][] = Array.from({ length: count }, () => []);
  for (const effect of effects) {
    if (isChange(effect)) found[effect.statement]?.push(effect);
  }
  return found;
}

/**
 * @param ups the changes of each statement of the up.sql
 * @returns for each statement of the down.sql the index of the one that it takes back; undefined where nothing tells.
 */
export function assignDowns(ups: readonly Changes[], downs: readonly Changes[]): (number | undefined)[] {
  return downs.map((down) => {
    const undone = ups.findIndex((up) => up.some((effect) => down.some((other) => undoes(other, effect))));
    if (undone >= 0) return undone;
    const touched = ups.findIndex((up) => up.some((effect) => down.some((other) => isSame(other, effect))));
    return touched >= 0 ? touched : undefined;
  });
}

function undoes(down: Effect, up: Effect): boolean {
  const isOpposite =
    (down.action === 'drop' && up.action === 'create') || (down.action === 'create' && up.action === 'drop');
  return isOpposite && isSame(down, up);
}

function isSame(one: Effect, other: Effect): boolean {
  const keys = [other.object, ...(other.to ? [other.to] : [])].map(keyOf);
  return keys.includes(keyOf(one.object));
}
