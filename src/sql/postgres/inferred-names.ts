/** What PostgreSQL calls a column of a query that has no name (FigureColname in parser/parse_target.c). */

import type { Node } from '@pgsql/types';
import { type NodeKind, nodeOf, nodesOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';

/** A name, and whether one that is found further inside is better. */
interface Figured {
  name: string;
  isWeak?: boolean;
}

/** The name of a column without one. */
export function inferredName(value: Node | undefined): string {
  return figure(value)?.name ?? '?column?';
}

const fixedNames: Partial<Record<NodeKind, string>> = {
  GroupingFunc: 'grouping',
  MergeSupportFunc: 'merge_action',
  A_ArrayExpr: 'array',
  RowExpr: 'row',
  CoalesceExpr: 'coalesce',
  XmlSerialize: 'xmlserialize',
  JsonParseExpr: 'json',
  JsonScalarExpr: 'json_scalar',
  JsonSerializeExpr: 'json_serialize',
  JsonObjectConstructor: 'json_object',
  JsonArrayConstructor: 'json_array',
  JsonArrayQueryConstructor: 'json_array',
  JsonObjectAgg: 'json_objectagg',
  JsonArrayAgg: 'json_arrayagg',
};

function figure(node: Node | undefined): Figured | undefined {
  if (!node) return undefined;
  const [kind] = Object.keys(node);
  const fixed = fixedNames[kind as NodeKind];
  if (fixed !== undefined) return { name: fixed };
  return named(node) ?? wrapped(node) ?? worded(node);
}

/** Columns and functions. */
function named(node: Node): Figured | undefined {
  const name =
    namePartsOf(nodeOf(node, 'ColumnRef')?.fields).at(-1) ??
    namePartsOf(nodeOf(node, 'FuncCall')?.funcname).at(-1);
  return name === undefined ? undefined : { name };
}

/** What is named after something inside. */
function wrapped(node: Node): Figured | undefined {
  if ('CollateClause' in node) return figure(node.CollateClause.arg);
  if ('A_Indirection' in node) {
    const { arg, indirection } = node.A_Indirection;
    const field = namePartsOf(indirection).at(-1);
    return field === undefined ? figure(arg) : { name: field };
  }
  if ('TypeCast' in node) {
    const { arg, typeName } = node.TypeCast;
    return stronger(figure(arg), namePartsOf(typeName?.names).at(-1));
  }
  return 'CaseExpr' in node ? stronger(figure(node.CaseExpr.defresult), 'case') : undefined;
}

function stronger(inner: Figured | undefined, name: string | undefined): Figured | undefined {
  if (inner && !inner.isWeak) return inner;
  return name === undefined ? inner : { name, isWeak: true };
}

/** What is named after the words of its syntax. */
function worded(node: Node): Figured | undefined {
  if ('A_Expr' in node) return node.A_Expr.kind === 'AEXPR_NULLIF' ? { name: 'nullif' } : undefined;
  if ('MinMaxExpr' in node) return { name: node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest' };
  if ('SQLValueFunction' in node)
    return { name: wordsOf(node.SQLValueFunction.op, 'SVFOP_').replace(/_n$/, '') };
  if ('XmlExpr' in node) return { name: wordsOf(node.XmlExpr.op, 'IS_') };
  if ('JsonFuncExpr' in node) return { name: wordsOf(node.JsonFuncExpr.op, '').replace('_op', '') };
  return 'SubLink' in node ? subquery(node.SubLink) : undefined;
}

function wordsOf(operation: string | undefined, prefix: string): string {
  return (operation ?? '').replace(prefix, '').toLowerCase();
}

function subquery({
  subLinkType,
  subselect,
}: {
  subLinkType?: string;
  subselect?: Node;
}): Figured | undefined {
  if (subLinkType === 'EXISTS_SUBLINK') return { name: 'exists' };
  if (subLinkType === 'ARRAY_SUBLINK') return { name: 'array' };
  if (subLinkType !== 'EXPR_SUBLINK') return undefined;
  const target = nodesOf(nodeOf(subselect, 'SelectStmt')?.targetList, 'ResTarget')[0];
  return target && { name: target.name ?? inferredName(target.val) };
}
