/** Commands of one ALTER TABLE share one pass over the rows. */

import { keyOfName, nameText } from '../../schema/schema.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import type { RelationName } from '../../syntax/relation-name.js';
import type { LintedStatement, Rule } from '../rule.js';

export const severalAlterTables: Rule = {
  id: 'several-alter-tables',
  severity: 'info',
  topic: 'design',
  summary: 'several ALTER TABLE process the rows of one table, where one could',
  checkMigration: ({ ran }) => {
    const seen = new Set<string>();
    return ran.flatMap((statement) => {
      const table = readTable(statement);
      if (!table || !seen.has(keyOfName(table))) {
        if (table) seen.add(keyOfName(table));
        return [];
      }
      return {
        at: statement.start,
        message: `this reads or writes all rows of ${nameText(table)} again, after an earlier ALTER TABLE`,
        help: 'Put the commands into one ALTER TABLE, with commas between them. It then processes the rows only once.',
      };
    });
  },
};

/** The table whose rows an ALTER TABLE reads or writes, if it could do more on the way. */
function readTable({ node, liveImpact: { rewrites, scans } }: LintedStatement): RelationName | undefined {
  const alter = nodeOf(node, 'AlterTableStmt');
  const commands = nodesOf(alter?.cmds, 'AlterTableCmd');
  const canShare = commands.every(({ subtype }) => !alone.has(subtype ?? ''));
  return alter?.objtype === 'OBJECT_TABLE' && canShare ? (rewrites[0] ?? scans[0]) : undefined;
}

/** Partitions cannot share a statement, and VALIDATE must not share a lock. */
const alone: ReadonlySet<string> = new Set([
  'AT_AttachPartition',
  'AT_DetachPartition',
  'AT_DetachPartitionFinalize',
  'AT_ValidateConstraint',
]);
