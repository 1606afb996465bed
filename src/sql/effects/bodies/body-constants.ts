/** Works out what a query of a body amounts to, where it is a constant. */

import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import type { Statement } from '../../syntax/parse.js';
import type { Constant } from '../context.js';
import { evaluate } from '../expressions/constants.js';

/** The only value of a query without tables; the elements for `unnest` of a list. */
export function constantOf(
  statement: Statement | undefined,
  values: ReadonlyMap<string, Constant>,
): Constant {
  const select = nodeOf(statement?.node, 'SelectStmt');
  const targets = nodesOf(select?.targetList, 'ResTarget');
  const value = targets[0]?.val;
  if (!value || targets.length !== 1) return undefined;
  if ('ColumnRef' in value && select?.fromClause) return valueOfSource(select.fromClause, values);
  if (select?.fromClause) return undefined;
  const unnested = 'FuncCall' in value ? evaluateUnnest(value, values) : undefined;
  return unnested ?? evaluate(value, values);
}

function valueOfSource(
  items: Parameters<typeof nodesOf>[0],
  values: ReadonlyMap<string, Constant>,
): Constant {
  const call = nodesOf(
    nodesOf(nodesOf(items, 'RangeFunction')[0]?.functions, 'List')[0]?.items,
    'FuncCall',
  )[0];
  return call && (items ?? []).length === 1 ? evaluateUnnest({ FuncCall: call }, values) : undefined;
}

function evaluateUnnest(
  node: Parameters<typeof evaluate>[0],
  values: ReadonlyMap<string, Constant>,
): Constant {
  const call = nodeOf(node, 'FuncCall');
  const name = nodeOf(call?.funcname?.at(-1), 'String')?.sval;
  const list = name === 'unnest' ? evaluate(call?.args?.[0], values) : undefined;
  return Array.isArray(list) ? list : undefined;
}
