/** Reads which casts the values of an expression need, by assignment or as they are written. Only the history knows whether they are there. */

import type { Node, TypeName } from '@pgsql/types';
import { isBuiltinFunction, isBuiltinType } from '../../postgres/builtin-names.js';
import { resultOf } from '../../postgres/builtin-results.js';
import { madeCast } from '../../postgres/cast-names.js';
import { joinNames } from '../../syntax/identifiers.js';
import { type NodeOf, nodeOf } from '../../syntax/node-of.js';
import type { ObjectId, TypeRef } from '../../syntax/object-id.js';
import { namePartsOf } from '../../syntax/object-names.js';
import { emit, emitUse, type ReaderContext } from '../context.js';
import { usedName } from '../resolve-names.js';
import { type Scope, useColumn } from './scope.js';
import { isBuiltin } from './type-names.js';

/** A type by its name; those that every database has without their schema. Where the search path decides, it has the first schema. */
export function typeNameOf(context: ReaderContext, type: TypeName | undefined): string {
  return nameOf(typeRefOf(context, type));
}

/** The same, with all schemas in which it may lie. */
export function typeRefOf(context: ReaderContext, type: TypeName | undefined): TypeRef {
  const parts = namePartsOf(type?.names);
  const name = parts.at(-1) ?? '';
  const array = (type?.arrayBounds ?? []).length > 0 ? '[]' : '';
  if (isBuiltin(context, 'type', parts, isBuiltinType)) return name + array;
  const used = usedName(context, 'type', parts);
  return used.path && array === '' ? used : joinNames(used.schema, name) + array;
}

function nameOf(type: TypeRef): string {
  return typeof type === 'string' ? type : joinNames(type.schema, type.name);
}

/** A cast is named by its two types. */
export function castObject(
  context: ReaderContext,
  source: TypeName | undefined,
  target: TypeName | undefined,
): ObjectId {
  return castBetween(typeRefOf(context, source), typeRefOf(context, target));
}

/** The same from names, which have their schemas unless they are PostgreSQL's own. */
export function castBetween(...types: [TypeRef, TypeRef]): ObjectId {
  return { kind: 'cast', name: types.map(nameOf).join(' as '), types };
}

/** The type that an expression has whatever the tables are; undefined for a text that may become anything. */
export function typeOfValue(context: ReaderContext, value: Node | undefined): string | undefined {
  const type = typeRefOfValue(context, value);
  return type && nameOf(type);
}

function typeRefOfValue(context: ReaderContext, value: Node | undefined): TypeRef | undefined {
  const cast = nodeOf(value, 'TypeCast');
  if (cast) return typeRefOf(context, cast.typeName);
  const call = nodeOf(value, 'FuncCall');
  if (call) return typeOfCall(context, call);
  const { ival, fval, boolval } = nodeOf(value, 'A_Const') ?? {};
  if (boolval) return 'bool';
  if (fval) return 'numeric';
  return ival ? 'int4' : undefined;
}

function typeOfCall(context: ReaderContext, { funcname }: NodeOf<'FuncCall'>): string | undefined {
  const parts = namePartsOf(funcname);
  return isBuiltin(context, 'function', parts, isBuiltinFunction) ? resultOf(parts.at(-1) ?? '') : undefined;
}

/** `value::type`. */
export function useCast(
  context: ReaderContext,
  value: Node | undefined,
  type: TypeName | undefined,
  scope: Scope,
): void {
  const to = typeRefOf(context, type);
  const from = typeRefOfValue(context, value);
  const isMade = from && madeCast(nameOf(from), nameOf(to), { isExplicit: true });
  if (isMade) emitUse(context, castBetween(from, to));
  const fields = nodeOf(value, 'ColumnRef')?.fields;
  if (fields) useColumn({ ...context, cast: { to, isExplicit: true } }, namePartsOf(fields), scope);
}

/** The column gets the value: by INSERT, UPDATE or DEFAULT. */
export function useAssignment(
  context: ReaderContext,
  column: ObjectId,
  value: Node | undefined,
  scope: Scope,
): void {
  const from = typeRefOfValue(context, value);
  if (from !== undefined) emit(context, { action: 'use', object: column, cast: { from, isExplicit: false } });
  const fields = nodeOf(value, 'ColumnRef')?.fields;
  if (fields) useColumn({ ...context, cast: { to: column, isExplicit: false } }, namePartsOf(fields), scope);
}
