/** A required column without a value for the rows that are there cannot be added. */

import type { ColumnDef, Node } from '@pgsql/types';
import { columnOf } from '../../impact/proofs.js';
import { isSerialType } from '../../postgres/serial-types.js';
import { readType } from '../../schema/read-type.js';
import { userTypeOf } from '../../schema/relatives.js';
import { nameText, type Schema } from '../../schema/schema.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { hasDefaultValue } from '../../syntax/null-values.js';
import { type AddedColumn, addedColumns, columnsIn } from '../added-constraints.js';
import { commandsOnNewRows } from '../alter-table-commands.js';
import type { LintedStatement, Rule } from '../rule.js';

export const addRequiredColumn: Rule = {
  id: 'add-required-column',
  severity: 'error',
  summary: 'ADD COLUMN with NOT NULL and without a default on a table with rows',
  checkStatement: (statement) =>
    columnsOnRows(statement)
      .filter(({ column }) => isRequired(statement.schema, column) && !isFilled(statement.schema, column))
      .map(({ table, column }) => ({
        at: statement.indexOf(column.location),
        message: `ADD COLUMN ${column.colname} NOT NULL fails if ${nameText(table)} has rows, because they would be null in this column`,
        help: 'Give it a constant default, which needs no rewrite. Or add it without NOT NULL, fill it, and set NOT NULL later.',
      })),
};

/** On tables in use that are not emptied, and on new ones with rows. */
function columnsOnRows(statement: LintedStatement): AddedColumn[] {
  const live = addedColumns(statement).filter(({ table }) => !statement.isEmptied(table));
  return [...live, ...columnsIn(commandsOnNewRows(statement))];
}

/** By itself, by a check of its own, or by its domain. */
function isRequired(schema: Schema, { constraints, typeName, colname }: ColumnDef): boolean {
  return (
    nodesOf(constraints, 'Constraint').some(
      ({ contype, raw_expr }) =>
        contype === 'CONSTR_NOTNULL' ||
        contype === 'CONSTR_PRIMARY' ||
        (contype === 'CONSTR_CHECK' && refusesNull(raw_expr, colname)),
    ) || userTypeOf(schema, readType(typeName))?.domain?.constraints.has('not null') === true
  );
}

function refusesNull(expression: Node | undefined, column: string | undefined): boolean {
  const test = nodeOf(expression, 'NullTest');
  return test?.nulltesttype === 'IS_NOT_NULL' && columnOf(test.arg) === column;
}

/** A default that is null is none, unless it takes the place of that of a domain. */
function isFilled(schema: Schema, { constraints, typeName }: ColumnDef): boolean {
  const all = nodesOf(constraints, 'Constraint');
  const kinds = new Set(all.map(({ contype }) => contype));
  if (isSerialType(typeName) || kinds.has('CONSTR_IDENTITY') || kinds.has('CONSTR_GENERATED')) return true;
  if (kinds.has('CONSTR_DEFAULT')) return hasDefaultValue(all);
  return userTypeOf(schema, readType(typeName))?.domain?.hasDefault === true;
}
