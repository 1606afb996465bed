/** Finds out whether a CHECK leaves no room for nulls. */

import type { Node } from '@pgsql/types';
import { nodeOf } from '../effects/node-of.js';
import { namePartsOf } from '../effects/object-names.js';

/**
 * Whether the expression is `column IS NOT NULL`, alone or joined to others by AND. PostgreSQL proves it from these, and from
 * hardly anything else: NotNullImpliedByRelConstraints (commands/tablecmds.c).
 */
export function provesNotNull(expression: Node | undefined, column: string): boolean {
  const all = nodeOf(expression, 'BoolExpr');
  if (all) return all.boolop === 'AND_EXPR' && (all.args ?? []).some((arg) => provesNotNull(arg, column));
  const test = nodeOf(expression, 'NullTest');
  if (test?.nulltesttype !== 'IS_NOT_NULL') return false;
  return namePartsOf(nodeOf(test.arg, 'ColumnRef')?.fields).at(-1) === column;
}
