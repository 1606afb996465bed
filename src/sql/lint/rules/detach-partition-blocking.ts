/** DETACH PARTITION locks the whole partitioned table, unless it is done concurrently. */

import { nameText } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import { commandsOnLiveTable } from '../alter-table-commands.js';
import type { Rule } from '../rule.js';

export const detachPartitionBlocking: Rule = {
  id: 'detach-partition-blocking',
  severity: 'warning',
  summary: 'DETACH PARTITION without CONCURRENTLY from a table in use',
  checkStatement: (statement) =>
    commandsOnLiveTable(statement).flatMap(({ command, table }) => {
      const partition = nodeOf(command.def, 'PartitionCmd');
      if (command.subtype !== 'AT_DetachPartition' || !partition || partition.concurrent) return [];
      return {
        at: statement.indexOf(partition.name?.location),
        message: `DETACH PARTITION takes an ACCESS EXCLUSIVE lock on ${nameText(table)}, which blocks reads and writes of all its partitions`,
        help:
          statement.oldestServer < 14
            ? 'Move it to a migration of its own. PostgreSQL 14 and later have DETACH PARTITION ... CONCURRENTLY, which does not block reads and writes.'
            : 'Use DETACH PARTITION ... CONCURRENTLY, in a migration of its own with `no_transaction: true`. PostgreSQL refuses it if the table has a default partition.',
      };
    }),
};
