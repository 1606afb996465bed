/** Looks into the functions and procedures of the history that a statement runs at once. */

import type { FuncCall, Node } from '@pgsql/types';
import { calledRoutines } from '../schema/called-routines.js';
import { type BlockStatement, bodyStatements } from '../schema/follow-blocks.js';
import type { Routine, Schema } from '../schema/schema.js';
import { nodeOf } from '../syntax/node-of.js';
import { nodesIn } from '../syntax/objects-in.js';
import type { Parser } from '../syntax/parse.js';

/** The statements that stand in the bodies of what a SELECT or CALL names, and of what these name; each body once. */
export function calledStatements(parser: Parser, schema: Schema, node: Node): BlockStatement[] {
  const found: BlockStatement[] = [];
  const seen = new Set<Routine>();
  const pending = [node];
  for (let next = pending.shift(); next; next = pending.shift()) {
    for (const routine of callsIn(next).flatMap((call) => calledRoutines(schema, call))) {
      if (seen.has(routine)) continue;
      seen.add(routine);
      const body = bodyStatements(parser, { CreateFunctionStmt: routine.definition });
      found.push(...body);
      pending.push(...body.map((statement) => statement.node));
    }
  }
  return found;
}

function callsIn(node: Node): FuncCall[] {
  const call = nodeOf(node, 'CallStmt')?.funccall;
  if (call) return [call];
  return nodeOf(node, 'SelectStmt') ? nodesIn(node, 'FuncCall') : [];
}
