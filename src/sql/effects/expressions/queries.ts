/** Reads queries: SELECT, INSERT, UPDATE, DELETE and MERGE, with the tables, columns and rows that they touch. */

import type { Node, OnConflictClause, RangeVar, SelectStmt, WithClause } from '@pgsql/types';
import { literalOf, type NodeOf, nodeOf, nodesOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { namePartsOf, partOf } from '../../syntax/object-names.js';
import { type TreeWalk, walkInto } from '../../syntax/tree-walk.js';
import { contextOfExecution, emit, emitUse, type ReaderContext } from '../context.js';
import type { Effect, EffectAction } from '../effect.js';
import { usedRelation } from '../resolve-names.js';
import { readInto } from '../statements/into.js';
import { noteCatalogQuery } from './catalog-queries.js';
import { walkExpression } from './expressions.js';
import { walkFrom } from './from-items.js';
import { type QueryShape, shapeOfQuery } from './query-shape.js';
import { givenColumns, literalRows, valuesOf, wantedRows } from './row-keys.js';
import { innerScope, type Scope } from './scope.js';

/** Reads a SELECT, VALUES or a set operation; also SELECT INTO, which creates a table. */
export function* walkSelect(context: ReaderContext, select: SelectStmt, parent: Scope): TreeWalk<void> {
  const scope = yield* walkInto(walkWith(context, select.withClause, parent));
  if (select.larg) yield* walkInto(walkSelect(context, select.larg, scope));
  if (select.rarg) yield* walkInto(walkSelect(context, select.rarg, scope));
  const catalogs = yield* walkInto(walkFrom(context, select.fromClause, scope));
  if (select.intoClause) readInto(context, select.intoClause, select);
  const { larg: _l, rarg: _r, fromClause: _f, withClause: _w, intoClause: _i, ...rest } = select;
  yield* walkInto(walkExpression(context, rest, scope));
  if ((select.groupClause ?? []).length > 0) useKeys(context, scope);
  if (catalogs.length > 0) noteCatalogQuery(context, select, catalogs);
}

/** Reads an INSERT with everything in it. */
export function* walkInsert(
  context: ReaderContext,
  insert: NodeOf<'InsertStmt'>,
  parent: Scope,
): TreeWalk<void> {
  const scope = yield* walkInto(walkWith(context, insert.withClause, parent));
  const columns = nodesOf(insert.cols, 'ResTarget');
  yield* walkInto(walkExpression(context, insert.selectStmt, scope));
  const query = nodeOf(insert.selectStmt, 'SelectStmt');
  const given = columns.length === 0 ? shapeOfQuery(context, query, scope) : undefined;
  const target = changeRows(context, ['insert'], insert.relation, {
    ...knownRows(literalRows(insert)),
    columns: givenColumns(insert),
    ...(given ? { given } : {}),
    ...(insert.override === 'OVERRIDING_SYSTEM_VALUE' ? { isOverriding: true } : {}),
    ...(isCertain(context, insert) ? { isCertain: true } : {}),
    ...(insert.onConflictClause ? { rowAccess: 'on conflict' as const } : {}),
  });
  if (!target) return;
  useTargets(context, target, insert.cols);
  useRowValues(context, target, insert);
  if (columns.length === 0) useLeadingColumns(context, target, insert, given);
  const inner = innerScope(scope);
  inner.sources.push({ alias: insert.relation?.alias?.aliasname ?? target.name, relation: target });
  yield* walkInto(walkConflict(context, insert.onConflictClause, target, inner));
  yield* walkInto(walkExpression(context, insert.returningClause?.exprs, inner));
}

/** Whether rows come in any case. */
function isCertain(
  context: ReaderContext,
  { selectStmt, onConflictClause, override }: NodeOf<'InsertStmt'>,
): boolean {
  const rows = nodeOf(selectStmt, 'SelectStmt')?.valuesLists ?? [];
  const isIgnoring = override === 'OVERRIDING_USER_VALUE';
  const isSure = rows.length > 0 || !selectStmt;
  return isSure && !onConflictClause && !isIgnoring && !context.isConditional;
}

/** Values go to the first columns of the table, one by one; those of a `*` change with the other table. */
function useLeadingColumns(
  context: ReaderContext,
  target: ObjectId,
  { relation }: NodeOf<'InsertStmt'>,
  given: QueryShape | undefined,
): void {
  const words = { at: relation?.location, ...(given ? { given } : {}) };
  emit(context, { ...words, action: 'use', object: target, usage: 'leading columns' });
  for (const star of given?.stars ?? [])
    emit(context, { ...words, action: 'use', object: star, usage: 'inserted columns', to: target });
}

/** Reads an UPDATE with everything in it. */
export function* walkUpdate(
  context: ReaderContext,
  update: NodeOf<'UpdateStmt'>,
  parent: Scope,
): TreeWalk<void> {
  const scope = innerScope(yield* walkInto(walkWith(context, update.withClause, parent)));
  const columns = nodesOf(update.targetList, 'ResTarget').map(({ name }) => name ?? '');
  const valued = nodesOf(update.targetList, 'ResTarget')
    .filter(({ val }) => !nodeOf(val, 'SetToDefault'))
    .map(({ name }) => name ?? '');
  const words = {
    columns,
    valued,
    ...knownRows(update.fromClause ? undefined : wantedRows(update.whereClause)),
  };
  const target = changeRows(context, ['read', 'update'], update.relation, words);
  addSource(scope, update.relation, target);
  yield* walkInto(walkFrom(context, update.fromClause, scope));
  if (target) {
    useTargets(context, target, update.targetList);
    useSetLiterals(context, target, update.targetList);
  }
  yield* walkInto(walkExpression(context, targetValues(update.targetList), scope));
  yield* walkInto(walkExpression(context, update.whereClause, scope));
  yield* walkInto(walkExpression(context, update.returningClause?.exprs, scope));
}

/** Reads a DELETE with everything in it. */
export function* walkDelete(
  context: ReaderContext,
  deletion: NodeOf<'DeleteStmt'>,
  parent: Scope,
): TreeWalk<void> {
  const scope = innerScope(yield* walkInto(walkWith(context, deletion.withClause, parent)));
  const rows = knownRows(deletion.usingClause ? undefined : wantedRows(deletion.whereClause));
  const target = changeRows(context, ['read', 'delete'], deletion.relation, rows);
  addSource(scope, deletion.relation, target);
  yield* walkInto(walkFrom(context, deletion.usingClause, scope));
  yield* walkInto(walkExpression(context, deletion.whereClause, scope));
  yield* walkInto(walkExpression(context, deletion.returningClause?.exprs, scope));
}

/** Reads a MERGE with everything in it. */
export function* walkMerge(
  context: ReaderContext,
  merge: NodeOf<'MergeStmt'>,
  parent: Scope,
): TreeWalk<void> {
  const scope = innerScope(yield* walkInto(walkWith(context, merge.withClause, parent)));
  const target = changeRows(context, ['read', 'insert', 'update', 'delete'], merge.relation);
  addSource(scope, merge.relation, target);
  yield* walkInto(walkFrom(context, merge.sourceRelation ? [merge.sourceRelation] : [], scope));
  yield* walkInto(walkExpression(context, merge.joinCondition, scope));
  for (const clause of nodesOf(merge.mergeWhenClauses, 'MergeWhenClause')) {
    if (target) useTargets(context, target, clause.targetList);
    yield* walkInto(
      walkExpression(context, [clause.condition, clause.values, targetValues(clause.targetList)], scope),
    );
  }
  yield* walkInto(walkExpression(context, merge.returningClause?.exprs, scope));
}

function* walkWith(context: ReaderContext, clause: WithClause | undefined, parent: Scope): TreeWalk<Scope> {
  const ctes = nodesOf(clause?.ctes, 'CommonTableExpr');
  if (ctes.length === 0) return innerScope(parent);
  const all = ctes.map(({ ctename }) => ctename ?? '');
  for (const [index, cte] of ctes.entries()) {
    // Without RECURSIVE a query sees only those before it, and a table of its own name is still the table.
    const visible = clause?.recursive ? all : all.slice(0, index);
    yield* walkInto(walkExpression(context, cte.ctequery, innerScope(parent, visible)));
  }
  return innerScope(parent, all);
}

function changeRows(
  context: ReaderContext,
  actions: readonly EffectAction[],
  range: RangeVar | undefined,
  words: Partial<Effect> = {},
): ObjectId | undefined {
  if (!range) return undefined;
  const target = usedRelation(context, range);
  emitUse(context, target, range.location);
  for (const action of actions) {
    const own = action === 'read' ? { rowAccess: 'own rows' as const } : {};
    emit(contextOfExecution(context), { ...words, action, object: target, at: range.location, ...own });
  }
  return target;
}

function knownRows(rows: Effect['rows']): Pick<Effect, 'rows'> {
  return rows ? { rows } : {};
}

function addSource(scope: Scope, range: RangeVar | undefined, relation: ObjectId | undefined): void {
  if (range) scope.sources.push({ alias: range.alias?.aliasname ?? range.relname ?? '', relation });
}

function useTargets(context: ReaderContext, relation: ObjectId, targets: readonly Node[] | undefined): void {
  for (const { name, location, indirection = [] } of nodesOf(targets, 'ResTarget')) {
    if (!name) continue;
    const object = partOf(relation, 'column', name);
    emitUse(context, object, location);
    const [field] = namePartsOf(indirection.slice(0, 1));
    if (field !== undefined) emit(context, { action: 'use', object, at: location, field });
  }
}

/** `VALUES (1, ROW(2, 3))`: the type of the column must have as many columns. */
function useRowValues(context: ReaderContext, target: ObjectId, insert: NodeOf<'InsertStmt'>): void {
  const names = nodesOf(insert.cols, 'ResTarget').map(({ name }) => name ?? '');
  for (const { items = [] } of valuesOf(nodeOf(insert.selectStmt, 'SelectStmt')))
    for (const [index, item] of items.entries())
      useRowValue(context, partOf(target, 'column', names[index] ?? String(index + 1)), item);
}

function useRowValue(context: ReaderContext, object: ObjectId, value: Node | undefined): void {
  const values = nodeOf(value, 'RowExpr')?.args?.length;
  if (values !== undefined)
    emit(context, { action: 'use', object, usage: 'row', counts: { values, columns: 0 } });
}

/** `SET state = 'done'`: the type of the column must have the value. */
function useSetLiterals(
  context: ReaderContext,
  relation: ObjectId,
  targets: readonly Node[] | undefined,
): void {
  for (const { name, val, location } of nodesOf(targets, 'ResTarget')) {
    if (name) useRowValue(context, partOf(relation, 'column', name), val);
    const literal = literalOf(val);
    if (!name || literal === undefined) continue;
    emit(context, {
      action: 'use',
      object: partOf(relation, 'column', name),
      at: location,
      literals: [literal],
    });
  }
}

function targetValues(targets: readonly Node[] | undefined): (Node | undefined)[] {
  return nodesOf(targets, 'ResTarget').flatMap(({ val, indirection = [] }) => [val, ...indirection]);
}

function* walkConflict(
  context: ReaderContext,
  clause: OnConflictClause | undefined,
  target: ObjectId,
  scope: Scope,
): TreeWalk<void> {
  if (!clause) return;
  const { infer } = clause;
  const columns = nodesOf(infer?.indexElems, 'IndexElem').flatMap(({ name }) => name ?? []);
  const named = columns.length > 0 ? { columns } : {};
  emit(context, { action: 'use', object: target, at: clause.location, usage: 'keys', ...named });
  if (infer?.conname) emitUse(context, partOf(target, 'constraint', infer.conname), infer.location);
  for (const element of nodesOf(infer?.indexElems, 'IndexElem')) {
    if (element.name) emitUse(context, partOf(target, 'column', element.name), infer?.location);
    yield* walkInto(walkExpression(context, element.expr, scope));
  }
  useTargets(context, target, clause.targetList);
  const inner: Scope = { ...scope, sources: [...scope.sources, { alias: 'excluded', relation: target }] };
  yield* walkInto(walkExpression(context, [targetValues(clause.targetList), clause.whereClause], inner));
}

/** GROUP BY a primary key makes the table's other columns free to use. */
function useKeys(context: ReaderContext, scope: Scope): void {
  for (const { relation } of scope.sources) {
    if (relation) emit(context, { action: 'use', object: relation, usage: 'keys', isGuess: true });
  }
}
