/** NOT VALID gains nothing when the lock is still held while the rows are read. */

import { keyOfName, nameText } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import { commandsOnLiveTable, type TableCommand } from '../alter-table-commands.js';
import type { Found, Rule } from '../rule.js';

export const validateInSameTransaction: Rule = {
  id: 'validate-in-same-transaction',
  severity: 'error',
  summary: 'VALIDATE CONSTRAINT in the migration that adds the constraint',
  checkMigration: ({ migration, statements }) => {
    const commands = statements.map(commandsOnLiveTable);
    // Without a transaction around them, only the commands of one statement share a lock.
    return migration.isTransactional ? checkTogether(commands.flat()) : commands.flatMap(checkTogether);
  },
};

function checkTogether(commands: readonly TableCommand[]): Found[] {
  const added = new Map(commands.flatMap(readUnvalidated));
  return commands
    .filter(({ command }) => command.subtype === 'AT_ValidateConstraint')
    .flatMap(({ table, command, at }) => {
      const lock = added.get(keyOf(table, command.name));
      if (lock === undefined) return [];
      return [
        {
          at,
          message: `VALIDATE CONSTRAINT scans ${nameText(table)} while the transaction still holds the ${lock} until all rows are read`,
          help: 'Move it to a migration after this one, so that the lock is gone before it begins.',
        },
      ];
    });
}

/** The key of a constraint that is added NOT VALID, and the lock that this takes. */
function readUnvalidated({ command, table }: TableCommand): [key: string, lock: string][] {
  const constraint = command.subtype === 'AT_AddConstraint' ? nodeOf(command.def, 'Constraint') : undefined;
  if (!constraint?.skip_validation) return [];
  const lock =
    constraint.contype === 'CONSTR_FOREIGN'
      ? 'SHARE ROW EXCLUSIVE lock of the foreign key, which blocks writes'
      : 'ACCESS EXCLUSIVE lock of ADD CONSTRAINT, which blocks reads and writes';
  return [[keyOf(table, constraint.conname), lock]];
}

function keyOf(table: TableCommand['table'], constraint: string | undefined): string {
  return `${keyOfName(table)} ${constraint}`;
}
