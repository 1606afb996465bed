/** ATTACH PARTITION reads the table that becomes a partition, unless a constraint says what the bounds say. */

import { defaultPartitionOf } from '../../schema/relatives.js';
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
      const rest = defaultPartitionOf(statement.schema, resolveRange(statement.schema, alter?.relation));
      const read = statement.liveImpact.scans.find((scan) =>
        [child, ...(rest ? [rest] : [])].some((name) => keyOfName(name) === keyOfName(scan)),
      );
      if (!read) return [];
      const isRest = keyOfName(read) !== keyOfName(child);
      return {
        at: statement.indexOf(partition.name?.location),
        message: `ATTACH PARTITION reads all rows of ${isRest ? 'the default partition ' : ''}${nameText(read)} under an ACCESS EXCLUSIVE lock, which blocks reads and writes of it until all are read`,
        help: isRest
          ? `Add a CHECK with NOT VALID to ${nameText(read)} that excludes rows within the bounds. Validate it in a later migration, then attach the partition.`
          : `Add a CHECK with NOT VALID to ${nameText(child)} that has the bounds, and IS NOT NULL for the key. Validate it in a later migration, then attach the partition.`,
      };
    });
  },
};
