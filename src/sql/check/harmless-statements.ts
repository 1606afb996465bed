/** Statements that leave nothing behind, wherever they run. */

import type { Statement } from '../syntax/parse.js';
import { isKindOf } from '../syntax/statement-kinds.js';

/** Whether a statement changes nothing but the session that it runs in. */
export function isHarmless({ kind }: Statement): boolean {
  return isKindOf(kind, 'harmless');
}

/** Whether there is nothing to take back: it changes the session, how rows are stored, or what is known of them. */
export function leavesNothing(statement: Statement): boolean {
  if (isHarmless(statement) || isKindOf(statement.kind, 'upkeep')) return true;
  const { node } = statement;
  if (!('AlterTableStmt' in node)) return false;
  return (node.AlterTableStmt.cmds ?? []).every(
    (command) => 'AlterTableCmd' in command && command.AlterTableCmd.subtype === 'AT_ValidateConstraint',
  );
}
