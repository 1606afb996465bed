/** Dropping or replacing a foreign key locks both of its tables. */

import type { AlterTableType } from '@pgsql/types';
import { predictCommand } from '../../impact/alter-table.js';
import { referencesTo } from '../../schema/relatives.js';
import { keyOfName, nameText } from '../../schema/schema.js';
import { commandsOnLiveTable, type TableCommand } from '../alter-table-commands.js';
import type { LintedStatement, Rule } from '../rule.js';

export const dropForeignKey: Rule = {
  id: 'drop-foreign-key',
  severity: 'info',
  summary: 'a foreign key is dropped or recreated, which also locks the referenced table',
  checkStatement: (statement) =>
    commandsOnLiveTable(statement).flatMap((changed) => {
      const verb = verbs[changed.command.subtype ?? 'AT_AddColumn'];
      const others = verb ? lockedBeside(statement, changed) : [];
      if (!verb || others.length === 0) return [];
      const [own, name] = [nameText(changed.table), changed.command.name ?? ''];
      return {
        at: changed.at,
        message: `${verb} ${name} takes an ACCESS EXCLUSIVE lock on ${others.join(' and ')} as well as on ${own}, which blocks reads and writes of both`,
        help: 'Move it to a migration of its own, so that both locks are short.',
      };
    }),
};

const verbs: Partial<Record<AlterTableType, string>> = {
  AT_DropConstraint: 'dropping the constraint',
  AT_DropColumn: 'dropping the column',
  AT_AlterColumnType: 'changing the type of',
};

/** Tables that the statement also locks, except inheriting tables, whose lock is expected. */
function lockedBeside(statement: LintedStatement, changed: TableCommand): string[] {
  const { schema, table, known } = changed;
  const references = [...(known?.constraints.values() ?? [])].flatMap(
    (constraint) => constraint.references ?? [],
  );
  const referrers = referencesTo(schema, table).map((reference) => reference.table);
  const ends = new Set([...references, ...referrers].map(keyOfName));
  return predictCommand(schema, statement.oldestServer, changed)
    .locks.filter(({ relation, mode }) => mode === 'ACCESS EXCLUSIVE' && ends.has(keyOfName(relation)))
    .filter(({ relation }) => keyOfName(relation) !== keyOfName(table) && !statement.isNew(relation))
    .map(({ relation }) => nameText(relation));
}
