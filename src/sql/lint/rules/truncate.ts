/** TRUNCATE loses all rows, and stops reads while it does. */

import { nameText } from '../../schema/schema.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { liveRelation } from '../live-relations.js';
import type { Rule } from '../rule.js';

export const truncate: Rule = {
  id: 'truncate',
  severity: 'warning',
  summary: 'TRUNCATE of a table in use',
  checkStatement: (statement) => {
    const command = nodeOf(statement.node, 'TruncateStmt');
    if (!command || command.behavior === 'DROP_CASCADE') return [];
    return nodesOf(command.relations, 'RangeVar').flatMap((range) => {
      const table = liveRelation(statement, range);
      if (!table) return [];
      return {
        at: statement.indexOf(range.location),
        message: `TRUNCATE takes an ACCESS EXCLUSIVE lock on ${nameText(table)}, which blocks reads and writes, and removes all of its rows`,
        help: 'Delete the rows in batches. If all rows can be removed, accept it with a comment: -- kat:ignore truncate and the reason.',
      };
    });
  },
};
