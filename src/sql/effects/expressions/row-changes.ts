/** Emits the rows and columns that INSERT, UPDATE, DELETE and the clauses of MERGE change. */

import type { MergeWhenClause, Node, RangeVar } from '@pgsql/types';
import { literalOf, type NodeOf, nodeOf, nodesOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { namePartsOf, partOf } from '../../syntax/object-names.js';
import { contextOfExecution, emit, emitUse, type ReaderContext } from '../context.js';
import type { Effect, EffectAction } from '../effect.js';
import { usedRelation } from '../resolve-names.js';
import { constantValues } from './new-values.js';
import type { QueryShape } from './query-shape.js';
import { literalRow, valuesOf } from './row-keys.js';
import { noScope, type Scope } from './scope.js';

/** Rows of a table are changed. @returns the table */
export function changeRows(
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

/** In WITH, the rows of RETURNING are read by the rest of the statement. */
export function readReturned(
  context: ReaderContext,
  object: ObjectId | undefined,
  { returningClause }: Pick<NodeOf<'UpdateStmt'>, 'returningClause'>,
  parent: Scope,
): void {
  if (object && returningClause && parent !== noScope)
    emit(contextOfExecution(context), { action: 'read', object });
}

/** The same for the columns that get NULL. */
export function knownNulls(nulls: Effect['nulls']): Pick<Effect, 'nulls'> {
  return nulls ? { nulls } : {};
}

/** Leaves out what is unknown. */
export function knownRows(rows: Effect['rows']): Pick<Effect, 'rows'> {
  return rows ? { rows } : {};
}

/** The columns of the table may be named from here on. */
export function addSource(scope: Scope, range: RangeVar | undefined, relation: ObjectId | undefined): void {
  if (range) scope.sources.push({ alias: range.alias?.aliasname ?? range.relname ?? '', relation });
}

/** The columns that a list of targets names, and fields of them. */
export function useTargets(
  context: ReaderContext,
  relation: ObjectId,
  targets: readonly Node[] | undefined,
): void {
  for (const { name, location, indirection = [] } of nodesOf(targets, 'ResTarget')) {
    if (!name) continue;
    const object = partOf(relation, 'column', name);
    emitUse(context, object, location);
    const [field] = namePartsOf(indirection.slice(0, 1));
    if (field !== undefined) emit(context, { action: 'use', object, at: location, field });
  }
}

/** `VALUES (1, ROW(2, 3))`: the type of the column must have as many columns. */
export function useRowValues(context: ReaderContext, target: ObjectId, insert: NodeOf<'InsertStmt'>): void {
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
export function useSetLiterals(
  context: ReaderContext,
  relation: ObjectId,
  targets: readonly Node[] | undefined,
): void {
  for (const { name, val, location } of nodesOf(targets, 'ResTarget')) {
    if (name) useRowValue(context, partOf(relation, 'column', name), val);
    if (name) useLiteral(context, partOf(relation, 'column', name), val, location);
  }
}

/** `INSERT INTO t (id, state) SELECT id, 'done' FROM u`: the same for what the query gives each row. */
export function useSelectedLiterals(
  context: ReaderContext,
  target: ObjectId,
  { cols, selectStmt }: NodeOf<'InsertStmt'>,
): void {
  const query = nodeOf(selectStmt, 'SelectStmt');
  const values = nodesOf(query?.fromClause ? query.targetList : [], 'ResTarget');
  for (const [index, { name }] of nodesOf(cols, 'ResTarget').entries()) {
    const { val, location } = values[index] ?? {};
    if (name) useLiteral(context, partOf(target, 'column', name), val, location);
  }
}

function useLiteral(
  context: ReaderContext,
  object: ObjectId,
  value: Node | undefined,
  at: number | undefined,
): void {
  const literal = literalOf(value);
  if (literal !== undefined) emit(context, { action: 'use', object, at, literals: [literal] });
}

/** The expressions in a list of targets. */
export function targetValues(targets: readonly Node[] | undefined): (Node | undefined)[] {
  return nodesOf(targets, 'ResTarget').flatMap(({ val, indirection = [] }) => [val, ...indirection]);
}

/**
 * What a clause of MERGE does with rows, if there are any for it.
 * @param isEveryRow nothing limits the clause to rows that somebody names.
 */
export function changeMatched(
  context: ReaderContext,
  target: ObjectId,
  { clause, isEveryRow }: { clause: MergeWhenClause; isEveryRow: boolean },
): void {
  const { commandType, targetList } = clause;
  const inner = contextOfExecution(context);
  useTargets(context, target, targetList);
  if (commandType === 'CMD_INSERT') insertMatched(context, target, clause);
  if (commandType === 'CMD_DELETE')
    emit(inner, { action: 'delete', object: target, ...(isEveryRow ? { rowAccess: 'all rows' } : {}) });
  if (commandType !== 'CMD_UPDATE') return;
  const values = constantValues(context, targetList);
  emit(inner, {
    action: 'update',
    object: target,
    ...setColumns(targetList),
    constants: [...values.keys()],
    ...(isEveryRow ? { overwritten: Object.fromEntries(values) } : {}),
  });
  useSetLiterals(context, target, targetList);
}

/** As with ON CONFLICT, the row may be there already. */
function insertMatched(
  context: ReaderContext,
  target: ObjectId,
  { targetList, values = [], override }: MergeWhenClause,
): void {
  const columns = nodesOf(targetList, 'ResTarget').map(({ name }) => name ?? '');
  const isCounted = columns.length === 0 && values.length > 0;
  const given = isCounted ? { given: { values: values.length, stars: [] } } : {};
  emit(contextOfExecution(context), {
    action: 'insert',
    object: target,
    rowAccess: 'on conflict',
    rows: [literalRow(columns, values)],
    columns: columns.filter((_, index) => !('SetToDefault' in (values[index] ?? {}))),
    ...given,
    ...(override === 'OVERRIDING_SYSTEM_VALUE' ? { isOverriding: true } : {}),
  });
  if (isCounted) emit(context, { action: 'use', object: target, usage: 'leading columns', ...given });
}

/** The columns that SET names, and those that it sets to something else than their DEFAULT. */
export function setColumns(targets: readonly Node[] | undefined): Pick<Effect, 'columns' | 'valued'> {
  const all = nodesOf(targets, 'ResTarget');
  return {
    columns: all.map(({ name }) => name ?? ''),
    valued: all.filter(({ val }) => !nodeOf(val, 'SetToDefault')).map(({ name }) => name ?? ''),
  };
}

/** Values go to the first columns of the table, one by one; those of a `*` change with the other table. */
export function useLeadingColumns(
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
