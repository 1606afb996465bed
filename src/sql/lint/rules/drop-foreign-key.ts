/** A foreign key lives in two tables, and both stand still while it is dropped. */

import { nameText } from '../../schema/schema.js';
import { commandsOnLiveTable } from '../alter-table-commands.js';
import type { Rule } from '../rule.js';

export const dropForeignKey: Rule = {
  id: 'drop-foreign-key',
  severity: 'info',
  summary: 'DROP CONSTRAINT of a foreign key, which locks the table that it refers to as well',
  checkStatement: (statement) =>
    commandsOnLiveTable(statement).flatMap(({ command: { subtype, name = '' }, table, known, at }) => {
      const target = subtype === 'AT_DropConstraint' ? known?.constraints.get(name)?.references : undefined;
      if (!target || statement.isNew(target)) return [];
      return {
        at,
        message: `dropping the foreign key ${name} takes an ACCESS EXCLUSIVE lock on ${nameText(target)}, too, not only on ${nameText(table)}, which blocks reads and writes of both`,
        help: 'Give it a migration of its own, so that both are locked for a moment only.',
      };
    }),
};
