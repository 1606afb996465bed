/** Turns needs into accesses: of objects, of their types, of what is copied, and of what nobody is known to create. */

import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import { classProvidersOf, operatorProvidersOf, providersOf } from '../postgres/extensions.js';
import type { ObjectId } from '../syntax/object-id.js';
import { partOf } from '../syntax/object-names.js';
import { type Cause, extensions } from './access.js';
import { attachedTo, enumOf, ownerKey } from './catalogue.js';
import { collectEnumValues, noteEnumValue } from './collect-values.js';
import { type Collector, causeOf, noteAccess, recordAccess, recordSurroundings } from './collector.js';
import { aspect, describeObject, groupKey, nameKey } from './keys.js';
import { factsOf } from './usages.js';

/** Something is needed by its name. */
export function collectUse(collector: Collector, effect: Effect): void {
  const { object, usage } = effect;
  const cause = causeOf(effect);
  const key = keyOf(object);
  recordSurroundings(collector, object, cause);
  if (object.kind === 'enum value') collectEnumValue(collector, effect);
  else if (factsOf(usage).isNote) noteAccess(collector, aspect('shape', key), 'read', cause);
  else collectName(collector, effect);
}

function collectName(collector: Collector, effect: Effect): void {
  const { object, usage } = effect;
  const { catalogue } = collector;
  const key = keyOf(object);
  recordAccess(collector, key, 'read', causeOf(effect));
  if (object.kind === 'column') collectColumn(collector, effect);
  if (factsOf(usage).isWhole) {
    recordAccess(collector, aspect('shape', key), 'read', causeOf(effect));
    for (const part of catalogue.parts.get(key) ?? []) touchTypes(collector, part, effect);
  }
  collectSides(collector, effect);
  if (!catalogue.objects.has(key)) noteUnknown(collector, effect);
}

/** What of the object is meant, beside its name. */
function collectSides(collector: Collector, effect: Effect): void {
  const { object, usage } = effect;
  const [key, cause] = [keyOf(object), causeOf(effect)];
  if (factsOf(usage).isCopy) collectCopy(collector, effect);
  for (const name of factsOf(usage).reads) recordAccess(collector, aspect(name, key), 'read', cause);
  if (usage === 'owner') touchOwnership(collector, object, cause);
}

/** `'ok'::mood`, where the history made an enum of that name. */
function collectEnumValue(collector: Collector, effect: Effect): void {
  const type = ownerKey(effect.object);
  const isEnum = type !== undefined && collector.catalogue.parts.get(type)?.size;
  if (isEnum) noteEnumValue(collector, type, effect.object.name, effect);
}

function collectColumn(collector: Collector, effect: Effect): void {
  touchTypes(collector, keyOf(effect.object), effect);
  if (effect.literals) collectEnumValues(collector, effect);
  if (effect.field !== undefined) collectField(collector, effect, effect.field);
  const type = plainTypeOf(collector, keyOf(effect.object));
  if (effect.method !== undefined) useProviders(collector, effect, classProvidersOf(effect.method, type));
  if (effect.operator !== undefined)
    useProviders(collector, effect, operatorProvidersOf(effect.operator, type));
}

/** A composite type is a relation, and its fields are columns. */
function collectField(collector: Collector, effect: Effect, name: string): void {
  const { needs, objects } = collector.catalogue;
  for (const key of needs.get(keyOf(effect.object)) ?? []) {
    const type = key.startsWith('type:') ? objects.get(key) : undefined;
    if (!type || !objects.has(keyOf({ ...type, kind: 'relation' }))) continue;
    const object = partOf(type, 'column', name);
    recordAccess(collector, keyOf(object), 'read', causeOf({ ...effect, object }));
  }
}

