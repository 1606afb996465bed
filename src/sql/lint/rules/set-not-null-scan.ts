/** SET NOT NULL scans the whole table while all other sessions are blocked, unless a constraint proves it. */

import type { ColumnDef } from '@pgsql/types';
import { isProvenNotNull, provesNotNull } from '../../impact/proofs.js';
import { quoteAsNeeded } from '../../postgres/quote-as-needed.js';
import { type Constraint, nameText, type Relation } from '../../schema/schema.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { namePartsOf } from '../../syntax/object-names.js';
import { commandsOnFilledTable, type TableCommand } from '../alter-table-commands.js';
import type { Rule } from '../rule.js';

export const setNotNullScan: Rule = {
  id: 'set-not-null-scan',
  severity: 'error',
  summary: 'NOT NULL set on a column of a table in use, without a validated CHECK that proves it',
  checkStatement: (statement) =>
    commandsOnFilledTable(statement).flatMap((found) =>
      requiredColumns(found)
        .filter((column) => !isProven(found, column))
        .map((column) => ({
          at: found.at,
          message: `${wordsOf(found)} scans ${nameText(found.table)} for nulls in ${column} under an ACCESS EXCLUSIVE lock, which blocks reads and writes until all rows are read`,
          help: helpFor(found, column, statement.oldestServer),
          // A table that no migration creates may have its CHECK from elsewhere.
          ...(found.known ? {} : { severity: 'warning' as const }),
        })),
    ),
};

/** The columns that a command makes NOT NULL; those of a key that builds its own index are another rule's. */
function requiredColumns({ command, known }: TableCommand): readonly string[] {
  if (command.subtype === 'AT_SetNotNull') return [command.name ?? ''];
  if (command.subtype === 'AT_AddColumn') return requiredVirtual(nodeOf(command.def, 'ColumnDef'));
  const constraint = command.subtype === 'AT_AddConstraint' ? nodeOf(command.def, 'Constraint') : undefined;
  if (constraint?.contype === 'CONSTR_NOTNULL' && !constraint.skip_validation) {
    return namePartsOf(constraint.keys);
  }
  const index = constraint?.contype === 'CONSTR_PRIMARY' ? constraint.indexname : undefined;
  const columns = known?.indexes.get(index ?? '')?.columns ?? [];
  return columns.filter((column) => column !== undefined);
}

/** A new virtual column is computed for each row to see that it is never null (18). */
function requiredVirtual(column: ColumnDef | undefined): readonly string[] {
  const constraints = nodesOf(column?.constraints, 'Constraint');
  const isVirtual = constraints.some(({ generated_kind }) => generated_kind === 'v');
  const isRequired = constraints.some(({ contype }) => contype === 'CONSTR_NOTNULL');
  return column?.colname !== undefined && isVirtual && isRequired ? [column.colname] : [];
}

function isProven({ schema, table }: TableCommand, column: string): boolean {
  return isProvenNotNull(schema, table, column);
}

function wordsOf({ command }: TableCommand): string {
  if (command.subtype === 'AT_SetNotNull') return 'SET NOT NULL';
  if (command.subtype === 'AT_AddColumn') return 'ADD COLUMN … NOT NULL';
  return nodeOf(command.def, 'Constraint')?.contype === 'CONSTR_PRIMARY' ? 'ADD PRIMARY KEY' : 'ADD NOT NULL';
}

function helpFor({ known }: TableCommand, column: string, oldestServer: number): string {
  const constraint = known && findUnvalidated(known, column);
  if (constraint)
    return `Use VALIDATE CONSTRAINT ${quoteAsNeeded(constraint.name)} in a migration before this one.`;
  // Release notes of PostgreSQL 18.
  const name = quoteAsNeeded(column);
  const what = oldestServer >= 18 ? `NOT NULL ${name}` : `CHECK (${name} IS NOT NULL)`;
  return `Add a constraint ${what} NOT VALID, and validate it in an earlier migration: then this statement needs no scan.`;
}

/** A constraint that would prove it if it were valid. */
function findUnvalidated(known: Relation, column: string): Constraint | undefined {
  return [...known.constraints.values()].find((constraint) => {
    if (constraint.kind === 'not null') return constraint.columns.includes(column);
    const validated = new Map([[constraint.name, { ...constraint, isValidated: true }]]);
    return provesNotNull({ ...known, constraints: validated }, column);
  });
}
