/** ATTACH PARTITION reads the table that becomes a partition, unless a constraint says what the bounds say. */

import { keyOfName, nameText, resolveRange } from '../../schema/schema.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import type { Rule } from '../rule.js';

export const attachPartitionScan: Rule = {
  id: 'attach-partition-scan',
  severity: 'error',
  summary: 'ATTACH PARTITION of a table in use that has no CHECK of the bounds',
  checkStatement: (statement) => {
    const alter = nodeOf(statement.node, 'AlterTableStmt');
    return nodesOf(alter?.cmds, 'AlterTableCmd').flatMap((command) => {
      const partition = nodeOf(command.def, 'PartitionCmd');
      if (command.subtype !== 'AT_AttachPartition' || !partition) return [];
      const child = resolveRange(statement.schema, partition.name);
      const isRead = statement.liveImpact.scans.some((scan) => keyOfName(scan) === keyOfName(child));
      if (!isRead) return [];
      return {
        at: statement.indexOf(partition.name?.location),
        message: `ATTACH PARTITION reads all rows of ${nameText(child)} under an ACCESS EXCLUSIVE lock, which blocks reads and writes of it until it is done`,
        help: `Add a CHECK to ${nameText(child)} that says what the bounds say, NOT VALID, validate it in a later migration, then attach it.`,
      };
    });
  },
};