/** A sequence and the table that it belongs to must have the same owner. */
function touchOwnership(collector: Collector, column: ObjectId, cause: Cause): void {
  const owner = ownerKey(column);
  if (owner !== undefined) recordAccess(collector, aspect('privileges', owner), 'read', cause);
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
  const users = [...(catalogue.neededBy.get(key) ?? []), ...attachedTo(catalogue, key)];
  for (const user of new Set(users)) {
    const original = catalogue.objects.get(user);
    const prefix = `${effect.object.name}_`;
    if (!original?.name.startsWith(prefix) || original.kind === 'view') continue;
    const { schema = 'public' } = copy;
    const object = { ...original, schema, name: `${copy.name}_${original.name.slice(prefix.length)}` };
    recordAccess(collector, keyOf(object), 'write', { ...causeOf({ ...effect, object }), verb: 'creates' });
  }
}

/** Values of a column are understood by its type. */
function touchTypes(collector: Collector, column: string, effect: Effect): void {
  for (const needed of collector.catalogue.needs.get(column) ?? []) {
    if (needed.startsWith('type:')) recordAccess(collector, needed, 'read', causeOf(effect));
  }
}

const checkedKinds: ReadonlySet<string> = new Set([
  'relation',
  'table',
  'view',
  'sequence',
  'index',
  'type',
  'function',
  'schema',
]);
const extensionKinds: ReadonlySet<string> = new Set([
  'access method',
  'foreign data wrapper',
  'language',
  'text search configuration',
  'text search dictionary',
  'text search parser',
  'text search template',
  'type',
  'function',
  'operator',
  'operator class',
  'collation',
  'relation',
]);

function noteUnknown(collector: Collector, effect: Effect): void {
  const { object, place, isGuess, isConditional } = effect;
  const { catalogue, unknown } = collector;
  if (extensionKinds.has(object.kind))
    recordAccess(collector, extensions, 'read', { ...causeOf(effect), isGuess: true });
  if (extensionKinds.has(object.kind) || object.kind === 'schema') {
    if (useExtension(collector, effect)) return;
  }
  if (
    collector.depth > 0 ||
    isGuess ||
    isConditional ||
    !checkedKinds.has(object.kind) ||
    object.name === 'public'
  )
    return;
  const hasExtension =
    object.kind !== 'schema' && [...catalogue.objects.values()].some(({ kind }) => kind === 'extension');
  unknown.set(describeObject(object), { object, place, isUncertain: catalogue.isIncomplete || hasExtension });
}

/** @returns whether an extension that was created is known to bring the object. */
function useExtension(collector: Collector, effect: Effect): boolean {
  const { name, schema } = effect.object;
  const byName = providersOf(name);
  const providers = byName.length > 0 || schema === undefined ? byName : providersOf(schema);
  useProviders(collector, effect, providers);
  return providers.some((name) => collector.catalogue.objects.has(keyOf({ kind: 'extension', name })));
}

function useProviders(collector: Collector, effect: Effect, extensions: readonly string[]): void {
  for (const name of extensions) {
    recordAccess(collector, keyOf({ kind: 'extension', name }), 'read', causeOf(effect));
  }
}

/** Types that have no operator classes of their own, with those whose classes they use (IsBinaryCoercible). */
const usedTypes: Readonly<Record<string, string>> = {
  varchar: 'text',
  serial: 'int4',
  serial4: 'int4',
  bigserial: 'int8',
  serial8: 'int8',
  smallserial: 'int2',
  serial2: 'int2',
};

/** The type of a column in the words of the catalogs; that below a domain, `anyenum` for an enum. */
function plainTypeOf({ catalogue }: Collector, column: string): string {
  if (enumOf(catalogue, column) !== undefined) return 'anyenum';
  const name = catalogue.properties.get(column)?.['type name'] ?? '';
  for (const key of catalogue.needs.get(column) ?? []) {
    const base = catalogue.properties.get(key)?.['type name'];
    if (key.startsWith('type:') && base !== undefined) return usedTypes[base] ?? base;
  }
  return usedTypes[name] ?? name;
}
