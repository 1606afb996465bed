/** One statement that cannot run in a transaction makes all statements of the migration non-atomic. */

import { isHarmless } from '../../check/harmless-statements.js';
import { mayNeedNoTransaction } from '../../transactions/known-harmless.js';
import type { Rule } from '../rule.js';

export const mixedNoTransaction: Rule = {
  id: 'mixed-no-transaction',
  severity: 'info',
  topic: 'design',
  summary: 'statements that a transaction would take, beside one that needs `no_transaction: true`',
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
        message: `${count(others.length)} would run in a transaction, and stays done when a later one fails`,
        help: 'Make a migration of its own of what cannot run in a transaction, and let the other one be applied as a whole or not at all.',
      },
    ];
  },
};

function count(statements: number): string {
  return statements === 1
    ? 'this statement'
    : `each of ${statements} statements, of which this is the first,`;
}
