/** Reads queries: SELECT, INSERT, UPDATE, DELETE and MERGE, with the tables, columns and rows that they touch. */

import type { MergeWhenClause, OnConflictClause, SelectStmt, WithClause } from '@pgsql/types';
import { isAlwaysTrue } from '../../syntax/always-true.js';
import { type NodeOf, nodeOf, nodesOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { partOf } from '../../syntax/object-names.js';
import { type TreeWalk, walkInto } from '../../syntax/tree-walk.js';
import { emit, emitUse, type ReaderContext } from '../context.js';
import type { Effect } from '../effect.js';
import { readInto } from '../statements/into.js';
import { useAssignment } from './casts.js';
import { noteCatalogQuery } from './catalog-queries.js';
import { walkExpression } from './expressions.js';
import { walkFrom } from './from-items.js';
import { constantValues, overwrittenColumns } from './new-values.js';
import { shapeOfQuery } from './query-shape.js';
import {
  addSource,
  changeMatched,
  changeRows,
  knownNulls,
  knownRows,
  readReturned,
  setColumns,
  targetValues,
  useLeadingColumns,
  useRowValues,
  useSelectedLiterals,
  useSetLiterals,
  useTargets,
} from './row-changes.js';
import { givenColumns, literalRows, nullColumns, valuesOf, wantedRows } from './row-keys.js';
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
    ...knownNulls(nullColumns(insert)),
    ...(given ? { given } : {}),
    ...(insert.override === 'OVERRIDING_SYSTEM_VALUE' ? { isOverriding: true } : {}),
    ...(isCertain(context, insert) ? { isCertain: true } : {}),
    ...(insert.onConflictClause ? { rowAccess: 'on conflict' as const } : {}),
  });
  if (!target) return;
  useTargets(context, target, insert.cols);
  useRowValues(context, target, insert);
  useSelectedLiterals(context, target, insert);
  useInsertedTypes(context, target, insert, scope);
  if (columns.length === 0) useLeadingColumns(context, target, insert, given);
  const inner = innerScope(scope);
  inner.sources.push({ alias: insert.relation?.alias?.aliasname ?? target.name, relation: target });
  yield* walkInto(walkConflict(context, insert.onConflictClause, target, inner));
  yield* walkInto(walkExpression(context, insert.returningClause?.exprs, inner));
}

