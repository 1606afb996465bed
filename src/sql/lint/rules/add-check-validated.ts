/** A CHECK that is valid at once scans the whole table while all other sessions are blocked. */

import { nameText } from '../../schema/schema.js';
import { addedConstraints } from '../added-constraints.js';
import type { Rule } from '../rule.js';

export const addCheckValidated: Rule = {
  id: 'add-check-validated',
  severity: 'error',
  summary: 'CHECK added without NOT VALID to a table in use',
  checkStatement: (statement) =>
    addedConstraints(statement)
      .filter(({ constraint }) => constraint.contype === 'CONSTR_CHECK' && !constraint.skip_validation)
      .map(({ at, table, column }) => ({
        at,
        message: `${column ? 'ADD COLUMN … CHECK' : 'ADD CHECK'} scans ${nameText(table)} under an ACCESS EXCLUSIVE lock, which blocks reads and writes until all rows are read`,
        help: `${column ? 'Add the column alone, and the CHECK' : 'Add it'} with NOT VALID; VALIDATE CONSTRAINT in a later migration then reads the rows without blocking reads and writes.`,
      })),
};
