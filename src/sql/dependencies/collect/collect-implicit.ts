/** Converts effects outside of the syntax tree into accesses: dynamic SQL, catalog queries, and comments. */

import type { AskedName, Effect, MigrationEffects } from '../../effects/effect.js';
import { firstName, joinNames } from '../../syntax/identifiers.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { everything, nameKey, objectKey, type StateKey } from '../keys.js';
import { type Collector, recordAccess } from './collector.js';

/** Opaque SQL may access everything. */
export function touchEverything(
  collector: Collector,
  { place }: Pick<Effect, 'place'>,
  reason: string,
): void {
  recordAccess(collector, everything, 'write', { place, verb: 'runs', what: reason, isGuess: true });
  collector.catalogue.isIncomplete = true;
}

/** A query of the catalogs depends on the names that it asks for, or on everything. */
export function collectQuery(
  collector: Collector,
  names: readonly AskedName[] | undefined,
  { place }: Pick<Effect, 'place'>,
): void {
  if (!names) {
    recordAccess(collector, everything, 'write', {
      place,
      verb: 'reads',
      what: 'the system catalogs',
      isGuess: true,
    });
    return;
  }
  for (const name of names) {
    const what = joinNames(...name);
    recordAccess(collector, nameKey(what), 'read', { place, verb: 'asks for', what, isGuess: true });
  }
}

/** The opaque parts of a migration itself. */
export function collectOpaque(collector: Collector, { opaque, catalogQueries }: MigrationEffects): void {
  for (const part of opaque) if (part.when === 'now') touchEverything(collector, part, part.reason);
  for (const query of catalogQueries) if (query.when === 'now') collectQuery(collector, query.names, query);
}

/** The names that a migration's comments require and provide. */
export function collectDirectives(collector: Collector, { directives }: MigrationEffects): void {
  for (const { word, value, place } of directives) {
    if (word === 'ignore') continue;
    const mode = word === 'requires' ? 'read' : 'write';
    const cause = { place, verb: word, what: value, isGuess: false };
    for (const key of keysOfName(value)) recordAccess(collector, key, mode, cause);
  }
}

/** `users`, `schema.users` or `users.email`: whatever it may be. */
function keysOfName(value: string): StateKey[] {
  const parts = firstName(value);
  const [name = '', schema = 'public'] = parts.toReversed();
  const [, , schemaOfColumn = 'public'] = parts.toReversed();
  const column: ObjectId = { kind: 'column', schema: schemaOfColumn, parent: schema, name };
  const wholes = (['relation', 'type', 'function'] as const).map(
    (kind): ObjectId => ({ kind, schema, name }),
  );
  return [...(parts.length > 2 ? [] : wholes), ...(parts.length > 1 ? [column] : [])].map(objectKey);
}
