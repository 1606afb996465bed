/** Converts needs into accesses: of objects, of their types, and of copied objects. */

import type { Effect, ValueCast } from '../../effects/effect.js';
import { keyOf } from '../../effects/object-key.js';
import { madeCast } from '../../postgres/cast-names.js';
import { serialTypes } from '../../postgres/serial-types.js';
import { joinNames } from '../../syntax/identifiers.js';
import type { ObjectId, TypeRef } from '../../syntax/object-id.js';
import { partOf } from '../../syntax/object-names.js';
import type { Cause } from '../access.js';
import { attachedTo, foundTypeName, isAttached, neededTypes, ownerKey, ownerOf } from '../catalogue.js';
import { bringersForColumn } from '../extension-needs.js';
import { aspect, constraintNameKey, defaultClassKey, groupKey, nameKey, objectKey } from '../keys.js';
import { recordRow, recordRowTypes, withColumnOfNumber, withResult } from '../row-types.js';
import { noteUnknown, useProviders } from '../unknown-objects.js';
import { factsOf } from '../usages.js';
import { noteIndexColumns } from './collect-index-columns.js';
import { collectDomains, collectEnumValues, elementsOf, noteEnumValue } from './collect-values.js';
import { type Collector, causeOf, noteAccess, recordAccess, recordSurroundings } from './collector.js';
import { notePublished } from './note-published.js';

/** Something is needed by its name. */
export function collectUse(collector: Collector, effect: Effect): void {
  const { object, usage, cast } = effect;
  const cause = causeOf(effect);
  if (cast) {
    collectCast(collector, effect, cast);
    return;
  }
  if (usage === 'result') {
    const result = withResult(collector.catalogue, effect);
    if (result) collectUse(collector, result);
    return;
  }
  if (usage === 'deferred' || usage === 'checked now') {
    collectNamedConstraints(collector, effect);
    return;
  }
  if (usage === 'added column') {
    collectDomains(collector, object, { effect, usage });
    return;
  }
  recordSurroundings(collector, object, cause);
  if (object.kind === 'enum value') collectEnumValue(collector, effect);
  else if (factsOf(usage).isNote) noteAccess(collector, aspect('shape', object), 'read', cause);
  else collectName(collector, effect);
}

/** SET CONSTRAINTS names no table: all constraints of the name in the schema are meant. */
function collectNamedConstraints(collector: Collector, effect: Effect): void {
  const { schema, name } = effect.object;
  const cause = causeOf(effect);
  noteAccess(collector, constraintNameKey(effect.object), 'read', cause);
  for (const object of collector.catalogue.objects.values())
    if (object.kind === 'constraint' && object.schema === schema && object.name === name)
      recordAccess(collector, objectKey(object), 'read', causeOf({ ...effect, object }));
}

function collectName(collector: Collector, given: Effect): void {
  const effect =
    given.usage === 'row'
      ? { ...given, object: withColumnOfNumber(collector.catalogue, given.object) }
      : given;
  const { object, usage } = effect;
  const { catalogue } = collector;
  const key = keyOf(object);
  recordAccess(collector, objectKey(object), 'read', causeOf(effect));
  if (object.kind === 'column') collectColumn(collector, effect);
  if (usage === 'row') recordRow(collector, effect);
  else if (object.kind === 'type') recordRowTypes(collector, effect);
  if (object.kind === 'domain' && effect.literals) collectEnumValues(collector, effect);
  if (factsOf(usage).isWhole) {
    recordAccess(collector, aspect('shape', object), 'read', causeOf(effect));
    for (const part of catalogue.parts.get(key) ?? []) touchTypes(collector, part, effect);
  }
  collectSides(collector, effect);
  if (!catalogue.objects.has(key)) noteUnknown(collector, effect);
}

/** The used aspect of the object, beside its name. */
function collectSides(collector: Collector, effect: Effect): void {
  const { object, usage } = effect;
  const cause = causeOf(effect);
  if (factsOf(usage).isCopy) collectCopy(collector, effect);
  for (const name of factsOf(usage).reads) recordAccess(collector, aspect(name, object), 'read', cause);
  if (usage === 'published') notePublished(collector, effect);
  if (usage === 'owner') touchOwnership(collector, object, cause);
  if (usage === 'identity index' || usage === 'key index') noteIndexColumns(collector, effect);
}

/** `'ok'::mood`, where the history made an enum of that name. */
function collectEnumValue(collector: Collector, effect: Effect): void {
  const type = ownerKey(effect.object);
  const isEnum = type !== undefined && collector.catalogue.parts.get(type)?.size;
  if (!isEnum) return;
  for (const value of elementsOf(effect.object.name)) noteEnumValue(collector, type, value, effect);
}

