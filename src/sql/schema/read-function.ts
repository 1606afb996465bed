/** Reads what CREATE FUNCTION says about when the function's results may change. */

import { type NodeOf, nodeOf, nodesOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';
import { keyOfName, type Schema, type Volatility } from './schema.js';

/** Adds the function; VOLATILE is PostgreSQL's default. */
export function addFunction(schema: Schema, { funcname, options }: NodeOf<'CreateFunctionStmt'>): void {
  const parts = namePartsOf(funcname);
  const name = { schema: parts.at(-2) ?? schema.path[0] ?? 'public', name: parts.at(-1) ?? '' };
  const option = nodesOf(options, 'DefElem').find(({ defname }) => defname === 'volatility');
  const said = nodeOf(option?.arg, 'String')?.sval;
  schema.functions.set(keyOfName(name), (said ?? 'volatile') as Volatility);
}
