/** Reads expressions: which columns, functions, types and operators they need, and what their subqueries do. */

import {
  isBuiltinCollation,
  isBuiltinFunction,
  isBuiltinOperator,
  isBuiltinType,
} from '../../postgres/builtin-names.js';
import { splitIdentifier } from '../../syntax/identifiers.js';
import { literalOf, type NodeKind, type NodeOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { namePartsOf, partOf } from '../../syntax/object-names.js';
import { callLocalFunction } from '../bodies/local-calls.js';
import { type Context, emit, emitUse, executing } from '../context.js';
import { usedName, usedRelation } from '../resolve-names.js';
import { readBuiltinCall } from './builtin-calls.js';
import { readDelete, readInsert, readMerge, readSelect, readUpdate } from './queries.js';
import { type Scope, useAllColumns, useColumn } from './scope.js';
import { isBuiltin, useType } from './type-names.js';

type Readers = { [Kind in NodeKind]?: (context: Context, node: NodeOf<Kind>, scope: Scope) => void };
type AnyReader = (context: Context, node: unknown, scope: Scope) => void;

const readers: Readers = {
  ColumnRef: readColumn,
  FuncCall: readCall,
  TypeCast: readCast,
  A_Expr: readOperator,
  CollateClause: readCollation,
  SelectStmt: readSelect,
  InsertStmt: readInsert,
  UpdateStmt: readUpdate,
  DeleteStmt: readDelete,
  MergeStmt: readMerge,
  RangeVar: (context, range) => emitUse(context, usedRelation(context, range), range.location),
  TypeName: (context, type) => useType(context, type),
};

/**
 * Reads whatever stands in an expression, at any depth.
 * @param tree a node, a list of nodes, or undefined
 */
export function readExpression(context: Context, tree: unknown, scope: Scope): void {
  if (typeof tree !== 'object' || tree === null) return;
  if (Array.isArray(tree)) {
    for (const item of tree) readExpression(context, item, scope);
    return;
  }
  for (const key of Object.keys(tree)) {
    const child = (tree as Record<string, unknown>)[key];
    const reader = readers[key as NodeKind] as AnyReader | undefined;
    if (reader) reader(context, child, scope);
    else if (key === 'typeName') useType(context, child as NodeOf<'TypeName'>);
    else readExpression(context, child, scope);
  }
}

function readColumn(context: Context, { fields = [], location }: NodeOf<'ColumnRef'>, scope: Scope): void {
  const names = namePartsOf(fields);
  if (names.length < fields.length) useAllColumns(context, names, scope, location);
  else useColumn(context, names, scope, location);
}

function readCall(context: Context, call: NodeOf<'FuncCall'>, scope: Scope): void {
  const { funcname, ...rest } = call;
  const parts = namePartsOf(funcname);
  readExpression(context, rest, scope);
  const name = parts.at(-1) ?? '';
  if (isBuiltin(context, 'function', parts, isBuiltinFunction)) {
    readBuiltinCall(context, name, call);
    return;
  }
  callFunction(context, usedName(context, 'function', parts), call);
}

/** Notes that a function is run with what the call says about its arguments. */
function callFunction(context: Context, object: ObjectId, { args = [], location }: NodeOf<'FuncCall'>): void {
  emitUse(context, object, location);
  if (callLocalFunction(context, object, args, location)) return;
  emit(executing(context), { action: 'call', object, at: location });
}

const objectOfCast: Readonly<Record<string, 'relation' | 'type' | 'function' | 'role' | 'schema'>> = {
  regclass: 'relation',
  regtype: 'type',
  regproc: 'function',
  regprocedure: 'function',
  regrole: 'role',
  regnamespace: 'schema',
};

function readCast(context: Context, { arg, typeName, location }: NodeOf<'TypeCast'>, scope: Scope): void {
  useType(context, typeName);
  const literal = arg && 'A_Const' in arg ? literalOf(arg) : undefined;
  if (literal === undefined) readExpression(context, arg, scope);
  else readLiteralCast(context, literal, namePartsOf(typeName?.names), location);
}

/** `'t'::regclass` needs a table, `'ok'::mood` a value of an enum. */
function readLiteralCast(context: Context, literal: string, type: readonly string[], at?: number): void {
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

function readOperator(
  context: Context,
  { name, location, ...operands }: NodeOf<'A_Expr'>,
  scope: Scope,
): void {
  useOperator(context, namePartsOf(name), location);
  readExpression(context, operands, scope);
}

/** Needs an operator, unless it is one of PostgreSQL's own. */
export function useOperator(context: Context, parts: readonly string[], at?: number): void {
  if (isBuiltin(context, 'operator', parts, isBuiltinOperator)) return;
  emitUse(context, usedName(context, 'operator', parts), at);
}

function readCollation(
  context: Context,
  { arg, collname, location }: NodeOf<'CollateClause'>,
  scope: Scope,
): void {
  const parts = namePartsOf(collname);
  if (!isBuiltin(context, 'collation', parts, isBuiltinCollation)) {
    emitUse(context, usedName(context, 'collation', parts), location);
  }
  readExpression(context, arg, scope);
}
