/** DROP COLUMN loses what stands in it, and breaks those who name it, even in an INSERT of all columns. */

import { nodeOf } from '../../effects/node-of.js';
import { nameText } from '../../schema/schema.js';
import { commandsOnLiveTable } from '../alter-table-commands.js';
import { placeOfWord } from '../live-relations.js';
import type { Rule } from '../rule.js';

export const dropColumn: Rule = {
  id: 'drop-column',
  severity: 'warning',
  summary: 'DROP COLUMN of a column that may be in use',
  checkStatement: (statement) => {
    const { relation } = nodeOf(statement.node, 'AlterTableStmt') ?? {};
    return commandsOnLiveTable(statement)
      .filter(({ command }) => command.subtype === 'AT_DropColumn')
      .map(({ command: { name = '' }, table }) => ({
        at: placeOfWord(
          statement,
          name,
          statement.indexOf(relation?.location) + (relation?.relname ?? '').length,
        ),
        message: `DROP COLUMN loses what is in ${name} of ${nameText(table)}, and breaks every query that still names it`,
        help: 'Release a version that does not use the column first. When it is out, say so in a comment: -- kat:ignore drop-column and why.',
      }));
  },
};
