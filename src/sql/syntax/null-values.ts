/** Recognizes defaults that are null: they are none (AddRelationNewConstraints, catalog/heap.c). */

import type { Constraint, Node } from '@pgsql/types';
import { nodeOf } from './node-of.js';

/** Whether an expression is the constant NULL, cast or not. */
export function isNull(value: Node | undefined): boolean {
  let node = value;
  while (node && ('TypeCast' in node || 'CollateClause' in node))
    node = 'TypeCast' in node ? node.TypeCast.arg : node.CollateClause.arg;
  return nodeOf(node, 'A_Const')?.isnull === true;
}

/** Whether a column gets a value from its DEFAULT clause. */
export function hasDefaultValue(constraints: readonly Constraint[]): boolean {
  const clause = constraints.find(({ contype }) => contype === 'CONSTR_DEFAULT');
  return clause !== undefined && !isNull(clause.raw_expr);
}
