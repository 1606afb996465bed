/** Reads queries: SELECT, INSERT, UPDATE, DELETE and MERGE, with the tables, columns and rows that they touch. */

import type { Node, OnConflictClause, RangeVar, ReturningClause, SelectStmt, WithClause } from '@pgsql/types';
import { type NodeOf, nodesOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { partOf } from '../../syntax/object-names.js';
import { type Context, emit, emitUse, executing } from '../context.js';
import type { Effect, EffectAction } from '../effect.js';
import { usedRelation } from '../resolve-names.js';
import { readInto } from '../statements/into.js';
import { noteCatalogQuery } from './catalog-queries.js';
import { readExpression } from './expressions.js';
import { readFrom } from './from-items.js';
import { givenColumns, literalRows, wantedRows } from './row-keys.js';
import { innerScope, type Scope } from './scope.js';

/** Reads a SELECT, VALUES or a set operation; also SELECT INTO, which creates a table. */
export function readSelect(context: Context, select: SelectStmt, parent: Scope): void {
  const scope = readWith(context, select.withClause, parent);
  if (select.larg) readSelect(context, select.larg, scope);
  if (select.rarg) readSelect(context, select.rarg, scope);
  const catalogs = readFrom(context, select.fromClause, scope);
  if (select.intoClause) readInto(context, select.intoClause, select);
  const { larg: _l, rarg: _r, fromClause: _f, withClause: _w, intoClause: _i, ...rest } = select;
  readExpression(context, rest, scope);
  if ((select.groupClause ?? []).length > 0) useKeys(context, scope);
  if (catalogs.length > 0) noteCatalogQuery(context, select, catalogs);
}

/** Reads an INSERT with everything in it. */
export function readInsert(context: Context, insert: NodeOf<'InsertStmt'>, parent: Scope): void {
  const scope = readWith(context, insert.withClause, parent);
  const columns = nodesOf(insert.cols, 'ResTarget');
  readExpression(context, insert.selectStmt, scope);
  const target = changeRows(context, ['insert'], insert.relation, {
    ...knownRows(literalRows(insert)),
    columns: givenColumns(insert),
    ...(insert.onConflictClause ? { change: 'on conflict' } : {}),
  });
  if (!target) return;
  useTargets(context, target, insert.cols);
  if (columns.length === 0) emitUse(context, target, insert.relation?.location, 'leading columns');
  const inner = innerScope(scope);
  inner.sources.push({ alias: insert.relation?.alias?.aliasname ?? target.name, relation: target });
  readConflict(context, insert.onConflictClause, target, inner);
  readReturning(context, insert.returningClause, inner);
}

/** Reads an UPDATE with everything in it. */
export function readUpdate(context: Context, update: NodeOf<'UpdateStmt'>, parent: Scope): void {
  const scope = innerScope(readWith(context, update.withClause, parent));
  const columns = nodesOf(update.targetList, 'ResTarget').map(({ name }) => name ?? '');
  const words = { columns, ...knownRows(update.fromClause ? undefined : wantedRows(update.whereClause)) };
  const target = changeRows(context, ['read', 'update'], update.relation, words);
  addSource(scope, update.relation, target);
  readFrom(context, update.fromClause, scope);
  if (target) useTargets(context, target, update.targetList);
  readExpression(context, targetValues(update.targetList), scope);
  readExpression(context, update.whereClause, scope);
  readReturning(context, update.returningClause, scope);
}

/** Reads a DELETE with everything in it. */
export function readDelete(context: Context, deletion: NodeOf<'DeleteStmt'>, parent: Scope): void {
  const scope = innerScope(readWith(context, deletion.withClause, parent));
  const rows = knownRows(deletion.usingClause ? undefined : wantedRows(deletion.whereClause));
  const target = changeRows(context, ['read', 'delete'], deletion.relation, rows);
  addSource(scope, deletion.relation, target);
  readFrom(context, deletion.usingClause, scope);
  readExpression(context, deletion.whereClause, scope);
  readReturning(context, deletion.returningClause, scope);
}

/** Reads a MERGE with everything in it. */
export function readMerge(context: Context, merge: NodeOf<'MergeStmt'>, parent: Scope): void {
  const scope = innerScope(readWith(context, merge.withClause, parent));
  const target = changeRows(context, ['read', 'insert', 'update', 'delete'], merge.relation);
  addSource(scope, merge.relation, target);
  readFrom(context, merge.sourceRelation ? [merge.sourceRelation] : [], scope);
  readExpression(context, merge.joinCondition, scope);
  for (const clause of nodesOf(merge.mergeWhenClauses, 'MergeWhenClause')) {
    if (target) useTargets(context, target, clause.targetList);
    readExpression(context, [clause.condition, clause.values, targetValues(clause.targetList)], scope);
  }
  readReturning(context, merge.returningClause, scope);
}

function readWith(context: Context, clause: WithClause | undefined, parent: Scope): Scope {
  const ctes = nodesOf(clause?.ctes, 'CommonTableExpr');
  if (ctes.length === 0) return innerScope(parent);
  const all = ctes.map(({ ctename }) => ctename ?? '');
  ctes.forEach((cte, index) => {
    // Without RECURSIVE a query sees only those before it, and a table of its own name is still the table.
    const visible = clause?.recursive ? all : all.slice(0, index);
    readExpression(context, cte.ctequery, innerScope(parent, visible));
  });
  return innerScope(parent, all);
}

function changeRows(
  context: Context,
  actions: readonly EffectAction[],
  range: RangeVar | undefined,
  words: Pick<Effect, 'rows' | 'columns' | 'change'> = {},
): ObjectId | undefined {
  if (!range) return undefined;
  const target = usedRelation(context, range);
  emitUse(context, target, range.location);
  for (const action of actions) {
    const change = action === 'read' ? { change: 'own rows' } : {};
    emit(executing(context), { ...words, action, object: target, at: range.location, ...change });
  }
  return target;
}

function knownRows(rows: Effect['rows']): Pick<Effect, 'rows'> {
  return rows ? { rows } : {};
}

function addSource(scope: Scope, range: RangeVar | undefined, relation: ObjectId | undefined): void {
  if (range) scope.sources.push({ alias: range.alias?.aliasname ?? range.relname ?? '', relation });
}

function useTargets(context: Context, relation: ObjectId, targets: readonly Node[] | undefined): void {
  for (const { name, location } of nodesOf(targets, 'ResTarget')) {
    if (name) emitUse(context, partOf(relation, 'column', name), location);
  }
}

function targetValues(targets: readonly Node[] | undefined): (Node | undefined)[] {
  return nodesOf(targets, 'ResTarget').flatMap(({ val, indirection = [] }) => [val, ...indirection]);
}

function readConflict(
  context: Context,
  clause: OnConflictClause | undefined,
  target: ObjectId,
  scope: Scope,
): void {
  if (!clause) return;
  const { infer } = clause;
  const columns = nodesOf(infer?.indexElems, 'IndexElem').flatMap(({ name }) => name ?? []);
  const named = columns.length > 0 ? { columns } : {};
  emit(context, { action: 'use', object: target, at: clause.location, change: 'keys', ...named });
  if (infer?.conname) emitUse(context, partOf(target, 'constraint', infer.conname), infer.location);
  for (const element of nodesOf(infer?.indexElems, 'IndexElem')) {
    if (element.name) emitUse(context, partOf(target, 'column', element.name), infer?.location);
    readExpression(context, element.expr, scope);
  }
  useTargets(context, target, clause.targetList);
  const inner: Scope = { ...scope, sources: [...scope.sources, { alias: 'excluded', relation: target }] };
  readExpression(context, [targetValues(clause.targetList), clause.whereClause], inner);
}

function readReturning(context: Context, clause: ReturningClause | undefined, scope: Scope): void {
  readExpression(context, clause?.exprs, scope);
}

/** GROUP BY a primary key makes the table's other columns free to use. */
function useKeys(context: Context, scope: Scope): void {
  for (const { relation } of scope.sources) {
    if (relation) emit(context, { action: 'use', object: relation, change: 'keys', isGuess: true });
  }
}
