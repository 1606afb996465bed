/** One statement that cannot run in a transaction makes all statements of the migration non-atomic. */

import { isHarmless } from '../../check/harmless-statements.js';
import { mayNeedNoTransaction } from '../../transactions/known-harmless.js';
import type { Rule } from '../rule.js';

export const mixedNoTransaction: Rule = {
  id: 'mixed-no-transaction',
  severity: 'info',
  topic: 'design',
  summary: 'statements that could run in a transaction, beside one that needs `no_transaction: true`',
  checkMigration: ({ migration, up: { statements = [] } }) => {
    if (migration.isTransactional) return [];
    const others = statements.filter(
      (statement) => !mayNeedNoTransaction(statement) && !isHarmless(statement),
    );
    const [first] = others;
    const reason = statements.find(mayNeedNoTransaction);
    if (!first || !reason) return [];
    return [
      {
        at: first.start,
        message: `${count(others.length)} could run in a transaction, but remains applied if a later one fails`,
        help: 'Move the statement that cannot run in a transaction to a migration of its own. The others are then applied as a whole or not at all.',
      },
    ];
  },
};

function count(statements: number): string {
  return statements === 1
    ? 'this statement'
    : `each of ${statements} statements, of which this is the first,`;
}