/** The values of VALUES, and the columns of a query that has nothing else, become values of the named columns. */
function useInsertedTypes(
  context: ReaderContext,
  target: ObjectId,
  { cols, selectStmt }: NodeOf<'InsertStmt'>,
  scope: Scope,
): void {
  const columns = nodesOf(cols, 'ResTarget').map(({ name }) => partOf(target, 'column', name ?? ''));
  const query = nodeOf(selectStmt, 'SelectStmt');
  for (const { items = [] } of valuesOf(query))
    for (const [index, item] of items.entries()) {
      const column = columns[index];
      if (column) useAssignment(context, column, item, scope);
    }
  const shape = columns.length > 0 && query?.fromClause ? shapeOfQuery(context, query, scope) : undefined;
  if (!shape || shape.stars.length > 0 || shape.columns.length !== shape.values) return;
  for (const [index, object] of shape.columns.entries()) {
    const to = columns[index];
    if (to) emit(context, { action: 'use', object, cast: { to, isExplicit: false } });
  }
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

/** Reads an UPDATE with everything in it. */
export function* walkUpdate(
  context: ReaderContext,
  update: NodeOf<'UpdateStmt'>,
  parent: Scope,
): TreeWalk<void> {
  const scope = innerScope(yield* walkInto(walkWith(context, update.withClause, parent)));
  const words = {
    ...setColumns(update.targetList),
    ...overwritten(context, update),
    ...knownRows(update.fromClause ? undefined : wantedRows(update.whereClause)),
  };
  const target = changeRows(context, ['read', 'update'], update.relation, words);
  readReturned(context, target, update, parent);
  addSource(scope, update.relation, target);
  yield* walkInto(walkFrom(context, update.fromClause, scope));
  if (target) {
    useTargets(context, target, update.targetList);
    useSetLiterals(context, target, update.targetList);
    for (const { name, val } of nodesOf(update.targetList, 'ResTarget'))
      if (name) useAssignment(context, partOf(target, 'column', name), val, scope);
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
  const target = changeRows(context, ['read', 'delete'], deletion.relation, {
    ...rows,
    ...emptied(deletion),
  });
  readReturned(context, target, deletion, parent);
  addSource(scope, deletion.relation, target);
  yield* walkInto(walkFrom(context, deletion.usingClause, scope));
  yield* walkInto(walkExpression(context, deletion.whereClause, scope));
  yield* walkInto(walkExpression(context, deletion.returningClause?.exprs, scope));
}

function overwritten(
  context: ReaderContext,
  { targetList, fromClause, whereClause }: NodeOf<'UpdateStmt'>,
): Pick<Effect, 'constants' | 'overwritten'> {
  const values = constantValues(context, targetList, fromClause);
  return { constants: [...values.keys()], overwritten: overwrittenColumns(values, whereClause) };
}

/** A DELETE of all rows does what TRUNCATE does. */
function emptied({ whereClause }: NodeOf<'DeleteStmt'>): Pick<Effect, 'rowAccess'> {
  return !whereClause || isAlwaysTrue(whereClause) ? { rowAccess: 'all rows' } : {};
}

/** Reads a MERGE with everything in it. */
export function* walkMerge(
  context: ReaderContext,
  merge: NodeOf<'MergeStmt'>,
  parent: Scope,
): TreeWalk<void> {
  const scope = innerScope(yield* walkInto(walkWith(context, merge.withClause, parent)));
  const target = changeRows(context, ['read'], merge.relation);
  addSource(scope, merge.relation, target);
  yield* walkInto(walkFrom(context, merge.sourceRelation ? [merge.sourceRelation] : [], scope));
  yield* walkInto(walkExpression(context, merge.joinCondition, scope));
  for (const clause of nodesOf(merge.mergeWhenClauses, 'MergeWhenClause')) {
    if (target) changeMatched(context, target, { clause, isEveryRow: takesEveryRow(merge, clause) });
    yield* walkInto(
      walkExpression(context, [clause.condition, clause.values, targetValues(clause.targetList)], scope),
    );
  }
  yield* walkInto(walkExpression(context, merge.returningClause?.exprs, scope));
}

/** Rows that the source does not have are named by nobody. */
function takesEveryRow(
  { joinCondition }: NodeOf<'MergeStmt'>,
  { condition, matchKind }: MergeWhenClause,
): boolean {
  if (condition && !isAlwaysTrue(condition)) return false;
  if (matchKind === 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE') return true;
  return joinCondition !== undefined && isAlwaysTrue(joinCondition);
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
  const usage = infer?.whereClause ? 'keys of some rows' : 'keys';
  emit(context, { action: 'use', object: target, at: clause.location, usage, ...named });
  if (infer?.conname) emitUse(context, partOf(target, 'constraint', infer.conname), infer.location);
  for (const element of nodesOf(infer?.indexElems, 'IndexElem')) {
    if (element.name) emitUse(context, partOf(target, 'column', element.name), infer?.location);
    yield* walkInto(walkExpression(context, element.expr, scope));
  }
  useTargets(context, target, clause.targetList);
  useSetLiterals(context, target, clause.targetList);
  const inner: Scope = { ...scope, sources: [...scope.sources, { alias: 'excluded', relation: target }] };
  yield* walkInto(walkExpression(context, [targetValues(clause.targetList), clause.whereClause], inner));
}

/** GROUP BY a primary key makes the table's other columns free to use. */
function useKeys(context: ReaderContext, scope: Scope): void {
  for (const { relation } of scope.sources) {
    if (relation) emit(context, { action: 'use', object: relation, usage: 'keys', isGuess: true });
  }
}
