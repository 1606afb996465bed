/** Follows row types: a use depends on the columns of the type, and of the row types in it. */

import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import { inTriggerTable } from '../effects/trigger-row.js';
import type { ObjectId } from '../syntax/object-id.js';
import { partOf } from '../syntax/object-names.js';
import { type Catalogue, columnsOf, currentObject, neededTypes, ownerKey, ownerOf } from './catalogue.js';
import { type Collector, causeOf, recordAccess } from './collect/collector.js';
import { aspect } from './keys.js';

/** The type that a relation brings, or that is a relation. */
export function typeOfRelation({ schema, name }: ObjectId): ObjectId {
  return { kind: 'type', ...(schema === undefined ? {} : { schema }), name };
}

function relationOfType({ schema, name }: ObjectId): ObjectId {
  return { kind: 'relation', ...(schema === undefined ? {} : { schema }), name };
}

function columnsOfType(catalogue: Catalogue, type: ObjectId): ObjectId[] {
  return columnsOf(catalogue, keyOf(relationOfType(type)));
}

/** Records that a relation's row type gets, loses or changes a column. */
export function recordAttribute(collector: Collector, effect: Effect): void {
  const { object, action, change } = effect;
  const owner = ownerOf(object);
  const isStructural = action !== 'alter' || change?.kind === 'type' || change?.kind === 'rename';
  if (object.kind !== 'column' || !owner || !isStructural) return;
  recordAccess(collector, aspect('attributes', typeOfRelation(owner)), 'add', causeOf(effect));
}

/** Records the use of a type with the row types behind it: those of its base type, and of its own columns. */
export function recordRowTypes(collector: Collector, effect: Effect): void {
  for (const type of rowTypesBehind(collector.catalogue, effect.object))
    recordAccess(collector, aspect('attributes', type), 'read', causeOf(effect));
}

function rowTypesBehind(catalogue: Catalogue, type: ObjectId): ObjectId[] {
  const found = new Map([[keyOf(type), type]]);
  for (const one of found.values())
    for (const user of [one, ...columnsOfType(catalogue, one)])
      for (const needed of neededTypes(catalogue, keyOf(user))) found.set(keyOf(needed), needed);
  return [...found.values()].filter((one) => catalogue.objects.has(keyOf(relationOfType(one))));
}

/** Records how many values a ROW gives to a type, or to the type of a column. */
export function recordRow(collector: Collector, effect: Effect): void {
  const { catalogue } = collector;
  const { object, counts } = effect;
  for (const type of object.kind === 'column' ? neededTypes(catalogue, keyOf(object)) : [object]) {
    const columns = columnsOfType(catalogue, type).length;
    const use = { ...effect, counts: { values: counts?.values ?? 0, columns } };
    if (columns > 0) recordAccess(collector, aspect('attributes', type), 'read', causeOf(use));
  }
}

/** A column of a function's result, or all of them, by the type that the history knows. */
export function withResult({ definitions }: Catalogue, effect: Effect): Effect | undefined {
  const type = definitions.get(keyOf(effect.object))?.rowType;
  if (!type) return undefined;
  const relation = relationOfType(type);
  const { usage: _, field, ...words } = effect;
  if (field === undefined) return { ...words, object: relation, usage: 'all columns' };
  return { ...words, object: partOf(relation, 'column', field) };
}

/** A column that is meant by its number, as in an INSERT without names. */
export function withColumnOfNumber(catalogue: Catalogue, object: ObjectId): ObjectId {
  const owner = ownerKey(object);
  if (owner === undefined || !/^\d+$/.test(object.name) || catalogue.objects.has(keyOf(object)))
    return object;
  return columnsOf(catalogue, owner)[Number(object.name) - 1] ?? object;
}

/** What a trigger function says of NEW and OLD is so of the rows of its table, as far as it is called for any. */
export function ofTriggerTable(catalogue: Catalogue, effect: Effect, { row }: Effect): Effect {
  const object = row && inTriggerTable(effect.object, currentObject(catalogue, row));
  return object ? { ...effect, object, row, isGuess: true } : effect;
}