function collectColumn(collector: Collector, effect: Effect): void {
  touchTypes(collector, keyOf(effect.object), effect);
  if (effect.literals) collectEnumValues(collector, effect);
  if (effect.field !== undefined) collectField(collector, effect, effect.field);
  if (effect.method !== undefined && collector.depth === 0) useDefaultClass(collector, effect, effect.method);
  useProviders(collector, effect, bringersForColumn(collector.catalogue, effect));
}

/** A migration may have made the operator class that the type has by default. */
function useDefaultClass(collector: Collector, effect: Effect, method: string): void {
  const type = typeNameOf(collector, keyOf(effect.object));
  if (type !== undefined)
    recordAccess(collector, defaultClassKey(`${method}:${type}`), 'read', causeOf(effect));
}

/** Somebody must have made the cast between two types if one of them is a user's. */
function collectCast(collector: Collector, effect: Effect, { from, to, isExplicit }: ValueCast): void {
  const own = typeNameOf(collector, keyOf(effect.object));
  const target = to === undefined ? own : nameOfEnd(collector, to);
  const source = from === undefined ? own : nameOfEnd(collector, from);
  const name = source && target && madeCast(source, target, { isExplicit });
  if (!name) return;
  const object: ObjectId = { kind: 'cast', name };
  recordAccess(collector, objectKey(object), 'read', causeOf({ ...effect, object }));
}

function nameOfEnd(collector: Collector, end: TypeRef): string | undefined {
  if (typeof end === 'string' || end.kind === 'type') return foundTypeName(collector.catalogue, end);
  return typeNameOf(collector, keyOf(end));
}

/** As the text of CREATE CAST has it; undefined for a column that the history does not know. */
function typeNameOf({ catalogue }: Collector, column: string): string | undefined {
  const [type] = neededTypes(catalogue, column);
  const name = catalogue.properties.get(column)?.['type name'];
  return type ? joinNames(type.schema, type.name) : (serialTypes.get(name ?? '') ?? name);
}

/** A composite type is a relation, and its fields are columns. */
function collectField(collector: Collector, effect: Effect, name: string): void {
  const { catalogue } = collector;
  for (const type of neededTypes(catalogue, keyOf(effect.object))) {
    if (!catalogue.objects.has(keyOf({ ...type, kind: 'relation' }))) continue;
    const object = partOf(type, 'column', name);
    recordAccess(collector, objectKey(object), 'read', causeOf({ ...effect, object }));
  }
}

/** A sequence and the table that it belongs to must have the same owner. */
function touchOwnership(collector: Collector, column: ObjectId, cause: Cause): void {
  const owner = ownerOf(column);
  if (owner) recordAccess(collector, aspect('privileges', owner), 'read', cause);
}

/** LIKE, INHERITS and PARTITION OF take over all sorts of things, and columns whose names they do not say. */
function collectCopy(collector: Collector, effect: Effect): void {
  const { by } = effect;
  const cause = causeOf(effect);
  for (const name of collector.askedNames.all)
    recordAccess(collector, nameKey(name), 'add', { ...cause, isGuess: true });
  if (by?.kind === 'table') collectCopiedNames(collector, effect, by);
}

/** Copies of indexes and their like are named after the new table, as the originals mostly are after the old one. */
function collectCopiedNames(collector: Collector, effect: Effect, copy: ObjectId): void {
  const { catalogue } = collector;
  const key = keyOf(effect.object);
  // An identity brings a sequence.
  recordAccess(collector, groupKey(copy.schema ?? 'public', 'sequences'), 'add', causeOf(effect));
  const users = [...(catalogue.neededBy.get(key) ?? []), ...attachedTo(catalogue, key).map(keyOf)];
  for (const user of new Set(users)) {
    const original = catalogue.objects.get(user);
    const prefix = `${effect.object.name}_`;
    if (!original?.name.startsWith(prefix) || !isAttached(original)) continue;
    const { schema = 'public' } = copy;
    const object = { ...original, schema, name: `${copy.name}_${original.name.slice(prefix.length)}` };
    recordAccess(collector, objectKey(object), 'write', {
      ...causeOf({ ...effect, object, isGenerated: true }),
      verb: 'creates',
    });
  }
}

/** Values of a column are understood by its type. */
function touchTypes(collector: Collector, column: string, effect: Effect): void {
  for (const type of neededTypes(collector.catalogue, column))
    recordAccess(collector, objectKey(type), 'read', causeOf(effect));
}
