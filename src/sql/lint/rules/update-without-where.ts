/** UPDATE without WHERE changes every row, at once and in one transaction. */

import { nameText } from '../../schema/schema.js';
import type { Rule } from '../rule.js';
import { wholeChanges } from '../whole-changes.js';

export const updateWithoutWhere: Rule = {
  id: 'update-without-where',
  severity: 'warning',
  summary: 'UPDATE of all rows of a table in use',
  checkStatement: (statement) =>
    wholeChanges(statement, 'UPDATE').map(({ table, location }) => ({
      at: statement.indexOf(location),
      message: `UPDATE changes every row of ${nameText(table)}, and locks all of them against other writes until the migration ends`,
      help: 'Add the missing WHERE, or update in batches by ranges of the key, each in a transaction of its own.',
    })),
};
