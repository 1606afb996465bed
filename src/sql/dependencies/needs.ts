/** What the definitions of objects need, in the catalogue. */

import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import { memberChangeOf } from '../effects/publication-members.js';
import type { ObjectId, ObjectKind } from '../syntax/object-id.js';
import { addTo, type Catalogue, columnsOf, know, located } from './catalogue.js';
import { neededExtension } from './extension-needs.js';
import { aspect, objectKey, type StateKey } from './keys.js';
import { factsOf } from './usages.js';

/** Notes that the definition of an object uses another. */
export function useFor(catalogue: Catalogue, by: ObjectId, effect: Effect): void {
  const { object, usage, when } = effect;
  const { needs, isNote, isTakenOver } = factsOf(usage);
  if (isNote || (isTakenOver && when === 'now') || isInText(by, effect)) return;
  const needed = located(catalogue, object);
  addNeed(catalogue, by, objectKey(needed));
  const extension = neededExtension(catalogue, effect, needed);
  if (extension) addNeed(catalogue, by, objectKey(extension));
  if (needs) addNeed(catalogue, by, aspect(needs, needed));
  if (usage !== 'all columns' || !views.has(by.kind)) return;
  for (const column of columnsOf(catalogue, keyOf(needed))) addNeed(catalogue, by, objectKey(column));
}

/** PostgreSQL keeps the body of a function as a text, which depends on nothing. */
function isInText({ kind }: ObjectId, { isAtomic }: Effect): boolean {
  return kind === 'function' && isAtomic !== true;
}

/** `*` stands for the columns that there are when they are made. */
const views: ReadonlySet<ObjectKind> = new Set(['view', 'materialized view']);

/** Notes that one object needs another, or an aspect of it. */
export function addNeed(catalogue: Catalogue, by: ObjectId, needed: StateKey): void {
  const [user, key] = [know(catalogue, objectKey(by)), know(catalogue, needed)];
  if (user === key) return;
  addTo(catalogue.needs, user, key);
  addTo(catalogue.neededBy, key, user);
}

/** A definition that is replaced or dropped needs nothing any more. */
export function forgetDefinition(catalogue: Catalogue, key: string): void {
  for (const needed of catalogue.needs.get(key) ?? []) catalogue.neededBy.get(needed)?.delete(key);
  catalogue.needs.delete(key);
  catalogue.consequences.delete(key);
}

/** What is defined anew needs nothing of what it was: a column's type or value, a policy's condition, the owner of a sequence. */
export function forgetFormer(catalogue: Catalogue, id: ObjectId, { change, sets }: Effect): void {
  const key = keyOf(id);
  if (change?.kind === 'type') forgetNeeds(catalogue, key, (kind) => ofType.has(kind));
  if (change?.kind === 'default' || change?.kind === 'expression')
    forgetNeeds(catalogue, key, (kind) => !ofType.has(kind));
  if (id.kind === 'policy' && sets?.using !== undefined)
    forgetNeeds(catalogue, key, (kind) => kind !== 'role');
  // What DROP takes out of a publication, only its table tells.
  if (id.kind === 'publication' && (memberChangeOf(sets)?.verb ?? 'add') !== 'add')
    forgetNeeds(catalogue, key, (kind) => kind === 'column');
  if (id.kind === 'sequence' && sets?.owned_by !== undefined)
    forgetNeeds(catalogue, key, (kind) => kind === 'column');
}

/** A child without its parent no longer needs it. */
export function forgetParent({ needs, neededBy }: Catalogue, child: string, parent: string): void {
  needs.get(child)?.delete(parent);
  neededBy.get(parent)?.delete(child);
}

const ofType: ReadonlySet<ObjectKind> = new Set(['type', 'domain', 'collation']);

function forgetNeeds(
  { known, needs, neededBy }: Catalogue,
  column: string,
  isOver: (kind: ObjectKind) => boolean,
): void {
  for (const needed of [...(needs.get(column) ?? [])]) {
    const kind = known.get(needed)?.object?.kind;
    if (!kind || !isOver(kind)) continue;
    needs.get(column)?.delete(needed);
    neededBy.get(needed)?.delete(column);
  }
}
