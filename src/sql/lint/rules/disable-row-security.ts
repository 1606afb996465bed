/** Without row security, everybody who may read the table sees all of its rows. */

import { nameText } from '../../schema/schema.js';
import { commandsOnLiveTable } from '../alter-table-commands.js';
import type { Rule } from '../rule.js';

export const disableRowSecurity: Rule = {
  id: 'disable-row-security',
  severity: 'warning',
  summary: 'row security of a table in use is switched off',
  checkStatement: (statement) =>
    commandsOnLiveTable(statement).flatMap(({ command: { subtype }, table, at }) => {
      const isForOwner = subtype === 'AT_NoForceRowSecurity';
      if (!isForOwner && subtype !== 'AT_DisableRowSecurity') return [];
      return {
        at,
        message: isForOwner
          ? `NO FORCE ROW LEVEL SECURITY shows all rows of ${nameText(table)} to its owner, in spite of its policies`
          : `DISABLE ROW LEVEL SECURITY shows all rows of ${nameText(table)} to every role with SELECT, in spite of its policies`,
        help: 'Change the policies instead. If all rows may be seen, accept it with a comment: -- kat:ignore disable-row-security and the reason.',
      };
    }),
};
