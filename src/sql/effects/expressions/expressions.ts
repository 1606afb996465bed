/** Reads expressions: which columns, functions, types and operators they need, and what their subqueries do. */

import type { Node } from '@pgsql/types';
import { isBuiltinFunction, isBuiltinOperator, isBuiltinType } from '../../postgres/builtin-names.js';
import { classTypeOf, isOverloaded, operatorProvidersOf } from '../../postgres/extensions.js';
import { splitIdentifier } from '../../syntax/identifiers.js';
import { literalOf, type NodeKind, type NodeOf, nodeOf, nodesOf } from '../../syntax/node-of.js';
import type { ObjectId, ObjectKind } from '../../syntax/object-id.js';
import { namePartsOf, partOf } from '../../syntax/object-names.js';
import { runWalk, type TreeWalk, walkInto } from '../../syntax/tree-walk.js';
import { callLocalFunction } from '../bodies/local-calls.js';
import { contextOfExecution, emit, emitUse, type ReaderContext } from '../context.js';
import { usedName, usedRelation } from '../resolve-names.js';
import { readBuiltinCall } from './builtin-calls.js';
import { argumentsOf } from './call-arguments.js';
import { typeOfValue, useCast } from './casts.js';
import { readExtensionCall } from './extension-calls.js';
import { walkDelete, walkInsert, walkMerge, walkSelect, walkUpdate } from './queries.js';
import { type Scope, useAllColumns, useColumn } from './scope.js';
import { isBuiltin, useCollation, useType } from './type-names.js';

/** Readers of nodes that hold others give a walk. */
type Readers = {
  [Kind in NodeKind]?: (
    context: ReaderContext,
    node: NodeOf<Kind>,
    scope: Scope,
  ) => TreeWalk<void> | undefined;
};
type AnyReader = (context: ReaderContext, node: unknown, scope: Scope) => TreeWalk<void> | undefined;

const readers: Readers = {
  ColumnRef: readColumn,
  FuncCall: readCall,
  TypeCast: readCast,
  A_Expr: readOperator,
  CaseExpr: readCase,
  CoalesceExpr: readAlternatives,
  CollateClause: readCollation,
  MinMaxExpr: readAlternatives,
  A_Indirection: readField,
  SelectStmt: walkSelect,
  InsertStmt: walkInsert,
  UpdateStmt: walkUpdate,
  DeleteStmt: walkDelete,
  MergeStmt: walkMerge,
  RangeVar: (context, range) => {
    emitUse(context, usedRelation(context, range), range.location);
    return undefined;
  },
  TypeName: readTypeName,
};

/**
 * Reads whatever stands in an expression, at any depth.
 * @param tree a node, a list of nodes, or undefined
 */
export function readExpression(context: ReaderContext, tree: unknown, scope: Scope): void {
  runWalk(walkExpression(context, tree, scope));
}

/** As `readExpression`, for walks. */
export function* walkExpression(context: ReaderContext, tree: unknown, scope: Scope): TreeWalk<void> {
  const pending: [key: string, part: unknown][] = [['', tree]];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [key, part] = next;
    const reader = key === 'typeName' ? readTypeName : readers[key as NodeKind];
    if (reader) {
      const walk = (reader as AnyReader)(context, part, scope);
      if (walk) yield* walkInto(walk);
    } else if (typeof part === 'object' && part !== null) {
      const keys = Object.keys(part);
      for (let index = keys.length - 1; index >= 0; index -= 1) {
        const inner = keys[index] as string;
        pending.push([inner, (part as Record<string, unknown>)[inner]]);
      }
    }
  }
}

function readTypeName(context: ReaderContext, type: NodeOf<'TypeName'>): undefined {
  useType(context, type);
}

function readColumn(
  context: ReaderContext,
  { fields = [], location }: NodeOf<'ColumnRef'>,
  scope: Scope,
): undefined {
  const names = namePartsOf(fields);
  if (names.length < fields.length) useAllColumns(context, names, scope, location);
  else useColumn(context, names, scope, location);
}

