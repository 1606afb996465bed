/** Finds the objects that a person names. */

import { nearest } from '../../graph/nearest.js';
import { displayName } from '../dependencies/keys.js';
import { firstName, joinNames, splitIdentifier } from '../syntax/identifiers.js';
import type { ObjectId } from '../syntax/object-id.js';
import type { TrackedObject } from './tracked-objects.js';

/**
 * @param name `users`, `users.email`, `app.users.email`, quoted or not: names that the history has only in capitals are found without quotes, too.
 * @returns the objects that have the name, or had it before.
 */
export function findByName(tracked: readonly TrackedObject[], name: string): TrackedObject[] {
  const found = trackedUnder(tracked, splitIdentifier(name));
  return found.length > 0 ? found : trackedUnder(tracked, firstName(name));
}

/** Names in the history that look like this one. */
export function suggestNames(tracked: readonly TrackedObject[], name: string): string[] {
  const names = tracked.flatMap(({ object, formerly }) => [object, ...formerly].map(displayName));
  return nearest(joinNames(...splitIdentifier(name)), names);
}

function trackedUnder(tracked: readonly TrackedObject[], parts: readonly string[]): TrackedObject[] {
  return tracked.filter(({ object, formerly }) => [object, ...formerly].some((one) => isNamed(one, parts)));
}

/** Columns and values of enums need the name of their table or type. */
function isNamed({ kind, schema, parent, name }: ObjectId, parts: readonly string[]): boolean {
  const isBarePart = kind === 'column' || kind === 'enum value';
  const written = parts.join('\0');
  const full = [schema, parent, name].filter((part) => part !== undefined);
  const isSuffix = full.slice(-parts.length).join('\0') === written && parts.length > 0;
  // Constraints and triggers are found by schema and name, as the server's messages give them.
  return (
    (isSuffix && !(isBarePart && parts.length === 1)) ||
    (!isBarePart && [schema, name].join('\0') === written)
  );
}
