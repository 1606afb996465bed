/** Reads views, materialized views, CREATE TABLE AS and REFRESH. */

import { type NodeOf, nodeOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { namePartsOf } from '../../syntax/object-names.js';
import { contextOfDefinition, emit, emitCreate, emitUse, type ReaderContext } from '../context.js';
import { readExpression } from '../expressions/expressions.js';
import { noScope } from '../expressions/scope.js';
import { shownColumns } from '../expressions/shown-columns.js';
import { createdRelation, usedRelation } from '../resolve-names.js';
import { emitQueryColumns, emitRowType, useCopiedColumns } from './into.js';
import { optionSettings } from './settings.js';

/** A view needs its sources at once, and their rows whenever it is read. */
export function readView(
  context: ReaderContext,
  { view, query, replace, aliases, options }: NodeOf<'ViewStmt'>,
): void {
  const object = createdRelation(context, 'view', view ?? {});
  const inner = replace ? { ...context, isConditional: true } : context;
  const shown = shownColumns(nodeOf(query, 'SelectStmt'), namePartsOf(aliases));
  const sets = replace ? { sets: optionSettings(options) } : {};
  emitCreate(inner, object, { at: view?.location, ...(shown ? { parts: { shown } } : {}), ...sets });
  emitRowType(inner, object);
  emitQueryColumns(inner, object, aliases, nodeOf(query, 'SelectStmt'));
  readExpression(contextOfDefinition(context, object), query, noScope);
}

/** CREATE MATERIALIZED VIEW, CREATE TABLE AS, and SELECT INTO in its other form. */
export function readCreateTableAs(context: ReaderContext, statement: NodeOf<'CreateTableAsStmt'>): void {
  const { into, query, objtype, if_not_exists } = statement;
  const isView = objtype === 'OBJECT_MATVIEW';
  const object = createdRelation(context, isView ? 'materialized view' : 'table', into?.rel ?? {});
  const inner = if_not_exists ? { ...context, isConditional: true } : context;
  emitCreate(inner, object, { at: into?.rel?.location });
  emitRowType(inner, object);
  emitQueryColumns(inner, object, into?.colNames, nodeOf(query, 'SelectStmt'));
  if (isView) readExpression(contextOfDefinition(context, object), query, noScope);
  else useCopiedColumns(inner, object, nodeOf(query, 'SelectStmt'));
  if (isView && into?.skipData) return;
  readExpression(context, query, noScope);
  emit(context, { action: 'insert', object, at: into?.rel?.location });
}

/** Fills a materialized view anew. */
export function readRefresh(
  context: ReaderContext,
  { relation, concurrent }: NodeOf<'RefreshMatViewStmt'>,
): void {
  const object: ObjectId = usedRelation(context, relation, 'materialized view');
  const at = relation?.location;
  emitUse(context, object, at, concurrent ? 'keys' : undefined);
  emit(context, { action: 'update', object, at });
  // Reading the view's own rows means running its query.
  emit(context, { action: 'read', object, at });
}
