/** Statements that leave nothing behind, wherever they run. */

import type { Statement } from '../syntax/parse.js';

const kinds: ReadonlySet<string> = new Set(['VariableSetStmt', 'VariableShowStmt', 'NotifyStmt', 'LockStmt']);

/** Whether a statement changes nothing but the session that it runs in. */
export function isHarmless({ kind }: Statement): boolean {
  return kinds.has(kind);
}

const upkeep: ReadonlySet<string> = new Set([
  'VacuumStmt',
  'ReindexStmt',
  'ClusterStmt',
  'CheckPointStmt',
  'RefreshMatViewStmt',
]);

/** Whether there is nothing to take back: it changes the session, how rows are stored, or what is known of them. */
export function leavesNothing(statement: Statement): boolean {
  if (isHarmless(statement) || upkeep.has(statement.kind)) return true;
  const { node } = statement;
  if (!('AlterTableStmt' in node)) return false;
  return (node.AlterTableStmt.cmds ?? []).every(
    (command) => 'AlterTableCmd' in command && command.AlterTableCmd.subtype === 'AT_ValidateConstraint',
  );
}
