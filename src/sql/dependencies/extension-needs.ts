/** Finds the extensions that bring what is used: by its name, or by the type of a column where the name is not said. */

import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import { classProvidersOf, classTypeOf, operatorProvidersOf, providersOf } from '../postgres/extensions.js';
import type { ObjectId } from '../syntax/object-id.js';
import { type Catalogue, enumOf, neededTypes } from './catalogue.js';

/** The extensions that are known to bring something of that name, or to have a schema of that name; mostly none. */
export function bringersOf({ name, schema }: ObjectId): readonly string[] {
  const byName = providersOf(name);
  return byName.length > 0 || schema === undefined ? byName : providersOf(schema);
}

/** The extensions that bring the operator class or operator that a column needs. */
export function bringersForColumn(catalogue: Catalogue, { object, method, operator }: Effect): string[] {
  if (method === undefined && operator === undefined) return [];
  const type = plainTypeOf(catalogue, keyOf(object));
  return [
    ...(method === undefined ? [] : classProvidersOf(method, type)),
    ...(operator === undefined ? [] : operatorProvidersOf(operator, type)),
  ];
}

/** The extension that a definition needs, if the history has exactly one that brings what is used. */
export function neededExtension(catalogue: Catalogue, effect: Effect, used: ObjectId): ObjectId | undefined {
  const { objects } = catalogue;
  const byName = objects.has(keyOf(used)) ? [] : bringersOf(used);
  const names = new Set([...byName, ...bringersForColumn(catalogue, effect)]);
  const there = [...names].flatMap((name) => objects.get(keyOf({ kind: 'extension', name })) ?? []);
  return there.length === 1 ? there[0] : undefined;
}

/** The type of a column in the words of the catalogs; that below a domain, `anyenum` for an enum. */
function plainTypeOf(catalogue: Catalogue, column: string): string {
  if (enumOf(catalogue, column) !== undefined) return 'anyenum';
  const name = catalogue.properties.get(column)?.['type name'] ?? '';
  for (const type of neededTypes(catalogue, column)) {
    const base = catalogue.properties.get(keyOf(type))?.['type name'];
    if (base !== undefined) return classTypeOf(base);
    const own = classTypeOf(type.name);
    if (own !== type.name) return own;
  }
  return classTypeOf(name);
}
