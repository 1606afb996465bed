/** Takes ALTER TABLE apart for rules: one command at a time, with the table that it changes. */

import type { AlterCommand } from '../impact/alter-command.js';
import { findRelation, type Relation, resolveRange } from '../schema/schema.js';
import { nodeOf, nodesOf } from '../syntax/node-of.js';
import type { LintedStatement } from './rule.js';

/** One command of an ALTER TABLE. */
export interface TableCommand extends AlterCommand {
  /** Undefined when no migration is seen to create the table. */
  known: Relation | undefined;
  /** UTF-16 index into the up.sql, where the command begins. */
  at: number;
}

/** The commands of an ALTER TABLE on a table that others may be using; none for every other statement. */
export function commandsOnLiveTable(statement: LintedStatement): TableCommand[] {
  const { node, schema, start } = statement;
  const alter = nodeOf(node, 'AlterTableStmt');
  if (alter?.objtype !== 'OBJECT_TABLE') return [];
  const table = resolveRange(schema, alter.relation);
  if (statement.isNew(table)) return [];
  const known = findRelation(schema, table);
  const isOnly = alter.relation?.inh !== true;
  return nodesOf(alter.cmds, 'AlterTableCmd').map((command, index) => ({
    command,
    table,
    isOnly,
    known,
    at: start + (statement.commandStarts()[index] ?? 0),
  }));
}
