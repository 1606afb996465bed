/** DELETE without WHERE changes every row, at once and in one transaction. */

import { nameText } from '../../schema/schema.js';
import type { Rule } from '../rule.js';
import { wholeChanges } from '../whole-changes.js';

export const deleteWithoutWhere: Rule = {
  id: 'delete-without-where',
  severity: 'warning',
  summary: 'DELETE of all rows of a table in use',
  checkStatement: (statement) =>
    wholeChanges(statement, 'DELETE').map(({ table, location }) => ({
      at: statement.indexOf(location),
      message: `DELETE removes every row of ${nameText(table)}, and locks all of them against other writes until the migration ends`,
      help: 'Add the missing WHERE, or delete in batches by ranges of the key. If all rows can be removed, accept it with a comment: -- kat:ignore delete-without-where and the reason.',
    })),
};
