/** CLUSTER writes a whole table anew, and stops reads while it does. */

import { nameText } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import { liveRelation } from '../live-relations.js';
import type { Rule } from '../rule.js';

export const cluster: Rule = {
  id: 'cluster',
  severity: 'error',
  summary: 'CLUSTER of a table in use',
  checkStatement: (statement) => {
    const command = nodeOf(statement.node, 'ClusterStmt');
    if (!command) return [];
    const table = liveRelation(statement, command.relation);
    if (command.relation && (!table || statement.isEmptied(table, 'truncate'))) return [];
    const target = table ? nameText(table) : 'every table that was clustered before';
    return [
      {
        at: statement.indexOf(command.relation?.location),
        message: `CLUSTER rewrites ${target} under an ACCESS EXCLUSIVE lock, which blocks reads and writes until all rows are written`,
        help: 'Leave it out of migrations. Order the rows with pg_repack or pg_squeeze, which do not block reads and writes.',
      },
    ];
  },
};
