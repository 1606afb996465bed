/** A column whose values differ from row to row is written into all rows at once. */

import type { ColumnDef } from '@pgsql/types';
import { predictCommand } from '../../impact/alter-table.js';
import { isSerialType } from '../../postgres/serial-types.js';
import { nameText } from '../../schema/schema.js';
import { nodesOf } from '../../syntax/node-of.js';
import { addedColumns } from '../added-constraints.js';
import type { Rule } from '../rule.js';

export const addColumnRewrite: Rule = {
  id: 'add-column-rewrite',
  severity: 'error',
  summary: 'ADD COLUMN that rewrites all rows of a table in use',
  checkStatement: (statement) =>
    addedColumns(statement)
      .filter(({ table }) => !statement.isEmptied(table, 'truncate'))
      .filter((added) => predictCommand(added.schema, statement.oldestServer, added).rewrites.length > 0)
      .map(({ column, table }) => {
        const { words, help } = findCause(column, statement.oldestServer);
        return {
          at: statement.indexOf(column.location),
          message: `ADD COLUMN ${column.colname} ${words} rewrites ${nameText(table)} under an ACCESS EXCLUSIVE lock, which blocks reads and writes until all rows and indexes are rewritten`,
          help,
        };
      }),
};

interface Cause {
  words: string;
  help: string;
}

function findCause(column: ColumnDef, oldestServer: number): Cause {
  const kinds = new Set(nodesOf(column.constraints, 'Constraint').map(({ contype }) => contype));
  if (isSerialType(column.typeName) || kinds.has('CONSTR_IDENTITY')) {
    const words = kinds.has('CONSTR_IDENTITY') ? 'as an identity' : 'of a serial type';
    return {
      words,
      help: `${fillLater} Create a sequence first, and set nextval of it as the default of new rows.`,
    };
  }
  if (kinds.has('CONSTR_GENERATED')) {
    const virtual =
      oldestServer >= 18
        ? 'Make it VIRTUAL, so that it is computed when it is read. Or'
        : 'PostgreSQL 18 and later have VIRTUAL columns, which need no rewrite. On older servers,';
    return {
      words: '… STORED',
      help: `${virtual} add an ordinary column, fill it in batches, and keep it up to date with a trigger.`,
    };
  }
  if (kinds.has('CONSTR_DEFAULT'))
    return { words: 'with a default that differs from row to row', help: fillLater };
  return {
    words: 'of a domain with constraints',
    help: 'Use the base type of the domain, and add a CHECK with NOT VALID.',
  };
}

const fillLater =
  'Add the column without a default. Set the default in a second command, which concerns new rows only. Then fill the old rows in batches.';