/** `(place).city`: a field of a column's type, which only the history knows. */
function* readField(context: ReaderContext, node: NodeOf<'A_Indirection'>, scope: Scope): TreeWalk<void> {
  const fields = nodeOf(node.arg, 'ColumnRef')?.fields;
  const [field] = namePartsOf(node.indirection?.slice(0, 1));
  yield* walkInto(walkExpression(context, [node.arg, node.indirection], scope));
  if (fields && field !== undefined) useColumn({ ...context, field }, namePartsOf(fields), scope);
}

function* readCall(context: ReaderContext, call: NodeOf<'FuncCall'>, scope: Scope): TreeWalk<void> {
  const { funcname, ...rest } = call;
  const parts = namePartsOf(funcname);
  yield* walkInto(walkExpression(context, rest, scope));
  const name = parts.at(-1) ?? '';
  if (isBuiltin(context, 'function', parts, isBuiltinFunction)) {
    readBuiltinCall(context, name, call);
    // Citus puts its functions into pg_catalog.
    readExtensionCall(context, name, call);
    return;
  }
  callFunction(context, usedName(context, 'function', parts), call);
}

/** Notes that a function is run with what the call says about its arguments. */
function callFunction(context: ReaderContext, object: ObjectId, call: NodeOf<'FuncCall'>): void {
  const { args = [], location } = call;
  const given = argumentsOf(call);
  const use = { object, at: location, ...(given ? { call: given } : {}) };
  emit(context, { action: 'use', ...use });
  if (callLocalFunction(context, object, args, location)) return;
  readExtensionCall(context, object.name, call);
  emit(contextOfExecution(context), { action: 'call', ...use });
}

const objectOfCast: Readonly<Record<string, ObjectKind>> = {
  regclass: 'relation',
  regtype: 'type',
  regproc: 'function',
  regprocedure: 'function',
  regrole: 'role',
  regnamespace: 'schema',
  regconfig: 'text search configuration',
  regdictionary: 'text search dictionary',
};

function* readCast(
  context: ReaderContext,
  { arg, typeName, location }: NodeOf<'TypeCast'>,
  scope: Scope,
): TreeWalk<void> {
  useType(context, typeName);
  useCast(context, arg, typeName, scope);
  const literal = arg && 'A_Const' in arg ? literalOf(arg) : undefined;
  const type = namePartsOf(typeName?.names);
  if (literal !== undefined) {
    readLiteralCast(context, literal, type, location);
    return;
  }
  yield* walkInto(walkExpression(context, arg, scope));
  for (const element of nodeOf(arg, 'A_ArrayExpr')?.elements ?? []) {
    const value = literalOf(element);
    if (value !== undefined) readLiteralCast(context, value, type, location);
  }
  noteRow(context, arg, type, location);
}

/** `ROW(1, 2)::place` must have as many values as the type has columns. */
function noteRow(context: ReaderContext, arg: Node | undefined, type: readonly string[], at?: number): void {
  const values = nodeOf(arg, 'RowExpr')?.args?.length;
  if (values === undefined || isBuiltin(context, 'type', type, isBuiltinType)) return;
  const counts = { values, columns: 0 };
  emit(context, { action: 'use', object: usedName(context, 'type', type), at, usage: 'row', counts });
}

/** `'t'::regclass` needs a table, `'ok'::mood` a value of an enum. */
export function readLiteralCast(
  context: ReaderContext,
  literal: string,
  type: readonly string[],
  at?: number,
): void {
  const kind = objectOfCast[type.at(-1) ?? ''];
  if (kind) {
    const parts = splitIdentifier(literal);
    emitUse(
      context,
      kind === 'role' || kind === 'schema' ? { kind, name: parts[0] ?? '' } : usedName(context, kind, parts),
      at,
    );
    return;
  }
  if (isBuiltin(context, 'type', type, isBuiltinType)) return;
  // Only the history can tell an enum's value from any other literal.
  const object = partOf(usedName(context, 'type', type), 'enum value', literal);
  emit(context, { action: 'use', object, at, isGuess: true });
}

function* readOperator(
  context: ReaderContext,
  { name, location, ...operands }: NodeOf<'A_Expr'>,
  scope: Scope,
): TreeWalk<void> {
  useOperator(context, namePartsOf(name), location);
  yield* walkInto(walkExpression(context, operands, scope));
  useComparedLiterals(context, operands, scope);
  useOverloadedOperator(context, namePartsOf(name), operands, scope);
}

