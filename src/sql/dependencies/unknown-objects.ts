/** Notes objects that a migration needs and that no migration before it leaves. */

import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import { maySupplyName } from '../postgres/builtin-names.js';
import { isSystemSchema } from '../postgres/system-schemas.js';
import type { ObjectId, ObjectKind } from '../syntax/object-id.js';
import { type Catalogue, columnsOf, ownerKey } from './catalogue.js';
import { type Collector, causeOf, recordAccess } from './collect/collector.js';
import { bringersOf } from './extension-needs.js';
import { describeObject, extensions, objectKey } from './keys.js';

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

/** An object that is used, and not in the catalogue. */
export function noteUnknown(collector: Collector, effect: Effect): void {
  const { object, place, isGuess, isConditional } = effect;
  const { catalogue, unknown } = collector;
  if (maySupplyName(object)) return;
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
  const providers = bringersOf(effect.object);
  useProviders(collector, effect, providers);
  return providers.some((name) => collector.catalogue.objects.has(keyOf({ kind: 'extension', name })));
}

/** The object is one of these extensions. */
export function useProviders(collector: Collector, effect: Effect, extensions: readonly string[]): void {
  for (const name of extensions) {
    recordAccess(collector, objectKey({ kind: 'extension', name }), 'read', causeOf(effect));
  }
}

/** The schema of a new object. IF NOT EXISTS asks for the object, not for the schema. */
export function noteUnknownSchema(collector: Collector, effect: Effect): void {
  const { object, isInBranch = false } = effect;
  if (object.schema === undefined || object.parent !== undefined || isSystemSchema(object.schema)) return;
  const schema: ObjectId = { kind: 'schema', name: object.schema };
  if (collector.catalogue.objects.has(keyOf(schema))) return;
  noteUnknown(collector, { ...effect, object: schema, isConditional: isInBranch });
}

/** Indexes, sequences and functions may have names or arguments that nobody wrote down. */
const droppedKinds: ReadonlySet<ObjectKind> = new Set(['table', 'view', 'type', 'schema']);

/** These may exist although nobody wrote them down, but not once they were dropped along with a table or column. */
const impliedKinds: ReadonlySet<ObjectKind> = new Set([
  'index',
  'sequence',
  'materialized view',
  'column',
  'constraint',
]);

/** An object that is dropped without IF EXISTS. */
export function noteUnknownDrop(collector: Collector, effect: Effect): void {
  const { object } = effect;
  if (collector.catalogue.objects.has(keyOf(object))) return;
  if (droppedKinds.has(object.kind)) noteUnknown(collector, effect);
  else if (impliedKinds.has(object.kind)) noteGone(collector, effect);
}

/** Of a table whose columns nobody wrote down, any part may be there. */
function isOfUnknownTable(catalogue: Catalogue, object: ObjectId): boolean {
  const owner = ownerKey(object);
  return owner !== undefined && columnsOf(catalogue, owner).length === 0;
}

function noteGone({ catalogue, unknown, depth }: Collector, effect: Effect): void {
  const { object, place, isGuess, isConditional, isImplicit } = effect;
  if (depth > 0 || isGuess || isConditional || isImplicit) return;
  if (catalogue.perhapsThere.has(keyOf(object)) || isOfUnknownTable(catalogue, object)) return;
  const { isIncomplete: isUncertain } = catalogue;
  unknown.set(describeObject(object), { object, place, isUncertain, isOnceMade: true });
}
