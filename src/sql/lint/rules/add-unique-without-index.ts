/** A key without USING INDEX builds its index while reads and writes are blocked. */

import { nameText } from '../../schema/schema.js';
import { type AddedConstraint, addedConstraints } from '../added-constraints.js';
import type { Rule } from '../rule.js';

export const addUniqueWithoutIndex: Rule = {
  id: 'add-unique-without-index',
  severity: 'error',
  summary: 'UNIQUE or PRIMARY KEY added without USING INDEX to a table in use',
  checkStatement: (statement) =>
    addedConstraints(statement)
      .filter(({ constraint: { contype = '', indexname } }) => contype in words && indexname === undefined)
      .map((added) => ({
        at: added.at,
        message: `${wordOf(added)} builds an index on ${nameText(added.table)} under an ACCESS EXCLUSIVE lock, which blocks reads and writes until it is built`,
        help: helpFor(added),
      })),
};

const words: Readonly<Record<string, string>> = { CONSTR_UNIQUE: 'UNIQUE', CONSTR_PRIMARY: 'PRIMARY KEY' };

function wordOf({ constraint, column }: AddedConstraint): string {
  const word = words[constraint.contype ?? ''];
  return column ? `ADD COLUMN … ${word}` : `ADD ${word}`;
}

/** Partitioned tables have no USING INDEX (ATExecAddIndexConstraint, tablecmds.c). */
function helpFor({ known, column, constraint }: AddedConstraint): string {
  if (known?.kind === 'partitioned table') {
    return 'Create a unique index ON ONLY the partitioned table. Create one CONCURRENTLY on each partition, and attach these.';
  }
  const first = column ? 'Add the column alone. Then create' : 'Create';
  const word = words[constraint.contype ?? ''];
  return `${first} the index with CREATE UNIQUE INDEX CONCURRENTLY, in a migration with \`no_transaction: true\`; a later migration then runs ADD CONSTRAINT … ${word} USING INDEX.`;
}
