/** Looks into the functions and procedures of the history that a statement runs at once. */

import type { Node } from '@pgsql/types';
import { calledRoutines } from '../schema/called-routines.js';
import { type BlockStatement, bodyStatements } from '../schema/follow-blocks.js';
import { callsIn } from '../schema/unread-code.js';
import type { Reading } from './reading.js';

/**
 * The statements that stand in the bodies of what a SELECT or CALL names, and of what these name; each body
 * once for the migration that is read.
 */
export function calledStatements({ parser, schema, called: seen }: Reading, node: Node): BlockStatement[] {
  const found: BlockStatement[] = [];
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
