/** Reads SELECT INTO and CREATE TABLE AS: tables made of queries, whose columns are those of the query. */

import type { IntoClause, Node, SelectStmt } from '@pgsql/types';
import { cutName } from '../../postgres/generated-names.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { namePartsOf, partOf } from '../../syntax/object-names.js';
import { emit, emitCreate, type ReaderContext } from '../context.js';
import { columnNames } from '../expressions/query-columns.js';
import { shapeOfQuery } from '../expressions/query-shape.js';
import { noScope } from '../expressions/scope.js';
import { createdRelation } from '../resolve-names.js';

/** The table of SELECT INTO. */
export function readInto(context: ReaderContext, into: IntoClause, select: SelectStmt): void {
  if (!into.rel) return;
  const table = createdRelation(context, 'table', into.rel);
  emitCreate(context, table, { at: into.rel.location });
  emitRowType(context, table);
  emitQueryColumns(context, table, into.colNames, select);
  useCopiedColumns(context, table, select);
  emit(context, { action: 'insert', object: table, at: into.rel.location });
}

/** Every relation with columns has a type of its name, and an array type. */
export function emitRowType(context: ReaderContext, relation: ObjectId): void {
  const type: ObjectId = { ...relation, kind: 'type' };
  emit(context, { action: 'create', object: type, isImplicit: true });
  emit(context, { action: 'create', object: arrayOf(type), isImplicit: true, isGenerated: true });
}

/** The array type of a type, whose name is cut to 63 bytes (makeArrayTypeName). */
export function arrayOf(type: ObjectId): ObjectId {
  return { ...type, name: cutName(`_${type.name}`) };
}

/** Columns that come from other tables get their types, and those behind `*` their names. */
export function useCopiedColumns(
  context: ReaderContext,
  table: ObjectId,
  select: SelectStmt | undefined,
): void {
  const shape = shapeOfQuery(context, select, noScope);
  for (const object of shape?.stars ?? [])
    emit(context, { action: 'use', object, usage: 'copied columns', beside: table });
  for (const object of shape?.columns ?? []) emit(context, { action: 'use', object, usage: 'copied column' });
}

/** The columns of a relation made of a query, as far as the query names them. */
export function emitQueryColumns(
  context: ReaderContext,
  relation: ObjectId,
  aliases: readonly Node[] | undefined,
  select: SelectStmt | undefined,
): void {
  const given = namePartsOf(aliases);
  const found = select ? columnNames(select) : [];
  const names = found.map((name, index) => given[index] ?? name);
  for (const name of new Set([...given, ...names])) {
    if (name !== undefined) emitCreate(context, partOf(relation, 'column', name), { isImplicit: true });
  }
}
