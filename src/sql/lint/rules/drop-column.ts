/** DROP COLUMN loses the column's data, and breaks queries that name it, even an INSERT of all columns. */

import { nameText } from '../../schema/schema.js';
import { commandsOnLiveTable } from '../alter-table-commands.js';
import type { Rule } from '../rule.js';

export const dropColumn: Rule = {
  id: 'drop-column',
  severity: 'warning',
  summary: 'DROP COLUMN of a column that may be in use',
  checkStatement: (statement) =>
    commandsOnLiveTable(statement)
      .filter(({ command }) => command.subtype === 'AT_DropColumn')
      .filter(({ command: { name = '' }, table }) => !statement.isNewColumn(table, name))
      .map(({ command: { name = '' }, table, at }) => ({
        at,
        message: `DROP COLUMN loses the values of ${name} of ${nameText(table)}${statement.isColumnMadeLater(table, name) ? '' : ', and breaks every query that still names it'}`,
        help: 'First release a version that does not use the column. After that, accept this with a comment: -- kat:ignore drop-column and the reason.',
      })),
};
