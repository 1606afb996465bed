/** Casts have the names of their types, and are called otherwise once these are. */

import { joinNames } from '../syntax/identifiers.js';
import type { ObjectId, ObjectKind, TypeRef } from '../syntax/object-id.js';
import { type Catalogue, objectsOfSchema } from './catalogue.js';

/** Tables and views are types, too. */
const typeKinds: ReadonlySet<ObjectKind> = new Set([
  'domain',
  'foreign table',
  'materialized view',
  'relation',
  'table',
  'type',
  'view',
]);

/** The casts of a type, or of all types in a schema, each with the name that a rename or move of it gives them. */
export function renamedCasts(catalogue: Catalogue, object: ObjectId, to: ObjectId): [ObjectId, ObjectId][] {
  const casts = [...catalogue.objects.values()].filter(({ kind }) => kind === 'cast');
  if (casts.length === 0) return [];
  const names = renamedTypes(catalogue, object, to);
  return casts.flatMap((cast): [ObjectId, ObjectId][] => {
    if (!cast.types?.some((type) => names.has(type))) return [];
    const types = cast.types.map((type) => names.get(type) ?? type);
    return [[cast, { ...cast, types, name: types.join(' as ') }]];
  });
}

function renamedTypes(catalogue: Catalogue, object: ObjectId, to: ObjectId): Map<TypeRef, string> {
  const all = [...objectsOfSchema(catalogue, object), object].filter(({ kind }) => typeKinds.has(kind));
  const schema = object.kind === 'schema' ? to.name : to.schema;
  return new Map(
    all.map((type) => [
      joinNames(type.schema, type.name),
      joinNames(schema, type === object ? to.name : type.name),
    ]),
  );
}