/** `state = 'done'` and `state IN ('done', …)`: the type of the column must have the values. */
function useComparedLiterals(
  context: ReaderContext,
  { lexpr, rexpr }: Pick<NodeOf<'A_Expr'>, 'lexpr' | 'rexpr'>,
  scope: Scope,
): void {
  for (const [side, other] of [
    [lexpr, rexpr],
    [rexpr, lexpr],
  ]) {
    const fields = nodeOf(side, 'ColumnRef')?.fields;
    const values = nodeOf(other, 'List')?.items ?? [other];
    const literals = values.flatMap((value) => literalOf(value) ?? []);
    if (!fields || literals.length === 0) continue;
    useColumn({ ...context, literals }, namePartsOf(fields), scope);
    // VALUE in the check of a domain.
    if (context.by?.kind === 'domain') emit(context, { action: 'use', object: context.by, literals });
  }
}

/** `CASE state WHEN 'done' THEN …`. */
function* readCase(context: ReaderContext, node: NodeOf<'CaseExpr'>, scope: Scope): TreeWalk<void> {
  yield* walkInto(walkExpression(context, [node.arg, node.args, node.defresult], scope));
  const items = nodesOf(node.args, 'CaseWhen').flatMap(({ expr }) => expr ?? []);
  const { arg } = node;
  if (arg) useComparedLiterals(context, { lexpr: arg, rexpr: { List: { items } } }, scope);
}

/** `coalesce(state, 'new')`: all have one type. */
function* readAlternatives(
  context: ReaderContext,
  { args = [] }: { args?: Node[] },
  scope: Scope,
): TreeWalk<void> {
  yield* walkInto(walkExpression(context, args, scope));
  for (const lexpr of args) useComparedLiterals(context, { lexpr, rexpr: { List: { items: args } } }, scope);
}

/** `name % 'x'`: for some types an operator comes with an extension only. */
function useOverloadedOperator(
  context: ReaderContext,
  parts: readonly string[],
  { lexpr, rexpr }: Pick<NodeOf<'A_Expr'>, 'lexpr' | 'rexpr'>,
  scope: Scope,
): void {
  const operator = parts.at(-1) ?? '';
  if (!isOverloaded(operator)) return;
  // Two texts of unknown type are compared as texts (oper_select_candidate).
  const areTexts = [lexpr, rexpr].every((side) => nodeOf(side, 'A_Const')?.sval !== undefined);
  for (const side of [lexpr, rexpr].flatMap(alternativesOf)) {
    const fields = nodeOf(side, 'ColumnRef')?.fields;
    if (fields) useColumn({ ...context, operator }, namePartsOf(fields), scope);
    const type = areTexts ? 'text' : typeOfValue(context, side);
    for (const name of type === undefined ? [] : operatorProvidersOf(operator, classTypeOf(type)))
      emitUse(context, { kind: 'extension', name });
  }
}

/** The values of which an expression gives one; all have its type. */
function alternativesOf(value: Node | undefined): (Node | undefined)[] {
  const call = nodeOf(value, 'FuncCall');
  if (call && keepingType.has(namePartsOf(call.funcname).at(-1) ?? '')) return call.args ?? [];
  return nodeOf(value, 'CoalesceExpr')?.args ?? nodeOf(value, 'MinMaxExpr')?.args ?? [value];
}

/** Functions that return the type of their argument, and of ranges that of the ends. */
const keepingType: ReadonlySet<string> = new Set(['lower', 'upper', 'min', 'max', 'any_value']);

/** Needs an operator, unless it is one of PostgreSQL's own. */
export function useOperator(context: ReaderContext, parts: readonly string[], at?: number): void {
  if (isBuiltin(context, 'operator', parts, isBuiltinOperator)) return;
  emitUse(context, usedName(context, 'operator', parts), at);
}

function* readCollation(
  context: ReaderContext,
  clause: NodeOf<'CollateClause'>,
  scope: Scope,
): TreeWalk<void> {
  useCollation(context, clause);
  yield* walkInto(walkExpression(context, clause.arg, scope));
}
