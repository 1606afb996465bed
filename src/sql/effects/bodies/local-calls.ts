/** Follows calls of functions that the same text defines: what they do with the texts they are given is then known. */

import type { Node } from '@pgsql/types';
import { joinNames } from '../../syntax/identifiers.js';
import type { ObjectId } from '../../syntax/object-id.js';
import type { Constant, ReaderContext } from '../context.js';
import { evaluate } from '../expressions/constants.js';

/** Functions that call each other are followed no deeper than this. */
const maxDepth = 8;

/**
 * Reads the body of a function as if it stood at the place of its call.
 * @returns whether it is a function of this text.
 */
export function callLocalFunction(
  context: ReaderContext,
  object: ObjectId,
  args: readonly Node[],
  at: number | undefined,
): boolean {
  const { state } = context;
  const found = state.functions.get(joinNames(object.schema, object.name));
  if (!found || context.when !== 'now' || state.depth >= maxDepth) return false;
  const values = new Map<string, Constant>(
    found.parameters.map((name, index) => [
      name,
      args[index] ? evaluate(args[index], context.variables) : undefined,
    ]),
  );
  const place = context.placeOf(at);
  state.depth += 1;
  found.run({ ...context, isCalled: true, placeOf: () => place }, values);
  state.depth -= 1;
  return true;
}
