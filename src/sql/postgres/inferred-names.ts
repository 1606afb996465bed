/** Computes PostgreSQL's name for an unnamed column of a query (FigureColname in parser/parse_target.c). */

import type { Node, ResTarget, SubLink } from '@pgsql/types';
import { type NodeKind, nodeOf, nodesOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';

/** The name of a column without one. */
export function inferredName(value: Node | undefined): string {
  return figuredName(value) ?? '?column?';
}

/** The name that an expression suggests; undefined for operators and other expressions that suggest none. */
export function figuredName(value: Node | undefined): string | undefined {
  let node = value;
  let otherwise: string | undefined;
  for (;;) {
    const name = node && ownName(node);
    if (name !== undefined) return name;
    const inside: Inside | undefined = node && insideOf(node);
    if (!inside) return otherwise;
    node = inside.node;
    otherwise = inside.isQuery ? undefined : (otherwise ?? inside.otherwise);
  }
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

/** Nodes named after themselves: columns, functions, the words of their syntax, a named column of a subquery. */
function ownName(node: Node): string | undefined {
  const [kind] = Object.keys(node);
  return (
    fixedNames[kind as NodeKind] ??
    namePartsOf(nodeOf(node, 'ColumnRef')?.fields).at(-1) ??
    namePartsOf(nodeOf(node, 'FuncCall')?.funcname).at(-1) ??
    namePartsOf(nodeOf(node, 'A_Indirection')?.indirection).at(-1) ??
    worded(node)
  );
}

/** A node that is named after something inside of it. */
interface Inside {
  node: Node | undefined;
  /** Its name where there is none inside. */
  otherwise?: string | undefined;
  /** A node inside a query gets its name there, whatever surrounds it. */
  isQuery?: boolean;
}

function insideOf(node: Node): Inside | undefined {
  if ('CollateClause' in node) return { node: node.CollateClause.arg };
  if ('A_Indirection' in node) return { node: node.A_Indirection.arg };
  if ('TypeCast' in node) {
    const { arg, typeName } = node.TypeCast;
    return { node: arg, otherwise: namePartsOf(typeName?.names).at(-1) };
  }
  if ('CaseExpr' in node) return { node: node.CaseExpr.defresult, otherwise: 'case' };
  const target = 'SubLink' in node ? targetOf(node.SubLink) : undefined;
  return target && { node: target.val, isQuery: true };
}

/** Nodes named after the words of their syntax. */
function worded(node: Node): string | undefined {
  if ('A_Expr' in node) return node.A_Expr.kind === 'AEXPR_NULLIF' ? 'nullif' : undefined;
  if ('MinMaxExpr' in node) return node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest';
  if ('SQLValueFunction' in node) return wordsOf(node.SQLValueFunction.op, 'SVFOP_').replace(/_n$/, '');
  if ('XmlExpr' in node) return wordsOf(node.XmlExpr.op, 'IS_');
  if ('JsonFuncExpr' in node) return wordsOf(node.JsonFuncExpr.op, '').replace('_op', '');
  return 'SubLink' in node ? nameOfSubquery(node.SubLink) : undefined;
}

function wordsOf(operation: string | undefined, prefix: string): string {
  return (operation ?? '').replace(prefix, '').toLowerCase();
}

function nameOfSubquery(link: SubLink): string | undefined {
  if (link.subLinkType === 'EXISTS_SUBLINK') return 'exists';
  return link.subLinkType === 'ARRAY_SUBLINK' ? 'array' : targetOf(link)?.name;
}

/** The column of a subquery that is used as a value. */
function targetOf({ subLinkType, subselect }: SubLink): ResTarget | undefined {
  if (subLinkType !== 'EXPR_SUBLINK') return undefined;
  return nodesOf(nodeOf(subselect, 'SelectStmt')?.targetList, 'ResTarget')[0];
}
