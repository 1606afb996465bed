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
          ? `NO FORCE ROW LEVEL SECURITY shows all rows of ${nameText(table)} to its owner, whatever its policies say`
          : `DISABLE ROW LEVEL SECURITY shows all rows of ${nameText(table)} to everybody who may read it, whatever its policies say`,
        help: 'Change the policies instead; or say in a comment why all rows may be seen: -- kat:ignore disable-row-security and why.',
      };
    }),
};
