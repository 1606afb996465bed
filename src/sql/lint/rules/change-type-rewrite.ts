/** Most changes of a type or of a generated column rewrite or scan all rows while all other sessions are blocked. */

import { predictCommand } from '../../impact/alter-table.js';
import { describeType, readType } from '../../schema/read-type.js';
import { type ColumnType, nameText } from '../../schema/schema.js';
import { nodeOf } from '../../syntax/node-of.js';
import { commandsOnFilledTable, type TableCommand } from '../alter-table-commands.js';
import { isAssumed } from '../assumed-work.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

export const changeTypeRewrite: Rule = {
  id: 'change-type-rewrite',
  severity: 'error',
  summary: 'ALTER COLUMN TYPE or SET EXPRESSION that rewrites or reads all rows of a table in use',
  checkStatement: (statement) =>
    commandsOnFilledTable(statement).flatMap((changed) => {
      const { subtype } = changed.command;
      if (subtype === 'AT_AlterColumnType') return checkChange(statement, changed);
      return subtype === 'AT_SetExpression' ? checkExpression(statement, changed) : [];
    }),
};

/** A stored column is computed again in all rows; of a virtual one only NOT NULL is checked. */
function checkExpression({ oldestServer }: LintedStatement, changed: TableCommand): Found[] {
  const { command, known, table, at, schema } = changed;
  const { rewrites, scans } = predictCommand(schema, oldestServer, changed);
  if (rewrites.length + scans.length === 0) return [];
  const [does, until] = rewrites.length > 0 ? ['rewrites', 'written'] : ['reads all rows of', 'read'];
  return [
    {
      at,
      message: `SET EXPRESSION of ${command.name} ${does} ${nameText(table)} under an ACCESS EXCLUSIVE lock, which blocks reads and writes until all rows are ${until}`,
      help: 'Add a plain column, keep it up to date with a trigger, and fill it in batches. Switch to it when all rows have a value.',
      ...(known?.columns.has(command.name ?? '') ? {} : { severity: 'warning' as const }),
    },
  ];
}

function checkChange({ oldestServer }: LintedStatement, changed: TableCommand): Found[] {
  const { command, known, table, at, schema } = changed;
  const { rewrites, scans } = predictCommand(schema, oldestServer, changed);
  const inUtc = predictCommand({ ...schema, isUtc: true }, oldestServer, changed);
  // The time zone of the server is not known here.
  const dependsOnZone = inUtc.rewrites.length + inUtc.scans.length === 0;
  const from = known?.columns.get(command.name ?? '')?.type;
  const to = readType(nodeOf(command.def, 'ColumnDef')?.typeName);
  if (rewrites.length + scans.length === 0 || isAssumed(changed)) return [];
  const types = `${from ? `from ${describeType(from)} ` : ''}to ${to ? describeType(to) : 'another type'}`;
  const does = rewrites.length > 0 ? 'rewrites' : 'reads all rows, for checks and indexes, of';
  const until = rewrites.length > 0 ? 'all rows and indexes are rewritten' : 'all rows are read';
  return [
    {
      at,
      message: `changing ${command.name} ${types} ${does} ${nameText(table)} under an ACCESS EXCLUSIVE lock, which blocks reads and writes until ${until}${dependsOnZone ? ', unless TimeZone is UTC' : ''}`,
      help: dependsOnZone
        ? "If the stored times are those of UTC, put SET LOCAL TimeZone = 'UTC' before this statement: then no rows are rewritten."
        : helpFor(to),
      ...(from && !dependsOnZone ? {} : { severity: 'warning' as const }),
    },
  ];
}

function helpFor(to: ColumnType | undefined): string {
  if (to && ['varchar', 'bpchar'].includes(to.name) && to.modifiers.length > 0) {
    return 'Add a CHECK of the length with NOT VALID instead, and validate it later: this rewrites no rows.';
  }
  return 'Add a column of the new type, keep it up to date with a trigger, and fill it in batches. Switch to it when all rows have a value.';
}
