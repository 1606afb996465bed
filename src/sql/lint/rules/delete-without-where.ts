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
      message: `DELETE loses every row of ${nameText(table)}, and keeps all of them locked against other writes until it is done`,
      help: 'Write the WHERE that was forgotten, or delete in batches by ranges of the key; or say in a comment why all rows can go: -- kat:ignore delete-without-where and why.',
    })),
};
