/** UPDATE without WHERE changes every row, at once and in one transaction. */

import { nameText } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import { liveRelation } from '../live-relations.js';
import type { Rule } from '../rule.js';

export const updateWithoutWhere: Rule = {
  id: 'update-without-where',
  severity: 'warning',
  summary: 'UPDATE of all rows of a table in use',
  checkStatement: (statement) => {
    const command = nodeOf(statement.node, 'UpdateStmt');
    const table = liveRelation(statement, command?.relation);
    if (!command || command.whereClause || !table) return [];
    return [
      {
        at: statement.indexOf(command.relation?.location),
        message: `UPDATE changes every row of ${nameText(table)}, and keeps all of them locked against other writes until it is done`,
        help: 'Update in batches by ranges of the key, each in a transaction of its own; or write the WHERE that was forgotten.',
      },
    ];
  },
};
