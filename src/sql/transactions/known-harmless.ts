/** Lists statements that can safely share a transaction with others. */

import type { InsertStmt } from '@pgsql/types';
import { nodeOf } from '../syntax/node-of.js';
import type { Statement } from '../syntax/parse.js';
import { isKindOf } from '../syntax/statement-kinds.js';
import { findRefusal } from './refusals.js';
import { callsUnknown } from './statement-modes.js';

/** Whether a statement may well be the reason for `no_transaction`: never where it is not known to be none. */
export function mayNeedNoTransaction({ node, kind }: Statement): boolean {
  if (findRefusal(node) !== undefined || callsUnknown(node)) return true;
  const insert = nodeOf(node, 'InsertStmt');
  return insert ? !insertsWrittenRows(insert) : !isKindOf(kind, 'sharing');
}

/** As many rows as the file has; a query may bring any number. */
function insertsWrittenRows({ selectStmt }: InsertStmt): boolean {
  return !selectStmt || nodeOf(selectStmt, 'SelectStmt')?.valuesLists !== undefined;
}
