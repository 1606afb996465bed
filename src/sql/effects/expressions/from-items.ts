/** Reads the items of FROM, JOIN and USING, and adds their columns to the scope. */

import type { Alias, JoinExpr, Node, RangeVar } from '@pgsql/types';
import { isBuiltinFunction } from '../../postgres/builtin-names.js';
import { type NodeOf, nodesOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { namePartsOf, partOf } from '../../syntax/object-names.js';
import { type TreeWalk, walkInto } from '../../syntax/tree-walk.js';
import { contextOfExecution, emit, emitUse, type ReaderContext } from '../context.js';
import { isCatalog, usedName, usedRelation } from '../resolve-names.js';
import { walkExpression } from './expressions.js';
import type { Scope } from './scope.js';
import { isBuiltin, useType } from './type-names.js';

/**
 * Adds every source of `items` to the scope and reads what is inside.
 * @returns the relations of PostgreSQL's own catalogs among them.
 */
export function* walkFrom(
  context: ReaderContext,
  items: readonly Node[] | undefined,
  scope: Scope,
): TreeWalk<ObjectId[]> {
  const catalogs: ObjectId[] = [];
  for (const item of items ?? []) catalogs.push(...(yield* walkInto(walkItem(context, item, scope))));
  return catalogs;
}

function* walkItem(context: ReaderContext, item: Node, scope: Scope): TreeWalk<ObjectId[]> {
  if ('RangeVar' in item) return readRelation(context, item.RangeVar, scope);
  if ('JoinExpr' in item) return yield* walkInto(walkJoin(context, item.JoinExpr, scope));
  if ('RangeTableSample' in item) {
    const { relation, ...rest } = item.RangeTableSample;
    useMethod(context, namePartsOf(rest.method));
    yield* walkInto(walkExpression(context, rest.args, scope));
    return relation ? yield* walkInto(walkItem(context, relation, scope)) : [];
  }
  if ('RangeFunction' in item) {
    yield* walkInto(walkFunction(context, item.RangeFunction, scope));
    return [];
  }
  yield* walkInto(walkExpression(context, item, scope));
  const alias = aliasOf(item);
  if (alias?.aliasname) scope.sources.push({ alias: alias.aliasname });
  return [];
}

function readRelation(context: ReaderContext, range: RangeVar, scope: Scope): ObjectId[] {
  const alias = range.alias?.aliasname ?? range.relname ?? '';
  if (!range.schemaname && isHidden(context, range.relname ?? '', scope)) {
    scope.sources.push({ alias });
    return [];
  }
  const relation = usedRelation(context, range);
  if (isCatalog(relation)) {
    scope.sources.push({ alias });
    return [relation];
  }
  emitUse(context, relation, range.location);
  emit(contextOfExecution(context), {
    action: 'read',
    object: relation,
    at: range.location,
    rowAccess: 'scan',
  });
  // Renaming the columns in the alias hides their own names.
  const isRenamed = (range.alias?.colnames ?? []).length > 0;
  if (isRenamed) emitUse(context, relation, range.location, 'all columns');
  scope.sources.push({ alias, relation: isRenamed ? undefined : relation });
  return [];
}

/** TABLESAMPLE: a method is a function of its name (transformRangeTableSample). */
function useMethod(context: ReaderContext, parts: readonly string[]): void {
  const isBuiltinMethod = parts.at(-1) === 'bernoulli' || parts.at(-1) === 'system';
  if (!isBuiltinMethod) emitUse(context, usedName(context, 'function', parts));
}

/** WITH queries and transition tables stand before real tables. */
function isHidden(context: ReaderContext, name: string, scope: Scope): boolean {
  return scope.ctes.has(name) || context.variables.has(`table ${name}`);
}

function* walkJoin(context: ReaderContext, join: JoinExpr, scope: Scope): TreeWalk<ObjectId[]> {
  const before = scope.sources.length;
  const sides = [join.larg, join.rarg].filter((side) => side !== undefined);
  const catalogs = yield* walkInto(walkFrom(context, sides, scope));
  yield* walkInto(walkExpression(context, join.quals, scope));
  const columns = namePartsOf(join.usingClause);
  for (const { relation } of scope.sources.slice(before)) {
    if (!relation) continue;
    if (join.isNatural) emitUse(context, relation, undefined, 'all columns');
    for (const column of columns) {
      emit(context, { action: 'use', object: partOf(relation, 'column', column), isGuess: true });
    }
  }
  const alias = join.alias?.aliasname ?? join.join_using_alias?.aliasname;
  if (alias) scope.sources.push({ alias });
  return catalogs;
}

function* walkFunction(context: ReaderContext, item: NodeOf<'RangeFunction'>, scope: Scope): TreeWalk<void> {
  yield* walkInto(walkExpression(context, item.functions, scope));
  for (const { typeName } of nodesOf(item.coldeflist, 'ColumnDef')) useType(context, typeName);
  const parts = functionName(item);
  const isPlain = parts.length > 0 && !item.alias?.colnames && !item.coldeflist;
  const isKnown = isBuiltin(context, 'function', parts, isBuiltinFunction);
  // Without an alias a function is called by its own name.
  scope.sources.push({
    alias: item.alias?.aliasname ?? parts.at(-1) ?? '',
    ...(isPlain && !isKnown ? { routine: usedName(context, 'function', parts) } : {}),
  });
}

function functionName({ functions = [] }: NodeOf<'RangeFunction'>): string[] {
  const calls = nodesOf(nodesOf(functions, 'List')[0]?.items, 'FuncCall');
  return namePartsOf(calls[0]?.funcname);
}

function aliasOf(item: Node): Alias | undefined {
  return (Object.values(item)[0] as { alias?: Alias }).alias;
}
