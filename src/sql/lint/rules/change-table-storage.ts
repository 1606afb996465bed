/** A change of a table's storage rewrites the whole table. */

import type { AlterTableCmd } from '@pgsql/types';
import { nameText, type Relation } from '../../schema/schema.js';
import { commandsOnFilledTable } from '../alter-table-commands.js';
import type { Rule } from '../rule.js';

const commands: Partial<Record<NonNullable<AlterTableCmd['subtype']>, string>> = {
  AT_SetLogged: 'LOGGED',
  AT_SetUnLogged: 'UNLOGGED',
  AT_SetTableSpace: 'TABLESPACE',
  AT_SetAccessMethod: 'ACCESS METHOD',
};

export const changeTableStorage: Rule = {
  id: 'change-table-storage',
  severity: 'error',
  summary: 'SET LOGGED, UNLOGGED, TABLESPACE or ACCESS METHOD of a table in use',
  checkStatement: (statement) =>
    commandsOnFilledTable(statement).flatMap(({ command, table, known, at }) => {
      const word = commands[command.subtype ?? 'AT_AddColumn'];
      if (word === undefined || isAlready(known, command)) return [];
      return {
        at,
        message: `SET ${word} rewrites ${nameText(table)} under an ACCESS EXCLUSIVE lock, which blocks reads and writes until all rows are written`,
        help: 'Create a new table with this storage, copy the rows in batches, and switch to it when both tables have the same rows.',
      };
    }),
};

/** SET LOGGED of a logged table does nothing, and the other way round (tablecmds.c, ATPrepChangePersistence). */
function isAlready(known: Relation | undefined, { subtype }: AlterTableCmd): boolean {
  if (subtype === 'AT_SetLogged') return known?.isUnlogged === false;
  return subtype === 'AT_SetUnLogged' && known?.isUnlogged === true;
}
