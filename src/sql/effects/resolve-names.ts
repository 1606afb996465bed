/** Resolves a name's schema: as written, by earlier statements, or by the search path. */

import type { ObjectWithArgs, RangeVar } from '@pgsql/types';
import { isCatalogSchema } from '../postgres/system-schemas.js';
import type { ObjectId, ObjectKind } from '../syntax/object-id.js';
import { argsOf, namePartsOf, partsOfRange } from '../syntax/object-names.js';
import type { ReaderContext } from './context.js';
import { nameSpaceOf } from './name-space.js';

/** The object that a CREATE makes: without a schema it goes to the first of the search path. */
export function resolveCreatedName(
  context: ReaderContext,
  kind: ObjectKind,
  parts: readonly string[],
): ObjectId {
  const name = parts.at(-1) ?? '';
  const schema = parts.at(-2) ?? searchedSchemas(context)[0] ?? 'public';
  return { kind, schema, name };
}

function searchedSchemas({ state: { path, gone } }: ReaderContext): readonly string[] {
  return gone.size === 0 ? path : path.filter((schema) => !gone.has(schema));
}

/** As `createdName`, for a relation; temporary ones are remembered as such. */
export function createdRelation(context: ReaderContext, kind: ObjectKind, range: RangeVar): ObjectId {
  const { state } = context;
  if (range.relpersistence === 't' || range.schemaname === 'pg_temp') {
    state.temporary.add(range.relname ?? '');
    return { kind, schema: 'pg_temp', name: range.relname ?? '' };
  }
  state.temporary.delete(range.relname ?? '');
  return resolveCreatedName(context, kind, partsOfRange(range));
}

/** The object that a statement needs or changes. Builtin ones come back in `pg_catalog`. */
export function usedName(context: ReaderContext, kind: ObjectKind, parts: readonly string[]): ObjectId {
  const name = parts.at(-1) ?? '';
  const schema = parts.at(-2);
  if (schema !== undefined) return { kind, schema, name };
  const { created, temporary } = context.state;
  const path = searchedSchemas(context);
  const family = nameSpaceOf(kind);
  if (family === 'rel' && temporary.has(name)) return { kind, schema: 'pg_temp', name };
  const known = created.get(`${family}:${name}`);
  if (known !== undefined && path.includes(known)) return { kind, schema: known, name };
  if (family === 'rel' && name.startsWith('pg_')) return { kind, schema: 'pg_catalog', name };
  const first = path[0] ?? 'public';
  return { kind, schema: first, name, ...(path.length > 1 ? { path } : {}) };
}

/** As `usedName`, for a relation. */
export function usedRelation(
  context: ReaderContext,
  range: RangeVar | undefined,
  kind: ObjectKind = 'relation',
): ObjectId {
  return usedName(context, kind, range ? partsOfRange(range) : []);
}

/** As `usedName`, for a function or operator with the arguments by which it is named. */
export function usedWithArgs(
  context: ReaderContext,
  kind: 'function' | 'operator',
  named: ObjectWithArgs | undefined,
): ObjectId {
  const args = named && argsOf(named);
  const object = usedName(context, kind, namePartsOf(named?.objname));
  return { ...object, ...(args === undefined ? {} : { args }) };
}

/** Whether a relation is one of PostgreSQL's own, in which the database describes itself. */
export function isCatalog({ schema }: ObjectId): boolean {
  return isCatalogSchema(schema);
}
