/** Says which of the consequences of an object's definition a statement sets off, and what its rows are subject to. */

import type { RowAccess, TriggerEvent } from '../effects/change.js';
import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';
import { attachedTo, type Catalogue, type Consequences } from './catalogue.js';
import type { Aspect } from './keys.js';

/** New values go through the expressions of indexes, too. */
export function consequencesOf(
  catalogue: Catalogue,
  owner: string,
  { action }: Effect,
): (readonly [string, Consequences])[] {
  const isFilling = action === 'insert' || action === 'update';
  const owners = isFilling ? [owner, ...attachedTo(catalogue, owner)] : [owner];
  return owners.flatMap((one) => [...(catalogue.consequences.get(one) ?? [])]);
}

/** Rows that go fill no columns, and need fulfil no constraint of their own. */
export function isIdle(part: string, { action }: Effect): boolean {
  return action === 'delete' && /^(column|constraint):/.test(part);
}

/** Numbers of a sequence are drawn for new rows only, and where none is given. */
export function isDefault({ by, object }: Effect, cause: Effect): boolean {
  if (by?.kind !== 'column' || object.kind !== 'sequence') return false;
  return cause.action === 'update' || cause.columns?.includes(by.name) === true;
}

/** Triggers are set off only by what they are for. */
export function isForOthers({ by, action, events }: Effect, cause: Effect): boolean {
  if (by?.kind !== 'trigger' || action !== 'call' || events === undefined) return false;
  return !mayFire(events, cause);
}

/** Whether a trigger for these events is set off. */
export function mayFire(events: readonly TriggerEvent[], { action, rowAccess }: Effect): boolean {
  const possible: readonly string[] = (rowAccess && eventsOfAccess[rowAccess]) ?? [action];
  return events.some((event) => possible.includes(event));
}

/** ON CONFLICT may update, and rows that refer to others may be updated or go in either way. */
const eventsOfAccess: Readonly<Record<RowAccess, readonly TriggerEvent[] | undefined>> = {
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
export function isLookedUp({ needs }: Catalogue, by: ObjectId, { action, columns }: Effect): boolean {
  if (action !== 'update' || !columns) return true;
  const own = [...(needs.get(keyOf(by)) ?? [])].filter((key) => key.includes(`.${by.parent}.`));
  return own.length === 0 || own.some((key) => columns.some((column) => key.endsWith(`.${column}`)));
}

/** The sides of its table that a change of rows is subject to. */
export function rulesOf({ action }: Effect): readonly Aspect[] {
  if (action === 'delete') return ['triggers'];
  return action === 'update' ? ['triggers', 'rules'] : ['triggers', 'rules', 'filling'];
}

/** Whether changes of its rows set something off. */
export function hasTriggers({ parts }: Catalogue, table: string): boolean {
  return [...(parts.get(table) ?? [])].some((part) => /^(trigger|rule):/.test(part));
}

/** Foreign keys look at rows that are updated only where a column of some key is set. */
export function mayBeReferred(catalogue: Catalogue, table: string, { columns }: Effect): boolean {
  const { objects, parts, parents, needs, neededBy, properties } = catalogue;
  if (!columns || !objects.has(table) || parents.has(table)) return true;
  const isKey = (user: string) => properties.get(user)?.key !== undefined;
  const keys = [...(parts.get(table) ?? []), ...(neededBy.get(table) ?? [])]
    .filter(isKey)
    .flatMap((user) => [...(needs.get(user) ?? [])]);
  return keys.some((key) => columns.some((column) => key.endsWith(`.${column}`)));
}
