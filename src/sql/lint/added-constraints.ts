/** Finds the constraints that ALTER TABLE adds to a table in use, on its own or along with a column. */

import type { ColumnDef, Constraint } from '@pgsql/types';
import { columnConstraints } from '../schema/read-table.js';
import { nodeOf } from '../syntax/node-of.js';
import { commandsOnFilledTable, commandsOnLiveTable, type TableCommand } from './alter-table-commands.js';
import type { LintedStatement } from './rule.js';

/** A constraint, and where it is added. */
export interface AddedConstraint extends Omit<TableCommand, 'command' | 'isOnly'> {
  constraint: Constraint;
  /** The column that is added with it; undefined for ADD CONSTRAINT. */
  column: ColumnDef | undefined;
}

/** A column that a command adds. */
export type AddedColumn = TableCommand & { column: ColumnDef };

/** The columns that a statement adds to a table that others may be using. */
export function addedColumns(statement: LintedStatement): AddedColumn[] {
  return columnsIn(commandsOnLiveTable(statement));
}

/** The columns that these commands add. */
export function columnsIn(commands: readonly TableCommand[]): AddedColumn[] {
  return commands.flatMap((added) => {
    const { command, known } = added;
    const column = command.subtype === 'AT_AddColumn' ? nodeOf(command.def, 'ColumnDef') : undefined;
    const isThere = command.missing_ok === true && known?.columns.has(column?.colname ?? '');
    return column && !isThere ? [{ ...added, column }] : [];
  });
}

/** The constraints that a statement adds to a table that others may be using, and that may have rows. */
export function addedConstraints(statement: LintedStatement): AddedConstraint[] {
  const alone = commandsOnFilledTable(statement).flatMap(({ command, ...added }) => {
    const constraint = command.subtype === 'AT_AddConstraint' ? nodeOf(command.def, 'Constraint') : undefined;
    return constraint ? [{ ...added, constraint, column: undefined }] : [];
  });
  const filled = addedColumns(statement).filter(({ table }) => !statement.isEmptied(table, 'truncate'));
  const inline = filled.flatMap(({ column, table, known, schema }) =>
    columnConstraints(column).map((constraint) => ({
      table,
      known,
      schema,
      constraint,
      column,
      at: statement.indexOf(constraint.location),
    })),
  );
  return [...alone, ...inline];
}
