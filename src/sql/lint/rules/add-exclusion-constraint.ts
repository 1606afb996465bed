/** EXCLUDE has no way to be added beside reads and writes. */

import { nameText } from '../../schema/schema.js';
import { addedConstraints } from '../added-constraints.js';
import type { Rule } from '../rule.js';

export const addExclusionConstraint: Rule = {
  id: 'add-exclusion-constraint',
  severity: 'error',
  summary: 'EXCLUDE added to a table in use',
  checkStatement: (statement) =>
    addedConstraints(statement)
      .filter(({ constraint }) => constraint.contype === 'CONSTR_EXCLUSION')
      .map(({ at, table }) => ({
        at,
        message: `ADD EXCLUDE builds an index on ${nameText(table)} under an ACCESS EXCLUSIVE lock, which blocks reads and writes until it is built`,
        help: 'PostgreSQL has no form without this lock. Run it while the table is small, or in a maintenance window. Then accept it with `-- kat:ignore add-exclusion-constraint` and the reason.',
      })),
};
