/** A foreign key that is valid at once stops writes to two tables while it reads one of them. */

import { keyOfName, nameText, resolveRange } from '../../schema/schema.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { type AddedConstraint, addedConstraints } from '../added-constraints.js';
import { commandsOnFilledTable } from '../alter-table-commands.js';
import type { Found, LintedStatement, Rule } from '../rule.js';

export const addForeignKeyValidated: Rule = {
  id: 'add-foreign-key-validated',
  severity: 'error',
  summary: 'foreign key added without NOT VALID to a table in use, or enforced again',
  checkStatement: (statement) => [...findAdded(statement), ...findEnforced(statement)],
};

function findAdded(statement: LintedStatement): Found[] {
  return addedConstraints(statement)
    .filter((added) => added.constraint.contype === 'CONSTR_FOREIGN' && readsRows(added))
    .map((added) => ({
      at: added.at,
      message: messageFor(statement, added),
      help: helpFor(added, statement.oldestServer),
    }));
}

/** ALTER CONSTRAINT … ENFORCED checks all rows at once, and knows no NOT VALID (18). */
function findEnforced(statement: LintedStatement): Found[] {
  return commandsOnFilledTable(statement).flatMap(({ command, known, table, at }) => {
    const change =
      command.subtype === 'AT_AlterConstraint' ? nodeOf(command.def, 'ATAlterConstraint') : undefined;
    if (!change?.alterEnforceability || !change.is_enforced) return [];
    const constraint = known?.constraints.get(change.conname ?? '');
    if (constraint?.isEnforced) return [];
    const referenced = constraint?.references;
    const isBlocked = referenced && !statement.isNew(referenced);
    return {
      at,
      message: `ALTER CONSTRAINT … ENFORCED scans ${nameText(table)} under an ACCESS EXCLUSIVE lock, which blocks reads and writes until all rows are read${isBlocked ? `, as well as writes to ${nameText(referenced)}` : ''}`,
      help: 'Drop the key, and add it again with NOT VALID. VALIDATE CONSTRAINT in a later migration then reads the rows without blocking reads and writes.',
    };
  });
}

/** A new column that is empty everywhere has nothing to check (transformFKConstraints, parse_utilcmd.c). */
function readsRows({ constraint, column }: AddedConstraint): boolean {
  if (!column || constraint.skip_validation) return constraint.skip_validation !== true;
  return nodesOf(column.constraints, 'Constraint').some(({ contype = '' }) => filling.has(contype));
}

const filling: ReadonlySet<string> = new Set(['CONSTR_DEFAULT', 'CONSTR_GENERATED', 'CONSTR_IDENTITY']);

function messageFor(statement: LintedStatement, { table, constraint, column }: AddedConstraint): string {
  const own = nameText(table);
  const referenced = resolveRange(statement.schema, constraint.pktable);
  const isBlocked = keyOfName(referenced) !== keyOfName(table) && !statement.isNew(referenced);
  const both = isBlocked ? ` and ${nameText(referenced)}` : '';
  if (column) {
    return `ADD COLUMN … REFERENCES scans ${own} under an ACCESS EXCLUSIVE lock, which blocks reads and writes until all rows are read${isBlocked ? `, as well as writes to ${nameText(referenced)}` : ''}`;
  }
  return `ADD FOREIGN KEY scans ${own} under a SHARE ROW EXCLUSIVE lock on ${own}${both}, which blocks writes until all rows are read`;
}

/** NOT VALID of a partitioned table's key: release notes of PostgreSQL 18. That it takes over those of partitions was tried on 14. */
function helpFor({ known, column }: AddedConstraint, oldestServer: number): string {
  if (known?.kind === 'partitioned table' && oldestServer < 18) {
    return 'Add the key with NOT VALID to each partition, and validate it there. Add it to the partitioned table last, which then uses the keys of the partitions.';
  }
  const first = column ? 'Add the column alone, and the key' : 'Add it';
  return `${first} with NOT VALID; VALIDATE CONSTRAINT in a later migration then reads the rows without blocking reads and writes.`;
}
