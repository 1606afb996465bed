/** A required column without a value for the rows that are there cannot be added. */

import { isSerialType } from '../../schema/read-type.js';
import { nameText } from '../../schema/schema.js';
import { nodesOf } from '../../syntax/node-of.js';
import { addedColumns } from '../added-constraints.js';
import type { Rule } from '../rule.js';

export const addRequiredColumn: Rule = {
  id: 'add-required-column',
  severity: 'error',
  summary: 'ADD COLUMN with NOT NULL and without a default on a table in use',
  checkStatement: (statement) =>
    addedColumns(statement)
      .filter(({ column }) => {
        const kinds = new Set(nodesOf(column.constraints, 'Constraint').map(({ contype }) => contype));
        const isRequired = kinds.has('CONSTR_NOTNULL') || kinds.has('CONSTR_PRIMARY');
        return isRequired && !isSerialType(column.typeName) && !filling.some((kind) => kinds.has(kind));
      })
      .map(({ table, column }) => ({
        at: statement.indexOf(column.location),
        message: `ADD COLUMN ${column.colname} NOT NULL fails if ${nameText(table)} has rows, because they have no value for it`,
        help: 'Give it a constant default, which costs nothing; or add it without NOT NULL, fill it, and require it later.',
      })),
};

const filling = ['CONSTR_DEFAULT', 'CONSTR_GENERATED', 'CONSTR_IDENTITY'] as const;
