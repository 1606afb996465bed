/** Computes which consequences of an object's definition a statement triggers, and the rules for its rows. */

import type { RowAccess, TriggerEvent } from '../effects/change.js';
import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';
import {
  attachedTo,
  type Catalogue,
  type Consequences,
  currentKey,
  isGenerated,
  neededObjects,
  ownerKey,
  partKeysOf,
} from './catalogue.js';
import type { Aspect } from './keys.js';

/** New values go through the expressions of indexes, too. */
export function consequencesOf(
  catalogue: Catalogue,
  owner: string,
  { action }: Effect,
): (readonly [string, Consequences])[] {
  const isFilling = action === 'insert' || action === 'update';
  const owners = isFilling ? [owner, ...attachedTo(catalogue, owner).map(keyOf)] : [owner];
  return owners.flatMap((one) => [...(catalogue.consequences.get(one) ?? [])]);
}

/** Rows that go fill no columns, and need fulfil no constraint of their own. */
export function isIdle({ kind }: ObjectId, { action }: Effect): boolean {
  return action === 'delete' && (kind === 'column' || kind === 'constraint');
}

/** Whether the effect follows from the cause, unlike from others of its kind. */
export function isMeant(catalogue: Catalogue, effect: Effect, cause: Effect): boolean {
  return !isDefault(effect, cause) && !isForOthers(catalogue, effect, cause);
}

/** Numbers of a sequence are drawn for new rows only, and where none is given. */
function isDefault({ by, object }: Effect, cause: Effect): boolean {
  if (by?.kind !== 'column' || object.kind !== 'sequence') return false;
  return cause.action === 'update' || cause.columns?.includes(by.name) === true;
}

/** Triggers are set off only by what they are for. */
function isForOthers(catalogue: Catalogue, effect: Effect, cause: Effect): boolean {
  const { by, action, events } = effect;
  if (by?.kind !== 'trigger' || action !== 'call' || events === undefined) return false;
  return !firesFor(catalogue, effect, cause);
}

/** Whether a trigger for these events is set off. */
export function mayFire(events: readonly TriggerEvent[], { action, rowAccess }: Effect): boolean {
  const possible: readonly string[] = (rowAccess && eventsOfAccess[rowAccess]) ?? [action];
  return events.some((event) => possible.includes(event));
}

/** ON CONFLICT may update, and rows that refer to others may be updated or go in either way. */
const eventsOfAccess: Readonly<Record<RowAccess, readonly TriggerEvent[] | undefined>> = {
  'all rows': undefined,
  'on conflict': ['insert', 'update'],
  'own rows': undefined,
  'referring rows': ['update', 'delete', 'truncate'],
  restart: undefined,
  scan: undefined,
  truncation: ['truncate'],
  validation: undefined,
};

/**
 * A definition that is bound to a column keeps it; only its own end or change concerns who uses it. Of the types of columns
 * that the statement does not name, only those with constraints may matter, to new rows.
 */
export function isKept({ objects }: Catalogue, { by, action, object }: Effect, cause: Effect): boolean {
  if (action !== 'use' || (by?.kind !== 'column' && by?.kind !== 'constraint')) return false;
  if (object.kind === 'column') return true;
  const isType = by.kind === 'column' && object.kind === 'type';
  return isType && (cause.action !== 'insert' || objects.get(keyOf(object))?.kind !== 'domain');
}

/** An UPDATE looks only where a foreign key has one of the columns that it sets. */
export function isLookedUp(catalogue: Catalogue, by: ObjectId, { action, columns }: Effect): boolean {
  if (action !== 'update' || !columns) return true;
  const own = neededObjects(catalogue, keyOf(by)).filter((object) => ownerKey(object) === ownerKey(by));
  return own.length === 0 || own.some((object) => isAmong(columns, object));
}

/** Whether a trigger or rule of the table is set off. The events of rules are not kept. */
export function isWatched(catalogue: Catalogue, table: string, cause: Effect): boolean {
  const isSetOff = ({ by, effects }: Consequences) =>
    by.kind === 'rule' ||
    (by.kind === 'trigger' && effects.some((one) => firesFor(catalogue, { ...one, by }, cause)));
  return [...(catalogue.consequences.get(table)?.values() ?? [])].some(isSetOff);
}

function firesFor(catalogue: Catalogue, effect: Effect, cause: Effect): boolean {
  const { action, events = [] } = effect;
  if (action !== 'call') return false;
  const possible = isOfOthers(catalogue, effect, cause)
    ? events.filter((event) => event !== 'update')
    : events;
  return mayFire(possible, cause);
}

/** UPDATE OF looks at what the statement sets; a generated column may follow from any, and a foreign key sets its own. */
function isOfOthers(catalogue: Catalogue, { by, columns }: Effect, cause: Effect): boolean {
  if (!by || !columns || !cause.columns) return false;
  if (cause.action !== 'update' || cause.rowAccess === 'referring rows') return false;
  const needed = neededObjects(catalogue, currentKey(catalogue, keyOf(by)));
  const watched = needed.filter(({ kind }) => kind === 'column');
  const isSet = (column: ObjectId) =>
    isAmong(cause.columns ?? [], column) || isGenerated(catalogue, keyOf(column));
  return watched.length >= columns.length && !watched.some(isSet);
}

/** The sides of its table that a change of rows is subject to. */
export function rulesOf({ action }: Effect): readonly Aspect[] {
  if (action === 'delete') return ['triggers'];
  return action === 'update' ? ['triggers', 'rules'] : ['triggers', 'rules', 'filling'];
}

/** Whether changes of its rows set something off. */
export function hasTriggers(catalogue: Catalogue, table: string): boolean {
  return partKeysOf(catalogue, table).some(({ kind }) => kind === 'trigger' || kind === 'rule');
}

/** Foreign keys look at rows that are updated only where a column of some key is set. */
export function mayBeReferred(catalogue: Catalogue, table: string, { columns }: Effect): boolean {
  const { objects, parts, parents, neededBy, properties } = catalogue;
  if (!columns || !objects.has(table) || parents.has(table)) return true;
  const isKey = (user: string) => properties.get(user)?.key !== undefined;
  const keys = [...(parts.get(table) ?? []), ...(neededBy.get(table) ?? [])]
    .filter(isKey)
    .flatMap((user) => neededObjects(catalogue, user));
  return keys.some((object) => isAmong(columns, object));
}

function isAmong(columns: readonly string[], { kind, name }: ObjectId): boolean {
  return kind === 'column' && columns.includes(name);
}

/** What follows from the definition of an object, as far as the object matters. */
export function marksOf(by: ObjectId | undefined): Pick<Effect, 'defaultOf' | 'isImplicit' | 'isShown'> {
  if (by === undefined || by.kind === 'function') return {};
  if (by.kind === 'column') return { defaultOf: by };
  const isShown = by.kind === 'view' || by.kind === 'materialized view';
  return { isImplicit: true, ...(isShown ? { isShown } : {}) };
}
