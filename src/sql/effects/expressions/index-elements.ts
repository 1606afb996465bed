/** Reads the columns and expressions of an index. */

import type { IndexElem, Node } from '@pgsql/types';
import { isBuiltinCollation, isBuiltinOperatorClass } from '../../postgres/builtin-names.js';
import { nodesOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { namePartsOf, partOf } from '../../syntax/object-names.js';
import { type Context, emitUse } from '../context.js';
import { usedName } from '../resolve-names.js';
import { readExpression } from './expressions.js';
import { scopeOf } from './scope.js';
import { isBuiltin } from './type-names.js';

/** What an index needs of its table, and the operator classes and collations that it names. */
export function readIndexElements(
  context: Context,
  table: ObjectId,
  elements: readonly Node[] | undefined,
): void {
  for (const element of nodesOf(elements, 'IndexElem')) {
    if (element.name) emitUse(context, partOf(table, 'column', element.name));
    readExpression(context, element.expr, scopeOf(table));
    useNamed(context, 'operator class', element.opclass, isBuiltinOperatorClass);
    useNamed(context, 'collation', element.collation, isBuiltinCollation);
  }
}

/** Needs an operator class or collation, unless every database has it. */
export function useNamed(
  context: Context,
  kind: 'operator class' | 'collation',
  name: readonly Node[] | undefined,
  isKnown: (name: string) => boolean,
): void {
  const parts = namePartsOf(name);
  if (parts.length === 0 || isBuiltin(context, kind, parts, isKnown)) return;
  emitUse(context, usedName(context, kind, parts));
}

/** How the elements are called in the name of an index: expressions by their function, or `expr` (FigureIndexColname). */
export function elementColumns(elements: readonly (Node | undefined)[]): string[] {
  const taken = new Set<string>();
  return elements.flatMap((element) => {
    if (!element || !('IndexElem' in element)) return [];
    const base = element.IndexElem.name ?? expressionName(element.IndexElem);
    let name = base;
    for (let number = 1; taken.has(name); number += 1) name = `${base}${number}`;
    taken.add(name);
    return [name];
  });
}

function expressionName({ expr }: IndexElem): string {
  return inferred(expr) ?? 'expr';
}

/** An expression that has no name of its own is called by the innermost type that it is cast to. */
function inferred(expression: Node | undefined): string | undefined {
  let node = expression;
  let type: string | undefined;
  while (node && ('TypeCast' in node || 'CollateClause' in node)) {
    if ('TypeCast' in node) type = namePartsOf(node.TypeCast.typeName?.names).at(-1) ?? type;
    node = 'TypeCast' in node ? node.TypeCast.arg : node.CollateClause.arg;
  }
  return nameOf(node) ?? type;
}

function nameOf(node: Node | undefined): string | undefined {
  if (!node) return undefined;
  if ('FuncCall' in node) return namePartsOf(node.FuncCall.funcname).at(-1);
  if ('ColumnRef' in node) return namePartsOf(node.ColumnRef.fields).at(-1);
  if ('CoalesceExpr' in node) return 'coalesce';
  return 'MinMaxExpr' in node ? (node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest') : undefined;
}
