/**
 * Follows NOT NULL, which is a constraint of its own since PostgreSQL 18: a column has at most one, whoever asked for it first names it,
 * and with it goes the column's NOT NULL (AdjustNotNullInheritance, dropconstraint_internal and ATExecDropNotNull).
 */

import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';
import { partOf } from '../syntax/object-names.js';
import { type Catalogue, located, neededObjects, ownerOf } from './catalogue.js';

/** The constraint by which a column is NOT NULL, as far as the history tells. */
export function notNullOf(catalogue: Catalogue, column: ObjectId): ObjectId | undefined {
  const { neededBy, objects, definitions } = catalogue;
  const key = [...(neededBy.get(keyOf(located(catalogue, column))) ?? [])].find(
    (user) => definitions.get(user)?.isNotNull,
  );
  return key === undefined ? undefined : objects.get(key);
}

/** Whether SET NOT NULL or a primary key asks for what the column has already. */
export function hasNotNull(
  catalogue: Catalogue,
  { object, constraint, isConditional, columns = [] }: Effect,
): boolean {
  const owner = ownerOf(object);
  if (constraint !== 'not null' || !isConditional || !owner) return false;
  return columns.every((column) => notNullOf(catalogue, partOf(owner, 'column', column)) !== undefined);
}

/** What else happens: the column loses NOT NULL with its constraint, or the constraint goes with DROP NOT NULL. */
export function lostNotNull(catalogue: Catalogue, effect: Effect): Effect[] {
  const { action, change, place, statement, when } = effect;
  const object = located(catalogue, effect.object);
  const implied = { place, statement, when, isImplicit: true } as const;
  if (action === 'drop' && catalogue.definitions.get(keyOf(object))?.isNotNull)
    return neededObjects(catalogue, keyOf(object))
      .filter(({ kind }) => kind === 'column')
      .map((column) => ({
        ...implied,
        action: 'alter',
        object: column,
        change: { kind: 'not null', isOn: false },
        sets: { null: 'allowed' },
      }));
  if (action !== 'alter' || change?.kind !== 'not null' || change.isOn) return [];
  const constraint = notNullOf(catalogue, object);
  return constraint ? [{ ...implied, action: 'drop', object: constraint, isConditional: true }] : [];
}
