/** Commands of one ALTER TABLE share one lock and one pass over the rows. */

import type { AlterTableStmt } from '@pgsql/types';
import { nodeOf, nodesOf } from '../../effects/node-of.js';
import { nameText } from '../../schema/schema.js';
import { liveRelation } from '../live-relations.js';
import type { LintedStatement, Rule } from '../rule.js';

export const severalAlterTables: Rule = {
  id: 'several-alter-tables',
  severity: 'info',
  summary: 'several ALTER TABLE of one table in a row, where one would do',
  checkMigration: ({ statements }) =>
    statements.flatMap((statement, index) => {
      const alter = readAlter(statement);
      const isSecond =
        isSame(alter, readAlter(statements[index - 1])) && !isSame(alter, readAlter(statements[index - 2]));
      const table = isSecond ? liveRelation(statement, alter?.relation) : undefined;
      if (!table) return [];
      return {
        at: statement.start,
        message: `${nameText(table)} is altered by several statements in a row: the server goes through its rows for each of them that needs it`,
        help: 'Put the commands into one ALTER TABLE, with commas between them.',
      };
    }),
};

/** Partitions cannot share a statement, and VALIDATE must not share a lock. */
const alone: ReadonlySet<string> = new Set([
  'AT_AttachPartition',
  'AT_DetachPartition',
  'AT_DetachPartitionFinalize',
  'AT_ValidateConstraint',
]);

function readAlter(statement: LintedStatement | undefined): AlterTableStmt | undefined {
  const alter = nodeOf(statement?.node, 'AlterTableStmt');
  const commands = nodesOf(alter?.cmds, 'AlterTableCmd');
  const canShare = commands.every(({ subtype }) => !alone.has(subtype ?? ''));
  return alter?.objtype === 'OBJECT_TABLE' && canShare ? alter : undefined;
}

function isSame(one: AlterTableStmt | undefined, other: AlterTableStmt | undefined): boolean {
  if (!one || !other) return false;
  const [range, before] = [one.relation, other.relation];
  return range?.relname === before?.relname && range?.schemaname === before?.schemaname;
}
