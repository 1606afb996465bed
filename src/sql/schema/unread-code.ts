/** Remembers which migrations ran code of which nothing is known: it may have made tables, keys and policies. */

import type { FuncCall, Node } from '@pgsql/types';
import { nodeOf, nodesOf } from '../syntax/node-of.js';
import { partsOf } from '../syntax/object-names.js';
import { nodesIn } from '../syntax/objects-in.js';
import { isBuiltinCall } from './called-routines.js';
import type { Schema } from './schema.js';

/** @param inside the statements that are written down in it, if it is a DO block */
export function noteUnread(
  schema: Schema,
  { node, creator }: { node: Node; creator: string },
  inside: readonly Node[] = [],
): void {
  if (isDynamic(node) || [node, ...inside].some(callsOthers)) schema.unread.add(creator);
}

/** A DO block in another language than PL/pgSQL, or with EXECUTE. */
function isDynamic(node: Node): boolean {
  return nodesOf(nodeOf(node, 'DoStmt')?.args, 'DefElem').some(({ defname, arg }) => {
    const [text = ''] = partsOf(arg);
    if (defname === 'language') return text.toLowerCase() !== 'plpgsql';
    return /\bexecute\b(?!\s+(on|function|procedure)\b)/i.test(text);
  });
}

/** What functions of migrations do is not followed where these have been applied. */
function callsOthers(node: Node): boolean {
  return callsIn(node).some((call) => !isBuiltinCall(call));
}

/** What a statement runs at once. */
export function callsIn(node: Node): FuncCall[] {
  const call = nodeOf(node, 'CallStmt')?.funccall;
  if (call) return [call];
  return nodeOf(node, 'SelectStmt') ? nodesIn(node, 'FuncCall') : [];
}
